# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run's plan as a person reads it: a line a resource, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .run_plan import Row, RunPlan

SIGNS = {"create": "+", "update": "~", "replace": "-/+", "delete": "-", "wait": "-", "left": "="}
LONGEST = 40
"""Characters of a change's values; of what is longer only the name is told."""


def text(environment: str, plan: RunPlan) -> str:
    """The whole plan of an environment; of one that changes nothing one line."""
    counts = Counter(row.action for row in plan.rows)
    add, change = counts["create"] + counts["replace"], counts["update"]
    destroy = counts["delete"] + counts["wait"] + counts["replace"]
    left = f", {counts['left']} left alone" if counts["left"] else ""
    summary = f"Plan for {environment}: {add} to add, {change} to change, {destroy} to destroy{left}."
    later = [f"Planned when they run, for earlier tasks decide: {', '.join(plan.later)}."] if plan.later else []
    missing = [f"Missing: {name}" for name in dict.fromkeys(plan.missing)]
    return "\n".join([*table(plan.rows), summary, *missing, *later])


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Role, resource, change, variable and effect, in columns as wide as they need."""
    cells = [
        (row.role, f"{SIGNS[row.action]} {row.kind} {row.key}", changed(row), origin(row), effect(row)) for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    previous = ""
    for role, *others in cells:
        shown = ("" if role == previous else role, *others)
        previous = role
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(shown, widths, strict=True) if width).rstrip()


def origin(row: Row) -> str:
    return f"{row.variable} ({row.place})" if row.place else row.variable


def effect(row: Row) -> str:
    return f"! {row.effect}" if row.effect else ""


def changed(row: Row) -> str:
    """The properties that an update changes; of one that is short what it was and becomes."""
    return ", ".join(pair(name, row.before.get(name), row.after[name]) for name in row.after) * (row.action == "update")


def pair(name: str, before: Any, after: Any) -> str:
    values = f"{before} -> {after}"
    is_short = not any(isinstance(value, (Mapping, list)) for value in (before, after)) and len(values) <= LONGEST
    return f"{name} {values}" if is_short else name
