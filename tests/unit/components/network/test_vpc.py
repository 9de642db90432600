# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The VPC: what is planned when the options change, and which options are refused. AWS is not asked."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_network
from itertools import combinations
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.components.network.vpc import (
    COMPONENT,
    Facts,
    Network,
    Service,
    check_services,
    choose_zones,
    declare,
)
from ansible_collections.keelson.eks.plugins.module_utils.components.network.vpc_rules import (
    TIERS,
    ZONE_LETTERS,
    problems,
    subnet_cidr,
)
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import InvalidArguments
from ansible_collections.keelson.eks.plugins.module_utils.engine.graph import in_order
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Plan, Policy, plan, wanted
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Address, Owner, Properties
from ansible_collections.keelson.eks.plugins.module_utils.resources.logs.log_group import LogGroup

OWNER = Owner("innovate", "dev", "vpc")
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
EVERYWHERE = Service("com.amazonaws.us-east-1.sts", frozenset(), private_dns=True)


def arguments(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {
        **defaults,
        "platform": "innovate",
        "environment": "dev",
        "cidr": "10.0.0.0/16",
        "region": "us-east-1",
        **given,
    }


def declared(zones: tuple[str, ...] = ZONES, nat_zones: tuple[str, ...] = (), **given: Any) -> Declaration:
    given.setdefault("flow_logs", "none")
    context = Context(arguments(**given), OWNER, Aws(Connection(region="us-east-1")))
    return Network(
        context, Facts(tuple(sorted(zones)), dict.fromkeys(given.get("interface_endpoints", ()), EVERYWHERE), nat_zones)
    ).declaration()


def made(declaration: Declaration) -> dict[Address, Properties]:
    """The world as it is once all that is declared exists."""
    world: dict[Address, Properties] = {}
    for resource in in_order(declaration.resources):
        ids = {resource.id_name: f"{type(resource).__name__}/{resource.key}", "State": "available"}
        world[resource.address] = {**ids, **wanted(resource, world, OWNER, Policy())}
    return world


def change(before: Declaration, after: Declaration, **policy: Any) -> Plan:
    return plan(after, COMPONENT.kinds, made(before), {}, OWNER, Policy(**policy))


def steps(found: Plan) -> set[tuple[str, str, str]]:
    assert not found.refusals
    return {(step.action, step.kind.__name__, step.key) for step in found.steps}


# What is planned


def test_what_is_made_is_not_planned_again() -> None:
    everything = {"gateway_endpoints": ["s3", "dynamodb"], "interface_endpoints": ["sts"], "nat": "per_zone"}
    assert steps(change(declared(**everything), declared(**everything))) == set()


def test_switching_nat_from_single_to_per_zone_adds_two_and_replaces_none() -> None:
    found = steps(change(declared(nat="single"), declared(nat="per_zone", nat_zones=("us-east-1a",))))
    assert found == {
        ("create", "Eip", "us-east-1b"),
        ("create", "Eip", "us-east-1c"),
        ("create", "NatGateway", "us-east-1b"),
        ("create", "NatGateway", "us-east-1c"),
        ("update", "RouteTable", "private-us-east-1b"),
        ("update", "RouteTable", "private-us-east-1c"),
    }


def test_switching_nat_from_per_zone_to_single_keeps_one_gateway() -> None:
    found = steps(change(declared(nat="per_zone"), declared(nat="single", nat_zones=ZONES)))
    assert {step for step in found if step[1] == "NatGateway"} == {
        ("delete", "NatGateway", "us-east-1b"),
        ("delete", "NatGateway", "us-east-1c"),
    }


def test_reordering_zones_changes_nothing() -> None:
    assert steps(change(declared(), declared(zones=tuple(reversed(ZONES))))) == set()


def test_an_earlier_zone_more_moves_no_gateway_and_touches_no_other_subnet() -> None:
    before = declared(zones=("us-east-1b", "us-east-1c"))
    found = steps(change(before, declared(nat_zones=("us-east-1b",))))
    assert {step for step in found if step[0] != "update"} == {
        ("create", "Subnet", "public-us-east-1a"),
        ("create", "Subnet", "private-us-east-1a"),
        ("create", "Subnet", "database-us-east-1a"),
        ("create", "RouteTable", "private-us-east-1a"),
    }
    assert not {step for step in found if step[1] in ("Subnet", "NatGateway", "Eip") and step[0] == "update"}


def test_a_zone_less_deletes_what_was_in_it_and_nothing_else() -> None:
    found = steps(change(declared(), declared(zones=ZONES[:2], nat_zones=("us-east-1a",))))
    assert {key for action, _unused, key in found if action == "delete"} == {f"{tier}-us-east-1c" for tier in TIERS}


def test_leaving_endpoints_out_keeps_them_and_an_empty_list_removes_them() -> None:
    before = declared(gateway_endpoints=["s3"], interface_endpoints=["sts"])
    assert steps(change(before, declared())) == set()
    assert steps(change(before, declared(gateway_endpoints=[], interface_endpoints=[]))) == {
        ("delete", "GatewayEndpoint", "s3"),
        ("delete", "InterfaceEndpoint", "sts"),
        ("delete", "SecurityGroup", "endpoints"),
    }


def test_another_cidr_is_refused_rather_than_everything_replaced() -> None:
    found = change(declared(), declared(cidr="10.1.0.0/16"))
    assert any("Vpc main" in refusal and "allow_replacement" in refusal for refusal in found.refusals)


def test_absent_deletes_all_there_is() -> None:
    everything = declared(gateway_endpoints=["s3"], interface_endpoints=["sts"])
    found = plan(Declaration(absent=True), COMPONENT.kinds, made(everything), {}, OWNER, Policy())
    assert {step.address for step in found.steps} == set(made(everything))
    assert Counter(step.action for step in found.steps) == {"delete": len(made(everything))}


def test_absent_keeps_the_flow_logs_when_told_to() -> None:
    context = Context(arguments(state="absent", keep_logs=True), OWNER, Aws(Connection(region="us-east-1")))
    assert declare(context) == Declaration(untouched=frozenset({LogGroup}), absent=True)


# What is declared


def by_key(declaration: Declaration, kind: str) -> dict[str, Any]:
    return {resource.key: resource for resource in in_order(declaration.resources) if type(resource).__name__ == kind}


def test_database_subnets_have_no_way_out_and_are_reached_from_within_the_vpc() -> None:
    declaration = declared(secondary_cidrs=["100.64.0.0/16"])
    assert by_key(declaration, "RouteTable")["database"].desired()["Routes"] == {}
    rules = by_key(declaration, "NetworkAcl")["database"].desired()["Entries"]
    assert {entry["CidrBlock"] for entry in rules["ingress"].values()} == {"10.0.0.0/16", "100.64.0.0/16"}
    assert rules["ingress"] == rules["egress"]


def test_rules_for_one_direction_leave_the_other_as_it_is_by_default() -> None:
    rule = {
        "tier": "database",
        "direction": "ingress",
        "number": 7,
        "protocol": "tcp",
        "from_port": 5432,
        "to_port": None,
    }
    rules = by_key(declared(acl_rules=[{**rule, "cidr": "10.0.0.0/17", "action": "allow"}]), "NetworkAcl")[
        "database"
    ].desired()["Entries"]
    port = {"PortRange": {"From": 5432, "To": 5432}}
    assert rules["ingress"] == {7: {"Protocol": "6", "RuleAction": "allow", "CidrBlock": "10.0.0.0/17", **port}}
    assert rules["egress"] == {100: {"Protocol": "-1", "RuleAction": "allow", "CidrBlock": "10.0.0.0/16"}}


def test_an_endpoint_is_placed_only_where_its_service_has_one() -> None:
    context = Context(
        arguments(interface_endpoints=["sts"], flow_logs="none"), OWNER, Aws(Connection(region="us-east-1"))
    )
    somewhere = Service("com.amazonaws.us-east-1.sts", frozenset({"us-east-1a", "us-east-1c"}), private_dns=False)
    endpoint = by_key(Network(context, Facts(ZONES, {"sts": somewhere})).declaration(), "InterfaceEndpoint")["sts"]
    assert [subnet.zone for subnet in endpoint.subnets] == ["us-east-1a", "us-east-1c"]
    assert endpoint.desired()["PrivateDnsEnabled"] is False


def test_load_balancers_find_their_subnets_and_users_add_tags() -> None:
    tags = {
        key: subnet.desired()["Tags"]
        for key, subnet in by_key(declared(subnet_tags={"private": {"a": "b"}}), "Subnet").items()
    }
    assert tags["public-us-east-1a"] == {"Name": "innovate-dev-public-us-east-1a", "kubernetes.io/role/elb": "1"}
    assert tags["private-us-east-1a"] == {
        "Name": "innovate-dev-private-us-east-1a",
        "kubernetes.io/role/internal-elb": "1",
        "a": "b",
    }
    assert tags["database-us-east-1a"] == {"Name": "innovate-dev-database-us-east-1a"}


def test_no_public_tier_means_no_internet_gateway() -> None:
    assert not by_key(declared(tiers=["private"], nat="none"), "InternetGateway")


# Addresses


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "192.168.4.0/22"])
def test_every_tier_and_zone_has_its_own_place_within_the_vpc(cidr: str) -> None:
    subnets = [
        ip_network(subnet_cidr(arguments(cidr=cidr), tier, f"us-east-1{letter}"))
        for tier in TIERS
        for letter in ZONE_LETTERS
    ]
    assert all(subnet.subnet_of(ip_network(cidr)) and subnet.prefixlen <= 28 for subnet in subnets)
    assert not [pair for pair in combinations(subnets, 2) if pair[0].overlaps(pair[1])]


