# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: subnets."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ...aws.errors import EVENTUALLY
from ...aws.session import Aws, AwsError
from ...engine.errors import Blocked
from ...engine.resource import UNKNOWN, Foresight, Lookup, Owner, Properties, Resource, State
from .common import explained, interfaces, owned, tag, tagging
from .vpc import Vpc


@dataclass(frozen=True)
class Subnet(Resource):
    """A subnet; its key is its tier and its zone (``private-us-east-1a``).

    It hands out no public addresses by itself.
    """

    vpc: Vpc
    tier: str
    zone: str
    cidr: str
    tags: Mapping[str, str] = field(default_factory=dict)

    replaced_by = frozenset({"VpcId", "CidrBlock", "AvailabilityZone"})
    id_name = "SubnetId"
    arn_name = "SubnetArn"

    @property
    def key(self) -> str:
        return f"{self.tier}-{self.zone}"

    def desired(self) -> Properties:
        return {
            "VpcId": self.vpc.ref("VpcId"),
            "CidrBlock": self.cidr,
            "AvailabilityZone": self.zone,
            "MapPublicIpOnLaunch": False,
            "AssignIpv6AddressOnCreation": False,
            "Tags": self.tags,
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        return owned(api, owner, "describe_subnets", "Subnets")

    def create(self, api: Aws, wanted: Properties) -> Properties:
        placed = {name: wanted[name] for name in ("VpcId", "CidrBlock", "AvailabilityZone")}
        try:
            made = api.call_once("ec2", "create_subnet", **placed, TagSpecifications=tagging("subnet", wanted))[
                "Subnet"
            ]
        except AwsError as error:
            if error.code == "InvalidSubnet.Range":  # a secondary CIDR of the VPC takes a moment until it can be used
                raise Blocked(str(error), patience=EVENTUALLY) from error
            raise
        return {**made, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        for name in ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation"):  # ModifySubnetAttribute takes one at a time
            if name in changes:
                api.call(
                    "ec2", "modify_subnet_attribute", SubnetId=observed["SubnetId"], **{name: {"Value": changes[name]}}
                )
        tag(api, observed["SubnetId"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        try:
            api.call("ec2", "delete_subnet", SubnetId=observed["SubnetId"])
        except Blocked as blocked:
            raise explained(blocked, interfaces(api, **{"subnet-id": observed["SubnetId"]})) from blocked

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return subnet_state(observed)

    def collides(self, wanted: Properties, other: Properties) -> bool:
        return ipaddress.ip_network(self.cidr).overlaps(ipaddress.ip_network(other["CidrBlock"]))


@dataclass(frozen=True)
class SubnetsLookup(Lookup):
    """All subnets of a tier.

    Properties: ``SubnetIds`` and ``Zones`` (lists in the order of zones), ``CidrBlocks``, ``VpcId``.
    """

    key: str

    role = "network"

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        return cls.by_tier(Subnet.observe(api, owner.of("vpc")))

    @classmethod
    def by_tier(cls, subnets: Iterable[tuple[str, Properties]]) -> Iterator[tuple[str, Properties]]:
        tiers: dict[str, list[Properties]] = {}
        for key, subnet in subnets:
            tiers.setdefault(key.partition("-")[0], []).append(subnet)
        for tier, found in tiers.items():
            found.sort(key=lambda subnet: str(subnet["AvailabilityZone"]))
            yield (
                tier,
                {
                    "SubnetIds": [subnet.get("SubnetId", UNKNOWN) for subnet in found],
                    "Zones": [subnet["AvailabilityZone"] for subnet in found],
                    "CidrBlocks": [subnet["CidrBlock"] for subnet in found],
                    "VpcId": found[0]["VpcId"],
                    "States": [subnet.get("State", "available") for subnet in found],
                },
            )

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        subnets = ahead.of(owner.of("vpc"), Subnet)
        return found if subnets is None else dict(cls.by_tier(subnets.items()))

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return subnet_state(
            {"State": next((state for state in observed["States"] if state != "available"), "available")}
        )


def subnet_state(observed: Properties) -> tuple[State, str]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html"""
    state = observed.get("State", "available")
    if state.startswith("failed"):
        return State.FAILED, f"AWS reports {state}"
    return (State.READY, "") if state == "available" else (State.PENDING, f"AWS reports {state}")
