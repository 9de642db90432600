# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All that can be found wrong with a host's variables without asking AWS, for all tasks of a play at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from ansible.parsing.vault import AnsibleVaultError
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible.template import trust_as_template
from ansible.utils.vars import load_extra_vars
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import known_regions
from ansible_collections.keelson.eks.plugins.module_utils.components import across
from ansible_collections.keelson.eks.plugins.module_utils.components.component import (
    Arguments,
    Component,
    common_problems,
)
from ansible_collections.keelson.eks.plugins.module_utils.components.scrub import scrubbed
from ansible_collections.keelson.eks.plugins.module_utils.components.spec import validated, violations
from ansible_collections.keelson.eks.plugins.module_utils.engine.words import did_you_mean, nearest

from .play import OMITTED, Given, Scope, as_written, component_of, is_chosen, tasks
from .variables import NAME, Variables, steps, told
from .work import Agenda, Work

STATE = trust_as_template("{{ keelson_state }}")
PLATFORM, ENVIRONMENT, REGION = (
    trust_as_template(f"{{{{ keelson_{name} }}}}") for name in ("platform", "environment", "region")
)
DEFAULTS = "keelson_module_defaults"
ROLES = Path(__file__).resolve().parents[2] / "roles"
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
"""What a name in a message could begin another line with."""
OF_ANSIBLE = {"all", "tagged", "untagged", "always", "never"}


@dataclass(frozen=True)
class Part:
    """A task that runs a component, and what its variables come to. ``chosen``: whether the tags let it run."""

    component: Component
    role: str
    """By which the tags know it; the component's name where the task stands in no role."""
    given: Given
    scope: Scope
    values: Mapping[str, Any]
    unreadable: tuple[str, ...]
    unknown: frozenset[str]
    """Options whose values an earlier task decides: checked when their own task runs."""
    chosen: bool
    conditions: tuple[str, ...]
    rests: bool
    """Whether the conditions do not hold."""

    @property
    def name(self) -> str:
        return str(self.values.get("component") or self.component.name)

    @cached_property
    def violations(self) -> list[tuple[str, str]]:
        found = violations(self.values, self.component.spec)
        unread = {line.partition(":")[0] for line in self.unreadable}
        return [(path, text) for path, text in found if path not in self.unknown | unread]

    @cached_property
    def arguments(self) -> Arguments | None:
        """With every default filled in, those that break the spec being as if left out;
        None where a required one is among these, or some are not known yet.
        """
        if self.unknown:
            return None
        broken = {path.partition(".")[0].partition("[")[0] for path, _text in self.violations}
        spec = self.component.argument_spec
        if any(spec[name].get("required") for name in broken & spec.keys()):
            return None
        rest = {name: value for name, value in self.values.items() if name not in broken}
        return validated(rest, spec, **self.component.restrictions)[0]

    @property
    def work(self) -> Work | None:
        """None where an earlier task decides some of it."""
        return None if self.arguments is None else Work(self.component, self.role, self.arguments, self.rests)

    def lines(self) -> Iterator[str]:
        yield from self.unreadable
        broken = [path for path, _text in self.violations]
        yield from (f"{path}: {text}" for path, text in self.violations)
        if self.arguments is not None:
            for line in (*common_problems(self.arguments), *self.component.problems(self.arguments)):
                if not any(is_about(line, path) for path in broken):  # a default has taken its place
                    yield line


