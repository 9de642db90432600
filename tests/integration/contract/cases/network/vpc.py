# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module vpc."""

from __future__ import annotations

import re

from tests.unit.components.network.test_vpc_rules import BROKEN

from ...case import Case, Options, Raw
from ..changes import LOG_GROUP, ROLE, ec2, ec2_tag


def subnet(raw: Raw, key: str) -> str:
    return str(raw.found("Subnet", key)["SubnetId"])


def detach_internet_gateway(raw: Raw) -> None:
    """To which end what holds a public address is given up first, as EC2 demands."""
    nat = raw.found("NatGateway")
    raw.client("ec2").delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    gateway = raw.found("InternetGateway")
    raw.client("ec2").detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=gateway["VpcId"])


def open_default_group(raw: Raw) -> None:
    groups = raw.client("ec2").describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [raw.found("Vpc")["VpcId"]]},
            {"Name": "group-name", "Values": ["default"]},
        ]
    )["SecurityGroups"]
    anyone = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    raw.client("ec2").authorize_security_group_ingress(GroupId=groups[0]["GroupId"], IpPermissions=anyone)


def move_subnet(raw: Raw) -> None:
    """A private subnet to the public route table."""
    private = subnet(raw, "private-us-east-1a")
    tables = raw.client("ec2").describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [private]}])[
        "RouteTables"
    ]
    [association] = [each for each in tables[0]["Associations"] if each.get("SubnetId") == private]
    raw.client("ec2").replace_route_table_association(
        AssociationId=association["RouteTableAssociationId"],
        RouteTableId=raw.found("RouteTable", "public")["RouteTableId"],
    )


def move_acl(raw: Raw) -> None:
    """A database subnet to the public network ACL."""
    database = subnet(raw, "database-us-east-1a")
    acls = raw.client("ec2").describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [database]}])[
        "NetworkAcls"
    ]
    [association] = [each for each in acls[0]["Associations"] if each["SubnetId"] == database]
    raw.client("ec2").replace_network_acl_association(
        AssociationId=association["NetworkAclAssociationId"],
        NetworkAclId=raw.found("NetworkAcl", "public")["NetworkAclId"],
    )


def loosen_acl(raw: Raw) -> None:
    acl = raw.found("NetworkAcl", "database")["NetworkAclId"]
    raw.client("ec2").create_network_acl_entry(
        NetworkAclId=acl, RuleNumber=50, Protocol="-1", RuleAction="allow", Egress=False, CidrBlock="0.0.0.0/0"
    )


def route_elsewhere(raw: Raw) -> None:
    gateway = raw.found("InternetGateway")["InternetGatewayId"]
    table = raw.found("RouteTable", "private-us-east-1a")["RouteTableId"]
    raw.client("ec2").replace_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)


def open_endpoints_group(raw: Raw) -> None:
    anyone = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    raw.client("ec2").authorize_security_group_ingress(
        GroupId=raw.found("SecurityGroup")["GroupId"], IpPermissions=anyone
    )


def change_group_of_endpoint(raw: Raw) -> None:
    endpoint = raw.found("InterfaceEndpoint")
    other = raw.client("ec2").create_security_group(GroupName="theirs", Description="x", VpcId=endpoint["VpcId"])[
        "GroupId"
    ]
    raw.client("ec2").modify_vpc_endpoint(VpcEndpointId=endpoint["VpcEndpointId"], AddSecurityGroupIds=[other])


OPEN = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}'

PLAIN: Options = {"secondary_cidrs": None, "gateway_endpoints": None, "interface_endpoints": None}

BAD: dict[str, tuple[Options, str]] = {
    **{name: ({**PLAIN, **options}, "^" + re.escape(line)) for name, (options, line) in BROKEN.items()},
    "no cidr": ({"cidr": None}, r"^cidr: is required when state is present"),
    "a cidr that is a list": ({"cidr": ["10.0.0.0/16", "10.1.0.0/16"]}, r"cidr"),
    "zones that are a dictionary": ({"zones": {"a": 1}}, r"zones"),
    "a tier that there is not": ({"tiers": ["cache"]}, r"tiers must be one or more of"),
    "a nat that there is not": ({"nat": "two"}, r"nat must be one of: none, single, per_zone"),
    "a gateway for another service": ({"gateway_endpoints": ["sqs"]}, r"gateway_endpoints must be one or more of"),
    "a rule without a number": (
        {"acl_rules": [{"tier": "public", "direction": "egress", "cidr": "10.0.0.0/8"}]},
        r"number .*acl_rules",
    ),
    "days that are no number": ({"flow_logs_retention_days": "long"}, r"flow_logs_retention_days"),
    "an interval that AWS does not offer": ({"flow_logs_interval": 30}, r"flow_logs_interval must be one of: 60, 600"),
    "a zone that the region does not have": (
        {"zones": ["us-east-1a", "us-east-1g"]},
        r"^zones\[1\]: us-east-1 has no zone us-east-1g; it has",
    ),
    "a service that has no endpoints": (
        {"interface_endpoints": ["nonsense"]},
        r"^interface_endpoints\[0\]: 'nonsense' is no service with VPC",
    ),
}

