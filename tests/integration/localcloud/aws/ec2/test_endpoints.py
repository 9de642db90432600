# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's VPC endpoints."""

from __future__ import annotations

from typing import Any

import pytest
from localcloud.testing import Cloud

from ..refusals import refusal
from .network import make_subnet, tagged


def test_a_gateway_endpoint_is_a_route_in_its_route_tables(ec2: Any, vpc: str) -> None:
    one, other = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _index in range(2))
    request = {"VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "RouteTableIds": [one]}
    endpoint = ec2.create_vpc_endpoint(**request, **tagged("vpc-endpoint", Name="s3"))["VpcEndpoint"]
    assert (endpoint["VpcEndpointType"], endpoint["State"], endpoint["PrivateDnsEnabled"]) == (
        "Gateway",
        "available",
        False,
    )
    assert refusal(ec2.create_vpc_endpoint, **request) == "RouteAlreadyExists"

    def targets(table: str) -> list[str]:
        routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return [route["GatewayId"] for route in routes if route.get("DestinationPrefixListId")]

    assert (targets(one), targets(other)) == ([endpoint["VpcEndpointId"]], [])
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint["VpcEndpointId"], AddRouteTableIds=[other], RemoveRouteTableIds=[one]
    )
    assert (targets(one), targets(other)) == ([], [endpoint["VpcEndpointId"]])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    assert (targets(one), targets(other)) == ([], [])
    assert not ec2.describe_vpc_endpoints()["VpcEndpoints"]


def test_an_interface_endpoint_has_interfaces_a_state_and_holds_its_security_group(
    cloud: Cloud, ec2: Any, vpc: str, subnet: str
) -> None:
    second = make_subnet(ec2, vpc, "10.0.1.0/24", "us-east-1b")
    same_zone = make_subnet(ec2, vpc, "10.0.2.0/24", "us-east-1b")
    group = ec2.create_security_group(VpcId=vpc, GroupName="endpoints", Description="endpoints")["GroupId"]
    request = {
        "VpcId": vpc,
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.us-east-1.eks-auth",
        "SubnetIds": [subnet],
        "SecurityGroupIds": [group],
        "PrivateDnsEnabled": True,
    }
    cloud.clock(held=True)
    endpoint = ec2.create_vpc_endpoint(**request, **tagged("vpc-endpoint", Name="eks-auth"))["VpcEndpoint"]
    assert endpoint["State"] == "pending"
    assert refusal(ec2.create_vpc_endpoint, **request) == "InvalidParameter"
    assert refusal(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    cloud.clock(held=False)
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint["VpcEndpointId"], AddSubnetIds=[second])
    refused = refusal(ec2.modify_vpc_endpoint, VpcEndpointId=endpoint["VpcEndpointId"], AddSubnetIds=[same_zone])
    assert refused == "DuplicateSubnetsInSameZone"
    described = ec2.describe_vpc_endpoints(Filters=[{"Name": "tag:Name", "Values": ["eks-auth"]}])["VpcEndpoints"][0]
    assert (described["State"], described["SubnetIds"], len(described["NetworkInterfaceIds"])) == (
        "available",
        [subnet, second],
        2,
    )
    assert [one["GroupId"] for one in described["Groups"]] == [group]
    cloud.clock(held=True)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    assert ec2.describe_vpc_endpoints()["VpcEndpoints"][0]["State"] == "deleting"
    assert refusal(ec2.delete_subnet, SubnetId=second) == "DependencyViolation"
    cloud.clock(held=False)
    assert not ec2.describe_vpc_endpoints()["VpcEndpoints"]
    ec2.delete_subnet(SubnetId=second)
    ec2.delete_security_group(GroupId=group)


def test_private_dns_needs_dns_hostnames_and_a_service_must_exist(ec2: Any, vpc: str, subnet: str) -> None:
    request = {"VpcId": vpc, "VpcEndpointType": "Interface", "SubnetIds": [subnet]}
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": False})
    assert refusal(ec2.create_vpc_endpoint, ServiceName="com.amazonaws.us-east-1.sts", **request) == "InvalidParameter"
    assert (
        refusal(ec2.create_vpc_endpoint, ServiceName="com.amazonaws.us-east-1.nothing", **request)
        == "InvalidServiceName"
    )


@pytest.mark.parametrize(
    "service",
    [
        "ecr.api",
        "ecr.dkr",
        "sts",
        "logs",
        "secretsmanager",
        "kms",
        "ec2",
        "eks",
        "eks-auth",
        "s3",
        "dynamodb",
        "elasticloadbalancing",
    ],
)
def test_the_services_of_a_private_cluster_have_endpoints(ec2: Any, vpc: str, subnet: str, service: str) -> None:
    name = f"com.amazonaws.us-east-1.{service}"
    ec2.create_vpc_endpoint(
        VpcId=vpc, VpcEndpointType="Interface", ServiceName=name, SubnetIds=[subnet], PrivateDnsEnabled=False
    )
