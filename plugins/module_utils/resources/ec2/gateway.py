# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: the ways from a VPC to the internet: internet gateway, elastic IP addresses, NAT gateways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...aws.errors import EVENTUALLY
from ...aws.session import Aws, AwsError
from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties, Resource, State
from .common import explained, interfaces, owned, tag, tagging
from .subnet import Subnet
from .vpc import Vpc


@dataclass(frozen=True)
class InternetGateway(Resource):
    """The internet gateway, attached to the VPC."""

    vpc: Vpc
    name: str
    key: str = "main"

    id_name = "InternetGatewayId"

    def desired(self) -> Properties:
        return {"VpcId": self.vpc.ref("VpcId"), "Tags": {"Name": self.name}}

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for key, gateway in owned(api, owner, "describe_internet_gateways", "InternetGateways"):
            yield key, {**gateway, "VpcId": next((each["VpcId"] for each in gateway.get("Attachments", [])), None)}

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = api.call_once("ec2", "create_internet_gateway", TagSpecifications=tagging("internet-gateway", wanted))[
            "InternetGateway"
        ]
        return {**made, "VpcId": None, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        if "VpcId" in changes:
            detach(api, observed)
            # Once: told a second time, EC2 says that the VPC has an internet gateway already, as it would of another's.
            api.call_once(
                "ec2",
                "attach_internet_gateway",
                InternetGatewayId=observed["InternetGatewayId"],
                VpcId=changes["VpcId"],
            )
        tag(api, observed["InternetGatewayId"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        try:
            detach(api, observed)
        except Blocked as blocked:  # public addresses in the VPC hold it
            raise explained(
                blocked, interfaces(api, **{"vpc-id": observed["VpcId"], "association.public-ip": "*"})
            ) from blocked
        api.call("ec2", "delete_internet_gateway", InternetGatewayId=observed["InternetGatewayId"])

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        return observed["VpcId"] is not None


def detach(api: Aws, gateway: Properties) -> None:
    if gateway["VpcId"] is None:
        return
    try:
        api.call(
            "ec2", "detach_internet_gateway", InternetGatewayId=gateway["InternetGatewayId"], VpcId=gateway["VpcId"]
        )
    except AwsError as error:
        if error.code != "Gateway.NotAttached":
            raise


@dataclass(frozen=True)
class Eip(Resource):
    """The public address of a NAT gateway; its key is the zone."""

    key: str
    name: str

    id_name = "AllocationId"

    def desired(self) -> Properties:
        return {"Tags": {"Name": self.name}}

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        return owned(api, owner, "describe_addresses", "Addresses")

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = api.call_once("ec2", "allocate_address", Domain="vpc", TagSpecifications=tagging("elastic-ip", wanted))
        return {"AllocationId": made["AllocationId"], "PublicIp": made["PublicIp"], "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        tag(api, observed["AllocationId"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        try:
            api.call("ec2", "release_address", AllocationId=observed["AllocationId"])
        except AwsError as error:
            # What EC2 says while a NAT gateway still has the address, and for a moment after that one is gone.
            if error.code == "AuthFailure":
                raise Blocked(
                    f"{observed['PublicIp']} is still held by a NAT gateway: {error}", patience=EVENTUALLY
                ) from error
            raise

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        return bool(observed.get("AssociationId"))


@dataclass(frozen=True)
class NatGateway(Resource):
    """A public NAT gateway; its key is its zone, so that one more in another zone replaces none."""

    key: str
    subnet: Subnet
    elastic_ip: Eip
    internet_gateway: InternetGateway
    name: str

    replaced_by = frozenset({"SubnetId", "AllocationId"})
    id_name = "NatGatewayId"

    def desired(self) -> Properties:
        return {
            "SubnetId": self.subnet.ref("SubnetId"),
            "AllocationId": self.elastic_ip.ref("AllocationId"),
            "Tags": {"Name": self.name},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        """Those that are gone stay listed for about an hour: they are left out."""
        for key, gateway in owned(api, owner, "describe_nat_gateways", "NatGateways", filters="Filter"):
            if gateway["State"] != "deleted":
                yield key, with_address(gateway)

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = api.call(
            "ec2",
            "create_nat_gateway",
            SubnetId=wanted["SubnetId"],
            AllocationId=wanted["AllocationId"],
            ClientToken=wanted["ClientToken"],
            TagSpecifications=tagging("natgateway", wanted),
        )["NatGateway"]
        return {**made, **{name: wanted[name] for name in ("SubnetId", "AllocationId", "Tags")}}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        tag(api, observed["NatGatewayId"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call("ec2", "delete_nat_gateway", NatGatewayId=observed["NatGatewayId"])

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html:
        a failed one is removed by AWS in about an hour.
        """
        states = {"pending": State.PENDING, "failed": State.FAILED, "deleting": State.DELETING}
        why = observed.get("FailureMessage") or f"AWS reports {observed['State']}"
        return (State.READY, "") if observed["State"] == "available" else (states[observed["State"]], why)

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        return observed["State"] == "available"

    def collides(self, wanted: Properties, other: Properties) -> bool:
        return bool(wanted.get("AllocationId") == other.get("AllocationId"))


def with_address(gateway: dict[str, Any]) -> Properties:
    """The NAT gateway with its first address: ``AllocationId``, ``PublicIp``."""
    addresses = sorted(gateway.get("NatGatewayAddresses", []), key=lambda address: not address.get("IsPrimary", False))
    first = addresses[0] if addresses else {}
    return {**gateway, "AllocationId": first.get("AllocationId"), "PublicIp": first.get("PublicIp")}
