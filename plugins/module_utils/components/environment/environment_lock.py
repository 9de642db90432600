# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run at a time on an environment: whoever holds its lock."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from ...engine.plan import Declaration
from ...resources.ssm.lock import Lease, Lock, process_begun
from ..component import Arguments, Component, Context
from .environment_lock_options import OPTIONS


def problems(arguments: Arguments) -> Iterable[str]:
    if arguments["lease"] < 60:
        yield "lease: must be at least 60 seconds, and longer than the longest run."
    if arguments["settle"] < 0:
        yield "settle: must be 0 or more seconds."


class EnvironmentLock(Component):
    def work(self, context: Context, check: bool, diff: bool) -> dict[str, Any]:
        lock = Lock(
            context.aws,
            f"/keelson/{context.owner.platform}/{context.owner.environment}/lock",
            context.owner.tags("lock"),
        )
        process = context["process"] or os.getppid()
        now = time.time()
        since = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
        holder = context.aws.identity["Arn"]
        mine = Lease(holder, socket.gethostname(), process, process_begun(process), since, now + context["lease"])
        found = lock.read() if check else None
        if context["state"] == "absent":
            return {"changed": found is not None and found[0].is_of(mine) if check else lock.give_back(mine)}
        result: dict[str, Any] = {"changed": True, "lock": {"name": lock.name, **asdict(mine)}}
        if not check and (previous := lock.take(mine, context["force"])):
            result["taken_over_from"] = str(previous)
            # Reads of AWS may lag behind what the run before has written: let them catch up.
            time.sleep(context["settle"])
        return result


COMPONENT = EnvironmentLock(
    name="environment_lock",
    options=OPTIONS,
    kinds=(),
    declare=lambda context: Declaration(),
    outputs=lambda context, outcome: {},
    problems=problems,
)
