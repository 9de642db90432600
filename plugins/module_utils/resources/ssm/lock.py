# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A lease of which there is one at a time, kept in an SSM parameter.

The parameter is put without overwriting, which SSM does atomically. A holder whose process is gone on this same host is
taken over at once, any other when its lease has run out, or when the user says so.
"""

from __future__ import annotations

import json
import os
import socket
import time
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from ...aws.errors import AwsError
from ...aws.session import Aws
from ...engine.errors import KeelsonError

CLAIM_LIFE = 60.0
"""Seconds after which the claim of a run that died while it took a lock over is void."""


class Held(KeelsonError):
    """Another run holds the lock."""


@dataclass(frozen=True)
class Lease:
    """``process`` is the run's process id on ``host``, ``begun`` what tells it from a later one with the same id."""

    holder: str
    host: str
    process: int
    begun: str
    since: str
    expires: float  # Unix time

    @property
    def is_over(self) -> bool:
        if self.host == socket.gethostname():
            return process_begun(self.process) != self.begun
        return time.time() > self.expires

    def is_of(self, other: Lease) -> bool:
        return (self.host, self.process, self.begun) == (other.host, other.process, other.begun)

    def __str__(self) -> str:
        until = datetime.fromtimestamp(self.expires, UTC).isoformat(timespec="seconds")
        return (
            f"{self.holder} (process {self.process} on {self.host}) since {self.since}; the lease runs out at {until}"
        )


@dataclass(frozen=True)
class Lock:
    """The lock of an environment, as its parameter's name, and the access to it."""

    aws: Aws
    name: str
    tags: dict[str, str]

    def read(self) -> tuple[Lease, int] | None:
        """The lease and the parameter's version."""
        found = self.aws.find("ssm", "get_parameter", Name=self.name)
        if found is None:
            return None
        return lease_of(self.name, found["Parameter"]["Value"]), found["Parameter"]["Version"]

    def take(self, mine: Lease, force: bool) -> Lease | None:
        """Hold it from now on. Returns the lease that was taken over, if any; raises Held."""
        if self.put_new(self.name, mine):
            return None
        found = self.read()
        if found is None:  # given back in between
            return self.take(mine, force)
        lease, _version = found
        if lease.is_of(mine):
            self.overwrite(mine)
            return None
        if not (force or lease.is_over):
            raise Held(
                f"the environment is locked by {lease}. Wait until that run has ended. "
                "If it cannot end any more, set environment_lock_force: true once."
            )
        return lease if self.take_over(mine, found) else self.take(mine, force=False)

    def take_over(self, mine: Lease, seen: tuple[Lease, int]) -> bool:
        """Only one of those who saw the same ended lease may overwrite it:
        who puts the claim on its version while it is still there.
        """
        claim = f"{self.name}-taken-over/{seen[1]}"
        if not self.put_new(claim, mine):
            found = self.aws.find("ssm", "get_parameter", Name=claim)
            age = time.time() - found["Parameter"]["LastModifiedDate"].timestamp() if found else 0.0
            if age < CLAIM_LIFE:
                raise Held("another run is just taking the environment's lock over. Try again in a minute.")
            self.aws.call("ssm", "delete_parameter", Name=claim)
            return self.take_over(mine, seen)
        if is_unchanged := self.read() == seen:
            self.overwrite(mine)
        self.aws.call("ssm", "delete_parameter", Name=claim)
        return is_unchanged

    def give_back(self, mine: Lease) -> bool:
        found = self.read()
        if found is None or not found[0].is_of(mine):
            return False
        self.aws.call("ssm", "delete_parameter", Name=self.name)
        return True

    def put_new(self, name: str, lease: Lease) -> bool:
        tags = [{"Key": key, "Value": value} for key, value in self.tags.items()]
        try:
            self.aws.call("ssm", "put_parameter", Name=name, Value=json.dumps(asdict(lease)), Type="String", Tags=tags)
        except AwsError as error:
            if error.code == "ParameterAlreadyExists":
                return False
            raise
        return True

    def overwrite(self, lease: Lease) -> None:
        self.aws.call(
            "ssm", "put_parameter", Name=self.name, Value=json.dumps(asdict(lease)), Type="String", Overwrite=True
        )


def lease_of(name: str, text: str) -> Lease:
    """What a parameter holds, whichever version of the collection has written it."""
    known = {field.name for field in fields(Lease)}
    try:
        return Lease(**{key: value for key, value in json.loads(text).items() if key in known})
    except (AttributeError, TypeError, ValueError):
        raise Held(
            f"the SSM parameter {name} holds no lease that this version can read. "
            "If no other run is at work, delete it."
        ) from None


def process_begun(process: int) -> str:
    """When a process of this host began, in whatever unit the host tells; empty when there is no such process."""
    stat = Path(f"/proc/{process}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            text = stat.read_text()
        except OSError:
            return ""
        status, begun = text.rpartition(")")[2].split()[0], text.rpartition(")")[2].split()[19]
        return "" if status == "Z" else begun
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "alive"
