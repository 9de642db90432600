# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cluster that a component works in: what its kinds are handed instead of the bare AWS account."""

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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.errors import KeelsonError
from ..engine.resource import Owner, Properties
from .client import Client
from .token import bearer_token

if TYPE_CHECKING:
    from ..aws.session import Aws
    from .helm import Helm
    from .releases import HelmRelease

REFRESH = 60.0
"""Seconds for which a token is used again by requests of our own."""
RENEW = 300.0
"""Seconds after which the token in a kubeconfig is written anew: client-go reads it again every minute."""
LATEST = "1.35"
"""The version that charts are rendered for where nothing says which: it only matters to a plan without a cluster."""

LABELS = {
    "keelson:platform": "keelson.dev/platform",
    "keelson:environment": "keelson.dev/environment",
    "keelson:component": "keelson.dev/component",
}
"""The owner's tags, as labels."""


def labels(owner: Mapping[str, str]) -> dict[str, str]:
    """An owner's tags as labels. An object's key is not among them: it follows from its name and namespace."""
    return {label: owner[tag] for tag, label in LABELS.items() if tag in owner}


def tags(labels: Mapping[str, str] | None, key: str) -> dict[str, str]:
    """Labels as the owner's tags."""
    found = {tag: labels[label] for tag, label in LABELS.items() if label in labels} if labels else {}
    return {**found, "keelson:key": key} if found else {}


@dataclass
class Access:
    """A way into the cluster for Helm. ``processes``: those that use it, killed when this process is orphaned."""

    kubeconfig: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)


class Cluster:
    """An EKS cluster by its name. Thread-safe; its parts are made when first used, never before a fork.

    ``helm`` opens Helm; ``wait``: whether the workloads of releases are waited for; ``version``: what a chart is rendered for
    while there is no cluster, a Kubernetes version such as 1.35.
    """

    def __init__(
        self,
        aws: Aws,
        name: str,
        version: str | None = None,
        helm: Callable[[], Helm] | None = None,
        wait: bool = True,
    ) -> None:
        self.aws, self.name, self.declared_version, self.wait = aws, name, version, wait
        self.releases: dict[str, HelmRelease] = {}
        """Those that are to be changed, by key: an update is told what changes, and Helm has to be told everything."""
        self.takes_over: set[str] = set()
        """Keys of releases whose fields were edited by hand, and are to be taken back."""
        self._helm = helm
        self.lock = threading.RLock()
        self._client: Client | None = None
        self._description: Properties | None = None
        self._token, self._token_made = "", float("-inf")

    @property
    def helm(self) -> Helm:
        if self._helm is None:
            raise TypeError("this component has no releases")
        return self._helm()

    @property
    def version(self) -> str:
        return str(self.found["version"]) if self.exists else (self.declared_version or LATEST)

    @property
    def api_versions(self) -> list[str]:
        """What a chart may ask for; nothing is known while there is no cluster."""
        return self.client.api_versions() if self.exists else []

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


def owned(owner: Owner, found: Mapping[str, str] | None) -> bool:
    return bool(found) and labels(owner.scope).items() <= (found or {}).items()
