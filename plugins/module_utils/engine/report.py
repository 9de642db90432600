# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A convergence's outcome, told as Ansible's return values. Secrets do not get through here."""

from __future__ import annotations

from typing import Any

from .converge import Mode, Outcome
from .plan import Step, look_up
from .resource import UNKNOWN, Lookup, Properties, Resource


def report(outcome: Outcome, mode: Mode, diff: bool) -> dict[str, Any]:
    """``changed``, ``resources``, ``diff``, what was left for later or is missing,
    and on failure ``failed`` and ``msg``.
    """
    plan = outcome.plan
    changing = [step for step in (plan.steps if mode.check else outcome.done) if step.action != "wait"]
    result: dict[str, Any] = {"changed": bool(changing), "resources": resources(outcome)}
    if diff:
        result["diff"] = [difference(step) for step in changing]
    ended = [
        step.name for step in outcome.done if step.action in ("delete", "wait") and step.name not in outcome.scheduled
    ]
    removed = [
        name for name in ended if f"delete {name}" not in outcome.pending
    ]  # a delete that only begins with what it does now
    left = {
        "gone": removed,
        "pending": [f"{name}: {why}" for name, why in sorted(outcome.pending.items())],
        "awaited": plan.awaited,
        "retained": plan.retained,
        "scheduled": [*plan.scheduled, *(f"{name}: {why}" for name, why in sorted(outcome.scheduled.items()))],
    }
    result.update({name: items for name, items in left.items() if items})
    if outcome.problems:
        lines = [f"{name}: {problem}" for name, problem in outcome.problems.items()]
        done = [f"{step.action} {step.name}" for step in outcome.done]
        result.update(failed=True, msg="\n".join(lines), done=done)
    return result


def resources(outcome: Outcome) -> list[dict[str, Any]]:
    """Everything that the component has or had: ``kind``, ``key``, ``id``, ``arn``, ``action``."""
    steps = {step.address: step for step in outcome.plan.steps}
    addresses = [*outcome.world, *(address for address in steps if address not in outcome.world)]
    rows = []
    for kind, key in addresses:
        if issubclass(kind, Lookup):
            continue
        step = steps.get((kind, key))
        properties = outcome.world.get((kind, key)) or (step.observed if step else {})
        rows.append(
            {"kind": kind.__name__, "key": key, **names(kind, properties), "action": step.action if step else "none"}
        )
    return sorted(rows, key=lambda row: (row["kind"], row["key"]))


def names(kind: type[Resource], properties: Properties) -> dict[str, Any]:
    found = {"id": kind.id_name, "arn": kind.arn_name}
    return {name: plain(look_up(properties, path, UNKNOWN)) for name, path in found.items() if path}


def difference(step: Step) -> dict[str, Any]:
    title = f"{step.name} ({step.action})"
    exists = step.action == "delete"
    return {
        "before_header": title,
        "after_header": title,
        "before": shown(step, step.before) if not exists else {"exists": True},
        "after": shown(step, step.after) if not exists else {"exists": False},
    }


def shown(step: Step, properties: Properties) -> dict[str, Any]:
    result = {
        name: "(sensitive)" if name in step.kind.sensitive else plain(properties[name]) for name in sorted(properties)
    }
    if "Tags" in properties:
        relevant = step.after.get("Tags", {})
        result["Tags"] = {name: value for name, value in sorted((properties["Tags"] or {}).items()) if name in relevant}
    return result


def plain(value: Any) -> Any:
    """As JSON can hold it: sets sorted, times as text, what is not known as ``(known after apply)``."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def known(outcome: Outcome, resource: Resource, path: str) -> Any:
    """A property of a resource, for a component's outputs: ``(known after apply)`` while it is not known."""
    return plain(look_up(outcome.world.get(resource.address, {}), path, UNKNOWN))
