# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a whole run: every component that the tags choose, in the order of the play, over one look at AWS,
each seeing what those before it will have made.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any

from ansible_collections.keelson.eks.plugins.module_utils.aws.run_memory import RunMemory
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Arguments, Context, connect
from ansible_collections.keelson.eks.plugins.module_utils.components.scrub import scrubbed
from ansible_collections.keelson.eks.plugins.module_utils.engine.ahead import Ahead
from ansible_collections.keelson.eks.plugins.module_utils.engine.converge import Mode, Outcome, converge
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import KeelsonError
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Plan, Policy, has_unknown
from ansible_collections.keelson.eks.plugins.module_utils.engine.report import difference

from .checks import Checks, Part
from .in_worker import defect
from .work import Agenda, Work

AT_ONCE = 8
"""Components that are looked at at the same time; each asks AWS in many threads."""
RESOURCE = re.compile(r"(?P<kind>[A-Z]\w+) (?P<key>[^:\s]+): (?P<rest>(?P<word>\w+)[\s\S]*)")
"""A line that begins with a resource."""


@dataclass(frozen=True)
class Row:
    """What becomes of one resource: ``action`` is create, update, replace, delete, wait or left (alone).

    ``before`` and ``after``: of what changes; secrets are masked. ``unknown``: the names of those that AWS decides.
    ``variable`` and ``place``: where the change comes from, empty where no one variable is it. ``effect``: what whoever
    uses it feels.
    """

    role: str
    kind: str
    key: str
    action: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    variable: str = ""
    place: str = ""
    effect: str = ""


@dataclass
class RunPlan:
    """``refusals``: lines, each beginning with its variable where it has one. ``later``: the roles whose work an
    earlier task decides, and which plan for themselves.
    """

    rows: list[Row] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    later: tuple[str, ...] = ()
    missing: list[str] = field(default_factory=list)
    """What a component needs and nobody makes in this run, and the role that does."""
    defect: dict[str, Any] = field(default_factory=dict)
    """The result that there is in place of a plan."""

    @property
    def changes(self) -> bool:
        return any(row.action != "left" for row in self.rows)


class Planner:
    """Of one host in one play. ``checks`` knows where variables come from. ``check``: the run is to change nothing."""

    def __init__(self, checks: Checks, memory: RunMemory, check: bool) -> None:
        self.checks, self.memory, self.check = checks, memory, check
        self.lock = threading.Lock()
        self.accounts: dict[str, Aws] = {}
        self.ahead = Ahead()
        self.result = RunPlan()

    def plan(self) -> RunPlan:
        agenda = Agenda.remembered(self.memory) or self.checks.agenda
        self.result.later = agenda.later
        if not self.is_settled(agenda):
            for work in agenda.work:
                try:
                    self.plan_one(work)
                except KeelsonError as error:
                    self.result.refusals += self.refused(work, str(error))
                except Exception:
                    self.result.defect = defect(work.component, work.arguments)
                    break
        return self.result

    def is_settled(self, agenda: Agenda) -> bool:
        """Whether nothing has to be done, as most often: then all can be looked at at once, for nobody has to know
        what another will have made.
        """
        works = [work for work in agenda.work if not work.rests]
        rests = [work for work in agenda.work if work.rests]
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                found = list(pool.map(self.look, works))
                left = list(chain.from_iterable(pool.map(self.left, rests)))
        except Exception:  # told when it comes again
            return False
        if agenda.later or any(outcome.plan.steps or outcome.plan.awaited for _context, outcome in found):
            return False
        for work, (context, outcome) in zip(works, found, strict=True):
            self.result.rows += self.rows(work, outcome.plan)
            self.remember(work, context, outcome, outcome.is_settled)
        self.result.rows += left
        return True

    def look(self, work: Work) -> tuple[Context, Outcome]:
        context = Context(work.arguments, work.owner, self.account(work.arguments))
        return context, work.component.converge(context, check=True)

    def plan_one(self, work: Work) -> None:
        if work.rests:
            self.result.rows += self.left(work)
            return
        context, outcome = self.look(work)
        missing = [] if outcome.is_blind else [f"{name}. Run that role first." for name in outcome.plan.awaited]
        self.result.missing += missing
        if not (self.check or self.result.later or self.result.refusals):
            self.result.refusals += missing
        if not work.component.is_left_out(work.arguments):
            self.ahead.note(context.owner, outcome.plan, outcome.world)
        is_settled = not self.result.changes and outcome.is_settled
        self.result.rows += self.rows(work, outcome.plan)
        self.remember(work, context, outcome, is_settled)

    def remember(self, work: Work, context: Context, outcome: Outcome, is_settled: bool) -> None:
        told = work.component.told(context, outcome, check=True, diff=True)
        work.remember(self.memory, is_settled, scrubbed(told, work.component.argument_spec, work.arguments))

    def account(self, arguments: Arguments) -> Aws:
        """One for all components that reach it the same way: what they look at is much the same."""
        way = repr([arguments[each.name] for each in fields(Connection)])
        with self.lock:
            if way not in self.accounts:
                self.accounts[way] = connect(arguments)
                self.accounts[way].ahead = self.ahead
            return self.accounts[way]

    # What is told of it

    def part(self, work: Work) -> Part:
        parts = [part for part in (*self.checks.parts, *self.checks.resting) if part.component is work.component]
        return next(part for part in parts if part.work is not None and part.work.name == work.name)

    def refused(self, work: Work, message: str) -> Iterator[str]:
        """The lines of a refusal: one that begins with a resource is given the option that the resource comes from."""
        component, part = work.component, self.part(work)
        lines = str(scrubbed({"msg": message}, component.argument_spec, work.arguments)["msg"]).split("\n")
        for line in lines:
            match = RESOURCE.match(line)
            source = component.source(work.arguments, match["kind"], match["key"], ()) if match else None
            if match is None or source is None or match["word"] in component.spec:
                yield from self.checks.told(part, [line])
            else:
                yield from self.checks.told(part, [f"{match['kind']} {match['key']}: {source}: {match['rest']}"])

    def rows(self, work: Work, plan: Plan) -> Iterator[Row]:
        component = work.component
        for step in plan.steps:
            change = difference(step)
            told = scrubbed(
                {name: change[name] for name in ("before", "after")}, component.argument_spec, work.arguments
            )
            source = component.source(work.arguments, step.kind.__name__, step.key, step.after)
            variable, place = self.checks.origin(self.part(work), source) if source else ("", "")
            yield Row(
                role=work.role,
                kind=step.kind.__name__,
                key=step.key,
                action=step.action,
                before=told["before"],
                after=told["after"],
                unknown=tuple(name for name, value in step.after.items() if has_unknown(value)),
                variable=variable,
                place=place,
                effect=step.effect,
            )
        for name in plan.left:
            kind, _space, key = name.partition(" ")
            yield Row(work.role, kind, key, "left", effect="no longer declared, and holds data")

    def left(self, work: Work) -> list[Row]:
        """What work whose conditions do not hold any more has made, and what holds data."""
        kinds = tuple(kind for kind in work.component.kinds if kind.stateful)
        api = work.component.api(Context(work.arguments, work.owner, self.account(work.arguments)))
        found = converge(api, work.owner, kinds, Declaration(), Policy(), Mode(check=True)).plan.left
        variable, place = self.checks.condition(self.part(work)) if found else ("", "")
        way_out = f"playbooks/destroy.yml --tags {work.role} removes it"
        parts = [name.partition(" ") for name in found]
        return [
            Row(work.role, kind, key, "left", variable=variable, place=place, effect=way_out)
            for kind, _space, key in parts
        ]
