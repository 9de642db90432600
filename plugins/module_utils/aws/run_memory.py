# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tasks of a run tell each other of their caller: each runs in a process of its own,
and STS needs to be asked only once.

A piece of anonymous memory that is there before Ansible forks its workers, which share it. It is never on a disk, no
program that is started has it, and it ends with the run. A module's own process finds it empty.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZE = 1 << 18
"""Bytes: enough for the credentials of a hundred environments."""
NUMBER = 4
"""Bytes of the checksum and of the length, which come before the text."""

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
            self.found = read()
        return f"{self.scope} {name}" in self.found

    def __getitem__(self, name: str) -> Any:
        return self.found[f"{self.scope} {name}"]

    def __setitem__(self, name: str, value: Any) -> None:
        with alone():
            write({**read(), f"{self.scope} {name}": value})


@contextmanager
def alone() -> Iterator[None]:
    """One process and one of its threads at a time."""
    with threads:
        fcntl.lockf(turn, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(turn, fcntl.LOCK_UN)


def read() -> dict[str, Any]:
    """All that is there; nothing where a writer was killed at it, as the checksum tells."""
    checksum, length = (int.from_bytes(memory[at : at + NUMBER], "big") for at in (0, NUMBER))
    text = memory[2 * NUMBER : 2 * NUMBER + length]
    return json.loads(text) if length and zlib.crc32(text) == checksum else {}


def write(values: dict[str, Any]) -> None:
    text = json.dumps(values, default=str).encode()
    if len(text) <= SIZE - 2 * NUMBER:
        memory[: 2 * NUMBER + len(text)] = (
            b"".join(number.to_bytes(NUMBER, "big") for number in (zlib.crc32(text), len(text))) + text
        )
