# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Networks, instances and what belongs to either."""

from __future__ import annotations

from typing import Any

from .collectors import Found, every, reads

# Kind, operation, result, id.
_LISTED = (
    ("subnet", "describe_subnets", "Subnets", "SubnetId"),
    ("route-table", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("internet-gateway", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    (
        "egress-only-internet-gateway",
        "describe_egress_only_internet_gateways",
        "EgressOnlyInternetGateways",
        "EgressOnlyInternetGatewayId",
    ),
    ("elastic-ip", "describe_addresses", "Addresses", "AllocationId"),
    ("network-acl", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
    ("security-group", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("security-group-rule", "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
    ("network-interface", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    ("vpc-endpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("vpc-flow-log", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("vpc-peering-connection", "describe_vpc_peering_connections", "VpcPeeringConnections", "VpcPeeringConnectionId"),
    ("dhcp-options", "describe_dhcp_options", "DhcpOptions", "DhcpOptionsId"),
    ("key-pair", "describe_key_pairs", "KeyPairs", "KeyPairId"),
    ("volume", "describe_volumes", "Volumes", "VolumeId"),
)


@reads("ec2")
def _networks_and_instances(ec2: Any) -> Found:
    for kind, operation, key, name in _LISTED:
        for one in every(ec2, operation, key):
            yield kind, one[name], one
    for reservation in every(ec2, "describe_instances", "Reservations"):
        for one in reservation["Instances"]:
            if one["State"]["Name"] != "terminated":
                yield "instance", one["InstanceId"], one


@reads("ec2")
def _vpcs(ec2: Any) -> Found:
    for one in every(ec2, "describe_vpcs", "Vpcs"):
        for attribute in ("enableDnsSupport", "enableDnsHostnames"):
            answer = ec2.describe_vpc_attribute(VpcId=one["VpcId"], Attribute=attribute)
            one[attribute] = answer[attribute[0].upper() + attribute[1:]]["Value"]
        yield "vpc", one["VpcId"], one


@reads("ec2")
def _nat_gateways(ec2: Any) -> Found:
    """A deleted gateway is described for an hour more."""
    for one in every(ec2, "describe_nat_gateways", "NatGateways"):
        if one["State"] != "deleted":
            yield "natgateway", one["NatGatewayId"], one


@reads("ec2")
def _launch_templates(ec2: Any) -> Found:
    for one in every(ec2, "describe_launch_templates", "LaunchTemplates"):
        versions = every(
            ec2, "describe_launch_template_versions", "LaunchTemplateVersions", LaunchTemplateId=one["LaunchTemplateId"]
        )
        yield (
            "launch-template",
            one["LaunchTemplateId"],
            {**one, "Versions": sorted(versions, key=lambda version: version["VersionNumber"])},
        )
