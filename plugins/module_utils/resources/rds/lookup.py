# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The environment's Aurora clusters, for whoever uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.session import Aws
from ...engine.ahead import over
from ...engine.resource import Foresight, Lookup, Owner, Properties, State
from .cluster import AuroraCluster
from .common import status_state, tags_of


@dataclass(frozen=True)
class ClusterLookup(Lookup):
    """An Aurora cluster of the environment, by its identifier, ``<platform>-<environment>-<name>``.

    Ready once its writer serves. Known is all that DescribeDBClusters tells, such as ``DBClusterArn``,
    ``DbClusterResourceId``, ``Endpoint``, ``ReaderEndpoint``, ``Port``, ``DatabaseName``,
    ``MasterUserSecret.SecretArn``, ``HttpEndpointEnabled`` and ``Status``, and ``WriterStatus``: that of its writer
    instance, None while it has none.
    """

    key: str

    role: ClassVar[str] = "database"
    id_name: ClassVar[str] = "DBClusterIdentifier"
    arn_name: ClassVar[str] = "DBClusterArn"

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        scope = owner.of("aurora").scope
        found = [
            each
            for each in api.read("rds", "describe_db_clusters", "DBClusters")
            if scope.items() <= tags_of(each).items()
        ]
        if not found:
            return
        clusters = [{"Name": "db-cluster-id", "Values": [each["DBClusterIdentifier"] for each in found]}]
        instances = api.read("rds", "describe_db_instances", "DBInstances", Filters=clusters)
        statuses = {instance["DBInstanceIdentifier"]: instance["DBInstanceStatus"] for instance in instances}
        for cluster in found:
            writer = next(
                (member["DBInstanceIdentifier"] for member in cluster["DBClusterMembers"] if member["IsClusterWriter"]),
                "",
            )
            yield (
                cluster["DBClusterIdentifier"],
                {**cluster, "WriterStatus": statuses.get(writer), "Tags": tags_of(cluster)},
            )

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return over(found, ahead.of(owner.of("aurora"), AuroraCluster))

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        state, why = status_state(observed["Status"])
        if state is not State.READY:
            return state, why
        if not observed["WriterStatus"]:
            return State.PENDING, "it has no writer instance yet"
        state, why = status_state(observed["WriterStatus"])
        return state, f"of its writer, {why}" if why else ""