class Checks:
    """Of one host in one play. ``variables``: all that the play's tasks see."""

    def __init__(self, play: Play, templar: Any, loader: Any, variables: Mapping[str, Any]) -> None:
        self.play, self.all = play, variables
        self.scope = Scope(variables, templar, loader)
        self.variables = Variables.of(variables, load_extra_vars(loader))
        self.complained: set[str | None] = set()

    def problems(self, state: str, others: Iterable[str], other_tags: Iterable[str]) -> list[str]:
        """A line each, every one once."""
        lines = [
            *self.tags(set(other_tags)),
            *self.strangers(set(others)),
            *self.state(state),
            *self.region(),
            *(line for part in self.parts if part.chosen for line in self.told(part, part.lines())),
            *self.between(),
            *self.twins(),
            *self.overlaps(),
        ]
        return list(dict.fromkeys(lines))

    def own_options(self, task: Task, spec: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], list[str]]:
        """The options of the checking task itself, and what is wrong with them."""
        given = Given.to(task, self.scope.templar)
        lines = [f"{path}: {text}" for path, text in violations(task.args, spec)]
        return validated(task.args, spec)[0], [told(line, given.variable, self.variables, spec) for line in lines]

    @cached_property
    def tasks(self) -> list[Task]:
        return list(tasks(self.play))

    @cached_property
    def parts(self) -> list[Part]:
        """Every task of a component whose conditions hold; what stands there twice, to be gone on with later, once.

        What a loop hands to its task is checked when that runs.
        """
        return [self.part(*task, rests=False) for task in self.sorted_out[True].values()]

    @cached_property
    def agenda(self) -> Agenda:
        """What the tags choose of it."""
        chosen = [part for part in (*self.parts, *self.resting) if part.chosen and part.component.kinds]
        later = [part.role for part in chosen if part.work is None and not part.rests]
        return Agenda(tuple(part.work for part in chosen if part.work is not None), tuple(later))

    @cached_property
    def resting(self) -> list[Part]:
        """Those whose conditions do not hold, wherever they stand."""
        runs, rests = self.sorted_out[True], self.sorted_out[False]
        return [self.part(*task, rests=True) for place, task in rests.items() if place not in runs]

    @cached_property
    def sorted_out(self) -> dict[bool, dict[str, tuple[Task, Component, Scope]]]:
        """The tasks of components by whether their conditions hold, and by what they are given."""
        found: dict[bool, dict[str, tuple[Task, Component, Scope]]] = {True: {}, False: {}}
        for task in self.tasks:
            component = component_of(task)
            if component is None or task.loop is not None:
                continue
            scope = Scope.of(task, self.scope)
            own = {name: value for name, value in task.get_vars().items() if name != "keelson_wait"}
            place = repr((component.name, str(task._role), as_written(task, scope.templar), own))
            found[scope.lets_run(task)].setdefault(place, (task, component, scope))
        return found

    def part(self, task: Task, component: Component, scope: Scope, rests: bool) -> Part:
        given = Given.to(task, scope.templar)
        values, unreadable, unknown = {}, [], set()
        for option, template in given.options.items():
            try:
                value = scope.value(template)
            except AnsibleError as error:
                if isinstance(error, AnsibleUndefinedVariable) and self.comes_later(template):
                    unknown.add(option)
                else:
                    unreadable.append(f"{option}: {why(error, component.spec.get(option, {}))}")
            else:
                values.update({option: value} if value is not OMITTED else {})
        chosen, conditions = is_chosen(self.play, task, self.all), tuple(map(str, task.when))
        role = task._role.get_name(include_role_fqcn=False) if task._role else component.name
        return Part(
            component, role, given, scope, values, tuple(unreadable), frozenset(unknown), chosen, conditions, rests
        )

    def comes_later(self, template: Any) -> bool:
        """Whether it names what a task of the play registers."""
        registered = {str(task.register) for task in self.tasks if task.register}
        return not registered.isdisjoint(NAME.findall(str(template)))

    def told(self, part: Part, lines: Iterable[str]) -> Iterator[str]:
        spec = part.component.spec
        for line in lines:
            option = NAME.match(line)
            name = part.given.variable(option[0]) if option else None
            source = self.variables.source(name) if name else None
            if source != name and source in self.complained:  # a default that is made of what was told already
                continue
            self.complained.add(source)
            named = told(line, part.given.variable, replace(self.variables, all=part.scope.variables), spec)
            yield CONTROL.sub(" ", str(scrubbed({"msg": named}, spec, part.values)["msg"]))

    def origin(self, part: Part, path: str) -> tuple[str, str]:
        """The variable of an option's path, with the path's rest, and where it is written; empty where none is it."""
        option = NAME.match(path)
        variable = part.given.variable(option[0]) if option else None
        if option is None or variable is None:
            return "", ""
        source, rest = self.variables.source(variable), path[option.end() :]
        variables = replace(self.variables, all=part.scope.variables)
        way = steps(rest, variables.all.get(source))
        place = variables.place(source, way) if source in variables.inventory else ""
        return f"{source}{rest}", place

    def condition(self, part: Part) -> tuple[str, str]:
        """The first variable of the user's that a part's conditions name, and where it is written; empty where none."""
        named = (name for condition in part.conditions for name in NAME.findall(condition))
        name = next((name for name in named if name in self.variables.inventory), "")
        return name, self.variables.place(name) if name else ""

    def value(self, template: str) -> Any:
        """None where a variable is not there."""
        try:
            return self.scope.value(template)
        except AnsibleError:
            return None

    # What no component knows

    def tags(self, others: set[str]) -> Iterator[str]:
        known = {tag for task in self.tasks for tag in task.tags} | OF_ANSIBLE | others
        for option, given in (("--tags", self.play.only_tags), ("--skip-tags", self.play.skip_tags)):
            for tag in sorted(set(given) - known):
                there = ", ".join(sorted(known - OF_ANSIBLE))
                yield (
                    f"{option} {tag}: nothing here has this tag.{did_you_mean(tag, known) or f' There are {there}.'} "
                    "One of another play has to be in keelson_other_tags."
                )

    def strangers(self, others: set[str]) -> Iterator[str]:
        """Variables that look like the collection's and are none."""
        known = {name for names in variables_of_roles().values() for name in names}
        results = {f"{role}_result" for role in variables_of_roles()}
        known_here = known | others | results | {str(task.register) for task in self.tasks if task.register}
        begins = ("keelson_", *(f"{role}_" for role in variables_of_roles()))
        if DEFAULTS in self.variables.inventory:
            yield self.placed(
                DEFAULTS, "is not to be set: it is made of keelson_platform, keelson_state and the others."
            )
        for name in self.variables.inventory:
            if name in known_here or name.startswith("ansible_"):
                continue
            meant = nearest(name, known)
            if not meant and not name.startswith(begins):
                continue
            guess = f" Did you mean {meant}?" if meant else ""
            yield self.placed(
                name, f"there is no such variable.{guess} One of your own has to be in keelson_other_variables."
            )

    def state(self, state: str) -> Iterator[str]:
        found = self.value(STATE)
        if found in ("present", "absent") and found != state:
            way_out = (
                "playbooks/destroy.yml removes an environment"
                if state == "present"
                else "this removes the environment: leave it out"
            )
            yield self.placed("keelson_state", f"{found!r} is not for this playbook; {way_out}.")

    def placed(self, name: str, text: str) -> str:
        place = self.variables.place(name)
        return f"{place}: {name}: {text}" if place else f"{name}: {text}"

    def region(self) -> Iterator[str]:
        """Those that botocore knows; a new one comes with a newer botocore."""
        region, known = self.value(REGION), known_regions()
        if region is not None and known and str(region) not in known:
            meant = did_you_mean(str(region), known)
            yield self.placed("keelson_region", f"AWS has no region {region} that this botocore knows.{meant}")

    def twins(self) -> Iterator[str]:
        """Other hosts that are the same environment: each run would undo the other's."""
        mine = identity(self.all["hostvars"][self.all["inventory_hostname"]])
        for host, variables in self.others.items():
            if None not in mine[:2] and identity(variables) == mine:
                name = f"{mine[0]}-{mine[1]}"
                yield self.placed(
                    "keelson_environment", f"{host} is the environment {name} too. Give each a name of its own."
                )

    @cached_property
    def others(self) -> dict[str, Mapping[str, Any]]:
        """The variables of all environments of the inventory but this one, also of those that this run leaves out."""
        environments = {*self.all["groups"].get("keelson", ()), *self.all["ansible_play_hosts_all"]}
        hosts = sorted(environments - {self.all["inventory_hostname"]})
        return {host: self.all["hostvars"][host] for host in hosts}

    def unconfirmed(self, confirmation: str | None) -> list[str]:
        """Why an environment must not be removed: its name was not said."""
        name = f"{self.value(PLATFORM)}-{self.value(ENVIRONMENT)}"
        if confirmation == name:
            return []
        said = f"is {confirmation}, but " if confirmation else ""
        return [
            f"keelson_confirm_destroy: {said}this removes the environment {name}. To say that you mean it, add "
            f"-e keelson_confirm_destroy={name}"
        ]

    def between(self) -> Iterator[str]:
        parts = {part.name: part for part in reversed(self.parts)}
        arguments = {name: part.arguments for name, part in parts.items() if part.arguments is not None}
        for name, line in across.problems(arguments):
            if parts[name].chosen:
                yield from self.told(parts[name], [line])

    def overlaps(self) -> Iterator[str]:
        """Of this host's networks with those of the play's other hosts."""
        network = next((part for part in self.parts if part.name == "vpc" and part.chosen), None)
        if network is None or network.arguments is None or self.all.get("network_may_overlap"):
            return
        theirs = {host: cidrs(variables) for host, variables in self.others.items()}
        for cidr in [network.arguments["cidr"], *(network.arguments["secondary_cidrs"] or [])]:
            taken = [f"{other} of {host}" for host in self.others for other in theirs[host] if overlapping(cidr, other)]
            if taken:
                line = (
                    f"cidr: {cidr} overlaps {', '.join(taken)}, with which it could then never be connected. "
                    "Take another, or set network_may_overlap to true."
                )
                yield from self.told(network, [line])


