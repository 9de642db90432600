# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a VPC's addresses, and the rules for the options of the module ``vpc``. Nothing here asks AWS.

Each tier has a block, and each zone a fixed eighth of every block, by the zone's letter: a subnet's CIDR depends on its
tier and its zone alone. Unless ``tier_cidrs`` says otherwise, private has the VPC's first half, public and database an
eighth each, and the last quarter stays free.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, ip_network
from typing import Any

from ...resources.ec2.network_acl import LAST_RULE
from ...resources.logs.log_group import RETENTION_DAYS

TIERS = ("public", "private", "database")
GATEWAY_SERVICES = ("s3", "dynamodb")
ZONE_LETTERS = "abcdefgh"
ZONE_NAME = re.compile(rf"[a-z]{{2}}(-[a-z]+)+-\d+[{ZONE_LETTERS}]")
PREFIX = re.compile(r"/\d{1,2}$")
SHARES = {"private": (1, 0), "public": (3, 4), "database": (3, 5)}
"""Of each tier's block: by how many bits it is smaller than the VPC, and the how manieth of that size it is."""
SMALLEST_BLOCK = 25
"""An eighth of it is a /28, the smallest subnet: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""
MOST_RULES = 40
"""https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html:
rules per network ACL and direction, once raised.
"""

Arguments = Mapping[str, Any]


def tier_block(arguments: Arguments, tier: str) -> IPv4Network:
    given = (arguments["tier_cidrs"] or {}).get(tier)
    if given:
        return IPv4Network(given)
    vpc, (bits, position) = IPv4Network(arguments["cidr"]), SHARES[tier]
    return list(vpc.subnets(prefixlen_diff=bits))[position]


def subnet_cidr(arguments: Arguments, tier: str, zone: str) -> str:
    return str(list(tier_block(arguments, tier).subnets(prefixlen_diff=3))[ZONE_LETTERS.index(zone[-1])])


def vpc_cidrs(arguments: Arguments) -> list[str]:
    """All CIDRs of the VPC, the first one first."""
    return [arguments["cidr"], *(arguments["secondary_cidrs"] or [])]


def problems(arguments: Arguments) -> Iterator[str]:
    if arguments["state"] == "absent":
        return
    if arguments["cidr"] is None:
        yield "cidr: is required when state is present. Give the VPC's range, such as 10.0.0.0/16."
        return
    cidr_problems = [*address_problems(arguments)]
    yield from cidr_problems
    yield from tier_problems(arguments)
    if not cidr_problems:
        yield from block_problems(arguments)
    yield from zone_problems(arguments)
    yield from tag_problems(arguments)
    yield from rule_problems(arguments)
    yield from endpoint_problems(arguments)
    yield from flow_log_problems(arguments)


# Addresses


def address_problems(arguments: Arguments) -> Iterator[str]:
    given = {"cidr": arguments["cidr"]}
    given.update({f"secondary_cidrs[{index}]": cidr for index, cidr in enumerate(arguments["secondary_cidrs"] or [])})
    for option, cidr in given.items():
        yield from cidr_problem(option, cidr)
        if is_network(cidr) and not 16 <= ip_network(cidr).prefixlen <= 28:
            yield f"{option}: {cidr} must be from /16 to /28, the sizes that a VPC can have."
    reserved = {f"reserved_cidrs[{index}]": cidr for index, cidr in enumerate(arguments["reserved_cidrs"])}
    for option, cidr in reserved.items():
        yield from cidr_problem(option, cidr)
    yield from overlaps(given, "Take another: the CIDRs of a VPC must not overlap.")
    for option, cidr in given.items():
        for other, taken in reserved.items():
            if is_network(cidr) and is_network(taken) and ip_network(cidr).overlaps(ip_network(taken)):
                yield (
                    f"{option}: {cidr} overlaps {taken} ({other}), "
                    "with which this VPC could then never be connected. Take another."
                )


def cidr_problem(option: str, cidr: str) -> Iterator[str]:
    if (network := ipv4_network(cidr)) is None:
        yield f"{option}: {cidr!r} is no IPv4 CIDR, such as 10.0.0.0/16."
    elif not is_network(cidr):
        yield f"{option}: {cidr} has bits set behind its prefix. Did you mean {network}?"


def is_network(cidr: str) -> bool:
    return str(ipv4_network(cidr)) == cidr


def ipv4_network(cidr: str) -> IPv4Network | None:
    """The network around an address with a prefix; None when it is none."""
    try:
        return IPv4Network(cidr, strict=False) if PREFIX.search(cidr) else None
    except ValueError:
        return None


def overlaps(blocks: Mapping[str, str], way_out: str) -> Iterator[str]:
    valid = [(option, cidr) for option, cidr in blocks.items() if is_network(cidr)]
    for index, (option, cidr) in enumerate(valid):
        for other, earlier in valid[:index]:
            if ip_network(cidr).overlaps(ip_network(earlier)):
                yield f"{option}: {cidr} overlaps {earlier} ({other}). {way_out}"


def block_problems(arguments: Arguments) -> Iterator[str]:
    """The tiers' blocks, given that the VPC's own CIDRs are right."""
    broken = [*tier_cidr_problems(arguments)]
    if broken or not arguments["tiers"]:
        yield from broken
        return
    blocks = {tier: tier_block(arguments, tier) for tier in dict.fromkeys(arguments["tiers"])}
    for tier, block in blocks.items():
        if block.prefixlen > SMALLEST_BLOCK:
            option = f"tier_cidrs.{tier}" if tier in arguments["tier_cidrs"] else "cidr"
            yield (
                f"{option}: too small: the tier {tier} would have {block}, and an eighth of that is no subnet. "
                f"Give it a /{SMALLEST_BLOCK} or larger"
                f"{'' if option != 'cidr' else ' in tier_cidrs, or the VPC a larger CIDR'}."
            )
        if not any(block.subnet_of(IPv4Network(cidr)) for cidr in vpc_cidrs(arguments)):
            yield f"tier_cidrs.{tier}: {block} is not within the VPC ({', '.join(vpc_cidrs(arguments))})."
    named = {f"tier_cidrs.{tier}": str(block) for tier, block in blocks.items()}
    yield from overlaps(named, "What is not in tier_cidrs has its place by default: give that tier a block as well.")


def tier_cidr_problems(arguments: Arguments) -> Iterator[str]:
    for tier, cidr in arguments["tier_cidrs"].items():
        if tier not in arguments["tiers"]:
            yield f"tier_cidrs.{tier}: there is no such tier; tiers is {', '.join(arguments['tiers'])}."
        yield from cidr_problem(f"tier_cidrs.{tier}", str(cidr))


# Tiers and zones


def tier_problems(arguments: Arguments) -> Iterator[str]:
    tiers = arguments["tiers"]
    if not tiers:
        yield f"tiers: must not be empty; there are {', '.join(TIERS)}."
    yield from duplicates("tiers", tiers)
    for tier in ("public", "private"):
        if arguments["nat"] != "none" and tier not in tiers:
            yield (
                f"nat: {arguments['nat']} needs the tier {tier}: NAT gateways lead from private subnets, "
                "through public ones, out."
            )


def zone_problems(arguments: Arguments) -> Iterator[str]:
    zones = arguments["zones"]
    if zones is None:
        return
    if not zones:
        yield "zones: must not be empty. Leave it out for the region's first three."
    yield from duplicates("zones", zones)
    region = arguments["region"]
    for index, zone in enumerate(zones):
        if not ZONE_NAME.fullmatch(zone):
            yield (
                f"zones[{index}]: {zone!r} is no availability zone, such as us-east-1a. "
                "Local zones, and letters after h, have no place."
            )
        elif region and zone[:-1] != region:
            yield f"zones[{index}]: {zone} is not in the region {region}."


def duplicates(option: str, values: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield f"{option}[{index}]: {value} is there twice."
        seen.add(value)


def tag_problems(arguments: Arguments) -> Iterator[str]:
    for tier, tags in arguments["subnet_tags"].items():
        if tier not in arguments["tiers"]:
            yield f"subnet_tags.{tier}: there is no such tier; tiers is {', '.join(arguments['tiers'])}."
        elif not isinstance(tags, dict):
            yield f"subnet_tags.{tier}: must be a dictionary of tags."
        else:
            for name, value in tags.items():
                if name.startswith(("keelson:", "aws:")):
                    yield f"subnet_tags.{tier}.{name}: tags that begin with keelson: or aws: are reserved."
                if not isinstance(value, str):
                    yield f"subnet_tags.{tier}.{name}: {value!r} must be text. Quote it in YAML."


# Network ACL rules


def rule_problems(arguments: Arguments) -> Iterator[str]:
    taken: dict[tuple[str, str, int], int] = {}
    for index, rule in enumerate(arguments["acl_rules"]):
        option = f"acl_rules[{index}]"
        if rule["tier"] not in arguments["tiers"]:
            yield f"{option}.tier: there is no tier {rule['tier']}; tiers is {', '.join(arguments['tiers'])}."
        if not 1 <= rule["number"] <= LAST_RULE:
            yield f"{option}.number: {rule['number']} must be from 1 to {LAST_RULE}."
        identity = (rule["tier"], rule["direction"], rule["number"])
        if identity in taken:
            yield (
                f"{option}.number: {rule['number']} is taken by acl_rules[{taken[identity]}], "
                "of the same tier and direction."
            )
        taken.setdefault(identity, index)
        yield from cidr_problem(f"{option}.cidr", rule["cidr"])
        yield from port_problems(option, rule)
    for tier, direction in sorted({place[:2] for place in taken}):
        count = sum(1 for place in taken if place[:2] == (tier, direction))
        if count > MOST_RULES:
            yield f"acl_rules: {count} {direction} rules for the tier {tier}, and AWS allows at most {MOST_RULES}."


def port_problems(option: str, rule: Mapping[str, Any]) -> Iterator[str]:
    first, last = rule["from_port"], rule["to_port"]
    if rule["protocol"] not in ("tcp", "udp"):
        if first is not None or last is not None:
            yield (
                f"{option}.from_port: the protocol {rule['protocol']} has no ports. Leave them out, or name tcp or udp."
            )
    elif first is None:
        yield f"{option}.from_port: {rule['protocol']} needs a port. All of them are 0 to 65535."
    else:
        for name, port in (("from_port", first), ("to_port", last)):
            if port is not None and not 0 <= port <= 65535:
                yield f"{option}.{name}: {port} must be from 0 to 65535."
        if last is not None and last < first:
            yield f"{option}.to_port: {last} is less than from_port, {first}."


# Endpoints and flow logs


def endpoint_problems(arguments: Arguments) -> Iterator[str]:
    gateways, interfaces = arguments["gateway_endpoints"] or [], arguments["interface_endpoints"] or []
    yield from duplicates("gateway_endpoints", gateways)
    yield from duplicates("interface_endpoints", interfaces)
    if interfaces and "private" not in arguments["tiers"]:
        yield "interface_endpoints: they are placed in the tier private, which tiers does not have."
    for index, service in enumerate(interfaces):
        option = f"interface_endpoints[{index}]"
        if not service.strip():
            yield f"{option}: must not be empty."
        elif service in GATEWAY_SERVICES:
            yield f"{option}: {service} has a gateway endpoint, which costs nothing: name it in gateway_endpoints."
        elif "com.amazonaws." in service:
            yield f"{option}: {service} must be the short name, without com.amazonaws.<region>., such as ecr.api."
    for service, policy in arguments["endpoint_policies"].items():
        if service not in [*gateways, *interfaces]:
            yield f"endpoint_policies.{service}: neither gateway_endpoints nor interface_endpoints names this service."
        if not isinstance(policy, dict) or not policy.get("Statement"):
            yield f"endpoint_policies.{service}: must be an IAM policy document with a Statement."


def flow_log_problems(arguments: Arguments) -> Iterator[str]:
    days, key = arguments["flow_logs_retention_days"], arguments["flow_logs_kms_key"]
    if days not in RETENTION_DAYS:
        yield (
            f"flow_logs_retention_days: {days} is none of the periods that CloudWatch Logs offers: "
            f"{', '.join(map(str, RETENTION_DAYS))}."
        )
    if key is not None and not key.strip():
        yield "flow_logs_kms_key: must not be empty. Leave it out for AWS's own key."
    if key and arguments["flow_logs"] == "none":
        yield "flow_logs_kms_key: has no use while flow_logs is none."


__all__ = ["GATEWAY_SERVICES", "TIERS", "problems", "subnet_cidr", "tier_block", "vpc_cidrs"]
