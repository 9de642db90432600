# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a secret, and the rules for them that can be checked without AWS. No value is ever in a message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ..component import Arguments
from ..entries import entries, entry_problems
from ..policy_rules import statement_problems
from .secrets_options import OPTIONS

GENERATION = ("length", "exclude_characters", "exclude_punctuation", "template", "generated_key")
SECRET = OPTIONS["secrets"]["entries"]

NAME = re.compile(r"[A-Za-z0-9/_+=.@-]+")
LONGEST_NAME = 512
LONGEST_VALUE = 65536
"""Bytes: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html"""
LENGTH = (8, 4096)
WINDOW = (7, 30)


def problems(arguments: Arguments) -> Iterator[str]:
    yield from entry_problems("secrets", arguments["secrets"], SECRET, quiet=True)
    values = arguments["values"] or {}
    if (
        strange := values.keys() - (secrets := arguments["secrets"] or {}).keys()
    ):  # not named: Ansible makes names of a text with = in it
        there = f"there are {', '.join(sorted(map(str, secrets)))}" if secrets else "there are none"
        yield (
            f"values: {len(strange)} of them are for no secret among secrets ({there}). "
            "Add it there, with null for all defaults."
        )
    for name, secret in entries(arguments["secrets"], SECRET).items():
        path = f"secrets.{name}"
        yield from _name(path, name, arguments)
        if name in values:
            yield from _value(f"values.{name}", values[name])
            for option in GENERATION:
                if secret[option] is not None:
                    yield (
                        f"{path}.{option}: is for values that are generated, and values.{name} gives one. "
                        "Leave one of the two out."
                    )
        yield from _generation(path, secret)
        yield from statement_problems(f"{path}.policy_statements", secret["policy_statements"])
        if len(secret["description"] or "") > 2048:
            yield f"{path}.description: must be at most 2048 characters."
        days, (least, most) = secret["recovery_window_days"], WINDOW
        if days and not least <= days <= most:
            yield (
                f"{path}.recovery_window_days: must be from {least} to {most} days, "
                f"or 0 to remove the secret at once, not {days}."
            )


def _name(path: str, name: str, arguments: Arguments) -> Iterator[str]:
    length = len(f"{arguments['platform']}-{arguments['environment']}/{name}")
    if not NAME.fullmatch(name):
        yield f"{path}: a secret's name has letters, digits and /_+=.@- only."
    elif length > LONGEST_NAME:
        yield (
            f"{path}: with the environment its name has {length} characters; "
            f"Secrets Manager allows {LONGEST_NAME}. Shorten it."
        )


def _value(path: str, value: Any) -> Iterator[str]:
    if not value:
        yield f"{path}: is empty. Is the variable that it comes from set?"
        return
    if not isinstance(value, (str, dict)):
        yield (
            f"{path}: must be text, or a dictionary that becomes a JSON object, not {type(value).__name__}. "
            "Quote numbers in YAML."
        )
        return
    try:
        text = value if isinstance(value, str) else json.dumps(value)
    except TypeError:
        yield f"{path}: has a member that JSON does not know, such as a date. Quote it in YAML."
        return
    if len(text.encode()) > LONGEST_VALUE:
        yield f"{path}: is longer than {LONGEST_VALUE} bytes."


def _generation(path: str, secret: dict[str, Any]) -> Iterator[str]:
    length, (least, most) = secret["length"], LENGTH
    if length is not None and not least <= length <= most:
        yield f"{path}.length: must be from {least} to {most} characters, not {length}."
    key, template = secret["generated_key"], secret["template"]
    if template is not None and not key:
        yield (
            f"{path}.generated_key: is required with template: it names the member that is generated, such as password."
        )
    elif key and key in (template or {}):
        yield (
            f"{path}.template.{key}: is the member that is generated, as generated_key says. "
            "Leave it out of the template."
        )
