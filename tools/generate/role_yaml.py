# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""YAML in the project's own form: prose folded at the line's limit, short lists in one line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

WIDTH = 120
PROSE = ("description", "short_description")


def document(argument_specs: Mapping[str, Any]) -> str:
    return "\n".join(["---", "argument_specs:", *mapping(argument_specs, 2)]) + "\n"


def mapping(values: Mapping[str, Any], indent: int) -> Iterator[str]:
    for name, value in values.items():
        begin = f"{' ' * indent}{name}:"
        if name == "description" and isinstance(value, list) and len(value) > 1:
            yield begin
            for text in value:
                yield from folded(text, f"{' ' * (indent + 2)}- ", indent + 4)
        elif name in PROSE and isinstance(value, (str, list)):
            text = value if isinstance(value, str) else value[0]
            yield from folded(text, f"{begin} ", indent + 2)
        elif isinstance(value, Mapping) and value and name not in ("default", "sample"):
            yield begin
            yield from mapping(value, indent + 2)
        elif len(inline := f"{begin} {flow(value)}") <= WIDTH or not value:
            yield inline
        else:
            yield begin
            yield from (f"{' ' * (indent + 2)}{line}" for line in block(value))


def folded(text: str, begin: str, indent: int) -> Iterator[str]:
    """A text, quoted if it has to be, in lines that YAML joins again."""
    yield from textwrap.wrap(
        begin + flow(text),
        WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def line_of(name: str, value: Any) -> str:
    """A variable with its value; nothing behind the colon for null."""
    return f"{name}:\n" if value is None else f"{name}: {flow(value)}\n"


def flow(value: Any) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, width=10**6, allow_unicode=True, sort_keys=False)
    return text.removesuffix("...\n").strip()


def block(value: Any) -> list[str]:
    return yaml.dump(value, Dumper=Indented, default_flow_style=False, width=100, sort_keys=False).splitlines()


class Indented(yaml.SafeDumper):
    """Items of a list stand further right than the list's name."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)
