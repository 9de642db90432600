# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads that lag: they answer what was true some seconds ago, in every service, deletes and changes included.

Before each write the process is forked. The child is the account as it was, at the price of the pages that change; it
answers reads until the write is older than the lag, and ends. Writes always meet the present. So a list does not show
what was made a moment ago and a describe by id says NotFound, while a write that names the new id works; what was
deleted a moment ago is still shown. AWS lags at times and in places; this lags always and everywhere, by exactly the
time asked for. STS does not lag, nor do the API servers of clusters, nor databases.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from localcloud.aws import eks
from localcloud.calls import Call
from localcloud.clock import clock
from localcloud.emulator import Emulator, account_of
from localcloud.wire import Request, Response


class _Snapshot:
    """The account as it was when this was made. ``until`` is when the next write changed it (monotonic seconds)."""

    def __init__(self, emulator: Emulator, seconds: float) -> None:
        self.until = 0.0
        self._lock = threading.Lock()
        self._closed = False
        self._connection, theirs = Pipe()
        self._pid = os.fork()
        if self._pid == 0:
            _serve_snapshot(theirs, emulator, seconds)
        theirs.close()

    def answer(self, request: Request, call: Call) -> Response | None:
        """None when it has been closed meanwhile."""
        with self._lock:
            if self._closed:
                return None
            self._connection.send((request, call))
            return self._connection.recv()

    def close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._connection.close()
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)


def _serve_snapshot(connection: Connection, emulator: Emulator, seconds: float) -> None:
    """The child: only this thread lives on, holding the emulator's lock.

    It must not touch what it shares with its parent.
    """
    try:
        keep = connection.fileno()
        os.closerange(3, keep)
        os.closerange(keep + 1, 4096)
        clock.now = lambda: time.time() - seconds  # type: ignore[method-assign]
        eks.use_control_planes(None)
        while True:
            request, call = connection.recv()
            connection.send(emulator.answer(request, call))
    except EOFError:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


class Lag:
    """Answers through snapshots while ``seconds`` is above zero."""

    def __init__(self, emulator: Emulator) -> None:
        self.seconds = 0.0
        self._emulator = emulator
        self._lock = threading.Lock()
        self._snapshots: list[_Snapshot] = []

    def answer(self, request: Request, call: Call) -> Response:
        if self.seconds > 0 and call.write:
            return self._write(request, call)
        if self.seconds > 0 and call.service not in ("sts", "rds-data"):
            # The past does not know of a session that was begun since, nor whose account it is in.
            request.headers.setdefault("x-moto-account-id", account_of(call.access_key))
            while snapshot := self._as_of(time.monotonic() - self.seconds):
                response = snapshot.answer(request, call)
                if response is not None:
                    return response
        return self._emulator.answer(request, call)

    def close(self) -> None:
        """Forget the past."""
        with self._lock:
            snapshots, self._snapshots = self._snapshots, []
        for snapshot in snapshots:
            snapshot.close()

    def _write(self, request: Request, call: Call) -> Response:
        with self._emulator.lock:
            snapshot = _Snapshot(self._emulator, self.seconds)
            response = self._emulator.answer(request, call)
            if response.status < 400:
                with self._lock:
                    snapshot.until = time.monotonic()
                    self._snapshots.append(snapshot)
                return response
        snapshot.close()
        return response

    def _as_of(self, moment: float) -> _Snapshot | None:
        """The snapshot that held at that moment; none when nothing has changed since."""
        with self._lock:
            past = [snapshot for snapshot in self._snapshots if snapshot.until <= moment]
            self._snapshots = self._snapshots[len(past) :]
            found = self._snapshots[0] if self._snapshots else None
        for snapshot in past:
            snapshot.close()
        return found
