# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What stands between a caller and the emulator: the call log, latency, errors,
and points at which something happens.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from localcloud import errors
from localcloud.calls import Call
from localcloud.wire import Dropped, Request, Response

Proceed = Callable[[Request, Call], Response]


class CallLog:
    """Every call in the order in which it was answered, with what a test or a benchmark wants to know of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []

    def record(self, request: Request, call: Call, proceed: Proceed) -> Response:
        started = time.time()
        status = 0  # the connection was dropped
        try:
            response = proceed(request, call)
            status = response.status
        finally:
            entry = {
                "service": call.service,
                "operation": call.operation,
                "region": call.region,
                "write": call.write,
                "status": status,
                "time": started,
                "seconds": time.time() - started,
                "user_agent": request.headers.get("user-agent", ""),
            }
            with self._lock:
                self._entries.append({"number": len(self._entries) + 1, **entry})
        return response

    def since(self, number: int) -> list[dict[str, Any]]:
        """The calls after the one of that number; 0 for all."""
        with self._lock:
            return self._entries[number:]

    def clear(self) -> None:
        with self._lock:
            self._entries = []


@dataclass
class Errors:
    """Every so-manyth matching call is not carried out but answered with an error of this kind (see errors.KINDS)."""

    kind: str
    every: int = 1
    operations: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        if self.kind not in errors.KINDS:
            raise ValueError(f"kind is one of {sorted(errors.KINDS)}, not {self.kind!r}")

    def matches(self, call: Call) -> bool:
        return not self.operations or _named(call, self.operations)


@dataclass
class Point:
    """At the so-manyth matching call something happens, once: before the server takes it,
    or after it, before the answer.

    ``operations`` are patterns such as ``ec2 Create*``; without any, every write matches. What happens, after which the
    connection is dropped without an answer (except for ``pause``, after which the call goes on):
    ``{"kill": [pid, ...]}``, ``{"kill_group": pgid}``, ``{"kill_session": sid}``, ``{"kill_tree": pid}`` (with all
    descendants), ``{"drop": true}``, ``{"pause": true}`` (until released).
    """

    number: int
    when: Literal["before", "after"]
    action: dict[str, Any]
    operations: list[str] = field(default_factory=list)
    count: int = 0
    fired: bool = False

    def __post_init__(self) -> None:
        if self.when not in ("before", "after") or len(self.action) != 1 or not self.action.keys() <= _ACTIONS.keys():
            raise ValueError(f"a point has when (before or after) and one action of {sorted(_ACTIONS)}: {self}")

    def matches(self, call: Call) -> bool:
        return _named(call, self.operations) if self.operations else call.write


class Faults:
    """All that goes wrong on purpose. Nothing does until ``set``."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.latency = 0.0
        self.errors: list[Errors] = []
        self.points: list[Point] = []

    def set(
        self, latency: float = 0.0, errors: Iterable[dict[str, Any]] = (), points: Iterable[dict[str, Any]] = ()
    ) -> None:
        """Replace all faults; ``latency`` in seconds a call. Paused calls go on."""
        new_errors, new_points = [Errors(**one) for one in errors], [Point(**one) for one in points]
        with self._changed:
            self.latency, self.errors, self.points = latency, new_errors, new_points
            self._changed.notify_all()

    def release(self) -> None:
        """Let paused calls go on."""
        with self._changed:
            self.points = [point for point in self.points if not (point.fired and "pause" in point.action)]
            self._changed.notify_all()

    def wait_fired(self, seconds: float) -> bool:
        """Wait until every point has been reached; whether that was so in time."""
        with self._changed:
            return self._changed.wait_for(lambda: all(point.fired for point in self.points), seconds)

    def state(self) -> dict[str, Any]:
        with self._changed:
            return {
                "latency": self.latency,
                "errors": [asdict(one) for one in self.errors],
                "points": [asdict(one) for one in self.points],
            }

    def pass_through(self, request: Request, call: Call, proceed: Proceed) -> Response:
        if self.latency:
            time.sleep(self.latency)
        reached, kind = self._count(call)
        if kind:
            return errors.error(kind, call)
        for point in reached:
            if point.when == "before":
                self._act(point)
        response = proceed(request, call)
        for point in reached:
            if point.when == "after":
                self._act(point)
        return response

    def _count(self, call: Call) -> tuple[list[Point], str]:
        """The points that this call reaches and, if it is to fail, how.

        A call that fails does not count for the points.
        """
        with self._changed:
            for rule in self.errors:
                if rule.matches(call):
                    rule.count += 1
                    if rule.count % rule.every == 0:
                        return [], rule.kind
            reached = []
            for point in self.points:
                if point.matches(call):
                    point.count += 1
                    if point.count == point.number:
                        reached.append(point)
            return reached, ""

    def _act(self, point: Point) -> None:
        ((name, value),) = point.action.items()
        _ACTIONS[name](value)
        with self._changed:
            point.fired = True
            self._changed.notify_all()
            if name == "pause":
                self._changed.wait_for(lambda: not any(point is one for one in self.points))
                return
        raise Dropped


def _named(call: Call, patterns: list[str]) -> bool:
    return any(fnmatchcase(call.name, pattern) for pattern in patterns)


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        _signal(pid, signal.SIGKILL)


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it ended by itself
        os.killpg(group, signal.SIGKILL)


def _kill_session(session: int) -> None:
    for pid, _parent in _processes():
        with contextlib.suppress(ProcessLookupError):  # it ended by itself
            if os.getsid(pid) == session:
                os.kill(pid, signal.SIGKILL)


def kill_tree(root: int) -> None:
    """Stop the tree first, until it has stopped growing: a process that is killed leaves children nobody can find."""
    tree: set[int] = set()
    while (found := _descendants(root)) != tree:
        for pid in found - tree:
            _signal(pid, signal.SIGSTOP)
        tree = found
    _kill(tree)


def _descendants(root: int) -> set[int]:
    """The process and all below it that still live."""
    processes = _processes()
    tree = {pid for pid, _parent in processes if pid == root}
    while more := {pid for pid, parent in processes if parent in tree} - tree:
        tree |= more
    return tree


def _processes() -> list[tuple[int, int]]:
    """(process, parent) of every process on this machine."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    return [(int(pid), int(parent)) for pid, parent in map(str.split, listing.splitlines())]


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it ended by itself
        os.kill(pid, number)


_ACTIONS: dict[str, Callable[[Any], None]] = {
    "kill": _kill,
    "kill_group": _kill_group,
    "kill_session": _kill_session,
    "kill_tree": kill_tree,
    "drop": lambda _: None,
    "pause": lambda _: None,
}
