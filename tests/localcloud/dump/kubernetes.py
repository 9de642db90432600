# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is in a cluster, read from its API server as administrator."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

from kubernetes import client, config

Found = Iterator[tuple[str, str, dict[str, Any]]]

HELMS_LABELS = frozenset({"name", "owner", "status", "version", "createdAt", "modifiedAt"})
"""What Helm itself puts on the Secret of each revision."""


def dump(name: str, kubeconfig: str) -> dict[str, dict[str, Any]]:
    """Namespaces, CRDs, Helm releases and workloads, under ``kubernetes/<kind>/<cluster>/[<namespace>/]<name>``."""
    with config.new_client_from_config(config_file=kubeconfig) as api:
        return {f"kubernetes/{kind}/{name}/{path}": properties for kind, path, properties in _collect(api)}


def _collect(api: client.ApiClient) -> Found:
    core, apps, extensions = client.CoreV1Api(api), client.AppsV1Api(api), client.ApiextensionsV1Api(api)
    for one in _items(core.list_namespace):
        yield (
            "namespace",
            one["metadata"]["name"],
            {"labels": one["metadata"].get("labels", {}), "phase": one["status"]["phase"]},
        )
    for one in _items(extensions.list_custom_resource_definition):
        versions = [version["name"] for version in one["spec"]["versions"] if version["served"]]
        yield (
            "customresourcedefinition",
            one["metadata"]["name"],
            {"labels": one["metadata"].get("labels", {}), "versions": versions},
        )
    releases = _items(core.list_secret_for_all_namespaces, label_selector="owner=helm")
    for one in sorted(releases, key=lambda secret: int(secret["metadata"]["labels"]["version"])):
        labels = one["metadata"]["labels"]
        own = {name: value for name, value in labels.items() if name not in HELMS_LABELS}
        yield "release", _path(one["metadata"], labels["name"]), {**_release(one["data"]["release"]), "labels": own}
    for kind, read in (
        ("deployment", apps.list_deployment_for_all_namespaces),
        ("statefulset", apps.list_stateful_set_for_all_namespaces),
        ("daemonset", apps.list_daemon_set_for_all_namespaces),
    ):
        for one in _items(read):
            yield kind, _path(one["metadata"], one["metadata"]["name"]), _workload(one)


def _items(read: Callable[..., Any], **parameters: Any) -> list[dict[str, Any]]:
    """The objects as the server sends them; the client's models would cost more than the call."""
    items: list[dict[str, Any]] = json.loads(read(_preload_content=False, **parameters).data)["items"]
    return items


def _path(metadata: dict[str, Any], name: str) -> str:
    return f"{metadata['namespace']}/{name}"


def _release(data: str) -> dict[str, Any]:
    """Helm keeps a release gzipped in base64, which the Secret encodes once more."""
    release = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(data))))
    chart = release["chart"]["metadata"]
    return {
        "chart": chart["name"],
        "version": chart["version"],
        "status": release["info"]["status"],
        "values": release.get("config", {}),
    }


def _workload(item: dict[str, Any]) -> dict[str, Any]:
    status = item.get("status", {})
    return {
        "replicas": item["spec"].get("replicas"),
        "ready": status.get("readyReplicas", status.get("numberReady", 0)),
        "images": [container["image"] for container in item["spec"]["template"]["spec"]["containers"]],
    }
