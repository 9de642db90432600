# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Moments of a Helm release's life, as the cluster's API server shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kubernetes import client, config, watch

SECONDS = 120
# The application as the inventory has it, but for its replicas.
_FEWER = {
    "image": {"repository": "docker.io/innovate/python-k8s-app", "tag": "1.0.0"},
    "port": 5000,
    "replicas": 2,
    "service": {"name": "python-app-service", "type": "LoadBalancer", "port": 80},
}


@dataclass(frozen=True)
class Event:
    """``objects``: what is watched; ``has_come``: whether an object shows it.

    ``before``: variables of a run that goes before.
    """

    objects: Callable[[client.ApiClient], Callable[..., Any]]
    has_come: Callable[[Any], bool]
    before: Mapping[str, Any] = field(default_factory=dict)


def _secrets(api: client.ApiClient) -> Callable[..., Any]:
    return client.CoreV1Api(api).list_namespaced_secret


def _deployments(api: client.ApiClient) -> Callable[..., Any]:
    return client.AppsV1Api(api).list_namespaced_deployment


def _is_release(status: str) -> Callable[[Any], bool]:
    def has_come(secret: Any) -> bool:
        labels = secret.metadata.labels or {}
        return labels.get("owner") == "helm" and labels.get("status") == status

    return has_come


EVENTS = {
    "a release's installation is recorded": Event(_secrets, _is_release("pending-install")),
    "a release's objects are made": Event(_deployments, lambda deployment: True),
    "a release's pods get ready": Event(_deployments, lambda deployment: bool(deployment.status.replicas)),
    "a release's upgrade is recorded": Event(
        _secrets, _is_release("pending-upgrade"), {"applications": {"python-app": _FEWER}}
    ),
    "a release's upgrade has changed its objects": Event(
        _deployments, lambda deployment: deployment.spec.replicas == 3, {"applications": {"python-app": _FEWER}}
    ),
}


def wait_for(kubeconfig: str, event: Event) -> None:
    with config.new_client_from_config(config_file=kubeconfig) as api:
        stream = watch.Watch()
        for found in stream.stream(event.objects(api), "default", timeout_seconds=SECONDS):
            if event.has_come(found["object"]):
                stream.stop()
                return
    raise AssertionError(f"this has not come within {SECONDS} s")
