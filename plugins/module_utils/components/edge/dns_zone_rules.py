# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a zone and its records may be, for the module ``dns_zones``. Nothing here asks AWS.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from ...resources.route53.reads import is_within
from ...resources.route53.records import REGISTRY
from ..entries import entries, entry_problems
from .dns_zones_options import OPTIONS

TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT")


ZONE = OPTIONS["zones"]["entries"]

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"({LABEL}\.)*{LABEL}")
RECORD_NAME = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9-]+")
HOST = re.compile(r"([a-zA-Z0-9_-]{1,63}\.)*[a-zA-Z0-9_-]{1,63}\.?")
LONGEST_DOMAIN = 253
LONGEST_NAME = 63
"""Characters of a zone's own name: it is part of the zone's CallerReference, of 128."""
LONGEST_COMMENT = 256
MOST_VALUES, MOST_CHARACTERS = 300, 8000
"""So that all records of a zone can be changed and removed in one batch, of 1000 values and 32,000 characters,
an upsert counting twice.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests-changeresourcerecordsets
"""
LONGEST_TTL = 2147483647

Entry = Mapping[str, Any]


def problems(arguments: Mapping[str, Any]) -> Iterator[str]:
    yield from entry_problems("zones", arguments["zones"], ZONE)
    seen: dict[tuple[str, bool], str] = {}
    for name, zone in entries(arguments["zones"], ZONE).items():
        option, domain = f"zones.{name}", domain_of(name, zone)
        if len(name) > LONGEST_NAME:
            yield (
                f"{option}: a name has at most {LONGEST_NAME} characters. Give a shorter one, and the domain as domain."
            )
        if (other := seen.setdefault((domain, zone["private"]), option)) != option:
            yield (
                f"{option}: {other} has the domain {domain} as well. "
                "A public and a private zone may share one, two of a sort may not."
            )
        yield from _zone_problems(option, domain, zone)
        if DOMAIN.fullmatch(domain):
            yield from _record_problems(f"{option}.records", domain, zone["records"] or [])


def domain_of(name: str, zone: Entry) -> str:
    return str(zone["domain"] or name)


def name_of(domain: str, record: Entry) -> str:
    return str(record["name"] or domain)


def _zone_problems(option: str, domain: str, zone: Entry) -> Iterator[str]:
    if not DOMAIN.fullmatch(domain) or len(domain) > LONGEST_DOMAIN or ("." not in domain and not zone["private"]):
        yield (
            f"{option}.domain: {domain!r} is no domain name in lower case and without its final dot, "
            "such as app.example.com."
        )
    if len(zone["comment"] or "") > LONGEST_COMMENT:
        yield f"{option}.comment: must be at most {LONGEST_COMMENT} characters."
    parent = zone["parent"]
    if parent and zone["private"]:
        yield f"{option}.parent: nobody delegates to a private zone. Leave out parent or private."
    elif parent and (parent == domain or not is_within(domain, parent)):
        yield f"{option}.parent: {domain} is not below {parent}, which therefore cannot delegate it."


def _record_problems(option: str, domain: str, records: list[Entry]) -> Iterator[str]:
    values = [value for record in records for value in record["values"] or []]
    if len(values) > MOST_VALUES or sum(map(len, values)) > MOST_CHARACTERS:
        yield (
            f"{option}: has more than {MOST_VALUES} values or {MOST_CHARACTERS} characters in them, "
            "which Route 53 changes at once."
        )
    types: dict[str, set[str]] = {}
    for index, record in enumerate(records):
        where, name, kind = f"{option}[{index}]", name_of(domain, record), record["type"]
        if kind in types.setdefault(name, set()):
            yield f"{where}: there is another {kind} record of {name}. Give all values in one."
        types[name].add(kind)
        if not RECORD_NAME.fullmatch(name) or not is_within(name.removeprefix("*."), domain):
            yield (
                f"{where}.name: {name!r} is no full name in {domain}, in lower case and without its final dot, "
                f"such as www.{domain}."
            )
        if name == f"{REGISTRY}.{domain}":
            yield f"{where}.name: {name} is where the zone keeps which records are these. Take another name."
        if name == domain and kind in ("CNAME", "NS"):
            way_out = "Use an alias" if kind == "CNAME" else "They are Route 53's own"
            yield f"{where}.type: {domain} itself can have no {kind} record of yours. {way_out}."
        if not 0 <= record["ttl"] <= LONGEST_TTL:
            yield f"{where}.ttl: must be from 0 to {LONGEST_TTL} seconds, not {record['ttl']}."
        yield from _content_problems(where, record)
    for name, kinds in types.items():
        if "CNAME" in kinds and len(kinds) > 1:
            yield (
                f"{option}: {name} has a CNAME record, and so can have no other "
                f"({', '.join(sorted(kinds - {'CNAME'}))})."
            )


def _content_problems(where: str, record: Entry) -> Iterator[str]:
    kind, values = record["type"], record["values"] or []
    if bool(values) == bool(record["alias"]):
        yield f"{where}: takes either values or alias."
    if record["alias"] and kind not in ("A", "AAAA"):
        yield f"{where}.alias: is for records of the types A and AAAA, not {kind}."
    if kind == "CNAME" and len(values) > 1:
        yield f"{where}.values: a CNAME record has one value, not {len(values)}."
    if len(set(values)) != len(values):
        yield f"{where}.values: names one twice."
    for value in values:
        if not _is_valid(kind, value):
            yield f"{where}.values: {value!r} is no value of a record of the type {kind}, such as {EXAMPLES[kind]}."


EXAMPLES = {
    "A": "192.0.2.10",
    "AAAA": "2001:db8::10",
    "CAA": '0 issue "amazon.com"',
    "CNAME": "www.example.com",
    "MX": "10 mail.example.com",
    "NS": "ns1.example.com",
    "TXT": "v=spf1 -all in ASCII",
}


def _is_valid(kind: str, value: str) -> bool:
    if kind in ("A", "AAAA"):
        try:
            return bool(IPv4Address(value) if kind == "A" else IPv6Address(value))
        except ValueError:
            return False
    if kind == "CAA":
        return bool(re.fullmatch(r'(0|128) (issue|issuewild|iodef) "[^"]*"', value))
    if kind == "MX":
        priority, _unused, host = value.partition(" ")
        return priority.isdigit() and int(priority) <= 65535 and bool(HOST.fullmatch(host))
    if kind == "TXT":
        return bool(value) and value.isascii() and value.isprintable()
    return bool(HOST.fullmatch(value))
