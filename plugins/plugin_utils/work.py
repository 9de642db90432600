# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tasks of a run are given, and what its plan says of each: told from one task to the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible.playbook.task import Task
from ansible_collections.keelson.eks.plugins.module_utils.aws.run_memory import RunMemory
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Arguments, Component, owner_of
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner

from .play import components, play_of

OF_THE_RUN = ("wait", "wait_timeout", "wait_interval")
"""Options that change how a plan is carried out, and not what it is."""
ALL = "work"
"""The name of the run's work in its memory."""


def memory_of(task: Task, host: str) -> RunMemory:
    """What the workers of a play know of a host: another play of the same run begins anew."""
    return RunMemory(f"play {play_of(task)._uuid} on {host}")


@dataclass(frozen=True)
class Work:
    """What a task of a component is given. ``role``: by which tags know it. ``rests``: its conditions do not hold."""

    component: Component
    role: str
    arguments: Arguments
    rests: bool = False

    @property
    def owner(self) -> Owner:
        return owner_of(self.component, self.arguments)

    @property
    def name(self) -> str:
        """By which a task finds its own part of the plan: another one with other arguments has another."""
        given = {name: value for name, value in self.arguments.items() if name not in OF_THE_RUN}
        text = json.dumps(given, sort_keys=True, default=str)
        return f"plan of {self.component.name} {hashlib.sha256(text.encode()).hexdigest()}"

    def remember(self, memory: RunMemory, is_settled: bool, result: Mapping[str, Any]) -> None:
        memory[self.name] = {"is_settled": is_settled, "result": result}

    def planned(self, memory: RunMemory, check: bool) -> dict[str, Any] | None:
        """What the run's plan says of it, as the result of its task; None where the task has to look for itself.

        A run that writes is told so once: whoever asks again wants to know what there is by then.
        """
        name = self.name
        if not self.component.kinds or name not in memory:
            return None
        found: dict[str, Any] = memory[name]
        if not (check or found["is_settled"]):
            return None
        if not check:
            self.remember(memory, False, {})
        return dict(found["result"])


@dataclass(frozen=True)
class Agenda:
    """The work of a run in its order; what rests is last. ``later``: the roles whose work an earlier task decides."""

    work: tuple[Work, ...]
    later: tuple[str, ...] = ()

    def remember(self, memory: RunMemory) -> None:
        """For the task that plans: it need not read all variables again. Not if JSON would make others of them."""
        work = [(each.component.name, each.role, each.arguments, each.rests) for each in self.work]
        try:
            json.dumps(work)
        except TypeError:
            return
        memory[ALL] = {"work": work, "later": self.later}

    @classmethod
    def remembered(cls, memory: RunMemory) -> Agenda | None:
        if ALL not in memory:
            return None
        found, known = memory[ALL], components()
        return cls(tuple(Work(known[name], *others) for name, *others in found["work"]), tuple(found["later"]))
