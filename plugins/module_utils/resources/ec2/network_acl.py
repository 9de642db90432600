# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: network access control lists (ACL), with their rules and the subnets that they guard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...aws.errors import EVENTUALLY
from ...aws.session import Aws
from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties, Resource
from .common import filter_by, owned, tag, tagging
from .subnet import Subnet
from .vpc import Vpc

LAST_RULE = 32766
"""The highest number that a rule may have: after it comes AWS's own, which denies the rest."""
PROTOCOLS = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17"}
"""AWS knows protocols by their number."""


def entry(
    protocol: str, cidr: str, from_port: int | None = None, to_port: int | None = None, action: str = "allow"
) -> Properties:
    """A rule in AWS's own shape. ``protocol``: a name of PROTOCOLS; ICMP of every type and code."""
    shaped: Properties = {"Protocol": PROTOCOLS[protocol], "RuleAction": action, "CidrBlock": cidr}
    if from_port is not None:
        shaped["PortRange"] = {"From": from_port, "To": from_port if to_port is None else to_port}
    if protocol == "icmp":
        shaped["IcmpTypeCode"] = {"Type": -1, "Code": -1}
    return shaped


@dataclass(frozen=True)
class NetworkAcl(Resource):
    """A network ACL. ``ingress`` and ``egress``: an ``entry`` for each rule number."""

    key: str
    vpc: Vpc
    name: str
    subnets: tuple[Subnet, ...]
    ingress: Mapping[int, Properties]
    egress: Mapping[int, Properties]

    replaced_by = frozenset({"VpcId"})
    id_name = "NetworkAclId"

    def desired(self) -> Properties:
        return {
            "VpcId": self.vpc.ref("VpcId"),
            "Entries": {"ingress": dict(self.ingress), "egress": dict(self.egress)},
            "SubnetIds": {subnet.ref("SubnetId") for subnet in self.subnets},
            "Tags": {"Name": self.name},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for key, acl in owned(api, owner, "describe_network_acls", "NetworkAcls"):
            yield key, {**acl, "Entries": entries(acl), "SubnetIds": {each["SubnetId"] for each in acl["Associations"]}}

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = api.call(
            "ec2",
            "create_network_acl",
            VpcId=wanted["VpcId"],
            ClientToken=wanted["ClientToken"],
            TagSpecifications=tagging("network-acl", wanted),
        )["NetworkAcl"]
        return {**made, "Entries": {"ingress": {}, "egress": {}}, "SubnetIds": set(), "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        """Rules before subnets: a subnet must not meet a list that denies all."""
        for direction, wanted in changes.get("Entries", {}).items():
            update_entries(api, observed, direction, wanted)
        if "SubnetIds" in changes:
            associate(api, observed["NetworkAclId"], changes["SubnetIds"] - observed["SubnetIds"])
            release(api, observed, observed["SubnetIds"] - changes["SubnetIds"])
        tag(api, observed["NetworkAclId"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        release(api, observed, observed["SubnetIds"])
        api.call("ec2", "delete_network_acl", NetworkAclId=observed["NetworkAclId"])

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        return bool(observed["SubnetIds"])


def entries(acl: dict[str, Any]) -> dict[str, dict[int, Properties]]:
    """The rules by direction and number, without AWS's own last one."""
    found: dict[str, dict[int, Properties]] = {"ingress": {}, "egress": {}}
    for each in acl["Entries"]:
        if each["RuleNumber"] <= LAST_RULE:
            shaped = {name: value for name, value in each.items() if name not in ("RuleNumber", "Egress")}
            found["egress" if each["Egress"] else "ingress"][each["RuleNumber"]] = shaped
    return found


def update_entries(api: Aws, observed: Properties, direction: str, wanted: dict[int, Properties]) -> None:
    there = observed["Entries"][direction]
    where = {"NetworkAclId": observed["NetworkAclId"], "Egress": direction == "egress"}
    for number, shaped in wanted.items():
        if there.get(number) != shaped:
            operation = "replace_network_acl_entry" if number in there else "create_network_acl_entry"
            api.call("ec2", operation, **where, RuleNumber=number, **shaped)
    for number in there.keys() - wanted.keys():
        api.call("ec2", "delete_network_acl_entry", **where, RuleNumber=number)


def associate(api: Aws, acl_id: str, subnet_ids: set[str]) -> None:
    """Every subnet has an ACL at any time: to give it this one is to take another's place."""
    present = associations(api, subnet_ids)
    if unseen := subnet_ids - present.keys():
        raise Blocked(f"EC2 does not show yet which network ACL {', '.join(sorted(unseen))} has", patience=EVENTUALLY)
    move(api, [each for each in present.values() if each["NetworkAclId"] != acl_id], acl_id)


def release(api: Aws, acl: Properties, subnet_ids: set[str]) -> None:
    """Leave these subnets to the VPC's default ACL, but for those that another ACL has taken meanwhile."""
    held = [each for each in associations(api, subnet_ids).values() if each["NetworkAclId"] == acl["NetworkAclId"]]
    if held:
        for default in api.read(
            "ec2",
            "describe_network_acls",
            "NetworkAcls",
            Filters=filter_by(**{"vpc-id": acl["VpcId"], "default": "true"}),
        ):
            move(api, held, default["NetworkAclId"])


def associations(api: Aws, subnet_ids: set[str]) -> dict[str, dict[str, str]]:
    """The present association of each subnet.

    Its id changes with every move, so that an old one cannot be moved by mistake.
    """
    if not subnet_ids:
        return {}
    found = api.read(
        "ec2",
        "describe_network_acls",
        "NetworkAcls",
        Filters=filter_by(**{"association.subnet-id": sorted(subnet_ids)}),
    )
    return {each["SubnetId"]: each for acl in found for each in acl["Associations"] if each["SubnetId"] in subnet_ids}


def move(api: Aws, held: list[dict[str, str]], acl_id: str) -> None:
    for each in held:
        api.call(
            "ec2", "replace_network_acl_association", AssociationId=each["NetworkAclAssociationId"], NetworkAclId=acl_id
        )
