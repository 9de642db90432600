# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The variables of roles that hand modules their options.

People write a role's task, which says what goes to which option, and its defaults. What a module can do and no role
offers yet is added to both; what is told of the variables follows from them and from the module's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from . import ROOT, Written
from .documentation import Module, Options, common_options, has_things_by_name, texts
from .role_yaml import document, line_of

REFERENCE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
NOT_OFFERED = {
    ("environment_info", "cluster"),
    ("environment_lock", "process"),
}
"""Options that are for those who use the module itself."""


@dataclass(frozen=True)
class Role:
    name: str
    module: Module

    @property
    def folder(self) -> Path:
        return Path("roles") / self.name

    @cached_property
    def task_text(self) -> str:
        return (ROOT / self.folder / "tasks/main.yml").read_text()

    @cached_property
    def arguments(self) -> Mapping[str, Any]:
        """What the role's task hands to the module."""
        [task] = [task for task in yaml.safe_load(self.task_text) if f"keelson.eks.{self.module.name}" in task]
        return task[f"keelson.eks.{self.module.name}"] or {}

    @cached_property
    def variables(self) -> dict[str, str]:
        """The variable of each option that has one."""
        matches = {option: REFERENCE.fullmatch(str(value)) for option, value in self.arguments.items()}
        return {option: match[1] for option, match in matches.items() if match}

    @cached_property
    def defaults_text(self) -> str:
        path = ROOT / self.folder / "defaults/main.yml"
        return path.read_text() if path.exists() else "---\n"

    @cached_property
    def told(self) -> dict[str, Any]:
        """The role's argument_specs as they are."""
        path = ROOT / self.folder / "meta/argument_specs.yml"
        found: dict[str, Any] = yaml.safe_load(path.read_text())["argument_specs"]
        return found

    def completed(self, missing: Mapping[str, Mapping[str, Any]]) -> Role:
        """With the options that no role offers yet."""
        role = Role(self.name, self.module)
        lines = "".join(f'    {option}: "{{{{ {self.name}_{option} }}}}"\n' for option in missing)
        last = "|".join(rf'{option}: "\{{\{{ {variable} \}}\}}"' for option, variable in [*self.variables.items()][-1:])
        anchor = re.search(rf"^    ({last})\n", self.task_text, re.MULTILINE)
        if missing and anchor is None:
            raise ValueError(f"{self.folder}/tasks/main.yml: cannot be read: where do its module's options end?")
        task = self.task_text[: anchor.end()] + lines + self.task_text[anchor.end() :] if anchor else self.task_text
        defaults = "".join(line_of(f"{self.name}_{option}", missing[option].get("default")) for option in missing)
        role.__dict__.update(task_text=task, defaults_text=self.defaults_text + defaults, told=self.told)
        return role


def roles(modules: list[Module]) -> Written:
    """Raises ValueError where somebody has to choose the role that offers an option,
    or a role names one that is not there.
    """
    written: Written = {}
    found = using(modules)
    for module in modules:
        users = [role for role in found if role.module is module]
        for role in users:
            check(role)
        offered = {option for role in users for option in role.arguments}
        missing = {
            option: given
            for option, given in module.options.items()
            if option not in offered and (module.name, option) not in NOT_OFFERED
        }
        if missing and len(users) != 1:
            whose = f"the task of {' or '.join(role.name for role in users)}" if users else "a role's task"
            raise ValueError(f"{module.name}: {', '.join(missing)}: write into {whose} which variable it is")
        for role in users:
            complete = role.completed(missing) if missing else role
            written[role.folder / "tasks/main.yml"] = complete.task_text
            if complete.defaults_text != "---\n":
                written[role.folder / "defaults/main.yml"] = complete.defaults_text
            written[role.folder / "meta/argument_specs.yml"] = document(argument_specs(complete))
    return written


def using(modules: list[Module]) -> list[Role]:
    """The roles whose main task is a module with options of its own."""
    found = []
    for path in sorted((ROOT / "roles").glob("*/tasks/main.yml")):
        used = [module for module in modules if f"\n  keelson.eks.{module.name}:\n    " in path.read_text()]
        found += [Role(path.parts[-3], module) for module in used]
    return found


def check(role: Role) -> None:
    known = {**role.module.options, **(common_options() if role.module.area else {})}
    for option in role.arguments:
        if option not in known:
            raise ValueError(f"{role.folder}/tasks/main.yml: the module {role.module.name} has no option {option}")


