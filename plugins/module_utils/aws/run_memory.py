# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tasks of a run tell each other: each runs in a process of its own, and STS needs to be asked
only once, and the run planned once.

A piece of anonymous memory that is there before Ansible forks its workers, which share it. It is never on a disk, no
program that is started has it, and it ends with the run. A module's own process finds it empty.

It is a row of records, each a name and a JSON value, of which the last of a name holds. The first bytes say how far
the row goes, and are written after a record: one that a killed worker has left half-written is written over.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZE = 1 << 26
"""Bytes, of which those are taken that are written to: enough for the plans of a hundred environments."""
NUMBER = 8
"""Bytes of a length: of the row, and before each name and value."""

memory = mmap.mmap(-1, SIZE)
turn, turn_path = tempfile.mkstemp()
"""An empty file without a name, for its lock alone, which ends with the process that holds it."""
Path(turn_path).unlink()
threads = threading.Lock()


class RunMemory:
    """JSON values by name, as a cache for botocore: who wants one asks first whether it is there.

    ``scope``: what they hold for.
    """

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.found: dict[str, Any] = {}

    def __contains__(self, name: str) -> bool:
        with alone():
            places.read()
            if (place := places.known.get(f"{self.scope} {name}")) is None:
                return False
            self.found[name] = json.loads(memory[place])
        return True

    def __getitem__(self, name: str) -> Any:
        return self.found[name]

    def __setitem__(self, name: str, value: Any) -> None:
        with alone():
            append(f"{self.scope} {name}", value)


class Places:
    """Where each name's last value is, as far as this process has read the row."""

    def __init__(self) -> None:
        self.known: dict[str, slice] = {}
        self.end = NUMBER

    def read(self) -> None:
        end = number(0) or NUMBER
        while self.end < end:
            name = part(self.end)
            value = part(name.stop)
            self.known[memory[name].decode()] = value
            self.end = value.stop


places = Places()


def number(at: int) -> int:
    return int.from_bytes(memory[at : at + NUMBER], "big")


def part(at: int) -> slice:
    """The bytes of the name or the value whose length stands there."""
    return slice(at + NUMBER, at + NUMBER + number(at))


def append(name: str, value: Any) -> None:
    """Add a record; nothing where it does not fit."""
    texts = name.encode(), json.dumps(value, default=str).encode()
    record = b"".join(len(text).to_bytes(NUMBER, "big") + text for text in texts)
    begin = number(0) or NUMBER
    if (end := begin + len(record)) <= SIZE:
        memory[begin:end] = record
        memory[:NUMBER] = end.to_bytes(NUMBER, "big")


@contextmanager
def alone() -> Iterator[None]:
    """One process and one of its threads at a time."""
    with threads:
        fcntl.lockf(turn, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(turn, fcntl.LOCK_UN)
