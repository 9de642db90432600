# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The play that a task belongs to, as far as it is the collection's: which of its tasks run a component,
and with which variables.

A worker is forked from the controller and so has the whole play in memory. Roles that are imported are part of it; what
is included is not there yet, and is checked when it runs.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible.template import Templar
from ansible.utils.vars import load_extra_vars
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Component

COLLECTION = "keelson.eks."
ACTIONS = Path(__file__).resolve().parents[1] / "action"
REFERENCE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
"""A template that is a variable and nothing else."""


def play_of(task: Task) -> Play:
    parent = task._parent
    while not isinstance(parent, Block):
        parent = parent._parent
    return parent._play


def as_written(task: Task, templar: Any) -> Mapping[str, Any]:
    """The options of a task with their templates: a worker's own task holds what they come to."""
    written = task.get_ds() or {}
    found = next((written[name] for name in (task.resolved_action, task.action) if name in written), None)
    if isinstance(found, Mapping) or found is None:
        others = written.get("args")
        return {**(others if isinstance(others, Mapping) else {}), **(found or {})}
    whole = task.args.get("_variable_params")  # a template that stands for all options at once
    expanded = templar.template(whole) if whole is not None else task.args
    return expanded if isinstance(expanded, Mapping) else task.args


def tasks(play: Play) -> Iterator[Task]:
    """All tasks of a play in their order, those of imported roles among them."""
    for block in play.compile():
        yield from tasks_in(block)


def tasks_in(block: Block) -> Iterator[Task]:
    for item in (*block.block, *block.rescue, *block.always):
        if isinstance(item, Block):
            yield from tasks_in(item)
        else:
            yield item


def is_chosen(play: Play, task: Task, variables: Mapping[str, Any]) -> bool:
    """Whether ``--tags`` and ``--skip-tags`` let it run."""
    return bool(task.evaluate_tags(play.only_tags, play.skip_tags, variables))


def components() -> dict[str, Component]:
    """All that the collection's actions run, by the action's name. Called before the controller forks its workers,
    which then need not import them again and again.
    """
    names = sorted(file.stem for file in ACTIONS.glob("*.py"))
    return {name: found for name in names if (found := component_named(name)) is not None}


def component_named(name: str) -> Component | None:
    """What an action of the collection's runs; None for one that runs none."""
    plugin = importlib.import_module(f"ansible_collections.keelson.eks.plugins.action.{name}")
    action = getattr(plugin, "ActionModule", None)  # not there yet in the one that is being imported
    return getattr(action, "COMPONENT", None)


def component_of(task: Task) -> Component | None:
    """What the task's action runs; None for an action that is not the collection's, or runs none."""
    name = (task.resolved_action or task.action).removeprefix(COLLECTION)
    if name == (task.resolved_action or task.action):
        return None
    return component_named(name)


@dataclass(frozen=True)
class Given:
    """A task's options as they are written: templates, and which variables they name."""

    options: Mapping[str, Any]

    @classmethod
    def to(cls, task: Task, templar: Any) -> Given:
        """Also what module_defaults give, by their own names of variables: the group's, then the module's own."""
        defaults: dict[str, Any] = {}
        for each in task.module_defaults or []:
            defaults.update(each)
        options: dict[str, Any] = {}
        for name in ("group/keelson.eks.aws", task.resolved_action) if component_of(task) else ():
            options.update(expanded(defaults.get(name), templar))
        return cls({**options, **as_written(task, templar)})

    def variable(self, option: str) -> str | None:
        """The variable that an option's value is; None where it is a constant or more than one variable."""
        return referenced(self.options.get(option))


def expanded(values: Any, templar: Any) -> Mapping[str, Any]:
    """The dictionary of module_defaults, with its templates as they are; that of a variable, where it names one."""
    name = referenced(values)
    found = templar.available_variables.get(name) if name else values
    return found if isinstance(found, Mapping) else {}


def referenced(template: Any) -> str | None:
    match = REFERENCE.fullmatch(template.strip()) if isinstance(template, str) else None
    return match[1] if match else None


@dataclass(frozen=True)
class Scope:
    """What a task sees: the play's variables, and those of the import, the role, the block or the task itself."""

    variables: Mapping[str, Any]
    templar: Any
    loader: Any
    read: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, task: Task, play_wide: Scope) -> Scope:
        own = {**task.get_vars(), **(task._role.get_role_params(task.get_dep_chain()) if task._role else {})}
        extra = load_extra_vars(play_wide.loader)
        own = {name: value for name, value in own.items() if name not in extra}
        if not own:
            return play_wide
        variables = {**play_wide.variables, **own}
        return cls(variables, Templar(play_wide.loader, variables=variables), play_wide.loader)

    def value(self, template: Any) -> Any:
        """What a template comes to; OMITTED for what leaves its option out. Raises AnsibleError."""
        name = template if isinstance(template, str) else ""
        if name and name in self.read:
            return self.read[name]
        found = self.templar.template({"value": template}).get("value", OMITTED)
        if name:
            self.read[name] = found
        return found

    def lets_run(self, task: Task) -> bool:
        """Whether its conditions hold; one that depends on what earlier tasks find counts as one that does."""
        try:
            return all(self.templar.evaluate_conditional(condition) for condition in task.when)
        except AnsibleError:
            return True


OMITTED = object()
