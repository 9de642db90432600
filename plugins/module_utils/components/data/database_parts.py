# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a database needs around it, Aurora cluster or RDS instance: made from the options that both have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...resources.ec2.security_group import SecurityGroup
from ...resources.ec2.security_group_rule import SecurityGroupRule
from ...resources.ec2.subnet import SubnetsLookup
from ...resources.eks.cluster_group import ClusterGroupLookup
from ...resources.kms.key import KeyLookup
from ...resources.logs.log_group import LogGroup
from ...resources.rds.common import Upkeep
from ...resources.rds.subnet_group import DbSubnetGroup
from ...resources.rds.versions import family
from ..component import Context
from ..eks_names import cluster_of
from .database_rules import ADMIN, TLS

PORTS = {"aurora-postgresql": 5432, "postgres": 5432, "mysql": 3306, "mariadb": 3306}


@dataclass(frozen=True)
class Database:
    """A database as its options describe it.

    ``name``: within the environment; ``kind``: cluster or instance, as log groups have it.

    ``version``: the full one; ``path``: what the options' names come after.
    """

    context: Context
    name: str
    kind: str
    engine: str
    version: str
    given: Mapping[str, Any]
    path: str = ""

    @property
    def identifier(self) -> str:
        return identifier(self.context, self.name)

    @property
    def family(self) -> str:
        return family(self.engine, self.version)

    @property
    def parameter_group_name(self) -> str:
        """With the family in it, so that the next major version gets a group of its own."""
        return f"{self.identifier}-{self.family.replace('.', '-')}"

    @property
    def parameters(self) -> dict[str, str]:
        return {**{name: _text(value) for name, value in self.given["parameters"].items()}, **TLS[self.engine]}

    @property
    def master_username(self) -> str:
        return str(self.given["master_username"] or ("admin" if self.engine in ADMIN else "postgres"))

    @property
    def kms_key(self) -> KeyLookup | None:
        return KeyLookup(self.given["kms_key"]) if self.given["kms_key"] else None

    @property
    def subnets(self) -> SubnetsLookup:
        return SubnetsLookup(self.given["subnet_tier"])

    def subnet_group(self) -> DbSubnetGroup:
        return DbSubnetGroup(self.identifier, f"Subnets of {self.identifier}", self.subnets)

    def security_group(self) -> SecurityGroup:
        name = f"{self.identifier}-database"
        return SecurityGroup(
            self.name, self.subnets, name, f"Who may connect to the database {self.identifier}", None, {}
        )

    def rules(self, group: SecurityGroup) -> Iterator[SecurityGroupRule]:
        port = PORTS[self.engine]
        if self.given["admit_cluster"]:
            cluster = cluster_of(self.context)
            yield SecurityGroupRule(group, port, ClusterGroupLookup(cluster), f"Nodes of the EKS cluster {cluster}")
        for peer in (*self.given["allowed_cidrs"], *self.given["allowed_security_group_ids"]):
            yield SecurityGroupRule(group, port, peer, "Named in the inventory")

    def log_groups(self) -> tuple[LogGroup, ...]:
        """RDS would make them itself, without retention, key or tags: they have to be there first."""
        key = KeyLookup(self.given["log_kms_key"]) if self.given["log_kms_key"] else None
        where, days = f"/aws/rds/{self.kind}/{self.identifier}", self.given["log_retention_days"]
        return tuple(
            LogGroup(f"{self.name}-{each}", f"{where}/{each}", days, key) for each in sorted(self.given["log_types"])
        )

    def upkeep(self) -> Upkeep:
        given = self.given
        return Upkeep(
            backup_retention_days=given["backup_retention_days"],
            backup_window=given["backup_window"],
            maintenance_window=given["maintenance_window"],
            deletion_protection=self.context.protection(given["deletion_protection"]),
            final_snapshot=given["final_snapshot"],
            iam_authentication=given["iam_authentication"],
            apply_immediately=given["apply_immediately"],
            log_types=tuple(given["log_types"]),
            is_advanced=given["database_insights"] == "advanced",
        )


def identifier(context: Context, name: str) -> str:
    return f"{context.owner.name}-{name}"


def _text(value: Any) -> str:
    """A parameter's value as RDS has it: YAML's true is 1."""
    return str(int(value)) if isinstance(value, bool) else str(value)
