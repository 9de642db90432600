# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan: a pure function of what is declared and what was observed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .graph import in_order, needs
from .resource import UNKNOWN, Address, Lookup, Owner, Properties, Ref, Resource, State

World = Mapping[Address, Properties]


@dataclass(frozen=True)
class Declaration:
    """What a component wants there to be.

    ``untouched``: kinds that are neither purged nor removed, because the option that lists them was left out or because
    the user keeps them.
    """

    resources: tuple[Resource, ...] = ()
    untouched: frozenset[type[Resource]] = frozenset()
    absent: bool = False
    """All that the owner has of these kinds is to go; ``resources`` is empty."""
    keeps: Callable[[str], bool] = lambda key: False
    """Whether what has this key stays though it is not declared, because it belongs to data that stays."""


@dataclass(frozen=True)
class Policy:
    """What a plan may do. ``tags``: the user's own, put on everything that is declared."""

    tags: Mapping[str, str] = field(default_factory=dict)
    allow_replacement: bool = False
    prune_limit: int = 20


@dataclass
class Step:
    """One resource's way from ``before`` to ``after``.

    ``action``: create, update, replace, delete, or wait (until it is gone).
    """

    action: str
    kind: type[Resource]
    key: str
    resource: Resource | None = None
    observed: Properties = field(default_factory=dict)
    before: Properties = field(default_factory=dict)
    after: Properties = field(default_factory=dict)

    @property
    def address(self) -> Address:
        return self.kind, self.key

    @property
    def name(self) -> str:
        return f"{self.kind.__name__} {self.key}"

    @property
    def effect(self) -> str:
        """What whoever uses it feels of the step; empty when nothing."""
        if self.action == "delete":
            return self.kind.leaves(self.observed)
        if self.action == "replace":
            return "is deleted and made again"
        return self.kind.effect(self.observed, self.after)

    @property
    def declared(self) -> Resource:
        """The resource of a step that makes or changes one."""
        if self.resource is None:
            raise TypeError(f"{self.action} {self.name} declares nothing")
        return self.resource


@dataclass
class Plan:
    steps: list[Step] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    awaited: list[str] = field(default_factory=list)
    """Lookups that found nothing: what is missing, and the role that makes it."""
    retained: list[str] = field(default_factory=list)
    scheduled: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What is no longer declared, and stays because it holds data."""


@dataclass
class Sorted:
    """What was observed of a kind, by key: the owner's, and what only bears a name that the owner's would have."""

    owned: dict[str, Properties] = field(default_factory=dict)
    foreign: dict[str, Properties] = field(default_factory=dict)


def sort_out(
    kind: type[Resource], found: Iterable[tuple[str, Properties]], owner: Owner, known: World | None = None
) -> Sorted:
    """Tell the owner's from others', and give a second one of a key a key of its own (``key~1``), so that it is purged.

    A run that died unseen may have left two of a key: the one ``known`` from this run stays, else the one in use.
    """
    result = Sorted()
    states = list(State)

    def rank(item: tuple[str, Properties]) -> tuple:
        key, properties = item
        mine = (known or {}).get((kind, key), {})
        is_known = bool(kind.id_name and mine) and look_up(mine, kind.id_name) == look_up(properties, kind.id_name)
        return not is_known, not kind.in_use(properties), states.index(kind.state(properties)[0])

    for key, properties in sorted(found, key=rank):
        if not issubclass(kind, Lookup) and not owner.scope.items() <= properties.get("Tags", {}).items():
            result.foreign[key] = properties
            continue
        copies = sum(1 for other in result.owned if other.partition("~")[0] == key)
        result.owned[f"{key}~{copies}" if copies else key] = properties
    return result


def plan(
    declaration: Declaration,
    kinds: Iterable[type[Resource]],
    world: World,
    foreign: World,
    owner: Owner,
    policy: Policy,
) -> Plan:
    """``world``: what the owner has; ``foreign``: what is not the owner's but bears a name that it would give."""
    result = Plan()
    known = dict(world)
    ordered = in_order(declaration.resources)
    anew: set[Address] = set()
    for resource in ordered:
        if isinstance(resource, Lookup):
            if resource.address not in world:
                result.awaited.append(f"{resource.called()} {resource.key}: made by the role {resource.role}")
            continue
        step = plan_one(resource, known, foreign, owner, policy, anew, result.refusals)
        if step.action in ("create", "replace"):
            known.pop(resource.address, None)
            anew.add(resource.address)
        if step.action != "none":
            result.steps.append(step)
    plan_deletes(result, declaration, {resource.address for resource in ordered}, kinds, world, policy)
    return result


