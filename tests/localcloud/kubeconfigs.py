# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clusters' control planes, with an administrator's kubeconfig beside the cloud's env file for as
long as each exists.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from localcloud.controlplane import ControlPlanes, Endpoint


class PublishedControlPlanes(ControlPlanes):
    """``<directory>/kubeconfig-<cluster>`` is there as long as the cluster is."""

    def __init__(self, directory: Path, server_url: str) -> None:
        super().__init__(directory, server_url)
        self._published = directory
        self._kubeconfigs: dict[str, Path] = {}

    def create(self, name: str, *args: Any, **kwargs: Any) -> Endpoint:
        endpoint = super().create(name, *args, **kwargs)
        shutil.copy(endpoint.kubeconfig, self._published / f"kubeconfig-{name}")
        self._kubeconfigs[name] = endpoint.kubeconfig
        return endpoint

    def delete(self, name: str) -> None:
        self._kubeconfigs.pop(name, None)
        (self._published / f"kubeconfig-{name}").unlink(missing_ok=True)
        super().delete(name)

    def clusters(self) -> dict[str, dict[str, Any]]:
        """Each cluster's kubeconfig, and whether its API server was ever started: only then does its log exist."""
        return {
            name: {"kubeconfig": str(file), "started": any(file.parent.glob("kube-apiserver*.log"))}
            for name, file in list(self._kubeconfigs.items())
        }
