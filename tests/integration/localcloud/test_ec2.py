# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's EC2 where it goes beyond moto: states, refusals, tags, tokens, routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from localcloud.testing import Cloud


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def ec2(cloud: Cloud) -> Any:
    cloud.reset()
    cloud.clock(scale=0, held=False)
    return cloud.client("ec2")


@pytest.fixture
def vpc(ec2: Any) -> str:
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16", **tagged("vpc", Name="demo"))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    return str(vpc_id)


@pytest.fixture
def subnet(ec2: Any, vpc: str) -> str:
    return make_subnet(ec2, vpc, "10.0.0.0/24", "us-east-1a")


def make_subnet(ec2: Any, vpc: str, cidr: str, zone: str) -> str:
    return str(
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone, **tagged("subnet", Name=cidr))["Subnet"][
            "SubnetId"
        ]
    )


def make_internet_gateway(ec2: Any, vpc: str) -> str:
    gateway = ec2.create_internet_gateway(**tagged("internet-gateway", Name="igw"))["InternetGateway"][
        "InternetGatewayId"
    ]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return str(gateway)


def make_nat_gateway(ec2: Any, subnet: str) -> tuple[str, str]:
    address = ec2.allocate_address(Domain="vpc", **tagged("elastic-ip", Name="nat"))["AllocationId"]
    created = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, **tagged("natgateway", Name="nat"))[
        "NatGateway"
    ]
    return created["NatGatewayId"], address


def describe_nat(ec2: Any, gateway: str) -> dict[str, Any]:
    return ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]  # type: ignore[no-any-return]


def tagged(kind: str, **tags: str) -> dict[str, Any]:
    return {
        "TagSpecifications": [
            {"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        ]
    }


def refusal(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Code"])


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


def test_overlapping_subnets_are_refused(ec2: Any, vpc: str, subnet: str) -> None:
    assert refusal(ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.0.128/25") == "InvalidSubnet.Conflict"


def test_a_vpc_that_holds_anything_stays_and_an_empty_one_leaves_nothing(ec2: Any, vpc: str, subnet: str) -> None:
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    assert refusal(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.delete_subnet(SubnetId=subnet)
    gateway = make_internet_gateway(ec2, vpc)
    assert refusal(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    group = ec2.create_security_group(VpcId=vpc, GroupName="web", Description="web")["GroupId"]
    assert refusal(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.delete_security_group(GroupId=group)
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    assert refusal(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.delete_network_acl(NetworkAclId=acl)
    ec2.delete_vpc(VpcId=vpc)
    assert refusal(ec2.describe_vpcs, VpcIds=[vpc]) == "InvalidVpcID.NotFound"
    assert not ec2.describe_network_acls(Filters=of_vpc)["NetworkAcls"]
    assert not ec2.describe_route_tables(Filters=of_vpc)["RouteTables"]
    assert not ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"]
    assert not ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [vpc]}])["Tags"]


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


def test_security_group_rules_are_added_all_or_none_and_all_are_returned(ec2: Any, vpc: str) -> None:
    group = ec2.create_security_group(VpcId=vpc, GroupName="web", Description="web")["GroupId"]

    def permission(port: int) -> dict[str, Any]:
        return {
            "IpProtocol": "tcp",
            "FromPort": port,
            "ToPort": port,
            "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": str(port)}],
        }

    request = {"GroupId": group, "IpPermissions": [permission(80), permission(443)]}
    rules = ec2.authorize_security_group_ingress(**request, **tagged("security-group-rule", Name="r"))[
        "SecurityGroupRules"
    ]
    assert sorted(rule["FromPort"] for rule in rules) == [80, 443]
    described = ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}, {"Name": "tag:Name", "Values": ["r"]}]
    )
    assert {rule["SecurityGroupRuleId"] for rule in described["SecurityGroupRules"]} == {
        rule["SecurityGroupRuleId"] for rule in rules
    }
    more = {"GroupId": group, "IpPermissions": [permission(22), permission(80)]}
    assert refusal(ec2.authorize_security_group_ingress, **more) == "InvalidPermission.Duplicate"
    ports = [
        one["FromPort"] for one in ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    ]
    assert sorted(ports) == [80, 443]


def test_a_security_group_that_another_names_stays(ec2: Any, vpc: str) -> None:
    one, other = (
        ec2.create_security_group(VpcId=vpc, GroupName=name, Description=name)["GroupId"] for name in ("one", "other")
    )
    permission = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": one}]}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[permission])
    assert refusal(ec2.delete_security_group, GroupId=one) == "DependencyViolation"
    ec2.revoke_security_group_ingress(GroupId=other, IpPermissions=[permission])
    ec2.delete_security_group(GroupId=one)
    default = ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"][0]
    assert refusal(ec2.delete_security_group, GroupId=default["GroupId"]) == "CannotDelete"
    assert [one["IpProtocol"] for one in default["IpPermissions"]] == ["-1"]
    assert default["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == default["GroupId"]


def test_network_acls_end_with_a_denial_and_the_default_one_stays(ec2: Any, vpc: str, subnet: str) -> None:
    acl = ec2.create_network_acl(VpcId=vpc, **tagged("network-acl", Name="private"))["NetworkAcl"]["NetworkAclId"]
    described = ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]
    assert {(one["RuleNumber"], one["RuleAction"], one["Egress"]) for one in described["Entries"]} == {
        (32767, "deny", True),
        (32767, "deny", False),
    }
    missing = {"NetworkAclId": acl, "RuleNumber": 100, "Egress": True}
    assert refusal(ec2.delete_network_acl_entry, **missing) == "InvalidNetworkAclEntry.NotFound"
    default = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["NetworkAcls"][
        0
    ]
    association = default["Associations"][0]["NetworkAclAssociationId"]
    ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=acl)
    assert refusal(ec2.delete_network_acl, NetworkAclId=acl) == "DependencyViolation"
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_network_acl(NetworkAclId=acl)
    assert refusal(ec2.delete_network_acl, NetworkAclId=default["NetworkAclId"]) == "InvalidParameterValue"


