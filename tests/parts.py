# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs make's targets one after another, to the end even when one fails, and sums up:
``python -m tests.parts lint unit``.

The summary is a line a part, with its seconds, the slowest first, and then pytest's own closing lines as they were.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

NOT_RUN = "NOT RUN: "
"""How a part's line begins that says why there was nothing that it could do."""
CLOSING_LINE = re.compile(r"^=+ .*\b(passed|failed|errors?|skipped|no tests ran)\b.* in [\d.]+s.* =+$")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Part:
    """One target's run; ``seconds`` on the clock."""

    name: str
    seconds: float = 0.0
    failed: bool = False
    not_run: bool = False
    closing_lines: list[str] = field(default_factory=list)

    def run(self, alone: bool = True) -> None:
        """``alone``: what it says is shown as it says it."""
        said = [f"\n──── make {self.name}\n"]
        show(said[0] if alone else "")
        begun = time.monotonic()
        command = ["make", "--no-print-directory", self.name]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                show(line if alone else "")
                said.append(line)
                plain = COLOURS.sub("", line).rstrip()
                self.not_run = self.not_run or plain.startswith(NOT_RUN)
                if CLOSING_LINE.match(plain) or plain.startswith(NOT_RUN):
                    self.closing_lines.append(plain)
        self.seconds = time.monotonic() - begun
        self.failed = process.returncode != 0
        show("" if alone else "".join(said))

    @property
    def ending(self) -> str:
        return "FAILED" if self.failed else "NOT RUN" if self.not_run else "passed"


def show(text: str) -> None:
    print(text, end="", flush=True)


def run(row: list[Part], alone: bool) -> None:
    for part in row:
        part.run(alone)


def main(names: list[str]) -> int:
    groups = [[[Part(name) for name in row.split(",")] for row in word.split("/")] for word in names]
    begun = time.monotonic()
    for rows in groups:
        with ThreadPoolExecutor(len(rows)) as pool:
            list(pool.map(partial(run, alone=len(rows) == 1), rows))
    seconds = time.monotonic() - begun
    parts = [part for rows in groups for row in rows for part in row]
    print("\n──── the parts, the slowest first")
    for part in sorted(parts, key=lambda part: part.seconds, reverse=True):
        print(f"{part.seconds:7.1f} s  {part.name:<16}{part.ending}")
    print(f"{seconds:7.1f} s  in all\n")
    for part in parts:
        for line in part.closing_lines:
            print(line)
    return 1 if any(part.failed for part in parts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
