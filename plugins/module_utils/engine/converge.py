# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Observe, plan, and unless only asked for the plan: carry it out, in order of needs, as much at a time as is free."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .ahead import foreseen
from .errors import AnswerLost, Blocked, KeelsonError, Refused, Underway
from .graph import in_order, needs
from .plan import Declaration, Plan, Policy, Sorted, Step, changes, has_unknown, plan, sort_out, wanted
from .resource import Address, Lookup, Owner, Properties, Resource, State
from .schedule import Operation, schedule, verbs

WORKERS = 32

Result = TypeVar("Result")


@dataclass(frozen=True)
class Mode:
    """How far to go. ``timeout`` and ``interval`` (between two looks at what is awaited) are seconds."""

    check: bool = False
    wait: bool = True
    timeout: float = 1800.0
    interval: float = 5.0


@dataclass
class Outcome:
    """``world``: what is known of every resource, in check mode what was observed.

    ``pending``: what is left to a later call, and what is not ready yet; ``scheduled``: what will be gone later;
    both: name to why.
    """

    plan: Plan
    world: dict[Address, Properties]
    done: list[Step] = field(default_factory=list)
    pending: dict[str, str] = field(default_factory=dict)
    scheduled: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    declared: tuple[Resource, ...] = ()
    is_blind: bool = False
    """Where these things are to be, such as a cluster, is not there yet: what is missing in it may yet come with it."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing was to be done and nothing to be waited for when the plan was made."""
        plan = self.plan
        return not (plan.steps or plan.awaited or plan.scheduled) and all(
            resource.state(self.world[resource.address])[0] is State.READY for resource in self.declared
        )


class Deferred(KeelsonError):
    """A step needs something slow that this same call has started, and the caller does not want to wait."""


class GaveUp(KeelsonError):
    """The deadline has passed."""


class Watch:
    """The latest reading of one kind, shared by all who wait for it: one read a poll, however many wait."""

    def __init__(
        self, kind: type[Resource], keys: frozenset[str], api: Any, owner: Owner, known: dict[Address, Properties]
    ) -> None:
        self.kind, self.keys, self.api, self.owner, self.known = kind, keys, api, owner, known
        self.lock = threading.Lock()
        self.read_at = float("-inf")
        self.found = Sorted()

    def read(self, after: float) -> Sorted:
        """What there is, by a reading that began at that time (of ``time.monotonic()``) or later."""
        with self.lock:
            if self.read_at < after:
                began = time.monotonic()
                self.found = sort_out(self.kind, self.observed(), self.owner, self.known)
                self.found.owned = foreseen(self.kind, self.api, self.owner, self.found.owned)
                self.read_at = began
            return self.found

    def observed(self) -> Iterable[tuple[str, Properties]]:
        """Of what others make, only what is declared is read; of its own, all that there is."""
        if issubclass(self.kind, Lookup):
            return self.kind.look_up(self.api, self.owner, self.keys)
        return self.kind.observe(self.api, self.owner)


def converge(
    api: Any,
    owner: Owner,
    kinds: Iterable[type[Resource]],
    declaration: Declaration,
    policy: Policy,
    mode: Mode,
    planned: Callable[[], None] = lambda: None,
) -> Outcome:
    """Make it so. ``kinds`` are all that the component may own, declared now or not.

    ``planned`` is called when the plan stands, before the first write: what the api kept for the plan's sake is
    old from there on.

    Raises Refused, before the first write, when the plan must not be carried out (in check mode too, but for
    what another role has not made yet). Steps that fail are in the outcome's ``problems``: what does not depend
    on them is finished.
    """
    return Converger(api, owner, kinds, declaration, policy, mode).run(planned)


