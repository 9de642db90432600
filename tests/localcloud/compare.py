# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What differs between two dumps, and dumps without what is drawn anew in every account: ids,
addresses, ports, times.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from localcloud.dump import Dump, Properties

_ID = re.compile(
    r"\b(?:(vpc|subnet|rtb|rtbassoc|igw|eigw|nat|eipalloc|eipassoc|acl|aclassoc|sg|sgr|vpce|fl|lt|eni|eni-attach|dopt|pl|pcx|i|vol|"
    r"key|vpc-cidr-assoc)-[0-9a-f]{17}|(a)-[0-9a-z]{17})\b"
)
_UUID = re.compile(r"\b(?:mrk-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_WORD = re.compile(r"\b[A-Za-z0-9]{13,32}\b")
# Kinds whose ids have no form of their own.
_GENERATED = {"cloudfront/distribution", "cloudfront/invalidation", "logs/delivery", "route53/hosted-zone"}
# Patterns of other things drawn at random, and what stands for them; the order matters.
_RANDOM = (
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+\d\d:\d\d)?"), "<time>"),
    (re.compile(r"\b(eks-cluster-sg-.*?)-\d{8,10}\b"), r"\1-<number>"),
    (re.compile(r"/id/[0-9A-F]{32}\b"), "/id/<issuer>"),
    (re.compile(r"\b127\.0\.0\.1:\d+"), "127.0.0.1:<port>"),
    (re.compile(r"\b(?!127\.0\.0\.1\b|0\.0\.0\.0\b)(?:\d{1,3}[.-]){3}\d{1,3}\b(?![/.-]\d)"), "<address>"),
    (re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b"), "<mac>"),
    (re.compile(r"\b(<vpce [^>]*>|<vpce>)-[0-9a-z]{6,}"), r"\1"),
    (re.compile(r"\b[A-Z0-9]{13,32}\b"), "<id>"),
    (re.compile(r"\b[a-z0-9]{13,14}\.cloudfront\.net\b"), "<id>.cloudfront.net"),
    (re.compile(r"(?<=/)[0-9a-f]{8}$"), "<nonce>"),
    (re.compile(r"(:secret:[^:\s\"]+)-[A-Za-z0-9]{6}\b"), r"\1"),
)
# Members whose whole value is drawn at random.
_RANDOM_MEMBERS = {
    "RoleId",
    "UserId",
    "PolicyId",
    "InstanceProfileId",
    "certificateAuthority",
    "AccessKeys",
    "Serial",
    "ThumbprintList",
}
_TIME_MEMBERS = re.compile(r"(?:[tT]ime|[dD]ate|At|Timestamp)$")


@dataclass(frozen=True)
class Difference:
    """Names of what is only in the second dump, only in the first, and in both with other properties."""

    added: list[str]
    removed: list[str]
    changed: list[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def compare(before: Dump, after: Dump) -> Difference:
    return Difference(
        added=sorted(after.keys() - before.keys()),
        removed=sorted(before.keys() - after.keys()),
        changed=sorted(name for name in before.keys() & after.keys() if before[name] != after[name]),
    )


def normalize(dump: Dump) -> Dump:
    """The same for two accounts that hold the same, in whatever order and under whatever ids it was made.

    An id becomes ``<kind label>``, the label being made of the resource's tags; lists are sorted. Resources that then
    have one name are numbered in the order of what they are.
    """
    labels = {found: f"<{_kind(key)} {_label(dump[key])}>" for key in dump if (found := _own_id(key))}
    plain = sorted(
        ((_replace(key, labels), _canonical(_timeless(key, one), labels)) for key, one in dump.items()), key=_as_text
    )
    times: Counter[str] = Counter()
    result: Dump = {}
    for key, properties in plain:
        times[key] += 1
        result[f"{key}#{times[key]}" if times[key] > 1 else key] = properties
    return result


def _timeless(key: str, properties: Properties) -> Properties:
    """The records that the collection keeps in a bucket hold ids, and so have another digest each time."""
    return {**properties, "ETag": "<digest>"} if key.startswith("s3/object/") and "/.keelson/" in key else properties


def _as_text(item: Any) -> str:
    return json.dumps(item, sort_keys=True)


def _own_id(key: str) -> str:
    """The generated id under which a resource stands in a dump;
    none where it stands under a name that somebody gave it.
    """
    last = key.rpartition("/")[2]
    generated = key.startswith(tuple(f"{kind}/" for kind in _GENERATED)) or _ID.fullmatch(last) or _UUID.fullmatch(last)
    return last if generated else ""


def _kind(key: str) -> str:
    return key.split("/")[1]


def _label(properties: dict[str, Any]) -> str:
    tags = properties.get("Tags") or properties.get("tags") or {}
    keelson = [
        tags[name]
        for name in ("keelson:platform", "keelson:environment", "keelson:component", "keelson:key")
        if name in tags
    ]
    return "/".join(keelson) or str(tags.get("Name", ""))


def _canonical(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_replace(key, names): _member(key, one, names) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((_canonical(one, names) for one in value), key=_as_text)
    return _replace(value, names) if isinstance(value, str) else value


def _member(key: str, value: Any, names: dict[str, str]) -> Any:
    if key in _RANDOM_MEMBERS:
        return f"<{key}>"
    if _TIME_MEMBERS.search(key) and isinstance(value, (int, float, str)) and not isinstance(value, bool):
        return "<time>"
    return _canonical(value, names)


def _replace(text: str, names: dict[str, str]) -> str:
    text = _WORD.sub(lambda match: names.get(match.group(0), match.group(0)), text)
    text = _ID.sub(lambda match: names.get(match.group(0), f"<{match.group(1) or match.group(2)}>"), text)
    text = _UUID.sub(lambda match: names.get(match.group(0), "<uuid>"), text)
    for pattern, replacement in _RANDOM:
        text = pattern.sub(replacement, text)
    return text
