# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run of a playbook: its seconds, its calls, and how much of the time was calls and sleeps."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from localcloud.testing import Cloud

from tests.benchmark.install import CACHE, HERE, ROOT

RECAP = re.compile(r"\bok=\d+ +changed=(\d+)")


@dataclass(frozen=True)
class Sample:
    """``began``: a Unix time.

    ``seconds`` of the whole command; ``calling``: of these, while at least one call was being answered; ``sleeping``:
    while the modules or botocore slept, fixed delays and waits alike. ``calls`` and ``changed`` (tasks) are numbers.
    """

    began: float
    seconds: float
    calling: float
    sleeping: float
    calls: int
    changed: int


HOSTS = HERE / "plays" / "hosts.yml"
OWN = ("ANSIBLE_", "AWS_", "KEELSON_", "PYTHON")
"""Variables that would make a run another one: settings of whoever measures,
and the one that keeps Python from caching its modules.
"""


def run(
    cloud: Cloud,
    programs: Path,
    playbook: Path,
    *options: str,
    inventory: Path = HOSTS,
    environment: Mapping[str, str] | None = None,
) -> Sample:
    """Run the playbook with the ansible-playbook of that folder. Raises SystemExit, with its output, when it fails."""
    sleeps = CACHE / "sleeps"
    sleeps.write_text("")
    others = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    cloud.clear_calls()
    began, started = time.time(), time.monotonic()
    done = subprocess.run(
        [programs / "ansible-playbook", "-i", inventory, playbook, *options],
        cwd=ROOT,
        env={
            **others,
            **cloud.env,
            **(environment or {}),
            "PYTHONPATH": str(HERE / "sleeps"),
            "BENCHMARK_SLEEPS": str(sleeps),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"{playbook} failed:\n{done.stdout}\n{done.stderr}")
    calls = cloud.calls()
    return Sample(
        began,
        seconds,
        union((call["time"], call["time"] + call["seconds"]) for call in calls),
        union(tuple(map(float, line.split())) for line in sleeps.read_text().splitlines()),
        len(calls),
        sum(map(int, RECAP.findall(done.stdout))),
    )


def union(spans: Iterable[tuple[float, ...]]) -> float:
    """The time that is in at least one of the spans (each from, to)."""
    covered, end = 0.0, float("-inf")
    for first, last in sorted(spans):
        covered += max(0.0, last - max(first, end))
        end = max(end, last)
    return covered
