# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who answers for the cloud, the nodes of clusters, and what runs on them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kubernetes import client, config
from localcloud.controlplane import Endpoint, Node

ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
PATIENCE = 120  # seconds


class Answers:
    """Stands for the cloud: says who a token belongs to and who may do what, and remembers what it was asked."""

    def __init__(self) -> None:
        self.users: dict[str, str] = {}
        self.allowed: set[str] = set()
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def status(self, path: str, spec: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((path, spec))
        if path.endswith("/authenticate"):
            user = self.users.get(spec["token"])
            return (
                {"authenticated": bool(user), "user": {"username": user, "groups": []}}
                if user
                else {"authenticated": False}
            )
        return {"allowed": spec["user"] in self.allowed}


def node(number: int, **changes: Any) -> Node:
    facts: dict[str, Any] = {
        "name": f"ip-10-0-0-{number}.eu-west-1.compute.internal",
        "instance_type": "m7g.large",
        "zone": "eu-west-1a",
        "architecture": "arm64",
        "provider_id": f"aws:///eu-west-1a/i-{number:017x}",
        "kubelet_version": "v1.35.0-eks-local",
    }
    return Node(**{**facts, **changes})


def admin(endpoint: Endpoint) -> Any:
    return config.new_client_from_config(str(endpoint.kubeconfig))


def eventually(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (result := condition()):
        assert time.monotonic() < deadline, f"still not after {PATIENCE} s"
        time.sleep(0.1)
    return result


def deployment(name: str, replicas: int, image: str = "nginx") -> dict[str, Any]:
    labels = {"app": name}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": image}]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": pod}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def available(endpoint: Endpoint, name: str) -> int:
    return client.AppsV1Api(admin(endpoint)).read_namespaced_deployment(name, "default").status.available_replicas or 0
