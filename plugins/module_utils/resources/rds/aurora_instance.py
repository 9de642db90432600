# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: the instances of an Aurora cluster, of which one writes and the others read.

Which one does changes with every failover.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.session import Aws
from ...engine.errors import Blocked
from ...engine.plan import changes as differences
from ...engine.resource import Owner, Properties, Resource, State
from .cluster import ENGINE, AuroraCluster
from .common import make, refuse_while_busy, shaped, status_state, tag, tag_list


@dataclass(frozen=True)
class AuroraInstance(Resource):
    """A Serverless v2 instance of a cluster; its key is its identifier. ``zone`` counts only while it is made."""

    key: str
    cluster: AuroraCluster
    zone: str | None
    auto_minor_version_upgrade: bool

    replaced_by: ClassVar[frozenset[str]] = frozenset({"DBClusterIdentifier"})
    id_name: ClassVar[str] = "DBInstanceIdentifier"
    arn_name: ClassVar[str] = "DBInstanceArn"

    def desired(self) -> Properties:
        window = self.cluster.upkeep.maintenance_window
        return {
            "DBClusterIdentifier": self.cluster.key,
            "DBInstanceClass": "db.serverless",
            "PubliclyAccessible": False,
            "AutoMinorVersionUpgrade": self.auto_minor_version_upgrade,
            **({"PreferredMaintenanceWindow": window} if window else {}),
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        return instances(api, owner)

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = make(
            api,
            "create_db_instance",
            DBInstanceIdentifier=self.key,
            Engine=ENGINE,
            Tags=tag_list(wanted["Tags"]),
            **{name: wanted[name] for name in self.desired()},
            **({"AvailabilityZone": self.zone} if self.zone else {}),
        )["DBInstance"]
        return {**shaped(made), **wanted}

    def update(self, api: Aws, observed: Properties, changes: Properties) -> Properties:
        tag(api, observed["DBInstanceArn"], changes)
        present = described(api, self.key)
        if present is None:
            raise Blocked(f"the instance {self.key} is not visible")
        rest = differences({name: value for name, value in changes.items() if name != "Tags"}, present)
        if not rest:
            return {"DBInstanceStatus": present["DBInstanceStatus"]}
        refuse_while_busy(f"the instance {self.key}", present["DBInstanceStatus"], rest)
        immediately = self.cluster.upkeep.apply_immediately
        api.call("rds", "modify_db_instance", DBInstanceIdentifier=self.key, ApplyImmediately=immediately, **rest)
        return {"DBInstanceStatus": "modifying"}  # its answer still says available

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call(
            "rds", "delete_db_instance", DBInstanceIdentifier=observed["DBInstanceIdentifier"], SkipFinalSnapshot=True
        )

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return status_state(observed["DBInstanceStatus"])


def instances(api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
    """The owner's, and what has a name of the owner's."""
    for instance in map(shaped, api.read("rds", "describe_db_instances", "DBInstances")):
        name = instance["DBInstanceIdentifier"]
        if name.startswith(f"{owner.name}-") or owner.scope.items() <= instance["Tags"].items():
            yield name, instance


def described(api: Aws, identifier: str) -> Properties | None:
    found = api.find("rds", "describe_db_instances", DBInstanceIdentifier=identifier)
    return shaped(found["DBInstances"][0]) if found else None
