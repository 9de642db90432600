# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules for statements of a resource's own policy, such as a bucket's, that can be checked without AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

LONGEST_POLICY = 20 * 1024
"""Characters, for buckets and secrets alike."""


def statement_problems(path: str, statements: list[dict[str, Any]]) -> Iterator[str]:
    for number, statement in enumerate(statements):
        here = f"{path}[{number}]"
        for names in (("Effect",), ("Principal", "NotPrincipal"), ("Action", "NotAction")):
            if not set(names) & statement.keys():
                yield f"{here}: {' or '.join(names)} is missing."
        if statement.get("Effect", "Deny") not in ("Allow", "Deny"):
            yield f"{here}.Effect: {statement['Effect']!r} must be Allow or Deny."
        principal = statement.get("Principal")
        named = principal.get("AWS", []) if isinstance(principal, dict) else principal
        if (
            statement.get("Effect") == "Allow"
            and "*" in (named if isinstance(named, list) else [named])
            and not statement.get("Condition")
        ):
            yield f"{here}.Principal: it allows everyone. Name accounts or roles, or add a Condition that says who."
    if len(json.dumps(statements, default=str)) > LONGEST_POLICY:
        yield f"{path}: is longer than {LONGEST_POLICY} characters, AWS's limit for such a policy."
