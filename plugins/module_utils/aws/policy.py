# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM policy documents in one form, so that only what they mean counts as a difference.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: one value and a list of one are the
same, the order within a list means nothing, and AWS stores an account's number as its root's ARN.
"""

from __future__ import annotations

import json
import re
from typing import Any

VERSION = "2012-10-17"
ROOT_ARN = re.compile(r"arn:[^:]+:iam::(\d{12}):root")

Document = dict[str, Any]


def document(*statements: Document) -> Document:
    return normalised({"Version": VERSION, "Statement": list(statements)})


def normalised(policy: str | Document) -> Document:
    """Lists of values become sets; the order of statements is kept. References to other resources stay as they are."""
    given: Document = json.loads(policy) if isinstance(policy, str) else policy
    statements = given.get("Statement", [])
    rest = {name: value for name, value in given.items() if name not in ("Statement", "Id")}
    return {
        **rest,
        "Statement": [_statement(each) for each in (statements if isinstance(statements, list) else [statements])],
    }


def as_json(policy: Document) -> str:
    """As the APIs take it."""
    return json.dumps(policy, default=lambda values: sorted(values, key=str))


def _statement(statement: Document) -> Document:
    result: Document = {}
    for name, value in statement.items():
        if name in ("Principal", "NotPrincipal"):
            parties = value if isinstance(value, dict) else {"AWS": value}
            result[name] = {kind: {_principal(each) for each in _listed(party)} for kind, party in parties.items()}
        elif name == "Condition":
            result[name] = {
                operator: {key: {_text(each) for each in _listed(values)} for key, values in keys.items()}
                for operator, keys in value.items()
            }
        elif name in ("Action", "NotAction", "Resource", "NotResource"):
            result[name] = set(_listed(value))
        elif name != "Sid" or value:
            result[name] = value
    return result


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _principal(value: Any) -> Any:
    match = ROOT_ARN.fullmatch(value) if isinstance(value, str) else None
    return match.group(1) if match else value


def _text(value: Any) -> Any:
    """AWS takes numbers and booleans of a condition, and gives back either these or their text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value
