# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans a whole run before anything is made."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.keelson.eks.plugins.plugin_utils.checks import Checks
from ansible_collections.keelson.eks.plugins.plugin_utils.in_worker import runs_here
from ansible_collections.keelson.eks.plugins.plugin_utils.plan_text import text
from ansible_collections.keelson.eks.plugins.plugin_utils.play import components, play_of
from ansible_collections.keelson.eks.plugins.plugin_utils.run_plan import Planner
from ansible_collections.keelson.eks.plugins.plugin_utils.work import memory_of

components()


class ActionModule(ActionBase):
    """Runs in the controller, and only where the play's tasks run there too."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        self.validate_argument_spec({})
        variables = task_vars or {}
        if not runs_here(self):
            return {**result, "skipped": True, "skip_reason": "The play's tasks do not run on this machine."}
        checks = Checks(play_of(self._task), self._templar, self._loader, variables)
        host = variables["inventory_hostname"]
        plan = Planner(checks, memory_of(self._task, host), self._task.check_mode).plan()
        if plan.defect:
            return {**result, **plan.defect}
        if plan.refusals:
            return {**result, "failed": True, "msg": "\n".join(dict.fromkeys(plan.refusals))}
        Display().display(text(host, plan))
        return {**result, "changed": False, "plan": list(map(asdict, plan.rows))}
