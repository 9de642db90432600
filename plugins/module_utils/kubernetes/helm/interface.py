# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Keelson asks of Helm: few things, so that a library and an executable can both do them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ...engine.errors import KeelsonError
from ..api.cluster import Access

HISTORY = 10
"""Revisions of a release that are kept, as helm itself keeps them."""
MANAGER = "helm"
"""Helm's field manager: the same whichever does the work, or one would find the other's fields in conflict."""


class HelmFailed(KeelsonError):
    """What Helm said."""


@dataclass(frozen=True)
class Source:
    """``name``: an absolute path (a directory or a .tgz), an ``oci://`` reference,
    or a name in a repository (its URL).
    """

    name: str
    repository: str | None = None
    version: str | None = None

    @property
    def is_local(self) -> bool:
        return self.repository is None and not self.name.startswith("oci://")

    def __str__(self) -> str:
        where = f"{self.repository.rstrip('/')}/{self.name}" if self.repository else self.name
        return f"{where} {self.version}" if self.version else where


@dataclass(frozen=True)
class Spec:
    """A release as Helm is to make it. ``chart`` is a directory or a .tgz; ``timeout`` is seconds.

    ``labels``: None removes one. ``wait``: until the workloads are ready, else for hooks only.
    """

    name: str
    namespace: str
    chart: Path
    values: Mapping[str, Any]
    timeout: int = 300
    wait: bool = True
    labels: Mapping[str, str | None] = field(default_factory=dict)


class Helm(Protocol):
    """Every method raises HelmFailed. Thread-safe for different releases."""

    def pull(self, source: Source, directory: Path) -> None:
        """Fetch a chart's .tgz into a directory."""

    def render(self, spec: Spec, version: str, api_versions: Sequence[str]) -> str:
        """The manifest that an install would make, hooks apart, without a cluster.

        ``version`` is Kubernetes', such as 1.35.
        """

    def render_upgrade(self, access: Access, spec: Spec) -> str:
        """The manifest that an upgrade would make now, hooks apart: the chart may look things up in the cluster."""

    def install(self, access: Access, spec: Spec) -> None: ...

    def upgrade(self, access: Access, spec: Spec, force_conflicts: bool) -> None:
        """``force_conflicts``: take fields from other managers."""

    def rollback(self, access: Access, name: str, namespace: str, revision: int, timeout: int, wait: bool) -> None: ...

    def uninstall(self, access: Access, name: str, namespace: str, timeout: int) -> None:
        """Until all of it is gone. Gone already is fine."""
