# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What there is of an environment, read and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...engine.converge import Mode, converge
from ...engine.plan import Declaration, Policy, look_up
from ...engine.report import plain
from ...engine.resource import Address, Lookup, Properties
from ...resources.cloudfront.lookup import DistributionLookup
from ...resources.cloudfront.reads import KEY as SITE
from ...resources.ec2.subnet import SubnetsLookup
from ...resources.ec2.vpc import VpcLookup
from ...resources.eks.cluster import ClusterLookup
from ...resources.eks.node_group import NodeGroupsLookup
from ...resources.rds.lookup import ClusterLookup as DatabaseLookup
from ..component import Component, Context
from ..eks_names import cluster_of
from .environment_info_options import OPTIONS

TIERS = ("public", "private", "database")


class EnvironmentInfo(Component):
    def work(self, context: Context, check: bool, diff: bool) -> dict[str, Any]:
        cluster = cluster_of(context)
        lookups: tuple[Lookup, ...] = (
            VpcLookup(),
            *map(SubnetsLookup, TIERS),
            ClusterLookup(cluster),
            NodeGroupsLookup(cluster),
            DatabaseLookup(f"{context.owner.name}-main"),
            DistributionLookup(),
        )
        world = converge(context.aws, context.owner, (), Declaration(lookups), Policy(), Mode(check=True)).world
        return {"changed": False, **plain(described(world, cluster))}


def described(world: Mapping[Address, Properties], cluster: str) -> dict[str, Any]:
    """The return values. What does not exist is None, or an empty dict."""
    vpc = world.get((VpcLookup, "main"), {})
    control_plane = world.get((ClusterLookup, cluster), {})
    groups = world.get((NodeGroupsLookup, cluster), {}).get("NodeGroups", [])
    subnets = {tier: world[SubnetsLookup, tier] for tier in TIERS if (SubnetsLookup, tier) in world}
    names = ("name", "arn", "status", "version", "endpoint")
    return {
        "network": {
            "vpc_id": vpc.get("VpcId"),
            "cidr": vpc.get("CidrBlock"),
            "subnets": {
                tier: dict(zip(item["Zones"], item["SubnetIds"], strict=True)) for tier, item in subnets.items()
            },
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
        "databases": {
            key: {
                "status": found["Status"],
                "version": found["EngineVersion"],
                "endpoint": found.get("Endpoint"),
                "reader_endpoint": found.get("ReaderEndpoint"),
                "port": found.get("Port"),
            }
            for (kind, key), found in world.items()
            if kind is DatabaseLookup
        },
        "site": site(world.get((DistributionLookup, SITE))),
    }


def site(distribution: Properties | None) -> dict[str, Any] | None:
    if distribution is None:
        return None
    domain = next(iter(distribution["Aliases"].get("Items") or []), distribution["DomainName"])
    return {"url": f"https://{domain}/", "distribution_id": distribution["Id"], "status": distribution["Status"]}


COMPONENT = EnvironmentInfo(
    name="environment_info",
    options=OPTIONS,
    kinds=(),
    declare=lambda context: Declaration(),
    outputs=lambda context, outcome: {},
)
