# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the components before will have made by the time that the next one works: a run is planned as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .plan import Plan, World, sort_out
from .resource import UNKNOWN, Address, Foresight, Lookup, Owner, Properties, Resource


class Ahead(Foresight):
    """The worlds that the components planned so far will leave: an ``api`` may carry one, as ``ahead``."""

    def __init__(self) -> None:
        self.worlds: dict[Owner, dict[Address, Properties]] = {}

    def note(self, owner: Owner, plan: Plan, world: World) -> None:
        self.worlds[owner] = after(plan, world)

    def of(self, owner: Owner, kind: type[Resource]) -> dict[str, Properties] | None:
        world = self.worlds.get(owner)
        return None if world is None else {key: found for (each, key), found in world.items() if each is kind}


def after(plan: Plan, world: World) -> dict[Address, Properties]:
    """The world that a plan makes of this one: what AWS decides is ``UNKNOWN`` in it, or missing."""
    result = dict(world)
    for step in plan.steps:
        if step.action in ("delete", "wait"):
            result.pop(step.address, None)
        elif step.action == "update":
            tags = {**step.observed.get("Tags", {}), **step.after.get("Tags", {})}
            result[step.address] = {**step.observed, **step.after, "Tags": tags}
        else:
            decided_by_aws = {name: UNKNOWN for name in (step.kind.id_name, step.kind.arn_name) if name}
            result[step.address] = {**decided_by_aws, **step.after}
    return result


def over(found: Mapping[str, Properties], planned: Mapping[str, Properties] | None) -> dict[str, Properties]:
    """What is found of a kind, as it is planned to be: without what will go, with what will come."""
    if planned is None:
        return dict(found)
    return {key: {**found.get(key, {}), **properties} for key, properties in planned.items()}


def foreseen(kind: type[Resource], api: Any, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
    """What was found of a kind; of what others make, as the components before will leave it."""
    ahead = getattr(api, "ahead", None)
    return kind.planned(ahead, owner, found) if ahead is not None and issubclass(kind, Lookup) else found


def look(kind: type[Lookup], api: Any, owner: Owner, keys: Collection[str] = ()) -> dict[str, Properties]:
    """What others have made, and will have made, by key."""
    return foreseen(kind, api, owner, sort_out(kind, kind.look_up(api, owner, keys), owner).owned)