def test_flow_logs_go_to_a_log_group_by_name_or_arn(cloud: Cloud, ec2: Any, vpc: str) -> None:
    cloud.client("logs").create_log_group(logGroupName="/flow")
    common = {
        "ResourceIds": [vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "DeliverLogsPermissionArn": "arn:aws:iam::123456789012:role/x",
    }
    created = ec2.create_flow_logs(**common, LogGroupName="/flow", **tagged("vpc-flow-log", Name="flow"))["FlowLogIds"]
    described = ec2.describe_flow_logs(
        Filter=[{"Name": "resource-id", "Values": [vpc]}, {"Name": "tag:Name", "Values": ["flow"]}]
    )
    assert [(one["FlowLogId"], one["DeliverLogsStatus"]) for one in described["FlowLogs"]] == [(created[0], "SUCCESS")]
    ec2.delete_flow_logs(FlowLogIds=created)
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:/flow"
    created = ec2.create_flow_logs(**common, LogDestinationType="cloud-watch-logs", LogDestination=arn)["FlowLogIds"]
    assert ec2.describe_flow_logs(FlowLogIds=created)["FlowLogs"][0]["LogGroupName"] == "/flow"
    assert refusal(ec2.describe_flow_logs, FlowLogIds=["fl-00000000000000000"]) == "InvalidFlowLogId.NotFound"


def test_launch_template_versions_come_and_go_and_keep_their_numbers(ec2: Any) -> None:
    data = {"InstanceType": "m7g.large", "UserData": "ZWNobyBoZWxsbw==", "MetadataOptions": {"HttpTokens": "required"}}
    template = ec2.create_launch_template(
        LaunchTemplateName="nodes", LaunchTemplateData=data, **tagged("launch-template", Name="nodes")
    )
    template_id = template["LaunchTemplate"]["LaunchTemplateId"]

    def versions() -> list[int]:
        found = ec2.describe_launch_template_versions(LaunchTemplateId=template_id)["LaunchTemplateVersions"]
        return sorted(one["VersionNumber"] for one in found)

    first = ec2.describe_launch_template_versions(LaunchTemplateId=template_id)["LaunchTemplateVersions"][0][
        "LaunchTemplateData"
    ]
    assert first == data
    for instance_type in ("m7g.xlarge", "m7g.2xlarge"):
        ec2.create_launch_template_version(
            LaunchTemplateId=template_id, SourceVersion="1", LaunchTemplateData={"InstanceType": instance_type}
        )
    ec2.modify_launch_template(LaunchTemplateId=template_id, DefaultVersion="3")
    answer = ec2.delete_launch_template_versions(LaunchTemplateId=template_id, Versions=["1", "3", "9"])
    assert [one["VersionNumber"] for one in answer["SuccessfullyDeletedLaunchTemplateVersions"]] == [1]
    assert [one["VersionNumber"] for one in answer["UnsuccessfullyDeletedLaunchTemplateVersions"]] == [3, 9]
    assert versions() == [2, 3]
    ec2.create_launch_template_version(LaunchTemplateId=template_id, LaunchTemplateData=data)
    assert versions() == [2, 3, 4]
    default = ec2.describe_launch_template_versions(LaunchTemplateId=template_id, Versions=["$Default"])[
        "LaunchTemplateVersions"
    ][0]
    assert (default["VersionNumber"], default["LaunchTemplateData"]["InstanceType"]) == (3, "m7g.2xlarge")
    assert default["LaunchTemplateData"]["MetadataOptions"] == {"HttpTokens": "required"}
    found = ec2.describe_launch_templates(Filters=[{"Name": "tag:Name", "Values": ["nodes"]}])["LaunchTemplates"]
    assert [(one["LatestVersionNumber"], one["DefaultVersionNumber"]) for one in found] == [(4, 3)]
    missing = refusal(ec2.describe_launch_templates, LaunchTemplateNames=["none"])
    assert missing == "InvalidLaunchTemplateName.NotFoundException"


def test_more_than_a_page_of_launch_templates_is_listed(ec2: Any) -> None:
    for number in range(20):
        ec2.create_launch_template(LaunchTemplateName=f"t{number}", LaunchTemplateData={"InstanceType": "t3.medium"})
    assert len(ec2.describe_launch_templates()["LaunchTemplates"]) == 20


@pytest.mark.parametrize(
    ("instance_type", "architecture"), [("m7g.large", "arm64"), ("t3.medium", "x86_64"), ("t4g.medium", "arm64")]
)
def test_instance_types_tell_their_architecture_and_zones(ec2: Any, instance_type: str, architecture: str) -> None:
    described = ec2.describe_instance_types(InstanceTypes=[instance_type])["InstanceTypes"][0]
    assert architecture in described["ProcessorInfo"]["SupportedArchitectures"]
    offered = ec2.describe_instance_type_offerings(
        LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": [instance_type]}]
    )["InstanceTypeOfferings"]
    assert {"us-east-1a", "us-east-1b"} <= {one["Location"] for one in offered}


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
