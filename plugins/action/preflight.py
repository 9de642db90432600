# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Checks all variables of a play's tasks, then who calls AWS."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.keelson.eks.plugins.module_utils.components.component import connect
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import KeelsonError
from ansible_collections.keelson.eks.plugins.plugin_utils.beginning import CHECKED, noted
from ansible_collections.keelson.eks.plugins.plugin_utils.checks import Checks
from ansible_collections.keelson.eks.plugins.plugin_utils.in_worker import runs_here
from ansible_collections.keelson.eks.plugins.plugin_utils.play import components, play_of
from ansible_collections.keelson.eks.plugins.plugin_utils.work import memory_of

OPTIONS: dict[str, dict[str, Any]] = {
    "playbook_state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "confirmation": {"type": "str"},
    "other_variables": {"type": "list", "elements": "str", "default": []},
    "other_tags": {"type": "list", "elements": "str", "default": []},
}


components()


class ActionModule(ActionBase):
    """Runs in the controller, wherever the play's tasks run."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        checks = Checks(play_of(self._task), self._templar, self._loader, task_vars or {})
        options, found = checks.own_options(self._task, OPTIONS)
        found = found or checks.problems(options["playbook_state"], options["other_variables"], options["other_tags"])
        if options["playbook_state"] == "absent" and not found:
            found = checks.unconfirmed(options["confirmation"])
        if found:
            return {**result, "failed": True, "msg": "\n".join(found)}
        checks.agenda.remember(memory_of(self._task, (task_vars or {})["inventory_hostname"]))
        part = next((part for part in checks.parts if part.chosen and part.arguments is not None), None)
        result["changed"] = False
        if part is None or part.arguments is None or not runs_here(self):
            return noted(CHECKED, result, task_vars or {})
        try:
            caller = connect(part.arguments).identity
        except KeelsonError as error:
            return {**result, "failed": True, "msg": "\n".join(checks.told(part, [str(error)]))}
        told = {"account": caller["Account"], "arn": caller["Arn"]}
        return noted(CHECKED, {**result, "caller": told}, task_vars or {})
