# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is run: round after round, the two sides by turns, so that whatever else the machine does meets both."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud.testing import Cloud

from tests.benchmark.install import CACHE, HERE
from tests.benchmark.measure import Sample, run

TASKS = 20
"""So many of one task make a play in which a task's own cost shows."""
LATENCIES = (0.0, 0.08)
"""Seconds added to each call. A region nearby takes about that long."""
KEELSON, FLAT = "keelson", "flat"
START, FIRST, AGAIN, WITH_ADDONS = "nothing", "first run", "no-change run", "the same, with add-ons"
CORE, WHOLE = "network, cluster, nodes", "database, site, registry too"
LEFT_OUT = {CORE: ("data_and_edge",), WHOLE: ()}
"""The tags of what is no part of it."""
ADDED = {CORE: LATENCIES, WHOLE: LATENCIES[:1]}
"""The latencies with which each is run: distance adds to all of a run's calls alike, and a round is long."""
Task = tuple[str, dict[str, Any]]
"""A module and its arguments."""
PING = "ansible.builtin.ping"

OWNER = {"platform": "innovate", "environment": "bench"}
CIDR = "10.20.0.0/16"
SMALL = {
    "cidr": CIDR,
    "zones": ["us-east-1a"],
    "tiers": ["database"],
    "nat": "none",
    "gateway_endpoints": [],
    "flow_logs": "none",
}
NEAREST: list[tuple[Task, Task]] = [
    (("keelson.eks.vpc", {**OWNER, **SMALL}), ("amazon.aws.ec2_vpc_net", {"name": "flat", "cidr_block": CIDR})),
    (("keelson.eks.environment_info", OWNER), ("amazon.aws.ec2_vpc_net_info", {"filters": {"tag:Name": "flat"}})),
]
"""A task on either side, each module the one that is nearest to the other."""


@dataclass(frozen=True)
class Record:
    """``case``: a module's name, or what the whole playbook does. ``latency``: seconds added to each call.

    ``part``: of the platform.
    """

    case: str
    side: str
    latency: float
    sample: Sample
    part: str = ""


class Benchmark:
    """Both sides' programs, and the cloud that both meet."""

    def __init__(self, cloud: Cloud, flat_programs: Path) -> None:
        self.cloud = cloud
        self.programs = {KEELSON: Path(sys.executable).parent, FLAT: flat_programs}

    def round(self) -> Iterator[Record]:
        yield from self.tasks()
        for part, latencies in ADDED.items():
            for latency in latencies:
                yield from self.environments(part, latency)

    def tasks(self) -> Iterator[Record]:
        """Plays of nothing, and plays of the same task over and over, which finds everything as it should be."""
        self.cloud.reset()
        plays: list[tuple[str, Task | None]] = [(KEELSON, None), (FLAT, None), (KEELSON, (PING, {}))]
        for pair in NEAREST:
            plays += zip((KEELSON, FLAT), pair, strict=True)
        for side, task in plays:  # makes what is then found
            run(self.cloud, self.programs[side], play(task, 1))
        for latency in LATENCIES:
            self.cloud.faults(latency=latency)
            for side, task in plays:
                sample = run(self.cloud, self.programs[side], play(task, TASKS))
                if sample.changed:
                    raise SystemExit(f"{task} says changed, though nothing was to change.")
                yield Record(task[0] if task else START, side, latency, sample)

    def environments(self, part: str, latency: float) -> Iterator[Record]:
        """A part of a platform from nothing, and the same again: what both sides can keep as it is,
        then Keelson's add-ons as well.
        """
        for side in (KEELSON, FLAT):
            self.cloud.reset()
            self.cloud.faults(latency=latency)
            runs: dict[str, tuple[str, ...]] = {FIRST: (), AGAIN: ("addons",)}
            if side == KEELSON:
                runs[WITH_ADDONS] = ()
            for case, tags in runs.items():
                options = ["--skip-tags", ",".join([*LEFT_OUT[part], *tags])] if LEFT_OUT[part] or tags else []
                sample = run(self.cloud, self.programs[side], HERE / "plays" / f"{side}.yml", *options)
                if side == KEELSON and case != FIRST and sample.changed:
                    raise SystemExit(f"Keelson's {case} says changed, though nothing was to change.")
                yield Record(case, side, latency, sample, part)


def play(task: Task | None, times: int) -> Path:
    """A playbook, in JSON, which is YAML, with so many times the task, or without tasks."""
    tasks = [{"name": f"Task {number}", task[0]: task[1]} for number in range(times)] if task else []
    path = CACHE / f"{task[0] if task else START}.yml"
    path.write_text(json.dumps([{"name": "Measure", "hosts": "keelson", "gather_facts": False, "tasks": tasks}]))
    return path
