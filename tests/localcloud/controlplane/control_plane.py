# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control planes of all clusters of one local cloud."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from localcloud.controlplane import binaries
from localcloud.controlplane.cluster import Cluster, Shared
from localcloud.controlplane.etcd import Etcd
from localcloud.controlplane.lazy_listener import Listeners
from localcloud.controlplane.nodes import Node
from localcloud.controlplane.processes import ProcessGroup

IN_CLUSTER_ISSUER = "https://kubernetes.default.svc"


@dataclass(frozen=True)
class Endpoint:
    """Where a cluster is reached. ``kubeconfig`` is an administrator's, independent of the cloud's access entries."""

    url: str
    certificate_authority_pem: str
    kubeconfig: Path


class ControlPlanes:
    """Clusters by name; names must be fit for a file name. Thread-safe.

    Processes start when somebody first connects to a cluster, or when asked to. They end with ``close`` or with this
    process, however it ends.
    """

    def __init__(self, directory: Path, server_url: str) -> None:
        """What ``<directory>/controlplane`` held before is gone.

        ``server_url`` answers POST ``/_localcloud/clusters/<name>/authenticate`` (TokenReview) and ``.../authorize``
        (SubjectAccessReview), both v1. No answer is cached, with one exception that no API server can be talked out of:
        it remembers a token that was accepted, and whose it is, for ten seconds.
        """
        self._directory = directory.resolve() / "controlplane"
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(parents=True)
        self._server_url = server_url
        self._lock = threading.Lock()
        self._binaries_lock = threading.Lock()
        self._clusters: dict[str, Cluster] = {}
        group = ProcessGroup()
        self._shared = Shared(group, Etcd(self._directory / "etcd", group), Listeners(), self._find_binaries)

    def create(
        self, name: str, version: str = "1.35", issuer: str = IN_CLUSTER_ISSUER, eager: bool = False
    ) -> Endpoint:
        """Listens at once. ``version`` is a minor version, ``issuer`` the https URL of the cluster's OIDC issuer.

        Raises ValueError when there is a cluster of that name.
        """
        with self._lock:
            if name in self._clusters:
                raise ValueError(f"there is a cluster {name}")
            webhooks = f"{self._server_url}/_localcloud/clusters/{quote(name, safe='')}"
            cluster = Cluster(self._shared, self._directory / "clusters" / name, name, version, issuer, webhooks)
            self._clusters[name] = cluster
        if eager:
            cluster.start()
        return Endpoint(cluster.url, cluster.authority.pem, cluster.kubeconfig)

    def start(self, name: str) -> None:
        """Start the processes in the background, without waiting for the first connection."""
        self._clusters[name].start()

    def set_version(self, name: str, version: str) -> None:
        """Connections made from now on reach an API server of this minor version;
        those there are end when it is ready.
        """
        self._clusters[name].set_version(version)

    def set_nodes(self, name: str, nodes: Sequence[Node]) -> None:
        """Make the cluster's nodes these, now or when it starts. Pods of a node that goes are deleted."""
        self._clusters[name].set_nodes(nodes)

    def delete(self, name: str) -> None:
        """The cluster, its processes and its data."""
        with self._lock:
            cluster = self._clusters.pop(name)
        cluster.delete()

    def close(self) -> None:
        """Delete every cluster and end every process."""
        for name in list(self._clusters):
            self.delete(name)
        self._shared.listeners.close()
        self._shared.etcd.close()
        self._shared.group.close()

    def _find_binaries(self) -> Path:
        with self._binaries_lock:
            return self._binaries

    @cached_property
    def _binaries(self) -> Path:
        return binaries.find()
