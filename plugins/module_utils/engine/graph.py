# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who needs whom: read off the fields of resources, and off the field types of kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, get_args, get_type_hints

from .errors import KeelsonError
from .resource import Address, Ref, Resource


def needs(resource: Resource) -> Iterator[Resource]:
    """The resources that its fields hold, also inside tuples."""
    for field in fields(resource):  # type: ignore[arg-type]  # every kind is a dataclass
        value = getattr(resource, field.name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Resource):
                yield item


@cache
def kinds_needed(kind: type[Resource]) -> frozenset[type[Resource]]:
    """The kinds that a kind may need, directly or through others: known without an instance,
    which is what deleting needs.
    """
    found: set[type[Resource]] = set()
    todo = [kind]
    while todo:
        hints = get_type_hints(owner := todo.pop())
        new = {item for field in fields(owner) for item in kinds_in(hints[field.name])} - found  # type: ignore[arg-type]
        found |= new
        todo.extend(new)
    return frozenset(found)


def kinds_in(hint: Any) -> Iterator[type[Resource]]:
    if isinstance(hint, type) and issubclass(hint, Resource):
        yield hint
    for part in get_args(hint):
        yield from kinds_in(part)


def later(resource: Resource) -> set[Address]:
    """What its properties refer to though it does not need it: it may be made after it, and may need it."""
    return {ref.address for ref in refs(resource.desired())} - {need.address for need in in_order([resource])}


def refs(value: Any) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, (dict, list, tuple, set, frozenset)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from refs(item)


def in_order(declared: Iterable[Resource]) -> list[Resource]:
    """The declared resources and all that they need, needs first.

    Raises KeelsonError when one is declared twice, differently.
    """
    found: dict[Address, Resource] = {}
    edges: dict[Address, list[Address]] = {}
    todo = list(declared)
    while todo:
        resource = todo.pop()
        if found.setdefault(resource.address, resource) != resource:
            raise KeelsonError(f"{type(resource).__name__} {resource.key} is declared twice, differently")
        if resource.address not in edges:
            edges[resource.address] = [need.address for need in needs(resource)]
            todo.extend(needs(resource))
    return [found[address] for address in TopologicalSorter(edges).static_order()]
