# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud as a background process that a directory stands for.

The directory (``.localcloud`` by default) holds ``server.json`` (who serves, where), ``env`` (a shell file to source),
``log``, and one ``kubeconfig-<cluster>`` for each cluster.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shlex
import signal
import string
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

START_SECONDS = 120.0
STOP_SECONDS = 60.0


class Failed(Exception):
    """The local cloud did not do as it was told; the message says why."""


@dataclass(frozen=True)
class Running:
    """A server that runs: its process, where it listens, and the keys of the account's administrator."""

    pid: int
    url: str
    access_key: str
    secret_key: str

    @property
    def env(self) -> dict[str, str]:
        """The environment variables that turn any AWS client to this cloud."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "KEELSON_LOCAL_CLOUD": "1",
        }

    @classmethod
    def read(cls, directory: Path) -> Running | None:
        """The healthy server of this directory, if there is one."""
        try:
            found = cls(**json.loads((directory / "server.json").read_text()))
            with urllib.request.urlopen(f"{found.url}/_localcloud/health", timeout=5) as answer:
                return found if json.load(answer)["pid"] == found.pid else None
        except (FileNotFoundError, ValueError, TypeError, KeyError, urllib.error.URLError, OSError):
            return None


def new_keys() -> tuple[str, str]:
    """An access key and its secret: long and improbable, so that masking them in outputs masks nothing else."""
    capitals, letters = string.ascii_uppercase + "234567", string.ascii_letters + string.digits
    return "AKIA" + "".join(secrets.choice(capitals) for _index in range(16)), "".join(
        secrets.choice(letters) for _index in range(40)
    )


def run(directory: Path, port: int, scale: float, control_plane: bool, tied: bool) -> None:
    """Serve in this process until SIGTERM or SIGINT or, when ``tied``, until the process that started it has ended."""
    from localcloud.clock import clock
    from localcloud.server import Server

    clock.scale = scale
    directory.mkdir(parents=True, exist_ok=True)
    access_key, secret_key = new_keys()
    server = Server(directory, port, access_key, secret_key, control_plane)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.stop).start())
    if tied:
        threading.Thread(target=_stop_with_parent, args=(os.getppid(), server.stop), daemon=True).start()
    _announce(directory, Running(os.getpid(), server.url, access_key, secret_key))
    try:
        server.serve()
    finally:
        server.close()
        (directory / "server.json").unlink(missing_ok=True)
    sys.stdout.flush()
    os._exit(0)  # to take moto's objects apart one by one would take longer than everything else


def up(directory: Path, port: int, scale: float, control_plane: bool, tied: bool = False) -> Running:
    """Start a server in the background, unless a healthy one runs already. A ``tied`` one ends with this process."""
    with _alone(directory):
        if running := Running.read(directory):
            return running
        (directory / "server.json").unlink(missing_ok=True)
        command = [sys.executable, "-m", "localcloud", "--directory", str(directory), "run", "--port", str(port)]
        command += ["--scale", str(scale)] + ([] if control_plane else ["--without-control-plane"]) + ["--tied"] * tied
        path = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
        with (directory / "log").open("wb") as log:
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": path},
            )
        return _wait_started(directory, server)


def down(directory: Path) -> bool:
    """Stop the server and wait until it is gone; whether there was one."""
    with _alone(directory):
        running = Running.read(directory)
        if running is None:
            (directory / "server.json").unlink(missing_ok=True)
            return False
        os.kill(running.pid, signal.SIGTERM)
        if not _wait_gone(running.pid):
            raise Failed(
                f"process {running.pid} did not end within {STOP_SECONDS:.0f} seconds, see {directory / 'log'}"
            )
        for left in [directory / "env", *directory.glob("kubeconfig-*")]:
            left.unlink(missing_ok=True)
        return True


def _stop_with_parent(parent: int, stop: Callable[[], None]) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    stop()


def _announce(directory: Path, running: Running) -> None:
    """Write who serves; last, so that whoever sees it finds everything."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in running.env.items()]
    _write(directory / "env", "\n".join([*lines, "unset AWS_PROFILE AWS_SESSION_TOKEN", ""]))
    _write(directory / "server.json", json.dumps(asdict(running)))


def _write(path: Path, text: str) -> None:
    """Nobody may see half a file, and only the user may read it."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(0o600, exist_ok=False)
    fresh.write_text(text)
    fresh.rename(path)


def _wait_started(directory: Path, server: subprocess.Popen[bytes]) -> Running:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if running := Running.read(directory):
            return running
        time.sleep(0.05)
    why = (
        f"ended with status {server.returncode}"
        if server.returncode is not None
        else f"was not ready in {START_SECONDS:.0f} seconds"
    )
    if server.returncode is None:
        server.kill()
    raise Failed(f"the local cloud {why}:\n" + (directory / "log").read_text()[-2000:])


def _wait_gone(pid: int) -> bool:
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # when it is this process's own child
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One ``up`` or ``down`` at a time for a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
