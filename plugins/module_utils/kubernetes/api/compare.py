# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a live object does not have what its manifest says. Pure.

Only fields that the manifest names count: the API server fills in defaults, controllers and other tools add their own.
The API server also rewrites (a quantity of ``1000m`` to ``1``, nothing for an empty list); what is left of that after
the rules below is settled by a dry run of server-side apply, which only suspects pay for.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Object = dict[str, Any]

SHOWN = 80
"""Characters of a value that a difference shows."""
QUANTITY = re.compile(r"([+-]?[0-9.]+)(e[+-]?\d+|E[+-]?\d+|[numkMGTPE]|[KMGTPE]i)?")
# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
SUFFIXES = {
    **{
        suffix: Decimal(1000) ** power
        for power, suffix in enumerate(("n", "u", "m", "", "k", "M", "G", "T", "P", "E"), -3)
    },
    **{suffix: Decimal(1024) ** power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)},
}


def differences(declared: Any, live: Any, path: str = "") -> Iterator[str]:
    """A line for each field that differs: ``spec.replicas: 5 instead of 3``."""
    if isinstance(declared, dict) and isinstance(live, dict):
        for name, value in declared.items():
            yield from differences(value, live.get(name), f"{path}.{name}" if path else str(name))
    elif isinstance(declared, list) and isinstance(live, list):
        yield from list_differences(declared, live, path)
    elif not same(declared, live):
        yield f"{path}: {shown(live)} instead of {shown(declared)}"


def list_differences(declared: list[Any], live: list[Any], path: str) -> Iterator[str]:
    if all(isinstance(item, dict) and "name" in item for item in [*declared, *live]):
        found = {item["name"]: item for item in live}
        for item in declared:
            yield from differences(item, found.get(item["name"]), f"{path}[{item['name']}]")
    elif len(declared) != len(live):
        yield f"{path}: {shown(live)} instead of {shown(declared)}"
    else:
        for index, (mine, theirs) in enumerate(zip(declared, live, strict=True)):
            yield from differences(mine, theirs, f"{path}[{index}]")


def same(declared: Any, live: Any) -> bool:
    if live is None:
        return is_empty(declared)
    if isinstance(declared, (dict, list)) or isinstance(live, (dict, list)):
        return declared is None or bool(declared == live)
    if declared == live or str(declared) == str(live):
        return True
    one, other = quantity(declared), quantity(live)
    return one is not None and one == other


def is_empty(value: Any) -> bool:
    """Whether the API server may leave it out: nothing, or a structure of nothing but that."""
    if isinstance(value, dict):
        return all(map(is_empty, value.values()))
    return not value


def quantity(value: Any) -> Decimal | None:
    match = None if isinstance(value, bool) else QUANTITY.fullmatch(str(value))
    if not match or match[1].count(".") > 1 or not re.search(r"\d", match[1]):
        return None
    suffix = match[2] or ""
    return Decimal(match[1]) * (SUFFIXES[suffix] if suffix in SUFFIXES else Decimal(f"1{suffix}"))


def shown(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def as_stored(manifest: Object) -> Object:
    """A manifest as the API server keeps it: a Secret's ``stringData`` encoded within ``data``."""
    if manifest.get("kind") != "Secret" or not manifest.get("stringData"):
        return manifest
    rest = {name: value for name, value in manifest.items() if name != "stringData"}
    encoded = {name: base64.b64encode(str(value).encode()).decode() for name, value in manifest["stringData"].items()}
    return {**rest, "data": {**(manifest.get("data") or {}), **encoded}}


def without_bookkeeping(live: Object) -> Object:
    """An object without what changes at every write, to compare what a dry run would make of it with what it is."""
    own = {"managedFields", "resourceVersion", "generation", "creationTimestamp", "uid"}
    metadata = {name: value for name, value in live.get("metadata", {}).items() if name not in own}
    return {**{name: value for name, value in live.items() if name != "status"}, "metadata": metadata}


class Subset:
    """A wanted value that equals every value which has its fields, whatever else that has:
    for a plan to compare with.
    """

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return not any(differences(self.value, other.value if isinstance(other, Subset) else other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.value)
