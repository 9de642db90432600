# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: virtual private clouds (VPC)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...aws.errors import EVENTUALLY
from ...aws.parallel import each
from ...aws.session import Aws, AwsError
from ...engine.ahead import over
from ...engine.errors import Blocked
from ...engine.resource import Foresight, Lookup, Owner, Properties, Resource, State
from .common import explained, filter_by, interfaces, owned, tag, tagging
from .rules import revoke, rules_of


@dataclass(frozen=True)
class Vpc(Resource):
    """A VPC, with AWS's DNS in it.

    Its default security group is emptied, its default network ACL and route table stay unused.

    ``secondary_cidrs``: None leaves those that there are.
    """

    name: str
    cidr: str
    secondary_cidrs: tuple[str, ...] | None = None
    key: str = "main"

    replaced_by = frozenset({"CidrBlock"})
    id_name = "VpcId"

    def desired(self) -> Properties:
        secondary = {} if self.secondary_cidrs is None else {"SecondaryCidrBlocks": set(self.secondary_cidrs)}
        return {
            "CidrBlock": self.cidr,
            "EnableDnsSupport": True,
            "EnableDnsHostnames": True,
            "DefaultSecurityGroupRules": {"ingress": {}, "egress": {}},
            "Tags": {"Name": self.name},
            **secondary,
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        found = list(owned(api, owner, "describe_vpcs", "Vpcs"))
        for key, vpc in found:
            in_doubt = {"HasSubnets": has_subnets(api, vpc["VpcId"])} if len(found) > 1 else {}
            yield key, {**with_secondary(vpc), **details(api, vpc["VpcId"]), **in_doubt}

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = api.call_once("ec2", "create_vpc", CidrBlock=self.cidr, TagSpecifications=tagging("vpc", wanted))["Vpc"]
        # The DNS attributes of a new VPC: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
        return {**with_secondary(made), "EnableDnsSupport": True, "EnableDnsHostnames": False, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        vpc_id = observed["VpcId"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):  # ModifyVpcAttribute takes one at a time
            if name in changes:
                api.call("ec2", "modify_vpc_attribute", VpcId=vpc_id, **{name: {"Value": changes[name]}})
        if "DefaultSecurityGroupRules" in changes:
            empty_default_group(api, vpc_id)
        if "SecondaryCidrBlocks" in changes:
            update_secondary(api, observed, changes["SecondaryCidrBlocks"])
        tag(api, vpc_id, changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        try:
            api.call("ec2", "delete_vpc", VpcId=observed["VpcId"])
        except Blocked as blocked:
            raise explained(blocked, holders(api, observed["VpcId"])) from blocked

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return vpc_state(observed)

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        return bool(observed.get("HasSubnets"))


@dataclass(frozen=True)
class VpcLookup(Lookup):
    """The environment's VPC. Properties: ``VpcId``, ``CidrBlock``, ``SecondaryCidrBlocks`` (a list)."""

    key: str = "main"

    role = "network"
    id_name = "VpcId"

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for key, vpc in owned(api, owner.of("vpc"), "describe_vpcs", "Vpcs"):
            yield key, with_secondary(vpc)

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return over(found, ahead.of(owner.of("vpc"), Vpc))

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return vpc_state(observed)


def with_secondary(vpc: dict[str, Any]) -> Properties:
    """The VPC with the CIDRs that are associated with it besides its first, or are about to be."""
    associations = vpc.get("CidrBlockAssociationSet", [])
    states = {
        block["CidrBlock"]: block["CidrBlockState"]["State"]
        for block in associations
        if block["CidrBlock"] != vpc["CidrBlock"]
    }
    return {
        **vpc,
        "SecondaryCidrBlocks": sorted(cidr for cidr, state in states.items() if state in ("associating", "associated")),
    }


def details(api: Aws, vpc_id: str) -> Properties:
    """What DescribeVpcs leaves out: the DNS attributes, one a call, and the default security group."""
    found = each(lambda read: read(api, vpc_id), (dns_support, dns_hostnames, default_group))
    return {name: value for part in found for name, value in part.items()}


def dns_support(api: Aws, vpc_id: str) -> Properties:
    answer = api.find("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute="enableDnsSupport") or {}
    return {"EnableDnsSupport": answer.get("EnableDnsSupport", {}).get("Value")}


def dns_hostnames(api: Aws, vpc_id: str) -> Properties:
    answer = api.find("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute="enableDnsHostnames") or {}
    return {"EnableDnsHostnames": answer.get("EnableDnsHostnames", {}).get("Value")}


def default_group(api: Aws, vpc_id: str) -> Properties:
    filters = filter_by(**{"vpc-id": vpc_id, "group-name": "default"})
    for group in api.read("ec2", "describe_security_groups", "SecurityGroups", Filters=filters):
        return {"DefaultSecurityGroupId": group["GroupId"], "DefaultSecurityGroupRules": rules_of(group)}
    return {}


def empty_default_group(api: Aws, vpc_id: str) -> None:
    if not (group := default_group(api, vpc_id)):
        raise Blocked(f"EC2 does not show the default security group of {vpc_id} yet", patience=EVENTUALLY)
    for direction, rules in group["DefaultSecurityGroupRules"].items():
        revoke(api, group["DefaultSecurityGroupId"], direction, rules)


def has_subnets(api: Aws, vpc_id: str) -> bool:
    """Which of two VPCs of one owner is the one in use."""
    return any(
        True for _unused in api.read("ec2", "describe_subnets", "Subnets", Filters=filter_by(**{"vpc-id": vpc_id}))
    )


def update_secondary(api: Aws, observed: Properties, cidrs: set[str]) -> None:
    there = set(observed["SecondaryCidrBlocks"])
    for cidr in sorted(cidrs - there):
        api.call("ec2", "associate_vpc_cidr_block", VpcId=observed["VpcId"], CidrBlock=cidr)
    for block in observed["CidrBlockAssociationSet"]:
        if block["CidrBlock"] in there - cidrs:
            disassociate(api, block["AssociationId"])


def disassociate(api: Aws, association_id: str) -> None:
    """One that still has subnets is left to a later run: the same plan deletes them,
    but not before the VPC is up to date.
    """
    try:
        api.call("ec2", "disassociate_vpc_cidr_block", AssociationId=association_id)
    except AwsError as error:
        if error.code != "InvalidCidrBlock.InUse":
            raise


def vpc_state(observed: Properties) -> tuple[State, str]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html and API_VpcCidrBlockState.html"""
    if observed.get("State", "available") != "available":
        return State.PENDING, f"AWS reports {observed['State']}"
    for block in observed.get("CidrBlockAssociationSet", []):
        state = block["CidrBlockState"]
        if state["State"] in ("associating", "disassociating"):
            return State.PENDING, f"{block['CidrBlock']} is {state['State']}"
        if state["State"] in ("failing", "failed"):
            return State.UNHEALTHY, f"{block['CidrBlock']}: {state.get('StatusMessage', state['State'])}"
    return State.READY, ""


def holders(api: Aws, vpc_id: str) -> list[str]:
    """What keeps a VPC from being deleted, most often left by load balancers and clusters."""
    groups = api.read("ec2", "describe_security_groups", "SecurityGroups", Filters=filter_by(**{"vpc-id": vpc_id}))
    named = [
        f"{group['GroupId']} (security group {group['GroupName']})"
        for group in groups
        if group["GroupName"] != "default"
    ]
    return named + interfaces(api, **{"vpc-id": vpc_id})
