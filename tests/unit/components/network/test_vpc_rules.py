# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which options of a VPC are refused, and in which words."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.components.network.vpc_rules import problems

from .options import ZONES, arguments


def rule(**given: Any) -> dict[str, Any]:
    basis = {
        "tier": "private",
        "direction": "ingress",
        "number": 1,
        "protocol": "all",
        "from_port": None,
        "to_port": None,
    }
    return {**basis, "cidr": "10.0.0.0/8", "action": "allow", **given}


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "cidr malformed": ({"cidr": "10.0.0.0.0/16"}, "cidr: '10.0.0.0.0/16' is no IPv4 CIDR"),
    "cidr without prefix": ({"cidr": "10.0.0.0"}, "cidr: '10.0.0.0' is no IPv4 CIDR"),
    "cidr with a netmask": ({"cidr": "10.0.0.0/255.255.0.0"}, "cidr: '10.0.0.0/255.255.0.0' is no IPv4 CIDR"),
    "cidr of IPv6": ({"cidr": "fd00::/48"}, "cidr: 'fd00::/48' is no IPv4 CIDR"),
    "cidr with host bits": (
        {"cidr": "10.0.0.1/16"},
        "cidr: 10.0.0.1/16 has bits set behind its prefix. Did you mean 10.0.0.0/16?",
    ),
    "cidr too large": ({"cidr": "10.0.0.0/8"}, "cidr: 10.0.0.0/8 must be from /16 to /28"),
    "cidr too small for AWS": ({"cidr": "10.0.0.0/29"}, "cidr: 10.0.0.0/29 must be from /16 to /28"),
    "cidr too small for the tiers": ({"cidr": "10.0.0.0/23"}, "cidr: too small: the tier public would have"),
    "secondary malformed": ({"secondary_cidrs": ["x"]}, "secondary_cidrs[0]: 'x' is no IPv4 CIDR"),
    "secondary overlaps the first": (
        {"secondary_cidrs": ["10.0.64.0/18"]},
        "secondary_cidrs[0]: 10.0.64.0/18 overlaps 10.0.0.0/16 (cidr)",
    ),
    "secondary twice": (
        {"secondary_cidrs": ["100.64.0.0/16"] * 2},
        "secondary_cidrs[1]: 100.64.0.0/16 overlaps 100.64.0.0/16",
    ),
    "secondary too large": (
        {"secondary_cidrs": ["100.64.0.0/10"]},
        "secondary_cidrs[0]: 100.64.0.0/10 must be from /16 to /28",
    ),
    "reserved malformed": ({"reserved_cidrs": ["10.0.0.5/24"]}, "reserved_cidrs[0]: 10.0.0.5/24 has bits set"),
    "reserved overlaps": (
        {"reserved_cidrs": ["10.0.0.0/8"]},
        "cidr: 10.0.0.0/16 overlaps 10.0.0.0/8 (reserved_cidrs[0])",
    ),
    "no tiers": ({"tiers": [], "nat": "none"}, "tiers: must not be empty"),
    "a tier twice": ({"tiers": ["public", "private", "private"]}, "tiers[2]: private is there twice"),
    "nat without public": ({"tiers": ["private"]}, "nat: single needs the tier public"),
    "nat without private": ({"tiers": ["public"], "nat": "per_zone"}, "nat: per_zone needs the tier private"),
    "a block for no tier": ({"tier_cidrs": {"cache": "10.0.0.0/20"}}, "tier_cidrs.cache: there is no such tier"),
    "a block malformed": (
        {"tier_cidrs": {"public": "10.0.300.0/20"}},
        "tier_cidrs.public: '10.0.300.0/20' is no IPv4 CIDR",
    ),
    "a block elsewhere": (
        {"tier_cidrs": {"public": "10.9.0.0/20"}},
        "tier_cidrs.public: 10.9.0.0/20 is not within the VPC",
    ),
    "a block too small": ({"tier_cidrs": {"public": "10.0.192.0/26"}}, "tier_cidrs.public: too small"),
    "a block in another's": (
        {"tier_cidrs": {"public": "10.0.0.0/20"}},
        "tier_cidrs.private: 10.0.0.0/17 overlaps 10.0.0.0/20",
    ),
    "no zones": ({"zones": []}, "zones: must not be empty"),
    "a zone twice": ({"zones": ["us-east-1a", "us-east-1a"]}, "zones[1]: us-east-1a is there twice"),
    "an empty zone": ({"zones": [""]}, "zones[0]: '' is no availability zone"),
    "a local zone": ({"zones": ["us-east-1-bos-1a"]}, "zones[0]: 'us-east-1-bos-1a' is no availability zone"),
    "a zone of no letter": ({"zones": ["us-east-1"]}, "zones[0]: 'us-east-1' is no availability zone"),
    "a zone elsewhere": ({"zones": ["eu-west-1a"]}, "zones[0]: eu-west-1a is not in the region us-east-1"),
    "tags for no tier": ({"subnet_tags": {"cache": {}}}, "subnet_tags.cache: there is no such tier"),
    "tags that are none": ({"subnet_tags": {"public": "x"}}, "subnet_tags.public: must be a dictionary"),
    "a reserved tag": ({"subnet_tags": {"public": {"aws:x": "y"}}}, "subnet_tags.public.aws:x: tags that begin with"),
    "a tag that is no text": ({"subnet_tags": {"public": {"x": 1}}}, "subnet_tags.public.x: 1 must be text"),
    "a rule for no tier": ({"acl_rules": [rule(tier="cache")]}, "acl_rules[0].tier: there is no tier cache"),
    "a rule's number": ({"acl_rules": [rule(number=32767)]}, "acl_rules[0].number: 32767 must be from 1 to 32766"),
    "a rule's number twice": ({"acl_rules": [rule(), rule()]}, "acl_rules[1].number: 1 is taken by acl_rules[0]"),
    "a rule's cidr": ({"acl_rules": [rule(cidr="10.0.0.0/33")]}, "acl_rules[0].cidr: '10.0.0.0/33' is no IPv4 CIDR"),
    "a port for all protocols": (
        {"acl_rules": [rule(from_port=1)]},
        "acl_rules[0].from_port: the protocol all has no ports",
    ),
    "no port": ({"acl_rules": [rule(protocol="tcp")]}, "acl_rules[0].from_port: tcp needs a port"),
    "a port too high": (
        {"acl_rules": [rule(protocol="udp", from_port=65536)]},
        "acl_rules[0].from_port: 65536 must be from 0 to 65535",
    ),
    "ports backwards": (
        {"acl_rules": [rule(protocol="tcp", from_port=9, to_port=8)]},
        "acl_rules[0].to_port: 8 is less than from_port, 9",
    ),
    "too many rules": (
        {"acl_rules": [rule(number=n) for n in range(1, 42)]},
        "acl_rules: 41 ingress rules for the tier private",
    ),
    "a gateway twice": ({"gateway_endpoints": ["s3", "s3"]}, "gateway_endpoints[1]: s3 is there twice"),
    "an interface twice": ({"interface_endpoints": ["sts", "sts"]}, "interface_endpoints[1]: sts is there twice"),
    "an interface without a name": ({"interface_endpoints": [" "]}, "interface_endpoints[0]: must not be empty"),
    "an interface for s3": ({"interface_endpoints": ["s3"]}, "interface_endpoints[0]: s3 has a gateway endpoint"),
    "an interface's full name": (
        {"interface_endpoints": ["com.amazonaws.us-east-1.sts"]},
        "interface_endpoints[0]: com.amazonaws.us-east-1.sts must be the short name",
    ),
    "interfaces without private": (
        {"interface_endpoints": ["sts"], "tiers": ["public"], "nat": "none"},
        "interface_endpoints: they are placed in the tier private",
    ),
    "a policy for no endpoint": ({"endpoint_policies": {"s3": {"Statement": [{}]}}}, "endpoint_policies.s3: neither"),
    "a policy that is none": (
        {"gateway_endpoints": ["s3"], "endpoint_policies": {"s3": {}}},
        "endpoint_policies.s3: must be an IAM policy",
    ),
    "retention": ({"flow_logs_retention_days": 8}, "flow_logs_retention_days: 8 is none of the periods"),
    "a key without a name": ({"flow_logs_kms_key": " "}, "flow_logs_kms_key: must not be empty"),
    "a key without logs": ({"flow_logs": "none", "flow_logs_kms_key": "logs"}, "flow_logs_kms_key: has no use"),
}


