# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The clock: the first run of inventories/prod beside AWS's own critical path,
and the run after it, which changes nothing.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median

from localcloud.controlplane import NoControlPlane, binaries
from localcloud.testing import Cloud

from tests.benchmark.install import CACHE, HERE, ROOT
from tests.benchmark.measure import Sample, run
from tests.benchmark.needs import critical_path, duration
from tests.benchmark.report import table
from tests.benchmark.timeline import Span, Timeline

FAST, SLOW, OWN = Fraction(1, 30), Fraction(1, 6), Fraction(1)
"""Paces of AWS, 1 being its own: what a run takes of AWS's time grows with the pace, what it takes itself does not."""
LATENCY = 0.08
INTERVAL = 5.0
"""Seconds between two looks at what is waited for, at AWS's own pace: the roles' default."""
AGAIN = 3
MOST = 1.10
"""So many times the critical path a first run may take."""
IN_CLUSTER = "namespaces,helm_releases,applications"


@dataclass(frozen=True)
class FirstRun:
    pace: Fraction
    latency: float
    sample: Sample
    timeline: Timeline


@dataclass(frozen=True)
class Limit:
    """``ratio``: what was measured."""

    name: str
    ratio: float

    def __str__(self) -> str:
        return (
            f"{'reached' if self.ratio <= MOST else 'missed':<8} {self.name}: {self.ratio:.2f}, "
            f"wanted at most {MOST:.2f}"
        )


class Prod:
    """The environment of inventories/prod, on clouds of its own."""

    def __init__(self) -> None:
        self.control_plane = has_control_plane()
        self.tasks = CACHE / "tasks"

    def first(self, pace: Fraction, latency: float = 0.0) -> tuple[FirstRun, list[Sample]]:
        """On an empty account; and where AWS is at its fastest, the same again some times, which changes nothing."""
        print(
            f"The first prod run, AWS at {pace} of its pace{f', +{1000 * latency:.0f} ms a call' if latency else ''}",
            flush=True,
        )
        with Cloud(self.control_plane) as cloud:
            cloud.clock(scale=float(pace))
            cloud.faults(latency=latency)
            sample = self.run(cloud, pace)
            timeline = Timeline(sample.began, sample.began + sample.seconds, cloud.calls(), cloud.begun(), self.spans())
            again = [self.run(cloud, pace) for _unused in range(AGAIN if pace == FAST else 0)]
            if any(one.changed for one in again):
                raise SystemExit("The prod run says changed, though nothing was to change.")
        return FirstRun(pace, latency, sample, timeline), again

    def run(self, cloud: Cloud, pace: Fraction) -> Sample:
        self.tasks.write_text("")
        options = ["-e", json.dumps({"keelson_wait_interval": float(INTERVAL * pace)})]
        options += [] if self.control_plane else ["--skip-tags", IN_CLUSTER]
        watched = {
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "task_times",
            "BENCHMARK_TASKS": str(self.tasks),
        }
        programs = Path(sys.executable).parent
        return run(
            cloud, programs, ROOT / "site.yml", *options, inventory=ROOT / "inventories/prod", environment=watched
        )

    def spans(self) -> list[Span]:
        return [Span(**json.loads(line)) for line in self.tasks.read_text().splitlines()]


class Figures:
    """What runs at a fast and at a slow pace, and a fast one with some time added to each call,
    say of AWS's own pace.
    """

    def __init__(self, fast: FirstRun, slow: FirstRun, distant: FirstRun, real: FirstRun | None = None) -> None:
        """``real``: at AWS's own pace, which is computed without it."""
        self.fast, self.slow, self.distant, self.real = fast, slow, distant, real
        self.path = critical_path(fast.timeline.things)
        self.least = duration(self.path)
        grown = slow.sample.seconds - fast.sample.seconds
        self.awaited = max(self.least, grown / float(slow.pace - fast.pace))
        """Seconds of AWS's own pace that a run takes of AWS's time;
        less than the critical path can only be a measuring error.
        """
        self.own = fast.sample.seconds - self.awaited * float(fast.pace)
        """Seconds that a run takes itself, whatever AWS's pace."""

    def rows(self) -> Iterator[list[str]]:
        for one in filter(None, (self.fast, self.slow, self.distant, self.real)):
            yield self.row(measured(one), one.sample.seconds, self.least * float(one.pace))
        for name, seconds in self.computed():
            yield self.row(name, seconds, self.least)

    def computed(self) -> Iterator[tuple[str, float]]:
        seconds = self.awaited + self.own
        yield "computed, AWS at its own pace", seconds
        yield (
            f"computed, AWS at its own pace{distance(self.distant)}",
            seconds + self.distant.sample.seconds - self.fast.sample.seconds,
        )

    def row(self, name: str, seconds: float, least: float) -> list[str]:
        return [name, f"{seconds:.1f} s", f"{least:.1f} s", f"{seconds / least:.2f}"]

    def limits(self) -> Iterator[Limit]:
        really = [(measured(self.real), self.real.sample.seconds)] if self.real else []
        for name, seconds in (*really, *self.computed()):
            yield Limit(f"the first prod run's makespan over its critical path, {name}", seconds / self.least)
        raw = self.fast.sample.seconds / (self.least * float(self.fast.pace))
        weight = self.fast.pace.denominator
        yield Limit(
            f"the same, measured at {self.fast.pace}, where each second of Keelson's weighs as {weight} of AWS's", raw
        )


def measure(at_own_pace: bool = False) -> None:
    """``at_own_pace``: also really so, which takes as long as AWS does."""
    prod = Prod()
    fast, again = prod.first(FAST)
    slow, _unused = prod.first(SLOW)
    distant, again_distant = prod.first(FAST, LATENCY)
    real = prod.first(OWN)[0] if at_own_pace else None
    figures = Figures(fast, slow, distant, real)
    print(f"\nThe first prod run\n\n{table(['', 'makespan', 'critical path', 'ratio'], list(figures.rows()))}\n")
    print(f"Critical path: {', '.join(figures.path)}: {figures.least:.0f} s of AWS's own pace.")
    print(f"The run takes {figures.awaited:.0f} s of AWS's own pace, and {figures.own:.1f} s whatever the pace.\n")
    print(
        f"What waited for what at {FAST}, in seconds of that run; * is the critical path\n\n"
        f"{fast.timeline.of_things()}\n"
    )
    print(f"{fast.timeline.of_tasks()}\n")
    print(f"A no-change prod run: {told(again)}; +{1000 * LATENCY:.0f} ms a call: {told(again_distant)}\n")
    print(*figures.limits(), "", sep="\n")


def told(samples: list[Sample]) -> str:
    return f"{median(one.seconds for one in samples):.1f} s, {median(one.calls for one in samples):.0f} calls"


def measured(one: FirstRun) -> str:
    return f"measured, AWS at {'its own pace' if one.pace == OWN else f'{one.pace} of its pace'}{distance(one)}"


def distance(one: FirstRun) -> str:
    return f", +{1000 * one.latency:.0f} ms a call" if one.latency else ""


def has_control_plane() -> bool:
    if os.environ.get("KEELSON_WITHOUT_CONTROL_PLANE") == "1":
        return False
    try:
        binaries.find()
    except NoControlPlane:
        return False
    return True
