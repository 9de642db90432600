# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Instances of node groups, and the Node objects that they are in the cluster's API server.

Labels: https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html and Kubernetes' well-known labels.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.utils import random_instance_id

from .. import network
from ..backend import EksBackend
from ..resources import Cluster, NodeGroup, NodeRecord
from ..versions import VERSIONS

_OS_IMAGES = {"AL2023": "Amazon Linux 2023", "BOTTLEROCKET": "Bottlerocket OS", "WINDOWS": "Windows Server"}
_EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}


def architecture(instance_type: str) -> str:
    """Kubernetes' name of an instance type's architecture."""
    return "arm64" if "arm64" in INSTANCE_TYPES[instance_type]["ProcessorInfo"]["SupportedArchitectures"] else "amd64"


def launch(backend: EksBackend, cluster: Cluster, group: NodeGroup, instance_types: list[str]) -> None:
    """Start or stop instances until there are as many as desired, spread over the subnets."""
    wanted = group.data["scalingConfig"]["desiredSize"]
    stop(backend, group, group.nodes[wanted:])
    while len(group.nodes) < wanted:
        group.nodes.append(_launch_one(backend, cluster, group, instance_types[0]))


def stop(backend: EksBackend, group: NodeGroup, nodes: list[NodeRecord]) -> None:
    network.release(backend, [node.interface_id for node in nodes])
    group.nodes = [node for node in group.nodes if node not in nodes]


def publish(backend: EksBackend, cluster: Cluster) -> None:
    """Make the API server's nodes those of the groups whose nodes have joined."""
    if backend.planes is None or not cluster.served or cluster.status == "DELETING":
        return
    groups = [group for group in cluster.nodegroups.values() if group.has_nodes]
    backend.planes.set_nodes(cluster.plane, [_node(backend, group, node) for group in groups for node in group.nodes])


def _launch_one(backend: EksBackend, cluster: Cluster, group: NodeGroup, instance_type: str) -> NodeRecord:
    subnets = sorted(group.data["subnets"], key=lambda subnet_id: backend.ec2.get_subnet(subnet_id).availability_zone)
    used = [backend.ec2.enis[node.interface_id].subnet_id for node in group.nodes]
    subnet = backend.ec2.get_subnet(min(subnets, key=used.count))
    instance_id = random_instance_id()
    groups = group.security_groups or [cluster.data["resourcesVpcConfig"]["clusterSecurityGroupId"]]
    description = f"Amazon EKS node {instance_id} of {group.name}"
    interface_id = network.create_interface(backend, subnet.id, groups, description, cluster.name)
    address = str(backend.ec2.enis[interface_id].private_ip_address).replace(".", "-")
    domain = "ec2.internal" if backend.region_name == "us-east-1" else f"{backend.region_name}.compute.internal"
    return NodeRecord(f"ip-{address}.{domain}", instance_id, interface_id, instance_type, subnet.availability_zone)


def _node(backend: EksBackend, group: NodeGroup, node: NodeRecord) -> Any:
    from localcloud.controlplane import Node

    return Node(
        name=node.name,
        labels=_labels(backend, group, node),
        taints=[{**taint, "effect": _EFFECTS[taint["effect"]]} for taint in group.data["taints"]],
        instance_type=node.instance_type,
        zone=node.zone,
        architecture=architecture(node.instance_type),
        kubelet_version=f"v{VERSIONS[group.data['version']].patch}-eks-7c1f9a2",
        provider_id=f"aws:///{node.zone}/{node.instance_id}",
        os_image=_OS_IMAGES.get(group.data["amiType"].partition("_")[0], "Linux"),
        cpu=str(_cpus(node.instance_type)),
        memory=f"{INSTANCE_TYPES[node.instance_type]['MemoryInfo']['SizeInMiB']}Mi",
        pods=str(_pods(node.instance_type)),
    )


def _labels(backend: EksBackend, group: NodeGroup, node: NodeRecord) -> dict[str, str]:
    template = group.data.get("launchTemplate", {})
    labels = {
        "eks.amazonaws.com/nodegroup": group.name,
        "eks.amazonaws.com/capacityType": group.data["capacityType"],
        "eks.amazonaws.com/nodegroup-image": group.data["releaseVersion"],
        "kubernetes.io/arch": architecture(node.instance_type),
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "windows" if group.data["amiType"].startswith("WINDOWS") else "linux",
        "node.kubernetes.io/instance-type": node.instance_type,
        "topology.kubernetes.io/region": backend.region_name,
        "topology.kubernetes.io/zone": node.zone,
        **group.data["labels"],
    }
    if template:
        labels["eks.amazonaws.com/sourceLaunchTemplateId"] = template["id"]
        labels["eks.amazonaws.com/sourceLaunchTemplateVersion"] = template["version"]
    return labels


def _cpus(instance_type: str) -> int:
    return int(INSTANCE_TYPES[instance_type]["VCpuInfo"]["DefaultVCpus"])


def _pods(instance_type: str) -> int:
    """As many as the VPC CNI plugin's network interfaces carry."""
    interfaces = INSTANCE_TYPES[instance_type]["NetworkInfo"]
    pods = interfaces["MaximumNetworkInterfaces"] * (interfaces["Ipv4AddressesPerInterface"] - 1) + 2
    return min(pods, 110 if _cpus(instance_type) < 30 else 250)
