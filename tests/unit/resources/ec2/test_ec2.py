# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2's kinds: how what AWS describes compares with what is desired, and what its states mean."""

from __future__ import annotations

import json

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import changes
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import State
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.endpoint import (
    FULL_ACCESS,
    InterfaceEndpoint,
    policy_document,
)
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.flow_log import FlowLog
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.gateway import NatGateway, with_address
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.network_acl import entries, entry
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.route_table import associations, routes
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.rules import permission, rules_of
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.subnet import Subnet, SubnetsLookup
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.vpc import Vpc, with_secondary


@pytest.mark.parametrize(
    "line",
    [
        "tcp 443 443 10.0.0.0/16",
        "-1 all all 0.0.0.0/0",
        "udp 53 54 fd00::/8",
        "tcp 1 2 sg-0a1b",
        "-1 all all pl-0a1b",
        "icmp 3 -1 10.0.0.0/8",
    ],
)
def test_a_rule_is_the_same_after_its_way_to_aws_and_back(line: str) -> None:
    assert rules_of({"IpPermissions": [permission(line, "why")], "IpPermissionsEgress": []}) == {
        "ingress": {line: "why"},
        "egress": {},
    }


def test_rules_that_aws_has_merged_stand_alone() -> None:
    merged = {
        "IpProtocol": "tcp",
        "FromPort": 1,
        "ToPort": 1,
        "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
        "UserIdGroupPairs": [{"GroupId": "sg-1"}],
    }
    assert rules_of({"IpPermissionsEgress": [merged]})["egress"] == {"tcp 1 1 10.0.0.0/8": "", "tcp 1 1 sg-1": ""}


def test_routes_of_the_vpc_of_endpoints_and_of_vpn_gateways_are_nobodys() -> None:
    table = {
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"},
            {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1", "Origin": "CreateRoute"},
            {"DestinationCidrBlock": "192.168.0.0/16", "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"},
            {
                "DestinationCidrBlock": "0.0.0.0/0",
                "NatGatewayId": "nat-1",
                "Origin": "CreateRoute",
                "State": "blackhole",
            },
            {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1", "Origin": "CreateRoute"},
        ]
    }
    assert dict(routes(table)) == {"0.0.0.0/0": "nat-1", "::/0": "igw-1"}


def test_only_subnets_that_use_a_table_count_as_associated() -> None:
    found = [
        {"Main": True, "RouteTableAssociationId": "rtbassoc-0"},
        {"SubnetId": "subnet-1", "RouteTableAssociationId": "rtbassoc-1", "AssociationState": {"State": "associated"}},
        {
            "SubnetId": "subnet-2",
            "RouteTableAssociationId": "rtbassoc-2",
            "AssociationState": {"State": "disassociating"},
        },
    ]
    assert associations({"Associations": found}) == {"subnet-1": "rtbassoc-1"}


def test_the_last_rule_of_a_network_acl_is_aws_own() -> None:
    shaped = entry("tcp", "10.0.0.0/8", 1, 2, "deny")
    found = [
        {"RuleNumber": 5, "Egress": False, **shaped},
        {"RuleNumber": 32767, "Egress": False, **entry("all", "0.0.0.0/0", action="deny")},
    ]
    assert entries({"Entries": found}) == {"ingress": {5: shaped}, "egress": {}}


@pytest.mark.parametrize("version", [None, "2008-10-17", "2012-10-17"])
def test_full_access_is_the_same_in_whatever_form_aws_shows_it(version: str | None) -> None:
    shown = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["*"], "Resource": "*"}]}
    assert policy_document(json.dumps({"Version": version, **shown} if version else shown)) == FULL_ACCESS
    assert policy_document(None) == FULL_ACCESS


def test_a_denial_beside_full_access_is_not_full_access() -> None:
    statements = [
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*"},
    ]
    assert changes({"PolicyDocument": FULL_ACCESS}, {"PolicyDocument": policy_document({"Statement": statements})})


def test_the_first_address_of_a_nat_gateway_is_its_primary_one() -> None:
    addresses = [
        {"AllocationId": "eipalloc-2", "PublicIp": "203.0.113.2"},
        {"AllocationId": "eipalloc-1", "IsPrimary": True},
    ]
    assert with_address({"NatGatewayAddresses": addresses})["AllocationId"] == "eipalloc-1"


@pytest.mark.parametrize(
    "state, expected",
    [("available", State.READY), ("pending", State.PENDING), ("failed", State.FAILED), ("deleting", State.DELETING)],
)
def test_a_nat_gateways_state(state: str, expected: State) -> None:
    assert NatGateway.state({"State": state, "FailureMessage": "Subnet has no free address"})[0] is expected


@pytest.mark.parametrize(
    "state, expected",
    [
        ("available", State.READY),
        ("Available", State.READY),
        ("pending", State.PENDING),
        ("pendingAcceptance", State.PENDING),
        ("deleting", State.DELETING),
        ("rejected", State.FAILED),
        ("failed", State.FAILED),
    ],
)
def test_an_endpoints_state(state: str, expected: State) -> None:
    assert InterfaceEndpoint.state({"State": state})[0] is expected


def test_a_failed_endpoint_says_why() -> None:
    assert (
        "no capacity"
        in InterfaceEndpoint.state({"State": "failed", "LastError": {"Code": "x", "Message": "no capacity"}})[1]
    )


def test_flow_logs_that_are_not_delivered_are_unhealthy_unless_it_passes() -> None:
    assert (
        FlowLog.state({"DeliverLogsStatus": "FAILED", "DeliverLogsErrorMessage": "Access error"})[0] is State.UNHEALTHY
    )
    assert FlowLog.state({"DeliverLogsStatus": "FAILED", "DeliverLogsErrorMessage": "Rate limited"})[0] is State.READY


def test_a_vpc_waits_for_its_further_cidrs_and_tells_of_those_that_failed() -> None:
    def vpc(state: str) -> dict[str, object]:
        first = {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}}
        second = {"CidrBlock": "100.64.0.0/16", "CidrBlockState": {"State": state, "StatusMessage": "overlaps a route"}}
        return {"State": "available", "CidrBlock": "10.0.0.0/16", "CidrBlockAssociationSet": [first, second]}

    assert Vpc.state(vpc("associating"))[0] is State.PENDING
    assert Vpc.state(vpc("failed")) == (State.UNHEALTHY, "100.64.0.0/16: overlaps a route")
    assert Vpc.state(vpc("disassociated"))[0] is State.READY
    assert with_secondary(vpc("associating"))["SecondaryCidrBlocks"] == ["100.64.0.0/16"]
    assert with_secondary(vpc("disassociated"))["SecondaryCidrBlocks"] == []


def test_a_tier_is_ready_when_all_its_subnets_are() -> None:
    assert SubnetsLookup.state({"States": ["available", "pending"]})[0] is State.PENDING
    assert SubnetsLookup.state({"States": ["available", "available"]})[0] is State.READY
    assert Subnet.state({"State": "failed-insufficient-capacity"})[0] is State.FAILED
