# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's VPCs, and what lets in or logs what comes to them."""

from __future__ import annotations

from typing import Any

from localcloud.testing import Cloud

from ..refusals import refusal
from .network import make_internet_gateway, tagged


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