class Converger:
    def __init__(
        self,
        api: Any,
        owner: Owner,
        kinds: Iterable[type[Resource]],
        declaration: Declaration,
        policy: Policy,
        mode: Mode,
    ) -> None:
        self.api, self.owner, self.declaration, self.policy, self.mode = api, owner, declaration, policy, mode
        self.declared = in_order(declaration.resources)
        self.kinds = list(dict.fromkeys([*kinds, *map(type, self.declared)]))
        self.world: dict[Address, Properties] = {}
        self.scheduled: dict[str, str] = {}
        self.anew: set[Address] = set()
        addresses = [resource.address for resource in self.declared]
        keys = {kind: frozenset(key for found, key in addresses if found is kind) for kind in self.kinds}
        self.watches = {kind: Watch(kind, keys[kind], api, owner, self.world) for kind in self.kinds}

    def run(self, planned: Callable[[], None]) -> Outcome:
        with ThreadPoolExecutor(WORKERS) as pool:
            outcome = Outcome(self.make_plan(pool), self.world, scheduled=self.scheduled)
            outcome.declared = tuple(self.declared)
            outcome.is_blind = not getattr(self.api, "exists", True)
            if not self.mode.check:
                planned()
                self.apply(pool, outcome)
                self.read_back(pool, outcome)
                self.note_pending(outcome)
                if self.mode.wait and not outcome.problems:
                    self.await_declared(pool, outcome)
        return outcome

    # The plan

    def make_plan(self, pool: ThreadPoolExecutor) -> Plan:
        began = time.monotonic()
        foreign: dict[Address, Properties] = {}
        for kind, found in zip(
            self.kinds, pool.map(lambda kind: self.watches[kind].read(began), self.kinds), strict=True
        ):
            self.world.update({(kind, key): properties for key, properties in found.owned.items()})
            foreign.update({(kind, key): properties for key, properties in found.foreign.items()})
        result = plan(self.declaration, self.kinds, self.world, foreign, self.owner, self.policy)
        objections = pool.map(self.objection, result.steps)
        refusals = [*result.refusals, *filter(None, objections)]
        missing = [] if self.mode.check else [f"{name}. Run that role first." for name in result.awaited]
        if reasons := [*refusals, *missing]:
            raise Refused(reasons)
        return result

    def objection(self, step: Step) -> str:
        if step.action in ("replace", "wait"):
            return ""
        if step.resource is None:
            reason = step.kind.obstacle(self.api, step.observed)
        else:
            reason = step.resource.objection(self.api, self.owner, step.observed, step.after)
        return f"{step.name}: {reason}" if reason else ""

    # Carrying it out

    def apply(self, pool: ThreadPoolExecutor, outcome: Outcome) -> None:
        self.anew = {step.address for step in outcome.plan.steps if step.action in ("create", "replace")}
        order = schedule(outcome.plan.steps)
        holding = {first for before in order.values() for first in before}
        deadline = time.monotonic() + self.mode.timeout
        waiting = dict(order)
        running: dict[Future[None], Operation] = {}
        finished: set[Operation] = set()
        while True:
            for operation in [operation for operation, before in waiting.items() if before <= finished]:
                del waiting[operation]
                running[pool.submit(self.carry_out, operation, operation in holding, deadline)] = operation
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                operation = running.pop(future)
                error = future.exception()
                if error is None:
                    finished.add(operation)
                    if operation.verb == verbs(operation.step)[-1]:
                        outcome.done.append(operation.step)
                elif isinstance(error, (Deferred, Underway)):
                    outcome.pending[operation.name] = str(error)
                    if isinstance(error, Underway) and error.started:
                        outcome.done.append(operation.step)
                elif isinstance(error, KeelsonError):
                    outcome.problems[operation.name] = str(error)
                else:
                    raise error
        for operation, before in waiting.items():
            behind = ", ".join(sorted(first.name for first in before - finished))
            (outcome.problems if outcome.problems else outcome.pending)[operation.name] = (
                f"not done, it comes after: {behind}"
            )

    def carry_out(self, operation: Operation, is_awaited: bool, deadline: float) -> None:
        step = operation.step
        if operation.verb == "delete":
            return self.delete(step, deadline, self.mode.wait or is_awaited)
        if operation.verb == "release":
            return self.release(step, step.declared, deadline)
        for need in needs(step.declared):
            self.await_ready(
                need, deadline, may_defer=not self.mode.wait and not (isinstance(need, Lookup) and need.is_waited_for)
            )
        if operation.verb == "create":
            self.create(step, step.declared, deadline)
        return self.update(step, step.declared, deadline)

    def create(self, step: Step, resource: Resource, deadline: float) -> None:
        if step.observed and step.action == "create":  # it is still being deleted
            self.await_gone(step, deadline)
        properties = {**wanted(resource, self.world, self.owner, self.policy), "ClientToken": str(uuid.uuid4())}

        lost = False

        def attempt() -> Properties:
            nonlocal lost
            # AWS's reads lag behind its writes: it is looked for right before the next try, not right after the last.
            if lost and (found := self.watches[step.kind].read(time.monotonic()).owned.get(step.key)):
                return found
            try:
                return resource.create(self.api, properties)
            except AnswerLost:
                lost = True
                raise

        self.world[step.address] = self.until_possible(attempt, deadline)

    def update(self, step: Step, resource: Resource, deadline: float) -> None:
        def attempt() -> None:
            observed = self.world[step.address]
            rest = changes(wanted(resource, self.world, self.owner, self.policy), observed)
            rest = {
                name: value for name, value in rest.items() if not has_unknown(value)
            }  # that is left to the operation finish
            if not rest:
                return
            try:
                more = resource.update(self.api, observed, rest) or {}
            except Underway:  # the kind looks for itself how far it is, and whether it failed
                raise
            except Blocked:  # a part of it may be done
                self.world[step.address] = self.watches[step.kind].read(time.monotonic()).owned.get(step.key, observed)
                raise
            self.world[step.address] = {
                **observed,
                **rest,
                **more,
                "Tags": {**observed.get("Tags", {}), **rest.get("Tags", {})},
            }

        self.until_possible(attempt, deadline)

    def release(self, step: Step, resource: Resource, deadline: float) -> None:
        """Reduce its sets to what stays: without what is deleted, or made anew, in this plan."""
        observed = self.world[step.address]
        staying = {address: properties for address, properties in self.world.items() if address not in self.anew}
        kept = {
            name: {item for item in observed[name] if item in value}
            for name, value in wanted(resource, staying, self.owner, self.policy).items()
            if isinstance(value, set) and name in observed
        }
        if rest := changes(kept, observed):
            self.until_possible(lambda: resource.update(self.api, observed, rest), deadline)
            self.world[step.address] = {**observed, **rest}

    def delete(self, step: Step, deadline: float, wait_until_gone: bool) -> None:
        if step.action != "wait":
            self.until_possible(lambda: step.kind.delete(self.api, step.observed), deadline)
        if wait_until_gone or step.action == "replace":
            self.await_gone(step, deadline)
        elif left := self.watches[step.kind].read(time.monotonic()).owned.get(step.key):
            self.note_scheduled(step, left)
        self.world.pop(step.address, None)

    def note_scheduled(self, step: Step, left: Properties) -> bool:
        state, why = step.kind.state(left)
        if state is State.SCHEDULED:
            self.scheduled[step.name] = why
        return state is State.SCHEDULED

    def until_possible(self, attempt: Callable[[], Result], deadline: float) -> Result:
        """Try again while it is merely blocked, at most until the deadline,
        or as long as the reason may plausibly last.
        """
        began = time.monotonic()
        while True:
            try:
                return attempt()
            except Blocked as blocked:
                if isinstance(blocked, Underway) and not self.mode.wait:
                    raise
                last = min(deadline, began + (blocked.patience or float("inf")))
                if time.monotonic() + self.mode.interval > last:
                    raise GaveUp(f"gave up after {time.monotonic() - began:.0f} s: {blocked}") from blocked
                time.sleep(self.mode.interval)

    # Waiting

    def await_ready(self, need: Resource, deadline: float, may_defer: bool = False) -> None:
        """Until it is ready. Raises Deferred, GaveUp, or KeelsonError when it will not become so by itself."""
        observed = self.world.get(need.address)
        while True:
            state, why = need.state(observed) if observed is not None else (State.PENDING, "not visible yet")
            if state is State.READY and observed is not None:
                self.world[need.address] = observed
                return
            name = f"{need.called()} {need.key}" + (
                f" (made by the role {need.role})" if isinstance(need, Lookup) else ""
            )
            if state not in (State.PENDING, State.DELETING):
                raise KeelsonError(f"{name} is {state.value}: {why}")
            if may_defer or (observed is not None and need.is_left_to_others(observed)):
                raise Deferred(f"{name} is {state.value}: {why}")
            if time.monotonic() > deadline:
                raise GaveUp(f"gave up waiting for {name}, which is {state.value}: {why}. Run again to go on waiting.")
            time.sleep(self.mode.interval)
            observed = self.watches[type(need)].read(time.monotonic() - self.mode.interval / 2).owned.get(need.key)

    def await_gone(self, step: Step, deadline: float) -> None:
        """A kind whose delete only starts something shows DELETING meanwhile;
        what is SCHEDULED is as gone as it will be.
        """
        began = time.monotonic()
        while (left := self.watches[step.kind].read(began).owned.get(step.key)) is not None:
            if self.note_scheduled(step, left):
                return
            state, why = step.kind.state(left)
            if state is State.FAILED and step.action != "replace":
                raise KeelsonError(f"could not be deleted: {why}")
            if time.monotonic() > deadline:
                raise GaveUp(
                    f"gave up waiting for it to be gone; it is {state.value}: {why}. Run again to go on waiting."
                )
            time.sleep(self.mode.interval)
            began = time.monotonic() - self.mode.interval / 2

    def read_back(self, pool: ThreadPoolExecutor, outcome: Outcome) -> None:
        """AWS's reads lag behind its writes; whoever reads next, a later module or run,
        must not miss what this one made.
        """
        made: dict[type[Resource], set[str]] = {}
        for step in outcome.done:
            if step.action in ("create", "replace"):
                made.setdefault(step.kind, set()).add(step.key)
        list(pool.map(lambda item: self.await_visible(*item), made.items()))

    def await_visible(self, kind: type[Resource], keys: set[str]) -> None:
        deadline = time.monotonic() + self.mode.timeout
        while not keys <= (found := self.watches[kind].read(time.monotonic()).owned).keys():
            if time.monotonic() > deadline:
                raise KeelsonError(
                    f"{kind.__name__} {', '.join(sorted(keys - found.keys()))}: made, but AWS does not show it"
                )
            time.sleep(self.mode.interval)
        self.world.update({(kind, key): found[key] for key in keys})
        # A request whose answer was lost may have been carried out all the same: its twin shows now, and is surplus.
        for twin in [twin for twin in found if twin.partition("~")[0] in keys and "~" in twin and not kind.stateful]:
            kind.delete(self.api, found[twin])

    def note_pending(self, outcome: Outcome) -> None:
        """What nobody waits for: anything when the caller does not want to, else what is left to others."""
        for resource in self.declared:
            observed = self.world.get(resource.address)
            if observed is None or isinstance(resource, Lookup):
                continue
            state, why = resource.state(observed)
            if state is State.PENDING and (not self.mode.wait or resource.is_left_to_others(observed)):
                outcome.pending[f"wait for {type(resource).__name__} {resource.key}"] = why

    def await_declared(self, pool: ThreadPoolExecutor, outcome: Outcome) -> None:
        deadline = time.monotonic() + self.mode.timeout

        def problem(resource: Resource) -> str | None:
            try:
                self.await_ready(resource, deadline)
            except Deferred:  # it is noted as pending
                return None
            except KeelsonError as error:
                return str(error)
            return None

        mine = [
            resource
            for resource in self.declared
            if not isinstance(resource, Lookup) and resource.address in self.world
        ]
        for resource, trouble in zip(mine, pool.map(problem, mine), strict=True):
            if trouble:
                outcome.problems[f"wait for {type(resource).__name__} {resource.key}"] = trouble