def plan_one(
    resource: Resource,
    known: World,
    foreign: World,
    owner: Owner,
    policy: Policy,
    anew: set[Address],
    refusals: list[str],
) -> Step:
    observed = known.get(resource.address)
    everything = wanted(resource, known, owner, policy)
    step = Step("none", *resource.address, resource, observed or {}, {}, everything)
    if observed is None:
        step.action = "create"
        if resource.address in foreign:
            refusals.append(not_owned(step, foreign[resource.address]))
        return step
    state, why = resource.state(observed)
    if state is State.DELETING:
        step.action = "create"
        return step
    step.after = changes(everything, observed)
    # A property that cannot change in place and is merely not known yet is no change, unless what it comes from
    # is made anew, here or by a component before.
    if not any(need.address in anew or has_unknown(known.get(need.address, {})) for need in needs(resource)):
        step.after = {
            name: value
            for name, value in step.after.items()
            if name not in resource.replaced_by or not has_unknown(value)
        }
    step.before = {name: observed.get(name) for name in step.after}
    fixed = sorted(resource.replaced_by & step.after.keys())
    if not fixed and state is not State.FAILED:
        step.action = "update" if step.after else "none"
        return step
    step.action, step.after = "replace", everything
    step.before = {name: observed.get(name) for name in everything}
    reason = f"failed ({why})" if state is State.FAILED else f"cannot change {', '.join(fixed)} in place"
    if resource.stateful and state is not State.FAILED:
        way_out = resource.instead or "Make another beside it and move the data."
        refusals.append(f"{step.name}: {reason}, and it holds data: it is never replaced. {way_out}")
    elif fixed and not policy.allow_replacement:
        shown = "; ".join(
            f"{name}: {in_words(step.before[name])} -> {in_words(step.after[name])}"
            for name in fixed
            if name not in resource.sensitive
        )
        way_out = f"{resource.instead} Or set" if resource.instead else "Set"
        refusals.append(
            f"{step.name}: AWS {reason} ({shown}). {way_out} allow_replacement to delete it and make it again."
        )
    elif protection := resource.protection(observed):
        refusals.append(f"{step.name}: {protection}")
    return step


def plan_deletes(
    result: Plan,
    declaration: Declaration,
    kept: set[Address],
    kinds: Iterable[type[Resource]],
    world: World,
    policy: Policy,
) -> None:
    wiped = set(kinds)
    pruned = []
    for (kind, key), observed in world.items():
        step = Step("delete", kind, key, None, observed, before=observed)
        if (kind, key) in kept or declaration.keeps(key) or kind not in wiped or issubclass(kind, Lookup):
            continue
        if (
            kind in declaration.untouched
            or (kind.stateful and not declaration.absent)
            or (declaration.absent and kind.retained(observed))
        ):
            if declaration.absent:
                result.retained.append(step.name)
            elif "~" in key:
                result.refusals.append(
                    f"{step.name.partition('~')[0]}: there are two with this key, and they hold data. "
                    "Retag or remove one."
                )
            elif kind.stateful:
                result.left.append(step.name)
            continue
        state, why = kind.state(observed)
        if state is State.SCHEDULED:
            result.scheduled.append(f"{step.name}: {why}")
            continue
        if state is State.DELETING:
            step.action = "wait"
        elif protection := kind.protection(observed):
            result.refusals.append(f"{step.name}: {protection}")
        else:
            pruned.append(step.name)
        if step.action == "delete" and (left := kind.leaves(observed)):
            result.retained.append(left)
        result.steps.append(step)
    if not declaration.absent and len(pruned) > policy.prune_limit:
        result.refusals.append(
            f"the plan deletes {len(pruned)} resources that are no longer declared, "
            f"more than prune_limit ({policy.prune_limit}): " + ", ".join(sorted(pruned))
        )


def in_words(value: Any) -> str:
    if isinstance(value, (set, frozenset, list, tuple)):
        return ", ".join(sorted(map(str, value)) if isinstance(value, (set, frozenset)) else map(str, value)) or "none"
    return repr(value)


def not_owned(step: Step, other: Properties) -> str:
    tags = other.get("Tags", {})
    claimed = {name: tags[name] for name in sorted(tags) if name.startswith("keelson:")}
    whose = f"it is tagged {claimed}" if claimed else "it carries no keelson tags"
    return f"{step.name}: exists, and is not this environment's ({whose}). Choose another name, or remove it."


def wanted(resource: Resource, known: World, owner: Owner, policy: Policy) -> Properties:
    """``desired()`` with its references resolved, as far as they are known, and the tags: the user's,
    the kind's own, the owner's.
    """
    desired = resolve(resource.desired(), known)
    users = policy.tags if resource.taggable else {}
    return {**desired, "Tags": {**users, **desired.get("Tags", {}), **owner.tags(resource.key)}}


def resolve(value: Any, known: World) -> Any:
    """Replace every Ref, at any depth, by what is known. In a set, a reference to a list stands for its items."""
    if isinstance(value, Ref):
        return look_up(known.get(value.address, {}), value.path, UNKNOWN)
    if isinstance(value, dict):
        return {name: resolve(item, known) for name, item in value.items()}
    if isinstance(value, (set, frozenset)):
        items = [resolve(item, known) for item in value]
        return {part for item in items for part in (item if isinstance(item, (list, set)) else [item])}
    if isinstance(value, (list, tuple)):
        return [resolve(item, known) for item in value]
    return value


def look_up(properties: Properties, path: str, missing: Any = None) -> Any:
    value: Any = properties
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return missing
        value = value[name]
    return value


def changes(desired: Properties, observed: Properties) -> Properties:
    """The desired properties that are not so. Of tags, only those named count."""
    return {name: value for name, value in desired.items() if not fulfilled(name, value, observed.get(name))}


def fulfilled(name: str, value: Any, observed: Any) -> bool:
    if name == "Tags":
        return value.items() <= (observed or {}).items()
    return same(value, observed)


def same(value: Any, observed: Any) -> bool:
    if isinstance(value, (set, frozenset)):
        return isinstance(observed, (set, frozenset, list, tuple)) and set(value) == set(observed)
    if isinstance(value, dict):
        return (
            isinstance(observed, dict)
            and value.keys() == observed.keys()
            and all(same(value[name], observed[name]) for name in value)
        )
    if isinstance(value, (list, tuple)):
        return (
            isinstance(observed, (list, tuple))
            and len(value) == len(observed)
            and all(same(mine, theirs) for mine, theirs in zip(value, observed, strict=True))
        )
    return value == observed


def has_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(map(has_unknown, value))
    return value is UNKNOWN
