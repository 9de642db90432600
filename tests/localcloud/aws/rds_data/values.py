# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Data API's parameters and fields, and PostgreSQL's.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.calling.html
"""

from __future__ import annotations

import re
from typing import Any

import psycopg

from .errors import DataApiError

Field = dict[str, Any]

_ROW_LIMIT = 64 * 1024
_ANSWER_LIMIT = 1024 * 1024  # bytes
# What may hold a colon that is no parameter's: texts, names, comments, casts.
_WORDS = re.compile(
    r"""('(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|--[^\n]*|/\*.*?\*/|::|:=|%)|:(?P<name>[A-Za-z_]\w*)""",
    re.S,
)
_TYPES = {
    "stringValue": "text",
    "longValue": "bigint",
    "doubleValue": "double precision",
    "booleanValue": "boolean",
    "blobValue": "bytea",
}
_HINTS = {
    "DATE": "date",
    "DECIMAL": "numeric",
    "JSON": "jsonb",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "UUID": "uuid",
}
# Field and array member by type.
_NUMBERS = {"int2", "int4", "int8"}
_FLOATS = {"float4", "float8"}
_TEXTS = {
    "text", "varchar", "bpchar", "name", "numeric", "uuid", "json", "jsonb", "date", "time", "timetz", "timestamp",
    "timestamptz", "interval", "inet", "cidr", "macaddr", "xml", "money", "oid",
}  # fmt: skip


def bind(sql: str, parameters: list[dict[str, Any]]) -> tuple[str, dict[str, Any] | None]:
    """The statement as psycopg takes it, and its arguments.

    Named are those that stand in the statement; no other may be given.
    """
    given = {parameter["name"]: parameter for parameter in parameters}
    found: dict[str, Any] = {}

    def placed(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return match[0].replace("%", "%%") if given else match[0]
        if name not in given:
            raise DataApiError("BadRequestException", f"Cannot find parameter: {name}")
        (kind, value), hint = next(iter(given[name]["value"].items())), given[name].get("typeHint")
        if kind == "arrayValue":
            raise DataApiError("BadRequestException", "Array parameters are not supported.")
        found[name] = None if kind == "isNull" else value
        type_name = _HINTS.get(hint) if hint else _TYPES.get(kind)
        return f"%({name})s" + (f"::{type_name}" if type_name else "")

    statement = _WORDS.sub(placed, sql)
    return statement, found if given else None


def result(cursor: psycopg.Cursor[Any], with_metadata: bool) -> dict[str, Any]:
    if cursor.description is None:
        return {"generatedFields": [], "numberOfRecordsUpdated": max(cursor.rowcount, 0)}
    kinds = [_kind(column.type_code, column.type_display) for column in cursor.description]
    rows, raw = cursor.fetchall(), cursor.pgresult
    assert raw is not None
    texts = [[raw.get_value(number, column) for column in range(len(kinds))] for number in range(len(rows))]
    sizes = [sum(len(text or b"") for text in row) for row in texts]
    if max(sizes, default=0) > _ROW_LIMIT or sum(sizes) > _ANSWER_LIMIT:
        raise DataApiError("UnsupportedResultException", "Database returned more than the allowed response size limit")
    records = [list(map(_field, kinds, row, text)) for row, text in zip(rows, texts, strict=True)]
    answer: dict[str, Any] = {"records": records, "generatedFields": [], "numberOfRecordsUpdated": 0}
    if with_metadata:
        columns = cursor.description
        answer["columnMetadata"] = [
            {"name": column.name, "label": column.name, "typeName": column.type_display} for column in columns
        ]
    return answer


def _kind(code: int, display: str) -> str:
    """The member of Field that a type's values go to."""
    info = psycopg.adapters.types.get(code)
    name, is_array = (info.name, code == info.array_oid) if info else (display, False)
    if name == "bool":
        member = "booleanValue"
    elif name in _NUMBERS:
        member = "longValue"
    elif name in _FLOATS:
        member = "doubleValue"
    elif name == "bytea" and not is_array:
        member = "blobValue"
    elif name in _TEXTS:
        member = "stringValue"
    else:
        raise DataApiError(
            "UnsupportedResultException", f"The result contains the unsupported data type {name.upper()}"
        )
    return member + "s" if is_array else member


def _field(kind: str, value: Any, raw: bytes | None) -> Field:
    if value is None or raw is None:
        return {"isNull": True}
    if kind.endswith("s"):
        return {"arrayValue": {kind: [str(item) for item in value] if kind == "stringValues" else value}}
    return {kind: raw.decode() if kind == "stringValue" else value}
