# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The dump and what is made of it: everything is in it, and two accounts that hold the same are the same."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from localcloud.compare import compare, normalize
from localcloud.dump import Dump
from localcloud.testing import Cloud

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


def tagged(kind: str, name: str) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]}


def build(cloud: Cloud, seed: int) -> None:
    """A network with two gateways, untagged route tables, a key, a role and a cluster, made in an order of its own."""
    order = random.Random(seed)
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", **tagged("vpc", "main"))["Vpc"]["VpcId"]
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    subnets: dict[str, str] = {}
    zones = ["a", "b", "c"]
    for zone in order.sample(zones, 3):
        cidr = f"10.0.{zones.index(zone)}.0/24"
        subnets[zone] = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
    for zone in order.sample(zones[:2], 2):
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        gateway = ec2.create_nat_gateway(SubnetId=subnets[zone], AllocationId=address)["NatGateway"]["NatGatewayId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[zone])
    rest: list[Callable[[], Any]] = [
        lambda: cloud.client("kms").create_key(Tags=[{"TagKey": "Name", "TagValue": "data"}]),
        lambda: cloud.client("logs").create_log_group(logGroupName="/flow", tags={"a": "b"}),
        lambda: cloud.client("ssm").put_parameter(Name="/keelson/lock", Value="x", Type="String"),
        lambda: ec2.create_launch_template(
            LaunchTemplateName="nodes", LaunchTemplateData={"InstanceType": "t3.medium"}
        ),
        lambda: ec2.create_security_group(VpcId=vpc, GroupName="web", Description="web"),
        lambda: make_cluster(cloud, [subnets["a"], subnets["b"]]),
    ]
    for step in order.sample(rest, len(rest)):
        step()


def make_cluster(cloud: Cloud, subnets: list[str]) -> None:
    role = cloud.client("iam").create_role(RoleName="cluster", Path="/keelson/", AssumeRolePolicyDocument=TRUST)[
        "Role"
    ]["Arn"]
    cloud.client("iam").attach_role_policy(
        RoleName="cluster", PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
    )
    eks = cloud.client("eks")
    eks.create_cluster(
        name="demo", roleArn=role, resourcesVpcConfig={"subnetIds": subnets}, accessConfig={"authenticationMode": "API"}
    )
    eks.create_addon(clusterName="demo", addonName="vpc-cni", tags={"a": "b"})
    eks.create_access_entry(clusterName="demo", principalArn=role)


def kinds(dump: Dump) -> set[str]:
    return {"/".join(name.split("/")[:2]) for name in dump}


def test_everything_that_was_made_is_in_the_dump_and_gone_when_it_is_deleted(cloud: Cloud) -> None:
    before = cloud.dump()
    build(cloud, 1)
    after = cloud.dump()
    made = {name: after[name] for name in compare(before, after).added}
    assert kinds(made) >= {
        *(
            f"ec2/{kind}"
            for kind in [
                "vpc",
                "subnet",
                "route-table",
                "internet-gateway",
                "elastic-ip",
                "natgateway",
                "network-acl",
                "security-group",
            ]
        ),
        *("ec2/security-group-rule", "ec2/network-interface", "ec2/launch-template"),
        *("iam/role", "kms/key", "logs/log-group", "ssm/parameter"),
        *("eks/cluster", "eks/addon", "eks/access-entry"),
    }
    assert made["iam/role/cluster"]["AttachedManagedPolicies"] == ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]
    assert made["logs/log-group/us-east-1/flow"]["tags"] == {"a": "b"}
    cloud.client("logs").delete_log_group(logGroupName="/flow")
    assert "logs/log-group/us-east-1/flow" not in cloud.dump()


def test_reading_changes_nothing_and_leaves_no_trace(cloud: Cloud) -> None:
    build(cloud, 1)
    cloud.clear_calls()
    assert not compare(cloud.dump(), cloud.dump())
    assert cloud.calls() == []


def test_a_dump_ignores_faults_and_lag(cloud: Cloud) -> None:
    cloud.faults(lag=3600, errors=[{"kind": "throttled"}])
    before = cloud.dump()
    cloud.faults(lag=3600)
    cloud.client("logs").create_log_group(logGroupName="/new")
    assert compare(before, cloud.dump()).added == ["logs/log-group/us-east-1/new"]


def test_another_region_is_in_the_dump_once_something_was_written_there(cloud: Cloud) -> None:
    cloud.client("logs", region="eu-west-1").create_log_group(logGroupName="/far")
    assert "logs/log-group/eu-west-1/far" in cloud.dump()


def test_two_accounts_built_in_different_orders_are_the_same_after_ids_and_times(cloud: Cloud) -> None:
    build(cloud, 1)
    first = normalize(cloud.dump())
    cloud.reset()
    build(cloud, 2)
    second = cloud.dump()
    assert compare(first, normalize(second)) == compare({}, {})
    assert normalize(second) == first
    assert not [name for name in first if second.keys() & {name} and name.startswith("ec2/")]


def test_a_difference_survives_the_normalization(cloud: Cloud) -> None:
    build(cloud, 1)
    first = normalize(cloud.dump())
    ec2 = cloud.client("ec2")
    ec2.allocate_address(Domain="vpc")
    assert len(compare(first, normalize(cloud.dump())).added) == 1
    tables = ec2.describe_route_tables(Filters=[{"Name": "route.destination-cidr-block", "Values": ["0.0.0.0/0"]}])[
        "RouteTables"
    ]
    ec2.delete_route(RouteTableId=tables[0]["RouteTableId"], DestinationCidrBlock="0.0.0.0/0")
    assert compare(first, normalize(cloud.dump())).changed
