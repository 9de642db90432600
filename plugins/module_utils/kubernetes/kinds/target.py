# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cluster that everything in it needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ...engine.resource import Owner, Properties
from ...resources.eks.cluster import ClusterLookup
from ..api.cluster import Cluster


@dataclass(frozen=True)
class TargetCluster(ClusterLookup):
    """The cluster that all of this is in."""

    @classmethod
    def look_up(cls, api: Cluster, owner: Owner, keys: Collection[str]) -> Iterable[tuple[str, Properties]]:  # type: ignore[override]
        return super().look_up(api.aws, owner, keys)
