# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cluster as releases are made in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...aws.session import Aws
from ..api.cluster import Cluster
from .interface import Helm

LATEST = "1.35"
"""The version that charts are rendered for where nothing says which: it only matters to a plan without a cluster."""


class HelmCluster(Cluster):
    """``open_helm`` opens Helm; ``wait``: whether the workloads of releases are waited for; ``version``:
    what a chart is rendered for while there is no cluster, a Kubernetes version such as 1.35.
    """

    def __init__(self, aws: Aws, name: str, version: str | None, open_helm: Callable[[], Helm], wait: bool) -> None:
        super().__init__(aws, name)
        self.declared_version, self.open_helm, self.wait = version, open_helm, wait
        self.releases: dict[str, Any] = {}
        """Those that are to be changed, by key: an update is told what changes, and Helm has to be told everything."""
        self.takes_over: set[str] = set()
        """Keys of releases whose fields were edited by hand, and are to be taken back."""

    @property
    def helm(self) -> Helm:
        return self.open_helm()

    @property
    def version(self) -> str:
        return str(self.found["version"]) if self.exists else (self.declared_version or LATEST)

    @property
    def api_versions(self) -> list[str]:
        """What a chart may ask for; nothing is known while there is no cluster."""
        return self.client.api_versions() if self.exists else []
