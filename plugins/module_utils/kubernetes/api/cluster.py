# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cluster as somebody works in it: what kinds are handed there instead of the bare AWS account."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...aws.session import Aws
from ...engine.errors import KeelsonError
from ...engine.resource import Foresight, Properties
from .client import Client
from .token import bearer_token

REFRESH = 60.0
"""Seconds for which a token is used again by requests of our own."""
RENEW = 300.0
"""Seconds after which the token in a kubeconfig is written anew: client-go reads it again every minute."""


@dataclass
class Access:
    """A way into the cluster for Helm. ``processes``: those that use it, killed when this process is orphaned."""

    kubeconfig: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)


class Cluster:
    """An EKS cluster by its name. Thread-safe; its parts are made when first used, never before a fork."""

    def __init__(self, aws: Aws, name: str) -> None:
        self.aws, self.name = aws, name
        self.lock = threading.RLock()
        self._client: Client | None = None
        self._description: Properties | None = None
        self._token, self._token_made = "", float("-inf")

    @property
    def ahead(self) -> Foresight | None:
        return self.aws.ahead

    @property
    def exists(self) -> bool:
        """Whether there is an API server to ask: the cluster is there, and past its creation."""
        return self.description is not None

    @property
    def description(self) -> Properties | None:
        """What ``eks:DescribeCluster`` says, once it names an endpoint."""
        with self.lock:
            if self._description is None:
                found = (self.aws.find("eks", "describe_cluster", name=self.name) or {}).get("cluster", {})
                if not found.get("endpoint") or found.get("status") in ("CREATING", "DELETING", "FAILED"):
                    return None
                self._description = found
            return self._description

    @property
    def found(self) -> Properties:
        if (description := self.description) is None:
            raise KeelsonError(f"cluster {self.name}: there is no API server yet. The role cluster makes it.")
        return description

    @property
    def client(self) -> Client:
        with self.lock:  # which functools.cached_property has no longer: kinds are observed in threads, all at once
            if self._client is None:
                self._client = Client(self.found["endpoint"], self.authority, self.token, self.aws.exit_if_orphaned)
            return self._client

    @property
    def authority(self) -> str:
        return base64.b64decode(self.found["certificateAuthority"]["data"]).decode()

    def token(self) -> str:
        with self.lock:
            if time.monotonic() - self._token_made > REFRESH:
                self._token, self._token_made = bearer_token(self.aws, self.name), time.monotonic()
            return self._token

    @contextlib.contextmanager
    def access(self) -> Iterator[Access]:
        """A kubeconfig file for client-go, which keeps working however long it is held.

        The token stands in a file of its own that only this user may read, and is renewed; it is in no argument and no
        environment variable. Meanwhile a thread ends this process if it is orphaned: helm must not write on then.
        """
        directory = Path(tempfile.mkdtemp(prefix="keelson-"))
        try:
            token_file = directory / "token"
            write_private(token_file, bearer_token(self.aws, self.name))
            access = Access(directory / "config")
            write_private(access.kubeconfig, json.dumps(kubeconfig(self.name, self.found, token_file)))
            ended = threading.Event()
            guard = threading.Thread(target=self.keep, args=(access, token_file, ended), daemon=True)
            guard.start()
            try:
                yield access
            finally:
                ended.set()
                guard.join()
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def keep(self, access: Access, token_file: Path, ended: threading.Event) -> None:
        renewed = time.monotonic()
        while not ended.wait(1.0):
            if os.getppid() != self.aws.parent:
                for process in access.processes:
                    process.kill()
                shutil.rmtree(token_file.parent, ignore_errors=True)
                self.aws.exit_if_orphaned()
            if time.monotonic() - renewed > RENEW:
                renewed = time.monotonic()
                with contextlib.suppress(KeelsonError):  # the old one may do until the next attempt
                    write_private(token_file, bearer_token(self.aws, self.name))


def kubeconfig(name: str, description: Properties, token_file: Path) -> dict[str, Any]:
    """As helm and kubectl read it. JSON is YAML."""
    cluster = {
        "server": description["endpoint"],
        "certificate-authority-data": description["certificateAuthority"]["data"],
    }
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": {"tokenFile": str(token_file)}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }


def write_private(file: Path, text: str) -> None:
    """Whoever reads it meanwhile sees the old text or the new."""
    new = file.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    new.replace(file)
