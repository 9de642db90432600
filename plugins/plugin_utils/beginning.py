# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run does before it does anything else: the variables are checked, and the environment's lock is taken.

``--start-at-task`` leaves out whatever stands before its task, and so these two as well: they are made up for.
``--skip-tags always`` would leave them out too, and the giving back of the lock with them: it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible import context
from ansible.playbook.task import Task
from ansible.plugins.action import ActionBase
from ansible_collections.keelson.eks.plugins.module_utils.aws.run_memory import RunMemory

from .play import OMITTED, Given, Scope, is_chosen, play_of, tasks

CHECKED, LOCKED, PLANNED = "keelson.eks.preflight", "keelson.eks.environment_lock", "keelson.eks.plan"
"""The actions."""

Variables = Mapping[str, Any]


def memory(variables: Variables) -> RunMemory:
    """What this run's workers know of a host."""
    return RunMemory(f"run of {variables['inventory_hostname']}")


def was_done(action: str, variables: Variables) -> bool:
    return action in memory(variables)


def noted(action: str, result: dict[str, Any], variables: Variables) -> dict[str, Any]:
    """The action's result; that it was done is kept in mind."""
    if not result.get("failed") and not result.get("skipped"):
        memory(variables)[action] = True
    return result


def left_out(task: Task, scope: Scope) -> Iterator[Task]:
    """The tasks of this beginning that the command line has left out before this one."""
    play = play_of(task)
    if not context.CLIARGS.get("start_at_task") and "always" not in play.skip_tags:
        return
    for other in tasks(play):
        if other._uuid == task._uuid:
            return
        begins = other.resolved_action in (CHECKED, LOCKED, PLANNED) and (
            "always" in other.tags or is_chosen(play, other, scope.variables)
        )
        if begins and not was_done(other.resolved_action, scope.variables) and scope.lets_run(other):
            yield other


def make_up_for(action: ActionBase, variables: Variables) -> dict[str, Any] | None:
    """Does what was left out, in this worker. Returns the result that failed, if one has."""
    play_wide = Scope(variables, action._templar, action._loader)
    for task in left_out(action._task, play_wide):
        if "always" in play_of(task).skip_tags:
            return {"failed": True, "msg": f"--skip-tags always: would leave out {task.get_name()!r}. Name other tags."}
        copy = task.copy()
        scope = Scope.of(task, play_wide)
        values = {option: scope.value(given) for option, given in Given.to(task, scope.templar).options.items()}
        copy.args = {option: value for option, value in values.items() if value is not OMITTED}
        if task.resolved_action == PLANNED:  # it would be the plan of the tasks that are left out, too
            if copy.args.get("approved"):
                told = "keelson_approved_plan: --start-at-task leaves out what was approved. Use --tags."
                return {"failed": True, "msg": told}
            continue
        plugin = action._shared_loader_obj.action_loader.get(
            task.resolved_action,
            task=copy,
            connection=action._connection,
            play_context=action._play_context,
            loader=action._loader,
            templar=action._templar,
            shared_loader_obj=action._shared_loader_obj,
        )
        result: dict[str, Any] = plugin.run(task_vars=dict(variables))
        if result.get("failed"):
            return result
    return None
