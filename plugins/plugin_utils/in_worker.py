# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs a module's component inside the task's worker: without a new interpreter, its imports and its model parsing.

An action plugin's file must carry the module's own name: only then does Ansible's controller import it before it forks.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.utils.vars import load_extra_vars
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import IMPORT_ERROR, preload
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Component
from ansible_collections.keelson.eks.plugins.module_utils.components.scrub import scrubbed

from .beginning import make_up_for
from .play import Given
from .variables import Variables, told
from .work import Work, memory_of

RESOURCES = Path(__file__).resolve().parents[1] / "module_utils" / "resources"
SERVICES = [
    "sts",
    *(folder.name.replace("_", "-") for folder in RESOURCES.iterdir() if (folder / "__init__.py").exists()),
]
"""Those that are called: resources have a folder for each."""

if IMPORT_ERROR is None:
    preload(SERVICES)


class InWorker(ActionBase):
    """Validates the task's arguments and runs ``COMPONENT`` here,
    or the module wherever the task asks for more than that.
    """

    COMPONENT: ClassVar[Component]
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        if failure := make_up_for(self, task_vars or {}):
            return {**result, **failure}
        # A null is as if left out.
        self._task.args = {name: value for name, value in self._task.args.items() if value is not None}
        if not runs_here(self):
            wrap_async = self._task.async_val and not self._connection.has_native_async
            result.update(self._execute_module(task_vars=task_vars, wrap_async=wrap_async))
            if not wrap_async:
                self._remove_tmp_path(self._connection._shell.tmpdir)
            return result
        component = self.COMPONENT
        validation, arguments = self.validate_argument_spec(component.argument_spec, **component.restrictions)
        try:
            memory = memory_of(self._task, (task_vars or {}).get("inventory_hostname", ""))
            outcome = Work(component, "", arguments).planned(memory, self._task.check_mode)
            if outcome is None:
                outcome = component.run(arguments, check=self._task.check_mode, diff=self._task.diff)
            elif not self._task.diff:
                outcome.pop("diff", None)
        except Exception:  # as a module's would be: a failure of the task, with the traceback, scrubbed like all else
            outcome = defect(component, arguments)
        if outcome.get("failed"):
            outcome["msg"] = self.with_variables(outcome["msg"], task_vars or {})
        outcome["invocation"] = component.invocation(arguments)
        result.update(remove_values(outcome, validation._no_log_values))
        return result

    def with_variables(self, message: str, task_vars: dict[str, Any]) -> str:
        """A message whose lines name options, with the variables that were given for them,
        and where these were written.
        """
        given = Given.to(self._task, self._templar)
        variables = Variables.of(task_vars, load_extra_vars(self._loader))
        spec = self.COMPONENT.spec
        return "\n".join(told(line, given.variable, variables, spec) for line in message.split("\n"))


def defect(component: Component, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a task that has just failed in a way that nobody thought of."""
    found = {
        "failed": True,
        "msg": "a defect of Keelson's: please report it",
        "exception": traceback.format_exc(),
    }
    return scrubbed(found, component.argument_spec, arguments)


def runs_here(action: ActionBase) -> bool:
    """Whether the task's module would run here anyway: as this user,
    with this interpreter's libraries and this environment.
    """
    task = action._task
    return (
        action._connection.transport == "local"
        and not task.async_val
        and not action._play_context.become
        and not any(task.environment or [])
        and IMPORT_ERROR is None
        and os.environ.get("KEELSON_IN_WORKER", "1") != "0"
    )
