# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The security group that EKS makes along with a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ...engine.resource import Properties, State
from ..ec2.security_group_rule import GroupLookup
from .cluster import Cluster, ClusterLookup


@dataclass(frozen=True)
class ClusterGroupLookup(ClusterLookup, GroupLookup):
    """The group that a cluster's control plane and nodes share, by the cluster's name.

    Nobody waits for it who does not want to wait: to let it in can be left to a later call.
    """

    is_waited_for: ClassVar[bool] = False
    group_id_name: ClassVar[str] = "clusterSecurityGroupId"

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return (State.READY, "") if observed.get(cls.group_id_name) else Cluster.state(observed)
