# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The one etcd that all clusters share, each under its own prefix."""

from __future__ import annotations

import base64
import subprocess
import threading
from pathlib import Path

from localcloud.controlplane.api import Api
from localcloud.controlplane.processes import Port, ProcessGroup, kill, wait_ready

START_SECONDS = 60


class Etcd:
    """Starts when it is first needed, and again when it is gone."""

    def __init__(self, directory: Path, group: ProcessGroup) -> None:
        self._directory = directory
        self._group = group
        self._lock = threading.Lock()
        self._port = Port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port.number}"
        self._api = Api(self.url)

    def start(self, binaries: Path) -> None:
        """Return once it answers. Raises StartFailed."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return
            self._directory.mkdir(parents=True, exist_ok=True)
            command: list[str | Path] = [
                binaries / "etcd",
                f"--data-dir={self._directory / 'data'}",
                f"--listen-client-urls={self.url}",
                f"--advertise-client-urls={self.url}",
                "--listen-peer-urls=http://127.0.0.1:0",
                "--socket-reuse-port",  # the port is already bound, see Port
                "--unsafe-no-fsync",
                "--log-level=warn",
            ]
            log = self._directory / "etcd.log"
            self._process = self._group.start(command, log)
            wait_ready(self._process, log, lambda: self._api.answers("/health"), START_SECONDS)

    def delete(self, prefix: str) -> None:
        """Delete every key under ``prefix``, which ends with a slash. Nothing to do where etcd never started."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                return
        start = prefix.encode()
        end = start[:-1] + bytes([start[-1] + 1])
        keys = {"key": base64.b64encode(start).decode(), "range_end": base64.b64encode(end).decode()}
        self._api.call("POST", "/v3/kv/deleterange", keys)

    def close(self) -> None:
        if self._process is not None:
            kill([self._process])
        self._port.close()
