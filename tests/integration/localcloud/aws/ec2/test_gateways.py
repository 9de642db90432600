# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's gateways, NAT gateways and routes."""

from __future__ import annotations

from typing import Any

from localcloud.testing import Cloud

from ..refusals import refusal
from .network import describe_nat, make_internet_gateway, make_nat_gateway


def test_a_nat_gateway_is_pending_until_its_time_and_deleting_until_its_time(
    cloud: Cloud, ec2: Any, vpc: str, subnet: str
) -> None:
    make_internet_gateway(ec2, vpc)
    cloud.clock(held=True)
    gateway, address = make_nat_gateway(ec2, subnet)
    assert describe_nat(ec2, gateway)["State"] == "pending"
    cloud.clock(held=False)
    assert describe_nat(ec2, gateway)["State"] == "available"
    cloud.clock(held=True)
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    assert describe_nat(ec2, gateway)["State"] == "deleting"
    assert refusal(ec2.release_address, AllocationId=address) == "AuthFailure"
    assert refusal(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    cloud.clock(held=False)
    assert describe_nat(ec2, gateway)["State"] == "deleted"
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=subnet)


def test_a_nat_gateway_has_its_tags_interface_and_address(ec2: Any, vpc: str, subnet: str) -> None:
    make_internet_gateway(ec2, vpc)
    gateway, address = make_nat_gateway(ec2, subnet)
    found = ec2.describe_nat_gateways(
        Filters=[{"Name": "tag:Name", "Values": ["nat"]}, {"Name": "vpc-id", "Values": [vpc]}]
    )
    assert [one["NatGatewayId"] for one in found["NatGateways"]] == [gateway]
    described = found["NatGateways"][0]
    assert described["Tags"] == [{"Key": "Name", "Value": "nat"}]
    assert described["NatGatewayAddresses"][0]["AllocationId"] == address
    assert described["NatGatewayAddresses"][0]["PrivateIp"].startswith("10.0.0.")
    interface = ec2.describe_network_interfaces(
        NetworkInterfaceIds=[described["NatGatewayAddresses"][0]["NetworkInterfaceId"]]
    )
    assert interface["NetworkInterfaces"][0]["Status"] == "in-use"
    assert not ec2.describe_nat_gateways(Filters=[{"Name": "tag:Name", "Values": ["other"]}])["NatGateways"]
    tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [gateway]}])["Tags"]
    assert [tag["ResourceType"] for tag in tags] == ["natgateway"]


def test_a_nat_gateway_without_internet_gateway_fails_and_says_why(ec2: Any, subnet: str) -> None:
    gateway, _address = make_nat_gateway(ec2, subnet)
    assert describe_nat(ec2, gateway)["State"] == "failed"
    assert describe_nat(ec2, gateway)["FailureCode"] == "Gateway.NotAttached"
    assert "no Internet gateway" in describe_nat(ec2, gateway)["FailureMessage"]


def test_an_unknown_nat_gateway_is_not_found(ec2: Any) -> None:
    assert refusal(ec2.describe_nat_gateways, NatGatewayIds=["nat-00000000000000000"]) == "NatGatewayNotFound"
    assert refusal(ec2.delete_nat_gateway, NatGatewayId="nat-00000000000000000") == "NatGatewayNotFound"


def test_an_internet_gateway_stays_while_public_addresses_are_mapped(ec2: Any, vpc: str, subnet: str) -> None:
    gateway = make_internet_gateway(ec2, vpc)
    make_nat_gateway(ec2, subnet)
    assert refusal(ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc) == "DependencyViolation"
    other = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    assert refusal(ec2.attach_internet_gateway, InternetGatewayId=other, VpcId=vpc) == "InvalidParameterValue"


def test_a_subnet_has_one_route_table(ec2: Any, vpc: str, subnet: str) -> None:
    one, other = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _index in range(2))
    association = ec2.associate_route_table(RouteTableId=one, SubnetId=subnet)["AssociationId"]
    assert refusal(ec2.associate_route_table, RouteTableId=other, SubnetId=subnet) == "Resource.AlreadyAssociated"
    assert refusal(ec2.delete_route_table, RouteTableId=one) == "DependencyViolation"
    association = ec2.replace_route_table_association(AssociationId=association, RouteTableId=other)["NewAssociationId"]
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route_table(RouteTableId=other)


def test_a_route_turns_black_when_its_gateway_goes(ec2: Any, vpc: str, subnet: str) -> None:
    make_internet_gateway(ec2, vpc)
    gateway, _address = make_nat_gateway(ec2, subnet)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert {route["DestinationCidrBlock"]: route["State"] for route in routes} == {
        "10.0.0.0/16": "active",
        "0.0.0.0/0": "blackhole",
    }
    refused = refusal(
        ec2.replace_route, RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-00000000000000000"
    )
    assert refused == "InvalidNatGatewayID.NotFound"
