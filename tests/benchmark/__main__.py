# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How fast Keelson is, on the local cloud: ``python -m tests.benchmark``. See README.md beside this."""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections import Counter
from dataclasses import asdict

from localcloud.dump import Dump
from localcloud.testing import Cloud

from tests.benchmark import first_run
from tests.benchmark.install import CACHE, ROOT, install
from tests.benchmark.report import Figures
from tests.benchmark.rounds import ADDED, AGAIN, FLAT, KEELSON, TASKS, WHOLE, Benchmark, Record


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=5, help="how often each is run; the figures are medians (default 5)"
    )
    parser.add_argument(
        "--only", choices=["clock", "peers"], help="the first run's makespan, or the comparison with plain playbooks"
    )
    parser.add_argument(
        "--own-pace", action="store_true", help="run the first run at AWS's own pace too, for a quarter of an hour"
    )
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    if options.only != "peers":
        first_run.measure(options.own_pace)
    if options.only != "clock":
        peers(options.rounds)


def peers(rounds: int) -> None:
    programs = install()
    made: dict[str, Dump] = {}
    records: list[Record] = []
    with Cloud() as cloud:
        benchmark = Benchmark(cloud, programs)
        for number in range(1, rounds + 1):
            began = time.monotonic()
            for record in benchmark.round():
                records.append(record)
                if (record.case, record.part) == (AGAIN, WHOLE) and record.side not in made:
                    made[record.side] = cloud.dump()
            print(f"Round {number} of {rounds}: {time.monotonic() - began:.0f} s", flush=True)
    show(records, made, rounds)


def show(records: list[Record], made: dict[str, Dump], rounds: int) -> None:
    figures = Figures(records)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[1]:.1f}"
    print(f"\nMedians of {rounds} rounds ({machine})\n")
    print(f"A task, of {TASKS} in a play, without the play's own start\n\n{figures.tasks()}\n")
    for part in ADDED:
        print(f"A platform: {part}\n\n{figures.environments(part)}\n")
    print(differences(made))
    targets = list(figures.targets())
    print(*targets, sep="\n")
    results = CACHE / "results.json"
    results.write_text(
        json.dumps({"records": list(map(asdict, records)), "targets": list(map(asdict, targets))}, indent=2)
    )
    print(f"\nAll figures: {results.relative_to(ROOT)}")


def differences(made: dict[str, Dump]) -> str:
    """What there is more of on one side, so that everyone sees how alike the two are."""
    kinds = {side: Counter("/".join(name.split("/")[:2]) for name in dump) for side, dump in made.items()}
    found = []
    for side, other in ((KEELSON, FLAT), (FLAT, KEELSON)):
        more = kinds[side] - kinds[other]
        found.append(
            f"More on the side of {side}: "
            f"{', '.join(f'{count} {kind}' for kind, count in sorted(more.items())) or 'nothing'}"
        )
    return "\n".join([*found, ""])


if __name__ == "__main__":
    main()
