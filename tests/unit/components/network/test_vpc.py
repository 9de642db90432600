# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The VPC: what is planned when the options change, and what is declared. AWS is not asked."""

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
    subnet_cidr,
)
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import InvalidArguments
from ansible_collections.keelson.eks.plugins.module_utils.engine.graph import in_order
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Plan, Policy, plan, wanted
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Address, Owner, Properties
from ansible_collections.keelson.eks.plugins.module_utils.resources.logs.log_group import LogGroup

from .options import ZONES, arguments

OWNER = Owner("innovate", "dev", "vpc")
EVERYWHERE = Service("com.amazonaws.us-east-1.sts", frozenset(), private_dns=True)


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
