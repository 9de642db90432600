# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run's plan as a file: for whoever has to read it, and for the run that must do this and nothing else."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .run_plan import RunPlan

FORMAT = 1
TELLS = ("role", "kind", "key", "action", "before", "after")
"""What of a row decides whether two plans are the same: where a variable is written does not."""
SHOWN = 10
"""Differences that a message names."""


def write(path: Path, environment: str, plan: RunPlan) -> None:
    """For this user alone; whole or not at all."""
    content = {"format": FORMAT, "environment": environment, "resources": list(map(asdict, plan.rows))}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=2, default=str)
        file.write("\n")
    Path(name).replace(path)


def differences(path: Path, environment: str, plan: RunPlan) -> Iterator[str]:
    """How this plan is another one than that of the file: a line each, of which some are left out where it is many."""
    try:
        approved = json.loads(path.read_text())
        rows = {identity(row): {each: row[each] for each in TELLS} for row in approved["resources"]}
        theirs, form = approved["environment"], approved["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"{path} is no plan that was written by this collection: {error!r}."
        return
    if (form, theirs) != (FORMAT, environment):
        yield f"{path} is the plan of {theirs} in format {form}, and not of {environment} in format {FORMAT}."
        return
    mine = {identity(row): row for row in json.loads(json.dumps(list(map(asdict, plan.rows)), default=str))}
    found = [
        *(f"not approved: {named(row)}" for name, row in mine.items() if name not in rows),
        *(f"approved, and not to be done any more: {named(row)}" for name, row in rows.items() if name not in mine),
        *(
            f"approved in another way: {named(row)}: {', '.join(changed(row, rows[name]))}"
            for name, row in mine.items()
            if name in rows and any(row[each] != rows[name][each] for each in TELLS)
        ),
    ]
    yield from found[:SHOWN]
    if len(found) > SHOWN:
        yield f"and {len(found) - SHOWN} more."


def identity(row: Mapping[str, Any]) -> tuple[str, ...]:
    return str(row["role"]), str(row["kind"]), str(row["key"])


def named(row: Mapping[str, Any]) -> str:
    return f"{row['action']} {row['kind']} {row['key']} ({row['role']})"


def changed(row: Mapping[str, Any], other: Mapping[str, Any]) -> Iterable[str]:
    """What differs: the action, or the names of properties."""
    if row["action"] != other["action"]:
        return [f"it was {other['action']}"]
    names = {*row["before"], *row["after"], *other["before"], *other["after"]}
    return sorted(
        name for name in names if any(row[when].get(name) != other[when].get(name) for when in ("before", "after"))
    )
