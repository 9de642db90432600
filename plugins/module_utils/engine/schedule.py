# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The order in which the steps of a plan are carried out."""

from __future__ import annotations

from dataclasses import dataclass

from .graph import kinds_needed, later, needs
from .plan import Step


@dataclass(frozen=True, eq=False)
class Operation:
    """A part of a step. ``verb``: create, update, delete, release (let go of what is about to be deleted), or finish.

    A replacement is a delete and a create. An update that comes after a delete which it blocks is a release and an
    update: it gives up a subnet whose CIDR the next one takes. What refers to something that is made after it is
    finished after that: a bucket's policy names the distribution that reads from it.
    """

    step: Step
    verb: str

    @property
    def name(self) -> str:
        return f"{self.verb} {self.step.name}"


Order = dict[Operation, set[Operation]]


def schedule(steps: list[Step]) -> Order:
    """Every operation, with the operations that must be done before it. Free of cycles."""
    operations = [Operation(step, verb) for step in steps for verb in verbs(step)]
    order: Order = {
        operation: {first for first in operations if must_precede(first, operation)} for operation in operations
    }
    releases: dict[Operation, Operation] = {}
    for last in operations:
        for first in [operation for operation in operations if may_hold(operation, last)]:
            if not waits_for(order, first, last):
                order[last].add(first)
            elif first.verb == "update":
                release = releases.setdefault(first, Operation(first.step, "release"))
                order.setdefault(release, set())
                order[first].add(release)
                order[last].add(release)
    return order


def verbs(step: Step) -> tuple[str, ...]:
    last = ("finish",) if step.resource and later(step.resource) else ()
    if step.action == "replace":
        return ("delete", "create", *last)
    return ("delete",) if step.action == "wait" else (step.action, *last)


def must_precede(first: Operation, second: Operation) -> bool:
    if first is second or first.verb == "finish":
        return False
    if second.verb == "delete":
        return first.verb == "delete" and holds(first, second)
    resource = second.step.declared
    if second.verb == "finish":
        return first.step is second.step or first.step.address in later(resource)
    if first.verb == "delete":
        return second.verb == "create" and (
            first.step is second.step
            or (first.step.kind is second.step.kind and resource.collides(second.step.after, first.step.observed))
        )
    return any(need.address == first.step.address for need in needs(resource))


def holds(first: Operation, second: Operation) -> bool:
    """Whether resources of the first's kind may need those of the second's (and not also the other way round)."""
    one, other = first.step.kind, second.step.kind
    return other in kinds_needed(one) and one not in kinds_needed(other)


def may_hold(first: Operation, last: Operation) -> bool:
    """Whether a resource that the first makes or changes may use what the last deletes."""
    return last.verb == "delete" and first.verb != "delete" and last.step.kind in kinds_needed(first.step.kind)


def waits_for(order: Order, operation: Operation, other: Operation) -> bool:
    seen: set[Operation] = set()
    todo = [operation]
    while todo:
        if (here := todo.pop()) is other:
            return True
        if here not in seen:
            seen.add(here)
            todo.extend(order[here])
    return False
