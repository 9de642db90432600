# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What there is of an environment, read and never changed."""

from __future__ import annotations

from typing import Any

from ..engine.converge import Mode, converge
from ..engine.plan import Declaration, Policy, look_up
from ..engine.report import plain
from ..engine.resource import Lookup, Properties
from ..resources.ec2_subnet import SubnetsLookup
from ..resources.ec2_vpc import VpcLookup
from ..resources.eks_cluster import ClusterLookup
from ..resources.eks_node_groups import NodeGroupsLookup
from .component import Component, Context
from .eks_names import CLUSTER_OPTION, cluster_of

TIERS = ("public", "private", "database")


class EnvironmentInfo(Component):
    def work(self, context: Context, check: bool, diff: bool) -> dict[str, Any]:
        cluster = cluster_of(context)
        lookups: tuple[Lookup, ...] = (VpcLookup(), *map(SubnetsLookup, TIERS), ClusterLookup(cluster), NodeGroupsLookup(cluster))
        world = converge(context.aws, context.owner, (), Declaration(lookups), Policy(), Mode(check=True)).world
        found: dict[str, Properties] = {f"{kind.__name__} {key}": properties for (kind, key), properties in world.items()}
        return {"changed": False, **plain(described(found, cluster))}


def described(found: dict[str, Properties], cluster: str) -> dict[str, Any]:
    """The return values. What does not exist is None, or an empty dict."""
    vpc = found.get("VpcLookup main", {})
    control_plane = found.get(f"ClusterLookup {cluster}", {})
    groups = found.get(f"NodeGroupsLookup {cluster}", {}).get("NodeGroups", [])
    subnets = {tier: found[f"SubnetsLookup {tier}"] for tier in TIERS if f"SubnetsLookup {tier}" in found}
    names = ("name", "arn", "status", "version", "endpoint")
    return {
        "network": {
            "vpc_id": vpc.get("VpcId"),
            "cidr": vpc.get("CidrBlock"),
            "subnets": {tier: dict(zip(item["Zones"], item["SubnetIds"], strict=True)) for tier, item in subnets.items()},
        },
        "cluster": {name: control_plane.get(name) for name in names} if control_plane else None,
        "node_groups": {
            group["nodegroupName"]: {
                "status": group["status"],
                "version": group.get("version"),
                "instance_types": group.get("instanceTypes", []),
                "desired": look_up(group, "scalingConfig.desiredSize"),
            }
            for group in groups
        },
    }


COMPONENT = EnvironmentInfo(
    name="environment_info",
    options={"cluster": CLUSTER_OPTION},
    kinds=(),
    declare=lambda context: Declaration(),
    outputs=lambda context, outcome: {},
)
