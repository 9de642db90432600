# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The figures: medians, ratios, and which targets they reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from tests.benchmark.measure import Sample
from tests.benchmark.rounds import (
    ADDED,
    AGAIN,
    FIRST,
    FLAT,
    KEELSON,
    LATENCIES,
    NEAREST,
    PING,
    START,
    TASKS,
    WITH_ADDONS,
    Record,
)

OVERHEAD_TARGET = 5.0
SPEED_TARGET = 10.0
CALLS_TARGET = 3.0
"""How many times less Keelson is to need."""


@dataclass(frozen=True)
class Target:
    """``ratio``: what was measured, ``least``: what is wanted."""

    name: str
    ratio: float
    least: float

    def __str__(self) -> str:
        return (
            f"{'reached' if self.ratio >= self.least else 'missed':<8} {self.name}: {self.ratio:.1f} times, "
            f"wanted {self.least:.0f}"
        )


class Figures:
    def __init__(self, records: list[Record]) -> None:
        self.records = records

    def median(self, case: str, side: str, latency: float, value: Callable[[Sample], float], part: str = "") -> float:
        if (case, side) == (WITH_ADDONS, FLAT):  # which has no module for them
            case = AGAIN
        wanted = (case, side, latency, part)
        return median(
            value(each.sample) for each in self.records if (each.case, each.side, each.latency, each.part) == wanted
        )

    # A task

    def task_seconds(self, case: str, side: str, latency: float) -> float:
        """Of one task, without the play's own start."""
        start = self.median(START, side, latency, lambda sample: sample.seconds)
        return (self.median(case, side, latency, lambda sample: sample.seconds) - start) / TASKS

    def task_calling(self, case: str, side: str, latency: float) -> float:
        return self.median(case, side, latency, lambda sample: sample.calling + sample.sleeping) / TASKS

    def overhead(self, case: str, side: str, latency: float) -> float:
        """Seconds of one task in which it waited for no answer."""
        return self.task_seconds(case, side, latency) - self.task_calling(case, side, latency)

    def task_row(self, case: str, side: str, latency: float) -> list[str]:
        calls = self.median(case, side, latency, lambda sample: sample.calls) / TASKS
        seconds = (self.task_seconds, self.task_calling, self.overhead)
        return [
            case,
            added(latency),
            *(f"{1000 * value(case, side, latency):.0f} ms" for value in seconds),
            f"{calls:.0f}",
        ]

    def tasks(self) -> str:
        rows = []
        for latency in LATENCIES:
            rows.append(self.task_row(PING, KEELSON, latency))
            for ours, theirs in NEAREST:
                rows += [self.task_row(ours[0], KEELSON, latency), self.task_row(theirs[0], FLAT, latency)]
        return table(["task", "a call", "a task", "of it calls", "overhead", "calls"], rows)

    # An environment

    def environments(self, part: str) -> str:
        rows = [
            self.environment_row(part, case, latency) for case in (FIRST, AGAIN, WITH_ADDONS) for latency in ADDED[part]
        ]
        ours = ["keelson", "without sleeps"]
        theirs = ["flat", "without sleeps"]
        return table(["case", "a call", *ours, *theirs, "ratio", "calls keelson", "flat", "ratio"], rows)

    def environment_row(self, part: str, case: str, latency: float) -> list[str]:
        row = [case, added(latency)]
        for side in (KEELSON, FLAT):
            row += [
                f"{self.median(case, side, latency, value, part):.2f} s"
                for value in (lambda sample: sample.seconds, awake)
            ]
        calls = [self.median(case, side, latency, lambda sample: sample.calls, part) for side in (KEELSON, FLAT)]
        return [
            *row,
            f"{self.speed(part, case, latency):.1f}",
            *(f"{count:.0f}" for count in calls),
            f"{self.calls(part, case, latency):.1f}",
        ]

    def speed(self, part: str, case: str, latency: float) -> float:
        """How many times faster: all of Keelson's time, of the other's only that in which it does not sleep."""
        return self.median(case, FLAT, latency, awake, part) / self.median(
            case, KEELSON, latency, lambda sample: sample.seconds, part
        )

    def calls(self, part: str, case: str, latency: float) -> float:
        ours, theirs = (self.median(case, side, latency, lambda sample: sample.calls, part) for side in (KEELSON, FLAT))
        return theirs / ours

    # What was wanted of it

    def targets(self) -> Iterator[Target]:
        for latency in LATENCIES:
            suffix = f" ({added(latency)} a call)" if latency else ""
            for (ours, _unused), (theirs, _unused) in NEAREST:
                ratio = self.overhead(theirs, FLAT, latency) / self.overhead(ours, KEELSON, latency)
                yield Target(f"overhead of {ours} below that of {theirs}{suffix}", ratio, OVERHEAD_TARGET)
            for part in (part for part, latencies in ADDED.items() if latency in latencies):
                faster, fewer = self.speed(part, AGAIN, latency), self.calls(part, AGAIN, latency)
                yield Target(
                    f"no-change run ({part}) faster than the flat playbook's, its sleeps aside{suffix}",
                    faster,
                    SPEED_TARGET,
                )
                yield Target(
                    f"no-change run ({part}) with fewer calls than the flat playbook's{suffix}", fewer, CALLS_TARGET
                )


def awake(sample: Sample) -> float:
    return sample.seconds - sample.sleeping


def added(latency: float) -> str:
    return f"+{1000 * latency:.0f} ms" if latency else "as it is"


def table(head: list[str], rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: list[str]) -> str:
        first, *rest = zip(cells, widths, strict=True)
        return "  ".join([f"{first[0]:<{first[1]}}", *(f"{cell:>{width}}" for cell, width in rest)])

    return "\n".join([line(head), "  ".join("-" * width for width in widths), *map(line, rows)])
