# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Child processes that never outlive their parent, and ports that nobody else takes."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

LOG_TAIL = 2000  # bytes


class StartFailed(Exception):
    """A program ended or did not become ready; the message has the end of its log."""


class ProcessGroup:
    """All children of one owner, in one process group of their own.

    The group's leader is a shell that waits for the end of its standard input, which only this process holds open. It
    ends when this process does, however it dies, and takes the group with it. Terminal signals do not reach the group.
    """

    def __init__(self) -> None:
        script = "trap '' INT TERM HUP; read -r _; kill -9 0"
        self._leader = subprocess.Popen(["/bin/sh", "-c", script], stdin=subprocess.PIPE, process_group=0)
        self._lock = threading.Lock()
        self._children: list[subprocess.Popen[bytes]] = []

    def start(self, command: Sequence[str | Path], log: Path, **options: Any) -> subprocess.Popen[bytes]:
        """Start ``command`` with its output at the end of ``log``.

        ``options`` are Popen's, such as the user it runs as.
        """
        with log.open("ab") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=log.parent,
                process_group=self._leader.pid,
                **options,
            )
        with self._lock:
            self._children = [*running(self._children), child]
        return child

    def close(self) -> None:
        """Kill whatever runs."""
        assert self._leader.stdin is not None
        self._leader.stdin.close()
        for process in (self._leader, *self._children):
            process.wait()


def running(processes: Sequence[subprocess.Popen[bytes]]) -> list[subprocess.Popen[bytes]]:
    return [process for process in processes if process.poll() is None]


def kill(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()


def wait_ready(process: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool], seconds: float) -> None:
    """Return once ``ready`` says so. Raises StartFailed when the process ends first or ``seconds`` have passed."""
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        if ready():
            return
        if time.monotonic() > deadline:
            raise StartFailed(f"{process.args!r} was not ready after {seconds:.0f} s: {tail(log)}")
        time.sleep(0.05)
    raise StartFailed(f"{process.args!r} ended with {process.returncode}: {tail(log)}")


def tail(log: Path) -> str:
    return log.read_bytes()[-LOG_TAIL:].decode(errors="replace")


class Port:
    """A free port on 127.0.0.1, kept from others for as long as this object is open.

    It is bound but never listened on; a child listens on it that also sets SO_REUSEPORT, or SO_REUSEADDR.
    """

    def __init__(self) -> None:
        self._socket = socket.socket()
        for option in (socket.SO_REUSEPORT, socket.SO_REUSEADDR):
            self._socket.setsockopt(socket.SOL_SOCKET, option, 1)
        self._socket.bind(("127.0.0.1", 0))
        self.number: int = self._socket.getsockname()[1]

    def close(self) -> None:
        self._socket.close()
