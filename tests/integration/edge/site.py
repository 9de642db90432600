# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs playbooks as a user does: ``ansible-playbook`` in the checkout, in a process of its own;
what it says is all there is.
"""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from localcloud.middleware import kill_tree
from localcloud.testing import Cloud

ROOT = Path(__file__).resolve().parents[3]
# Nothing of the local cloud takes long, so that looking for it every five seconds would be most of a test's time.
VARIABLES = {"keelson_wait_interval": 0.2}
# On a busy machine a whole run takes about a minute.
END_SECONDS = 300
GONE_SECONDS = 60

_CHANGE = re.compile(r"^\+\+\+ after: (\w+) (.+) \((create|update|replace|delete)\)$", re.MULTILINE)
_RECAP = re.compile(r"^\S+ +: ok=(?P<ok>\d+) +changed=(?P<changed>\d+) .*failed=(?P<failed>\d+)", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Change:
    """A line of a plan, or of what a run has done: ``NatGateway``, ``us-east-1a``, ``create``."""

    kind: str
    key: str
    action: str

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.key}"


@dataclass(frozen=True)
class Run:
    """A run that has ended. ``status`` is the process's: negative when a signal ended it."""

    status: int
    output: str
    seconds: float

    @property
    def changed(self) -> int:
        """Tasks that changed something, as the recap counts them."""
        found = _RECAP.search(self.output)
        assert found, f"no recap:\n{self.output}"
        return int(found["changed"])

    @property
    def changes(self) -> list[Change]:
        """What was shown under ``--diff``."""
        return sorted(Change(*found) for found in _CHANGE.findall(self.output))

    def shown(self, task: str) -> dict[str, Any]:
        """What a debug task has shown."""
        found = re.search(
            rf"^TASK \[{re.escape(task)}\].*?=> *\n(.*?)\n\n(?:TASK|PLAY)", self.output, re.MULTILINE | re.DOTALL
        )
        assert found, f"nothing is shown by {task!r}:\n{self.output}"
        return dict(yaml.safe_load(textwrap.dedent(found[1]))["msg"])

    def succeeded(self) -> Run:
        assert self.status == 0, self.output
        return self

    def failed(self) -> Run:
        assert self.status > 0, self.output
        return self


class Running:
    """A run under way. ``wait`` returns when the controller has ended, ``wait_gone`` when its workers have, too."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        self._output = tempfile.TemporaryFile("w+")  # noqa: SIM115  # until close
        # Every process of the run holds the writing end: reading meets its end when all of them are gone.
        self._lives, held = os.pipe()
        self._begun = time.monotonic()
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            pass_fds=[held],
        )
        os.close(held)

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self) -> Run:
        """Raises AssertionError, with all that it has said, when it hangs."""
        try:
            status = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it still runs after {END_SECONDS} s:\n{self._said()}") from None
        return Run(status, self._said(), time.monotonic() - self._begun)

    def _said(self) -> str:
        self._output.seek(0)
        return self._output.read()

    def kill(self, tree: bool) -> None:
        """The controller, or all that it has started, too."""
        if tree:
            kill_tree(self.pid)
        else:
            self._process.kill()

    def wait_gone(self) -> None:
        ready, _unused, _unused = select.select([self._lives], [], [], GONE_SECONDS)
        assert ready, f"a worker still lives {GONE_SECONDS} s after its controller"

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._output.close()
        os.close(self._lives)


@dataclass(frozen=True)
class Site:
    """The environment of an inventory, and the cloud that it is in. ``tags``: the only roles that are run."""

    cloud: Cloud
    environment: str
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"innovate-{self.environment}"

    def run(self, *arguments: str, playbook: str = "site.yml", tags: Sequence[str] = (), **variables: Any) -> Run:
        with self.running(*arguments, playbook=playbook, tags=tags, **variables) as running:
            return running.wait()

    def check(self, *, tags: Sequence[str] = (), **variables: Any) -> Run:
        return self.run("--check", "--diff", tags=tags, **variables)

    def destroy(self, *arguments: str, tags: Sequence[str] = (), **variables: Any) -> Run:
        with self.destroying(*arguments, tags=tags, **variables) as running:
            return running.wait()

    def destroying(
        self, *arguments: str, tags: Sequence[str] = (), **variables: Any
    ) -> AbstractContextManager[Running]:
        confirmed = {"keelson_confirm_destroy": self.name, **variables}
        return self.running(*arguments, playbook="playbooks/destroy.yml", tags=tags, **confirmed)

    @contextmanager
    def running(
        self, *arguments: str, playbook: str = "site.yml", tags: Sequence[str] = (), **variables: Any
    ) -> Iterator[Running]:
        """A run under way, which ends with the block if it has not ended before."""
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            playbook,
            "-i",
            f"inventories/{self.environment}",
        ]
        command += ["-e", json.dumps({**VARIABLES, **variables}), *arguments]
        if names := [*tags] or [*self.tags]:
            command += ["--tags", ",".join(names)]
        running = Running(command, self._process_environment())
        try:
            yield running
        finally:
            running.close()

    def _process_environment(self) -> dict[str, str]:
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ANSIBLE_", "AWS_", "KEELSON_", "PYTHON"))
        }
        return {**ours, **self.cloud.env, "ANSIBLE_NOCOLOR": "1"}


def writes(calls: list[dict[str, Any]]) -> list[str]:
    """The calls that have changed something, but for taking and giving back the environment's lock."""
    return [f"{call['service']} {call['operation']}" for call in calls if call["write"] and call["service"] != "ssm"]
