# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans a whole run before anything is made."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ansible import constants as C
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.keelson.eks.plugins.plugin_utils.checks import Checks
from ansible_collections.keelson.eks.plugins.plugin_utils.in_worker import runs_here
from ansible_collections.keelson.eks.plugins.plugin_utils.plan_file import differences, write
from ansible_collections.keelson.eks.plugins.plugin_utils.plan_text import text
from ansible_collections.keelson.eks.plugins.plugin_utils.play import components, play_of
from ansible_collections.keelson.eks.plugins.plugin_utils.run_plan import Planner
from ansible_collections.keelson.eks.plugins.plugin_utils.work import memory_of

OPTIONS: dict[str, dict[str, Any]] = {"file": {"type": "path"}, "approved": {"type": "path"}}
components()


class ActionModule(ActionBase):
    """Runs in the controller, and only where the play's tasks run there too."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        options = self.validate_argument_spec(OPTIONS)[1]
        variables = task_vars or {}
        if not runs_here(self):
            told = "The play's tasks do not run on this machine."
            if options["approved"]:
                return failed(result, f"keelson_approved_plan: there is no plan of the run. {told}")
            return {**result, "skipped": True, "skip_reason": told}
        checks = Checks(play_of(self._task), self._templar, self._loader, variables)
        host = variables["inventory_hostname"]
        plan = Planner(checks, memory_of(self._task, host), self._task.check_mode).plan()
        if plan.defect:
            return {**result, **plan.defect}
        if plan.refusals:
            return failed(result, *dict.fromkeys(plan.refusals))
        if "json" not in C.DEFAULT_STDOUT_CALLBACK:  # whose output is data
            Display().display(text(host, plan))
        if options["approved"] and (found := list(differences(Path(options["approved"]), host, plan))):
            return failed(result, "keelson_approved_plan: this run would not do what was approved.", *found)
        if options["file"]:
            try:
                write(Path(options["file"]), host, plan)
            except OSError as error:
                return failed(result, f"keelson_plan_file: {options['file']}: {error.strerror}.")
        return {**result, "changed": False, "plan": list(map(asdict, plan.rows))}


def failed(result: dict[str, Any], *lines: str) -> dict[str, Any]:
    return {**result, "failed": True, "msg": "\n".join(lines)}
