# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Node groups: managed nodes, each group from a launch template of its own,
all with one IAM role and its access to the cluster.
"""

from __future__ import annotations

from typing import Any

from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...engine.report import plain
from ...engine.resource import UNKNOWN
from ...resources.ec2.launch_template import LaunchTemplate
from ...resources.eks.access import NodeAccess, node_role
from ...resources.eks.cluster import ClusterLookup
from ...resources.eks.node_group import NodeGroup, NodeSubnets
from ...resources.iam.role import Role, managed_policy, service_trust
from ...resources.kms.key import KeyLookup
from ..component import Component, Context
from ..eks_names import cluster_of
from ..entries import entries
from .node_group_facts import ami_types, check_zones
from .node_group_rules import GROUP, problems
from .node_groups_options import OPTIONS

POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore")
"""The CNI's policy is not among them: AWS recommends a role of its own for the add-on vpc-cni,
which pod_identities gives it.

https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
"""
EFFECTS = {"NoSchedule": "NO_SCHEDULE", "NoExecute": "NO_EXECUTE", "PreferNoSchedule": "PREFER_NO_SCHEDULE"}
KINDS = (Role, NodeAccess, LaunchTemplate, NodeGroup)


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    groups = entries(context["node_groups"], GROUP)
    images = ami_types(context, groups)
    check_zones(context, groups)
    return Declaration(tuple(_node_group(context, name, group, images[name]) for name, group in groups.items()))


def _node_group(context: Context, name: str, group: dict[str, Any], ami_type: str) -> NodeGroup:
    share = group["max_unavailable_percentage"]
    unavailable = {"maxUnavailablePercentage": share} if share else {"maxUnavailable": group["max_unavailable"] or 1}
    taints = tuple(
        {**taint, "value": taint["value"] or "", "effect": EFFECTS[taint["effect"]]} for taint in group["taints"]
    )
    cluster, role = ClusterLookup(cluster_of(context)), _node_role(context)
    return NodeGroup(
        name=name,
        cluster=cluster,
        node_role=role,
        access=NodeAccess(cluster, role),
        subnets=NodeSubnets(group["subnet_tier"]),
        launch_template=_launch_template(context, name, group, ami_type),
        instance_types=tuple(group["instance_types"]),
        ami_type=ami_type,
        capacity_type=group["capacity_type"].upper(),
        min_size=group["min"],
        max_size=group["max"],
        desired_size=_desired_size(group),
        update_config={**unavailable, "updateStrategy": "DEFAULT"},
        labels={label: str(value) for label, value in group["labels"].items()},
        taints=taints,
        node_repair=group["node_repair"],
        version=group["version"],
        release_version=group["release_version"],
        zones=tuple(sorted(group["zones"] or ())),
    )


def _desired_size(group: dict[str, Any]) -> int:
    return int(group["min"] if group["desired"] is None else group["desired"])


def _node_role(context: Context) -> Role:
    name = node_role(cluster_of(context))
    return Role(
        key=name,
        name=name,
        trust=service_trust("ec2.amazonaws.com"),
        managed_policies=tuple(managed_policy(context.aws.partition, policy) for policy in POLICIES),
        description=f"Nodes of the EKS cluster {cluster_of(context)}",
    )


def _launch_template(context: Context, name: str, group: dict[str, Any], ami_type: str) -> LaunchTemplate:
    full_name = f"{cluster_of(context)}-{name}"
    # Bottlerocket keeps its system on the first volume, and images and containers on the second.
    data = "/dev/xvdb" if ami_type.startswith("BOTTLEROCKET") else "/dev/xvda"
    return LaunchTemplate(
        name=full_name,
        volumes={"/dev/xvda": None, data: group["disk_size"]},
        kms_key=KeyLookup(context["volumes_kms_key"]) if context["volumes_kms_key"] else None,
        monitoring=group["monitoring"],
        instance_tags={"Name": full_name, **context["tags"], **context.owner.tags(full_name)},
    )


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    """What there is of each declared group; in check mode what there is so far."""
    paths = {
        "arn": "nodegroupArn",
        "status": "status",
        "version": "version",
        "release_version": "releaseVersion",
        "ami_type": "amiType",
    }
    found = {}
    for name in context["node_groups"] or ():
        group = outcome.world.get((NodeGroup, f"{cluster_of(context)}/{name}"), {})
        found[name] = {output: plain(group.get(path, UNKNOWN)) for output, path in paths.items()}
    return {"node_groups": found}


COMPONENT = Component(
    name="node_groups",
    options=OPTIONS,
    kinds=KINDS,
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("node_groups",),
)
