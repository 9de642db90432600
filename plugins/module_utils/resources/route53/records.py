# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Route 53: the records that a zone's own declaration lists, and how they are told from all others in the zone.

A record set carries no tag. So the zone has a TXT record, ``_keelson.<domain>``, that lists the record sets which
belong to the declaration; it is written in the same batch as they are, all at once or none. What it does not list is
somebody else's: ACM's validation, the aliases of distributions, ExternalDNS's. It lists digests, for a public zone
tells its names only to who knows them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ...engine.plan import same
from ...engine.resource import Properties
from .reads import Change, RecordSet, plain_name

REGISTRY = "_keelson"
DIGEST = 10
TTL = 300
"""Seconds that resolvers keep what is not given another time to live."""
STRING = 255
"""Characters of one of a TXT value's strings:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
"""
HOST_TYPES = ("CNAME", "MX", "NS")
"""Their values end with a name, with or without its final dot."""


@dataclass
class Content:
    """A zone's record sets by type and name (``A www.example.com``): the declaration's own,
    and all others but what every zone has.
    """

    own: dict[str, RecordSet] = field(default_factory=dict)
    foreign: dict[str, RecordSet] = field(default_factory=dict)
    registry: RecordSet | None = None
    name_servers: list[str] = field(default_factory=list)

    @property
    def says(self) -> dict[str, Properties]:
        """What the own record sets say.

        One that is listed and not there is told as well: who makes it anew shall keep it.
        """
        lost = _listed(self.registry) - set(map(digest, self.own))
        return {**{key: shaped(record) for key, record in self.own.items()}, **{f"lost {one}": {} for one in lost}}


def content(domain: str, records: Iterable[RecordSet]) -> Content:
    result = Content()
    others = {}
    for record in records:
        key = key_of(record)
        if key == f"TXT {REGISTRY}.{domain}":
            result.registry = record
        elif key == f"NS {domain}":
            result.name_servers = sorted(values_of(record))
        elif key != f"SOA {domain}":
            others[key] = record
    listed = _listed(result.registry)
    for key, record in others.items():
        (result.own if digest(key) in listed else result.foreign)[key] = record
    return result


def key_of(record: RecordSet) -> str:
    """One of several by a routing policy has its identifier in it."""
    return " ".join(filter(None, (record["Type"], plain_name(record["Name"]), record.get("SetIdentifier"))))


def shaped(record: RecordSet) -> Properties:
    """What a record set says: ``TTL`` and ``Values``, or ``AliasTarget``."""
    if alias := record.get("AliasTarget"):
        return {"AliasTarget": {**alias, "DNSName": plain_name(alias["DNSName"])}}
    return {"TTL": record.get("TTL"), "Values": values_of(record)}


def values_of(record: RecordSet) -> set[str]:
    return {plain_value(record["Type"], item["Value"]) for item in record.get("ResourceRecords", [])}


def plain_value(kind: str, value: str) -> str:
    return value.rstrip(".") if kind in HOST_TYPES else value


def record_set(key: str, says: Properties) -> RecordSet:
    """AWS's shape of what ``shaped`` tells."""
    kind, _unused, name = key.partition(" ")
    if "AliasTarget" in says:
        return {"Name": name, "Type": kind, **says}
    return {
        "Name": name,
        "Type": kind,
        "TTL": says["TTL"],
        "ResourceRecords": [{"Value": value} for value in sorted(says["Values"])],
    }


def batch(domain: str, present: Content, wanted: dict[str, Properties]) -> list[Change]:
    """What makes the own records so. Deletes come first: a name that has a CNAME takes nothing else beside it."""
    deletes = [("DELETE", record) for key, record in present.own.items() if key not in wanted]
    there = {**present.foreign, **present.own}
    upserts = [
        ("UPSERT", record_set(key, says))
        for key, says in wanted.items()
        if key not in there or not same(says, shaped(there[key]))
    ]
    return [*deletes, *upserts, *_registry_change(domain, present, wanted)]


def conflicts(present: Content, wanted: dict[str, Properties]) -> Iterator[str]:
    """The records of others that stand where wanted ones should: of the same type with another content,
    or a CNAME beside any.
    """
    for key, says in wanted.items():
        kind, name = key.split()
        for other_key, other in present.foreign.items():
            other_kind, other_name = other_key.split()[:2]
            beside_cname = "CNAME" in (kind, other_kind) and kind != other_kind
            differs = kind == other_kind and not (key == other_key and same(says, shaped(other)))
            if other_name == name and (beside_cname or differs):
                yield other_key


def text_value(text: str) -> str:
    """As Route 53 takes text: quoted, in strings of at most 255 characters. What is quoted already stays."""
    if text.startswith('"'):
        return text
    parts = [text[start : start + STRING] for start in range(0, len(text), STRING)] or [""]
    return " ".join('"' + re.sub(r'(["\\])', r"\\\1", part) + '"' for part in parts)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:DIGEST]


def _listed(registry: RecordSet | None) -> set[str]:
    texts = [item["Value"].replace('" "', "").strip('"') for item in registry["ResourceRecords"]] if registry else []
    return {one for text in texts for one in text.split()}


def _registry_change(domain: str, present: Content, wanted: dict[str, Any]) -> list[Change]:
    digests = sorted(map(digest, wanted))
    if set(digests) == _listed(present.registry):
        return []
    if not digests and present.registry:
        return [("DELETE", present.registry)]
    return [("UPSERT", record_set(f"TXT {REGISTRY}.{domain}", {"TTL": TTL, "Values": {text_value(" ".join(digests))}}))]