BAD_WHEN_MADE: dict[str, tuple[Options, str]] = {
    "another cidr": (
        {"cidr": "10.9.0.0/16"},
        r"^Vpc main: cannot change CidrBlock in place, and it holds data|^Vpc main: AWS cannot change CidrBlock",
    ),
    "more removals than the limit": (
        {"zones": ["us-east-1b"], "prune_limit": 3},
        r"^the plan deletes \d+ resources .* more than prune_limit \(3\)",
    ),
    "a role of another component": (
        {"component": "other"},
        r"^Role flow-logs: the name acme-test-flow-logs is taken by",
    ),
    "a log group of another component": (
        {"component": "other"},
        r"^LogGroup flow-logs: the log group /aws/vpc/acme-test/flow-logs exists",
    ),
}

CASE = Case(
    module="vpc",
    options={
        "cidr": "10.0.0.0/16",
        "zones": ["us-east-1a", "us-east-1b"],
        "nat": "single",
        "secondary_cidrs": ["10.1.0.0/20"],
        "interface_endpoints": ["sts"],
        "gateway_endpoints": ["s3"],
        "flow_logs": "all",
        "flow_logs_retention_days": 30,
        "flow_logs_kms_key": "logs",
    },
    needs=(("encryption_keys", {"keys": {"logs": {}}}),),
    changes={
        ("Vpc", "Tags"): ec2_tag("Vpc", "VpcId"),
        ("Vpc", "EnableDnsSupport"): ec2("Vpc", "modify_vpc_attribute", "VpcId", EnableDnsSupport={"Value": False}),
        ("Vpc", "EnableDnsHostnames"): ec2("Vpc", "modify_vpc_attribute", "VpcId", EnableDnsHostnames={"Value": False}),
        ("Vpc", "SecondaryCidrBlocks"): ec2("Vpc", "associate_vpc_cidr_block", "VpcId", CidrBlock="10.2.0.0/20"),
        ("Vpc", "DefaultSecurityGroupRules"): open_default_group,
        ("Subnet", "Tags"): ec2_tag("Subnet", "SubnetId"),
        ("Subnet", "MapPublicIpOnLaunch"): ec2(
            "Subnet", "modify_subnet_attribute", "SubnetId", MapPublicIpOnLaunch={"Value": True}
        ),
        ("Subnet", "AssignIpv6AddressOnCreation"): ec2(
            "Subnet", "modify_subnet_attribute", "SubnetId", AssignIpv6AddressOnCreation={"Value": True}
        ),
        ("InternetGateway", "Tags"): ec2_tag("InternetGateway", "InternetGatewayId"),
        ("Eip", "Tags"): ec2_tag("Eip", "AllocationId"),
        ("NatGateway", "Tags"): ec2_tag("NatGateway", "NatGatewayId"),
        ("RouteTable", "Tags"): ec2_tag("RouteTable", "RouteTableId"),
        ("RouteTable", "Routes"): route_elsewhere,
        ("RouteTable", "SubnetIds"): move_subnet,
        ("NetworkAcl", "Tags"): ec2_tag("NetworkAcl", "NetworkAclId"),
        ("NetworkAcl", "Entries"): loosen_acl,
        ("NetworkAcl", "SubnetIds"): move_acl,
        ("SecurityGroup", "Tags"): ec2_tag("SecurityGroup", "GroupId"),
        ("SecurityGroup", "Rules"): open_endpoints_group,
        ("GatewayEndpoint", "Tags"): ec2_tag("GatewayEndpoint", "VpcEndpointId"),
        ("GatewayEndpoint", "PolicyDocument"): ec2(
            "GatewayEndpoint", "modify_vpc_endpoint", "VpcEndpointId", PolicyDocument=OPEN
        ),
        ("GatewayEndpoint", "RouteTableIds"): lambda raw: raw.client("ec2").modify_vpc_endpoint(
            VpcEndpointId=raw.found("GatewayEndpoint")["VpcEndpointId"],
            RemoveRouteTableIds=[raw.found("RouteTable", "public")["RouteTableId"]],
        ),
        ("InterfaceEndpoint", "Tags"): ec2_tag("InterfaceEndpoint", "VpcEndpointId"),
        ("InterfaceEndpoint", "PolicyDocument"): ec2(
            "InterfaceEndpoint", "modify_vpc_endpoint", "VpcEndpointId", PolicyDocument=OPEN
        ),
        ("InterfaceEndpoint", "PrivateDnsEnabled"): ec2(
            "InterfaceEndpoint", "modify_vpc_endpoint", "VpcEndpointId", PrivateDnsEnabled=False
        ),
        ("InterfaceEndpoint", "SubnetIds"): lambda raw: raw.client("ec2").modify_vpc_endpoint(
            VpcEndpointId=raw.found("InterfaceEndpoint")["VpcEndpointId"],
            RemoveSubnetIds=[subnet(raw, "private-us-east-1b")],
        ),
        ("InterfaceEndpoint", "SecurityGroupIds"): change_group_of_endpoint,
        **LOG_GROUP,
        ("FlowLog", "Tags"): ec2_tag("FlowLog", "FlowLogId"),
        **ROLE,
        ("InternetGateway", "VpcId"): detach_internet_gateway,
    },
    smaller={"zones": ["us-east-1a"], "interface_endpoints": [], "gateway_endpoints": []},
    purged=frozenset({"Subnet", "RouteTable", "InterfaceEndpoint", "GatewayEndpoint", "SecurityGroup"}),
    side_effects=frozenset(
        {"ec2/network-interface", "ec2/network-acl", "ec2/route-table", "ec2/security-group", "ec2/security-group-rule"}
    ),
    bad=BAD,
    bad_when_made=BAD_WHEN_MADE,
)