def argument_specs(role: Role) -> dict[str, Any]:
    """As they should be: what comes from the module's documentation,
    and what people have written of other variables.
    """
    main = role.told["main"]
    defaults = yaml.safe_load(role.defaults_text) or {}
    shared = common_defaults()
    offered = {variable: option for option, variable in role.variables.items() if option in role.module.options}
    offered = {variable: option for variable, option in offered.items() if variable not in shared}
    written = {name: told for name, told in main.get("options", {}).items() if name not in shared}
    options = {}
    for variable in [*defaults, *(name for name in (*offered, *written) if name not in defaults)]:
        if variable in offered:
            told = variable_spec(role, role.module.options[offered[variable]], defaults.get(variable))
            told["description"] += computed_default(role, variable)
            options[variable] = {**told, **no_log(written.get(variable, {}))}
        elif variable in written and (variable in defaults or written[variable].get("required")):
            options[variable] = written[variable]
    return {**role.told, "main": {**main, "options": options}}


def variable_spec(role: Role, option: Mapping[str, Any], default: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"description": [translated(role, text) for text in texts(option["description"])]}
    if has_things_by_name(option):
        found["description"] += [translated(role, text) for text in things(option["suboptions"])]
    found.update({key: option[key] for key in ("type", "elements", "choices") if key in option})
    if default is not None and "{{" not in str(default):
        found["default"] = default
    if "suboptions" in option and not has_things_by_name(option):
        found["options"] = nested(role, option["suboptions"])
    return found


def computed_default(role: Role, variable: str) -> list[str]:
    """What a default made of other variables comes to, as the comment behind it says."""
    found = re.search(rf"^{variable}: .*\}}\}}\"  # (.+)$", role.defaults_text, re.MULTILINE)
    return [f"By default {found[1]}."] if found else []


def no_log(written: Mapping[str, Any]) -> dict[str, Any]:
    """That a variable is secret is written by people, for documentation cannot say it."""
    return {"no_log": True} if written.get("no_log") else {}


def nested(role: Role, options: Options) -> dict[str, Any]:
    """The options of a list's items."""
    found = {}
    for name, option in options.items():
        kept = {key: option[key] for key in ("type", "elements", "choices", "default", "required") if key in option}
        found[name] = {"description": [translated(role, text) for text in texts(option["description"])], **kept}
        if "suboptions" in option:
            found[name]["options"] = nested(role, option["suboptions"])
    return found


def things(options: Options, path: str = "", in_list: bool = False) -> Iterator[str]:
    """The options of each of the things by name, a paragraph each:
    Ansible would take a dictionary's options for its own keys.
    """
    for name, option in options.items():
        yield f"C({path}{name}) ({', '.join(facts(option))}) - {' '.join(texts(option['description']))}"
        if "suboptions" in option:
            by_name = has_things_by_name(option) and not in_list
            below = ".*." if by_name else "[]." if option["type"] == "list" else "."
            yield from things(option["suboptions"], f"{path}{name}{below}", not by_name)


def facts(option: Mapping[str, Any]) -> Iterator[str]:
    kind = option.get("type", "str")
    yield f"list of {option['elements']}" if kind == "list" and "elements" in option else kind
    if option.get("required"):
        yield "required"
    if "choices" in option:
        yield "one of " + ", ".join(f"V({choice})" for choice in option["choices"])
    if option.get("default") not in (None, [], {}, ""):
        yield f"default V({line_of('', option['default']).removeprefix(': ').strip()})"


def translated(role: Role, text: str) -> str:
    """With the role's variables in place of the module's options, as references where the role documents them."""

    def variable(match: re.Match[str]) -> str:
        name, rest = re.match(r"(\w*)(.*)", match[1], re.DOTALL).groups()  # type: ignore[union-attr]  # matches anything
        if name not in role.variables:
            return f"C({common_variables().get(name, name)}{rest})"
        is_documented = rest[:1] in ("", "=") or role.module.options.get(name, {}).get("type") == "list"
        return f"{'O' if is_documented else 'C'}({role.variables[name]}{rest})"

    text = re.sub(r"\bLeft out,?", "Where it is null,", text)
    return re.sub(r"RV\((?:ignore:)?([^)]*)\)", r"C(\1)", re.sub(r"(?<!\w)O\(([^)]*)\)", variable, text))


def common_variables() -> dict[str, str]:
    """The variables that module_defaults hand to all modules."""
    defaults = common_defaults()["keelson_module_defaults"]
    return {option: match[1] for option, value in defaults.items() if (match := REFERENCE.fullmatch(value))}


def common_defaults() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "roles/common/defaults/main.yml").read_text())
    return found
