# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: route tables, with their routes and the subnets that use them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...aws.session import Aws
from ...engine.resource import Owner, Properties, Resource
from .common import filter_by, owned, tag, tagging
from .gateway import InternetGateway, NatGateway
from .subnet import Subnet
from .vpc import Vpc

ANYWHERE = "0.0.0.0/0"
TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "NetworkInterfaceId",
    "EgressOnlyInternetGatewayId",
    "LocalGatewayId",
    "CarrierGatewayId",
    "CoreNetworkArn",
)
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


@dataclass(frozen=True)
class RouteTable(Resource):
    """A route table. Its only route beside the VPC's own leads to ``gateway``; None: nowhere.

    The routes of gateway endpoints belong to those, and routes that a VPN gateway propagates to nobody here.
    """

    key: str
    vpc: Vpc
    name: str
    subnets: tuple[Subnet, ...]
    gateway: InternetGateway | NatGateway | None

    replaced_by = frozenset({"VpcId"})
    id_name = "RouteTableId"

    def desired(self) -> Properties:
        return {
            "VpcId": self.vpc.ref("VpcId"),
            "Routes": {ANYWHERE: self.gateway.ref(self.gateway.id_name)} if self.gateway else {},
            "SubnetIds": {subnet.ref("SubnetId") for subnet in self.subnets},
            "Tags": {"Name": self.name},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for key, table in owned(api, owner, "describe_route_tables", "RouteTables"):
            yield key, {**table, "Routes": dict(routes(table)), "SubnetIds": set(associations(table))}

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = api.call(
            "ec2",
            "create_route_table",
            VpcId=wanted["VpcId"],
            ClientToken=wanted["ClientToken"],
            TagSpecifications=tagging("route-table", wanted),
        )["RouteTable"]
        return {**made, "Routes": {}, "SubnetIds": set(), "Tags": wanted["Tags"]}

    @classmethod
    def effect(cls, observed: Properties, changes: Properties) -> str:
        """What leaves by a NAT gateway has that gateway's address."""
        by_nat = any(str(way).startswith("nat-") for way in observed.get("Routes", {}).values())
        return "outgoing addresses change" if by_nat and "Routes" in changes else ""

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        if "Routes" in changes:
            update_routes(api, observed, changes["Routes"])
        if "SubnetIds" in changes:
            associate(api, observed["RouteTableId"], changes["SubnetIds"] - observed["SubnetIds"])
            disassociate(api, observed, observed["SubnetIds"] - changes["SubnetIds"])
        tag(api, observed["RouteTableId"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        disassociate(api, observed, observed["SubnetIds"])
        api.call("ec2", "delete_route_table", RouteTableId=observed["RouteTableId"])

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        return bool(observed["SubnetIds"])


def routes(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Destination and target of the routes that somebody has made."""
    for route in table.get("Routes", []):
        destination = next((route[name] for name in DESTINATIONS if route.get(name)), None)
        target = next((route[name] for name in TARGETS if route.get(name)), None)
        made_by_others = route.get("Origin") == "EnableVgwRoutePropagation" or (target or "").startswith("vpce-")
        if destination and target and target != "local" and not made_by_others:
            yield destination, target


def associations(table: dict[str, Any]) -> dict[str, str]:
    """The association's id for each subnet that uses the table."""
    return {
        each["SubnetId"]: each["RouteTableAssociationId"]
        for each in table.get("Associations", [])
        if "SubnetId" in each
        and each.get("AssociationState", {}).get("State", "associated") in ("associating", "associated")
    }


def update_routes(api: Aws, observed: Properties, wanted: dict[str, str]) -> None:
    table_id, there = observed["RouteTableId"], observed["Routes"]
    for destination, target in wanted.items():
        if there.get(destination) != target:
            member = "NatGatewayId" if target.startswith("nat-") else "GatewayId"
            operation = "replace_route" if destination in there else "create_route"
            api.call("ec2", operation, RouteTableId=table_id, DestinationCidrBlock=destination, **{member: target})
    for destination in there.keys() - wanted.keys():
        api.call("ec2", "delete_route", RouteTableId=table_id, **{destination_member(destination): destination})


def destination_member(destination: str) -> str:
    if destination.startswith("pl-"):
        return "DestinationPrefixListId"
    return "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"


def associate(api: Aws, table_id: str, subnet_ids: set[str]) -> None:
    """A subnet that has another table already is moved over, without a moment in which it has none."""
    if not subnet_ids:
        return
    others = api.read(
        "ec2",
        "describe_route_tables",
        "RouteTables",
        Filters=filter_by(**{"association.subnet-id": sorted(subnet_ids)}),
    )
    present = {subnet: association for table in others for subnet, association in associations(table).items()}
    for subnet_id in sorted(subnet_ids):
        if subnet_id in present:
            api.call("ec2", "replace_route_table_association", AssociationId=present[subnet_id], RouteTableId=table_id)
        else:
            api.call("ec2", "associate_route_table", SubnetId=subnet_id, RouteTableId=table_id)


def disassociate(api: Aws, observed: Properties, subnet_ids: set[str]) -> None:
    present = associations(observed)
    for subnet_id in sorted(subnet_ids & present.keys()):
        api.call("ec2", "disassociate_route_table", AssociationId=present[subnet_id])
