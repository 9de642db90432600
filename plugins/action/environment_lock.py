# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the environment_lock module."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.keelson.eks.plugins.module_utils.components.environment.environment_lock import (
    COMPONENT as _COMPONENT,
)
from ansible_collections.keelson.eks.plugins.plugin_utils.beginning import LOCKED, noted, was_done
from ansible_collections.keelson.eks.plugins.plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    COMPONENT = _COMPONENT

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        # The role registers what was taken; what was taken for the task that a run started at is only kept in mind.
        held = (task_vars or {}).get("environment_lock_result") or {}
        if self._task.args.get("state") == "absent" and "lock" not in held and not was_done(LOCKED, task_vars or {}):
            return {"changed": False, "skipped": True, "skip_reason": "This run does not hold the lock."}
        self._task.args.setdefault("process", os.getppid())  # the run itself: this is one of its workers
        return noted(LOCKED, super().run(tmp, task_vars), task_vars or {})