@pytest.mark.parametrize("given, expected", BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_told_with_its_option(given: dict[str, Any], expected: str) -> None:
    found = list(problems(arguments(**given)))
    assert [line for line in found if line.startswith(expected)], found
    assert len(found) == len(set(found))


def test_rules_do_not_matter_when_the_network_is_removed() -> None:
    assert not list(problems(arguments(state="absent", cidr=None, tiers=[])))


def test_all_rules_hold_for_a_full_description() -> None:
    full = {
        "secondary_cidrs": ["100.64.0.0/16"],
        "reserved_cidrs": ["192.168.0.0/16"],
        "zones": list(ZONES),
        "tier_cidrs": {"private": "100.64.0.0/16", "public": "10.0.0.0/20", "database": "10.0.16.0/20"},
        "subnet_tags": {"private": {"karpenter.sh/discovery": "innovate-dev"}},
        "acl_rules": [
            rule(protocol="tcp", from_port=0, to_port=65535),
            rule(direction="egress"),
            rule(number=2, protocol="icmp"),
        ],
        "gateway_endpoints": ["s3"],
        "interface_endpoints": ["sts"],
        "endpoint_policies": {"sts": {"Statement": []} | {"Statement": [{"Effect": "Allow"}]}},
        "flow_logs_kms_key": "logs",
    }
    assert list(problems(arguments(**full))) == []
