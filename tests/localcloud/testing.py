# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud for tests: ``with Cloud() as cloud: cloud.client("ec2")``."""

from __future__ import annotations

import json
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from localcloud import daemon
from localcloud import dump as inventory

REGION = "us-east-1"


class Cloud:
    """A local cloud of its own, in a process of its own, which ends with the ``with`` block.

    Things are ready at once (``clock(scale=...)`` changes that) and clusters have no API server unless asked for.
    """

    def __init__(self, control_plane: bool = False) -> None:
        self._control_plane = control_plane
        self._temporary = tempfile.TemporaryDirectory(prefix="localcloud-")
        self.directory = Path(self._temporary.name)

    def __enter__(self) -> Cloud:
        self._running = daemon.up(self.directory, 0, 0.0, self._control_plane, tied=True)
        self._session = boto3.Session()
        self._clients: dict[tuple[str, str, bool], Any] = {}
        return self

    def __exit__(self, *_: object) -> None:
        daemon.down(self.directory)
        self._temporary.cleanup()

    @property
    def url(self) -> str:
        return self._running.url

    @property
    def env(self) -> dict[str, str]:
        """What a process needs in its environment to meet this cloud."""
        return self._running.env

    def client(self, service: str, region: str = REGION, clean: bool = False) -> Any:
        """A boto3 client that does not retry; a ``clean`` one knows no faults, no lag and no call log."""
        key = service, region, clean
        if key not in self._clients:
            self._clients[key] = self._session.client(
                service,
                region_name=region,
                endpoint_url=self.url + ("/_localcloud/clean" if clean else ""),
                aws_access_key_id=self._running.access_key,
                aws_secret_access_key=self._running.secret_key,
                config=Config(retries={"total_max_attempts": 1}, max_pool_connections=32),
            )
        return self._clients[key]

    def calls(self, since: int = 0) -> list[dict[str, Any]]:
        """The call log after the call of that number: service, operation, region, write,
        status, seconds, user_agent.
        """
        return self.admin("GET", f"calls?since={since}")

    def clear_calls(self) -> None:
        self.admin("DELETE", "calls")

    def faults(self, **faults: Any) -> dict[str, Any]:
        """Replace all faults: latency and lag (seconds), errors, points (see middleware). Nothing given clears them."""
        return self.admin("POST", "faults", faults)

    def wait_fired(self, seconds: float = 60) -> bool:
        """Wait until every point of the faults has been reached."""
        return self.admin("GET", f"faults/fired?seconds={seconds}")["fired"]

    def release(self) -> None:
        """Let paused calls go on."""
        self.admin("POST", "faults/release")

    def clock(self, **settings: Any) -> dict[str, Any]:
        """Set ``scale`` and ``held``, those that are given; returns both."""
        return self.admin("POST", "clock", settings)

    def begun(self) -> list[tuple[str, float, float]]:
        """All that takes time and was started: what (a key of ``clock.DURATIONS``), when,
        and when it is done (Unix times).
        """
        return list(map(tuple, self.admin("GET", "clock/begun")))

    def dump(self) -> inventory.Dump:
        return inventory.dump(self.url, self._running.access_key, self._running.secret_key)

    def reset(self) -> None:
        """Back to the empty account, without faults, at the clock's present setting."""
        self.admin("POST", "reset")

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """A call under ``/_localcloud/``, see server.py."""
        data = json.dumps({} if body is None else body).encode()
        request = urllib.request.Request(f"{self.url}/_localcloud/{path}", data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()}") from error
