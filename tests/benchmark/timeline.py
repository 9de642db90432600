# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What waited for what in one run: from what the cloud has started and answered, and when each task ran.

All times are Unix times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.benchmark.needs import THINGS, critical_path
from tests.benchmark.report import table

SHORT = 0.25
"""Seconds below which a task is not worth a line of its own."""


@dataclass(frozen=True)
class Span:
    """From when until when a thing, a call or a task was under way."""

    name: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


class Timeline:
    """``calls``: the cloud's call log, ``begun``: what its clock has started, ``tasks``:
    in the order in which they ended.
    """

    def __init__(
        self,
        began: float,
        ended: float,
        calls: list[dict[str, Any]],
        begun: list[tuple[str, float, float]],
        tasks: list[Span],
    ) -> None:
        self.began, self.ended, self.tasks = began, ended, tasks
        self.things: dict[str, list[Span]] = {}
        for name, thing in THINGS.items():
            if thing.takes:
                self.add_slow(name, [Span(name, *times) for what, *times in begun if what == thing.takes])
            else:
                made = [
                    call
                    for call in calls
                    if f"{call['service']} {call['operation']}" in thing.calls and call["status"] < 300
                ]
                self.add(name, [Span(name, call["time"], call["time"] + call["seconds"]) for call in made])

    def add(self, name: str, spans: list[Span]) -> None:
        if spans:
            self.things[name] = spans

    def add_slow(self, name: str, spans: list[Span]) -> None:
        """Of two sorts of one thing, such as add-ons, the later one is what was begun when its own needs were ready."""
        earlier = [other for other in self.things if THINGS[other].takes == THINGS[name].takes]
        mine = [span for span in spans if not earlier or span.began >= self.could_begin(name)]
        for other in earlier:
            self.add(other, [span for span in self.things.pop(other) if span.began < self.could_begin(name)])
        self.add(name, mine)

    def ready(self, name: str) -> float:
        """When all of it was ready; of what this run had none, when its needs were."""
        if name in self.things:
            return max(span.ended for span in self.things[name])
        return self.could_begin(name)

    def could_begin(self, name: str) -> float:
        """When the last of what it needs was ready: the beginning of the run where it needs nothing."""
        return max(map(self.ready, THINGS[name].needs), default=self.began)

    def first_begun(self, name: str) -> float:
        return min(span.began for span in self.things[name])

    # As text

    def of_things(self) -> str:
        """Seconds since the run's beginning; a star marks the critical path."""
        path = critical_path(self.things)
        rows = []
        for name in sorted(self.things, key=self.first_begun):
            count, could, first = len(self.things[name]), self.could_begin(name), self.first_begun(name)
            times = (could - self.began, first - self.began, max(0.0, first - could), self.ready(name) - self.began)
            rows.append([f"{name} ({count})", "*" if name in path else "", *(f"{seconds:.1f}" for seconds in times)])
        return table(["what", "", "could begin", "began", "late by", "ready"], rows)

    def of_tasks(self) -> str:
        """The tasks that took time, and what got ready while each of them ran."""
        rows = [
            [
                task.name.rpartition(" : ")[2][:72],
                f"{task.began - self.began:.1f}",
                f"{task.seconds:.1f}",
                ", ".join(self.got_ready(task)),
            ]
            for task in self.tasks
            if task.seconds >= SHORT
        ]
        short = [task.seconds for task in self.tasks if task.seconds < SHORT]
        between = self.ended - self.began - sum(task.seconds for task in self.tasks)
        rows.append([f"{len(short)} shorter ones", "", f"{sum(short):.1f}", ""])
        rows.append(["Ansible before, between and after them", "", f"{between:.1f}", ""])
        return table(["task", "began", "seconds", "got ready meanwhile"], rows)

    def got_ready(self, task: Span) -> Iterator[str]:
        for name in self.things:
            if THINGS[name].takes and task.began < self.ready(name) <= task.ended:
                yield name
