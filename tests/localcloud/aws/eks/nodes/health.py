# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What depends on what inside a cluster: nodes on the network plugin, add-ons on nodes."""

from __future__ import annotations

from ..backend import EksBackend
from ..resources import Cluster
from . import instances

NO_REPLICAS = {
    "code": "InsufficientNumberOfReplicas",
    "message": "The add-on is unhealthy because it doesn't have the desired number of replicas.",
    "resourceIds": [],
}


def assess(backend: EksBackend, cluster: Cluster) -> None:
    """Bring node groups and add-ons to what they are now that something in the cluster has changed."""
    for group in cluster.nodegroups.values():
        if group.waiting and cluster.has_network_plugin:
            group.waiting = False
            group.status = "ACTIVE"
            instances.publish(backend, cluster)
    for addon in cluster.addons.values():
        if addon.status not in ("ACTIVE", "DEGRADED"):
            continue
        issue = addon.fault or (NO_REPLICAS if addon.needs_nodes and not cluster.has_nodes else None)
        addon.data["health"] = {"issues": [issue] if issue else []}
        addon.status = "DEGRADED" if issue else "ACTIVE"
        addon.was_healthy |= not issue
