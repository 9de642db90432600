# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The nodes of a cluster: objects in its API server, which kwok plays the kubelets of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from localcloud.controlplane.api import Api, ApiError

# Whose fields they are: labels and taints that others add stay.
FIELD_MANAGER = "eks"
APPLY = "application/apply-patch+yaml"


@dataclass(frozen=True)
class Node:
    """An EC2 instance that has joined its cluster.

    ``cpu``, ``memory`` and ``pods`` are what it can allocate, as quantities.
    """

    name: str
    """its private DNS name, like ``ip-10-0-1-23.ec2.internal``"""
    instance_type: str
    zone: str
    provider_id: str
    """``aws:///<zone>/<instance id>``"""
    kubelet_version: str
    """like ``v1.35.2-eks-113cf36``"""
    architecture: str = "amd64"
    labels: dict[str, str] = field(default_factory=dict)
    taints: list[dict[str, str]] = field(default_factory=list)
    """Kubernetes' own shape: ``key``, ``value``, ``effect``"""
    cpu: str = "2"
    memory: str = "8Gi"
    pods: str = "29"
    os_image: str = "Amazon Linux 2023"


class Nodes:
    """Keeps the Node objects of one cluster equal to what is wanted. Not thread-safe."""

    def __init__(self) -> None:
        self._applied: dict[str, Node] = {}

    def converge(self, api: Api, wanted: list[Node]) -> None:
        """Create, change and delete; nodes that were made by others are left alone."""
        names = {node.name for node in wanted}
        for name in [name for name in self._applied if name not in names]:
            _delete(api, name)
            del self._applied[name]
        for node in wanted:
            if self._applied.get(node.name) != node:
                _apply(api, node)
                self._applied[node.name] = node


def _apply(api: Api, node: Node) -> None:
    path = f"/api/v1/nodes/{node.name}"
    query = f"?fieldManager={FIELD_MANAGER}&force=true"
    identity = {"apiVersion": "v1", "kind": "Node"}
    labels = {**_well_known_labels(node), **node.labels}
    spec: dict[str, Any] = {"providerID": node.provider_id, "taints": node.taints}
    api.call(
        "PATCH", path + query, {**identity, "metadata": {"name": node.name, "labels": labels}, "spec": spec}, APPLY
    )
    status = {**identity, "metadata": {"name": node.name}, "status": _status(node)}
    api.call("PATCH", f"{path}/status{query}", status, APPLY)


def _well_known_labels(node: Node) -> dict[str, str]:
    """What kubelet and AWS's cloud provider put on every node."""
    region = node.zone.rstrip("abcdefghijklmnopqrstuvwxyz")
    return {
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/arch": node.architecture,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": node.instance_type,
        "topology.kubernetes.io/region": region,
        "topology.kubernetes.io/zone": node.zone,
    }


def _status(node: Node) -> dict[str, Any]:
    address = re.match(r"ip-(\d+)-(\d+)-(\d+)-(\d+)", node.name)
    internal_ip = ".".join(address.groups()) if address else "127.0.0.1"
    resources = {"cpu": node.cpu, "memory": node.memory, "pods": node.pods}
    return {
        "capacity": resources,
        "allocatable": resources,
        "addresses": [{"type": "InternalIP", "address": internal_ip}, {"type": "Hostname", "address": node.name}],
        "nodeInfo": {
            "architecture": node.architecture,
            "operatingSystem": "linux",
            "kubeletVersion": node.kubelet_version,
            "kubeProxyVersion": "",
            "containerRuntimeVersion": "containerd://2.1",
            "kernelVersion": "6.12",
            "osImage": node.os_image,
            "machineID": "",
            "systemUUID": "",
            "bootID": "",
        },
    }


def _delete(api: Api, name: str) -> None:
    """Its pods go with it at once, as EKS drains a node before it ends the instance."""
    _delete_object(api, f"/api/v1/nodes/{name}")
    for pod in api.call("GET", f"/api/v1/pods?fieldSelector=spec.nodeName={name}")["items"]:
        metadata = pod["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
        _delete_object(api, f"{path}?gracePeriodSeconds=0")


def _delete_object(api: Api, path: str) -> None:
    try:
        api.call("DELETE", path)
    except ApiError as error:
        if error.status != 404:
            raise
