# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""As much of JSON Schema as finds the usual slips: unknown and missing members, wrong types,
values that are not allowed.

Whatever else a schema asks for is left to the service that published it.
https://json-schema.org/understanding-json-schema/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..engine.words import did_you_mean

Schema = dict[str, Any]

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}


def violations(value: Any, schema: Any, path: str, root: Schema | None = None) -> Iterator[str]:
    """A line for each violation, beginning with the path of what violates."""
    root = schema if root is None else root
    schema = _resolved(schema, root)
    if not isinstance(schema, dict):
        return
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_is(value, name) for name in types):
        yield f"{path}: {value!r} is not of type {' or '.join(types)}."
        return
    if "enum" in schema and value not in schema["enum"]:
        choices = [str(each) for each in schema["enum"]]
        yield f"{path}: {value!r} is not one of {', '.join(choices)}.{did_you_mean(str(value), choices)}"
    yield from _limits(value, schema, path)
    if isinstance(value, dict):
        yield from _members(value, schema, path, root)
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from violations(item, schema["items"], f"{path}[{number}]", root)


def _limits(value: Any, schema: Schema, path: str) -> Iterator[str]:
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: {value!r} does not match {schema['pattern']}."
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        yield f"{path}: must not be empty."
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        yield f"{path}: must have {schema['minItems']} or more items."
    if _is(value, "number"):
        if value < schema.get("minimum", value):
            yield f"{path}: {value} is less than {schema['minimum']}."
        if value > schema.get("maximum", value):
            yield f"{path}: {value} is more than {schema['maximum']}."


def _members(value: dict[str, Any], schema: Schema, path: str, root: Schema) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path}: {name} is missing."
    choices = [
        each["required"] for each in schema.get("anyOf", []) if isinstance(each, dict) and each.keys() == {"required"}
    ]
    if choices and len(choices) == len(schema["anyOf"]) and not any(value.keys() >= set(names) for names in choices):
        yield f"{path}: {' or '.join(' and '.join(names) for names in choices)} is missing."
    for name, item in value.items():
        if name in known:
            yield from violations(item, known[name], f"{path}.{name}", root)
        elif others is False and not schema.get("patternProperties"):
            there = f" There are {', '.join(sorted(known)) or 'none'}."
            yield f"{path}.{name}: there is no such value.{did_you_mean(name, known) or there}"
        elif isinstance(others, dict):
            yield from violations(item, others, f"{path}.{name}", root)


def _resolved(schema: Any, root: Schema) -> Any:
    """What a reference within the document points at; an unknown one allows everything."""
    seen = 0
    while isinstance(schema, dict) and str(schema.get("$ref", "")).startswith("#") and seen < 20:
        target: Any = root
        for part in schema["$ref"].lstrip("#").strip("/").split("/"):
            target = target.get(part, {}) if isinstance(target, dict) and part else target
        schema, seen = target, seen + 1
    return schema


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool) and name in ("integer", "number"):
        return False
    return isinstance(value, TYPES.get(name, (object,)))
