# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is common to the local cloud's calls to EC2: tags, filters, dry runs, client tokens."""

from __future__ import annotations

from typing import Any

import pytest

from ..refusals import refusal
from .network import make_internet_gateway, make_nat_gateway, tagged


def test_tags_of_another_type_are_refused(ec2: Any, vpc: str) -> None:
    refused = refusal(ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.9.0/24", **tagged("vpc", Name="x"))
    assert refused == "InvalidParameterValue"


def test_a_dry_run_changes_nothing(ec2: Any) -> None:
    before = len(ec2.describe_vpcs()["Vpcs"])
    assert refusal(ec2.create_vpc, CidrBlock="10.9.0.0/16", DryRun=True) == "DryRunOperation"
    assert len(ec2.describe_vpcs()["Vpcs"]) == before


def test_a_client_token_makes_one_resource_however_often_it_is_sent(ec2: Any, vpc: str, subnet: str) -> None:
    make_internet_gateway(ec2, vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    request = {"SubnetId": subnet, "AllocationId": address, "ClientToken": "one"}
    first, second = (ec2.create_nat_gateway(**request)["NatGateway"]["NatGatewayId"] for _index in range(2))
    assert first == second
    assert len(ec2.describe_nat_gateways()["NatGateways"]) == 1
    request["ConnectivityType"] = "private"
    assert refusal(ec2.create_nat_gateway, **request) == "IdempotentParameterMismatch"


@pytest.mark.parametrize(
    ("describe", "result", "name"),
    [
        ("describe_vpcs", "Vpcs", "demo"),
        ("describe_subnets", "Subnets", "10.0.0.0/24"),
        ("describe_internet_gateways", "InternetGateways", "igw"),
        ("describe_addresses", "Addresses", "nat"),
        ("describe_nat_gateways", "NatGateways", "nat"),
        ("describe_route_tables", "RouteTables", "table"),
        ("describe_network_acls", "NetworkAcls", "acl"),
        ("describe_security_groups", "SecurityGroups", "group"),
        ("describe_vpc_endpoints", "VpcEndpoints", "s3"),
        ("describe_launch_templates", "LaunchTemplates", "template"),
    ],
)
def test_every_list_can_be_filtered_by_tag(
    ec2: Any, vpc: str, subnet: str, describe: str, result: str, name: str
) -> None:
    make_internet_gateway(ec2, vpc)
    make_nat_gateway(ec2, subnet)
    ec2.create_route_table(VpcId=vpc, **tagged("route-table", Name="table"))
    ec2.create_network_acl(VpcId=vpc, **tagged("network-acl", Name="acl"))
    ec2.create_security_group(VpcId=vpc, GroupName="g", Description="g", **tagged("security-group", Name="group"))
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", **tagged("vpc-endpoint", Name="s3"))
    ec2.create_launch_template(
        LaunchTemplateName="t", LaunchTemplateData={}, **tagged("launch-template", Name="template")
    )
    by_tag = [{"Name": "tag:Name", "Values": [name, "something-else"]}, {"Name": "tag-key", "Values": ["Name"]}]
    found = getattr(ec2, describe)(Filters=by_tag)[result]
    assert len(found) == 1
    assert {"Key": "Name", "Value": name} in found[0]["Tags"]
