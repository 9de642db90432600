# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes down when each task began and ended: a line of JSON a task into the file that BENCHMARK_TASKS names."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_times
type: aggregate
short_description: When each task began and ended
description: Writes a line of JSON a task into the file that E(BENCHMARK_TASKS) names.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_times"

    def __init__(self) -> None:
        super().__init__()
        self.began: dict[str, float] = {}

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        self.began[task._uuid] = time.time()

    def v2_runner_on_ok(self, result: Any) -> None:
        self.write(result.task)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self.write(result.task)

    def write(self, task: Any) -> None:
        with Path(os.environ["BENCHMARK_TASKS"]).open("a") as file:
            file.write(
                json.dumps({"name": task.get_name(), "began": self.began[task._uuid], "ended": time.time()}) + "\n"
            )