def is_about(line: str, path: str) -> bool:
    return line.startswith(path) and line[len(path) : len(path) + 1] in (":", ".", "[")


def why(error: AnsibleError, option: Mapping[str, Any]) -> str:
    """Ansible's own words; of a secret only those that cannot hold any of it."""
    is_secret = option.get("no_log") or option.get("quiet")
    if not is_secret or isinstance(error, (AnsibleUndefinedVariable, AnsibleVaultError)):
        return str(error.message)
    return "its template fails."


@cache
def variables_of_roles() -> dict[str, list[str]]:
    """The variables of each role of the collection, whether or not the play has it: each has a default."""
    files = ROLES.glob("*/defaults/main.yml")
    return {file.parts[-3]: re.findall(r"^(\w+):", file.read_text(), re.MULTILINE) for file in files}


def identity(variables: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes an environment one of its own."""
    names = ("platform", "environment", "account_id", "region", "assume_role_arn", "profile")
    try:
        return tuple(variables.get(f"keelson_{name}") for name in names)
    except AnsibleError:
        return (None, None)


def cidrs(variables: Mapping[str, Any]) -> list[str]:
    """What cannot be read is told to the host whose it is."""
    try:
        others = variables.get("network_secondary_cidrs")
        return [variables["network_cidr"], *(others if isinstance(others, list) else [])]
    except (AnsibleError, KeyError):
        return []


def overlapping(one: Any, other: Any) -> bool:
    try:
        return ip_network(str(one)).overlaps(ip_network(str(other)))
    except (TypeError, ValueError):  # told where it is checked
        return False
