# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the modules' documentation says of their options.

A ``dict`` with suboptions holds things by name, each with these options: Ansible's own form has no other way to say
that. Only in the items of a list it is one thing, with these options.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from . import ROOT

Options = Mapping[str, Mapping[str, Any]]

FRAGMENT = Path("plugins/doc_fragments/common.py")


@dataclass(frozen=True)
class Module:
    """``area``: the folder of its component; None for a module without one. ``options``: its own, in their order."""

    name: str
    area: str | None
    options: Options
    strings: Mapping[str, str]
    """The module's DOCUMENTATION, EXAMPLES and RETURN."""

    @property
    def path(self) -> Path:
        return Path(f"plugins/modules/{self.name}.py")


def modules() -> list[Module]:
    return [module(path) for path in sorted((ROOT / "plugins/modules").glob("*.py"))]


def module(path: Path) -> Module:
    strings = constants(path.read_text())
    options = yaml.safe_load(strings["DOCUMENTATION"]).get("options", {})
    components = list((ROOT / "plugins/module_utils/components").glob(f"*/{path.stem}.py"))
    return Module(path.stem, components[0].parent.name if components else None, options, strings)


def common_options() -> Options:
    found: Options = yaml.safe_load(constants((ROOT / FRAGMENT).read_text())["DOCUMENTATION"])["options"]
    return found


def constants(source: str) -> dict[str, str]:
    """The texts that a file assigns to names, at its top level or in a class."""
    return {
        statement.targets[0].id: statement.value.value
        for statement in ast.walk(ast.parse(source))
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    }


def texts(description: str | list[str]) -> list[str]:
    """A description's paragraphs."""
    return [description] if isinstance(description, str) else list(description)


def has_things_by_name(option: Mapping[str, Any]) -> bool:
    return option.get("type") == "dict" and "suboptions" in option