def test_the_documented_addresses() -> None:
    places = {
        (tier, zone): subnet_cidr(arguments(), tier, zone) for tier in TIERS for zone in ("us-east-1a", "us-east-1b")
    }
    assert places == {
        ("private", "us-east-1a"): "10.0.0.0/20",
        ("private", "us-east-1b"): "10.0.16.0/20",
        ("public", "us-east-1a"): "10.0.128.0/22",
        ("public", "us-east-1b"): "10.0.132.0/22",
        ("database", "us-east-1a"): "10.0.160.0/22",
        ("database", "us-east-1b"): "10.0.164.0/22",
    }


def test_the_first_three_zones_that_clusters_can_use_are_the_default() -> None:
    offered = {
        "us-east-1a": "use1-az6",
        "us-east-1b": "use1-az3",
        "us-east-1c": "use1-az2",
        "us-east-1d": "use1-az1",
        "us-east-1f": "use1-az5",
    }
    assert choose_zones(None, offered, "us-east-1") == ("us-east-1a", "us-east-1c", "us-east-1d")


def test_a_zone_that_the_region_does_not_have_is_named_with_those_it_has() -> None:
    with pytest.raises(InvalidArguments, match=r"zones\[1\]: us-east-1 has no zone us-east-1h; it has us-east-1a\."):
        choose_zones(["us-east-1a", "us-east-1h"], {"us-east-1a": "use1-az6"}, "us-east-1")


def test_a_service_without_endpoints_here_is_named() -> None:
    context = Context(arguments(interface_endpoints=["sts", "nonsense"]), OWNER, Aws(Connection(region="us-east-1")))
    with pytest.raises(InvalidArguments, match=r"^interface_endpoints\[1\]: 'nonsense' is no service"):
        check_services(context, {"sts": EVERYWHERE}, ZONES)


def test_a_service_without_endpoints_in_these_zones_is_named() -> None:
    context = Context(arguments(interface_endpoints=["sts"]), OWNER, Aws(Connection(region="us-east-1")))
    elsewhere = Service("com.amazonaws.us-east-1.sts", frozenset({"us-east-1f"}), private_dns=True)
    with pytest.raises(
        InvalidArguments, match=r"^interface_endpoints\[0\]: sts has endpoints in none of .* in us-east-1f\."
    ):
        check_services(context, {"sts": elsewhere}, ZONES)


# Rules between options


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
