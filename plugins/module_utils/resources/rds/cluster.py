# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: Aurora PostgreSQL clusters, Serverless v2.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.html. A cluster's data is its own: its
instances only serve it. RDS lists clusters with their tags, but cannot filter by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from ...aws.session import Aws
from ...engine.errors import Blocked
from ...engine.plan import changes as differences
from ...engine.resource import Owner, Properties, Resource, State
from ..ec2.security_group import SecurityGroup
from ..kms.key import KeyLookup
from ..logs.log_group import LogGroup
from .common import (
    Upkeep,
    creation,
    deletion,
    final_snapshot,
    make,
    modification,
    refuse_while_busy,
    shaped,
    status_state,
    tag,
)
from .parameter_group import ClusterParameterGroup
from .subnet_group import DbSubnetGroup

ENGINE = "aurora-postgresql"
PORT = 5432
_ANSWERS = {"DBSubnetGroup": "DBSubnetGroupName", "DBClusterParameterGroup": "DBClusterParameterGroupName"}
"""Properties that a request calls otherwise than an answer."""


@dataclass(frozen=True)
class AuroraCluster(Resource):
    """A cluster, without instances; its key is its identifier. Its master password is Secrets Manager's.

    ``version``: the full one. ``scaling``: AWS's ServerlessV2ScalingConfiguration, in ACUs and seconds.
    ``storage_type``: aurora or aurora-iopt1. ``kms_key``: None stands for AWS's own keys.
    """

    key: str
    version: str
    subnet_group: DbSubnetGroup
    security_group: SecurityGroup
    parameter_group: ClusterParameterGroup
    kms_key: KeyLookup | None
    log_groups: tuple[LogGroup, ...]
    scaling: dict[str, float]
    storage_type: str
    data_api: bool
    master_username: str
    database_name: str | None
    upkeep: Upkeep

    replaced_by: ClassVar[frozenset[str]] = frozenset(
        {"Engine", "StorageEncrypted", "KmsKeyId", "DatabaseName", "MasterUsername", "DBSubnetGroup", "Port"}
    )
    instead: ClassVar[str] = (
        "Put the old value back; or take a snapshot, restore it as another cluster that has the new one, let the "
        "applications move there, and then remove this one "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-restore-snapshot.html)."
    )
    stateful: ClassVar[bool] = True
    id_name: ClassVar[str] = "DBClusterIdentifier"
    arn_name: ClassVar[str] = "DBClusterArn"

    def desired(self) -> Properties:
        return {
            "Engine": ENGINE,
            "EngineVersion": self.version,
            "Port": PORT,
            "DBSubnetGroup": self.subnet_group.key,
            "VpcSecurityGroupIds": {self.security_group.ref("GroupId")},
            "DBClusterParameterGroup": self.parameter_group.key,
            "StorageEncrypted": True,
            **({"KmsKeyId": self.kms_key.ref("Arn")} if self.kms_key else {}),
            "StorageType": self.storage_type,
            "ServerlessV2ScalingConfiguration": self.scaling,
            "HttpEndpointEnabled": self.data_api,
            "MasterUsername": self.master_username,
            **({"DatabaseName": self.database_name} if self.database_name else {}),
            **self.upkeep.desired(),
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for cluster in map(_shaped, api.read("rds", "describe_db_clusters", "DBClusters")):
            name = cluster["DBClusterIdentifier"]
            if name.startswith(f"{owner.name}-") or owner.scope.items() <= cluster["Tags"].items():
                yield name, cluster

    def create(self, api: Aws, wanted: Properties) -> Properties:
        given = creation(wanted, wanted.get("KmsKeyId"))
        given["EnableHttpEndpoint"] = given.pop("HttpEndpointEnabled")
        given = {_ANSWERS.get(name, name): value for name, value in given.items()}
        made = make(api, "create_db_cluster", DBClusterIdentifier=self.key, **given)["DBCluster"]
        return {**_shaped(made), **wanted}

    @classmethod
    def effect(cls, observed: Properties, changes: Properties) -> str:
        """https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_UpgradeDBInstance.PostgreSQL.html"""
        return "the database is down while it is upgraded" if observed and "EngineVersion" in changes else ""

    def update(self, api: Aws, observed: Properties, changes: Properties) -> Properties:
        tag(api, observed["DBClusterArn"], changes)
        present = described(api, self.key)
        if present is None:
            raise Blocked(f"the cluster {self.key} is not visible")
        rest = differences({name: value for name, value in changes.items() if name != "Tags"}, present)
        if not rest:
            return {"Status": present["Status"]}
        refuse_while_busy(f"the cluster {self.key}", present["Status"], rest)
        if "HttpEndpointEnabled" in rest:
            operation = "enable_http_endpoint" if rest.pop("HttpEndpointEnabled") else "disable_http_endpoint"
            api.call("rds", operation, ResourceArn=present["DBClusterArn"])
        if not rest:
            return {}
        given = modification(present, rest, present.get("KmsKeyId"))
        given = {_ANSWERS.get(name, name): value for name, value in given.items()}
        is_major = rest.get("EngineVersion", "").partition(".")[0] not in (
            "",
            present["EngineVersion"].partition(".")[0],
        )
        api.call(
            "rds",
            "modify_db_cluster",
            DBClusterIdentifier=self.key,
            ApplyImmediately=self.upkeep.apply_immediately,
            **({"AllowMajorVersionUpgrade": True} if is_major else {}),
            **given,
        )
        return {"Status": "modifying"}  # its answer still says available

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        snapshot = final_snapshot(observed["DBClusterIdentifier"], observed["DbClusterResourceId"], observed["Tags"])
        api.call("rds", "delete_db_cluster", DBClusterIdentifier=observed["DBClusterIdentifier"], **deletion(snapshot))

    @classmethod
    def leaves(cls, observed: Properties) -> str:
        snapshot = final_snapshot(observed["DBClusterIdentifier"], observed["DbClusterResourceId"], observed["Tags"])
        return f"DBClusterSnapshot {snapshot}" if snapshot else ""

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        """One that is being made takes instances already; they show when it serves."""
        return (State.READY, "") if observed["Status"] == "creating" else status_state(observed["Status"])

    @classmethod
    def protection(cls, observed: Properties) -> str:
        if observed.get("DeletionProtection"):
            return (
                "deletion_protection: the cluster is protected. "
                "Set deletion_protection to false and run the role once with state present."
            )
        return ""

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        reasons = [_another(api, owner, self.key) if not observed else _too_soon(observed, changes)]
        if changes.keys() & {"ServerlessV2ScalingConfiguration", "EngineVersion"}:
            reasons.append(self._capacity_objection(api))
        return " ".join(filter(None, reasons))

    def _capacity_objection(self, api: Aws) -> str:
        for version in api.read(
            "rds", "describe_db_engine_versions", "DBEngineVersions", Engine=ENGINE, EngineVersion=self.version
        ):
            offered = version.get("ServerlessV2FeaturesSupport")
            if not offered:
                continue
            if self.scaling["MinCapacity"] < offered["MinCapacity"]:
                return (
                    f"min_acu: {self.version} has no auto-pause; its least capacity is {offered['MinCapacity']:g} ACU."
                )
            if self.scaling["MaxCapacity"] > offered["MaxCapacity"]:
                return f"max_acu: the greatest capacity of {self.version} is {offered['MaxCapacity']:g} ACU."
        return ""


def described(api: Aws, identifier: str) -> Properties | None:
    found = api.find("rds", "describe_db_clusters", DBClusterIdentifier=identifier)
    return _shaped(found["DBClusters"][0]) if found else None


def _shaped(cluster: dict[str, Any]) -> Properties:
    scaling = cluster.get("ServerlessV2ScalingConfiguration") or {}
    if scaling.get("MinCapacity"):  # nothing pauses then
        scaling = {name: value for name, value in scaling.items() if name != "SecondsUntilAutoPause"}
    return {
        **shaped({**cluster, "StorageType": cluster.get("StorageType") or "aurora"}),
        "ServerlessV2ScalingConfiguration": scaling,
        "HttpEndpointEnabled": bool(cluster.get("HttpEndpointEnabled")),
    }


def _another(api: Aws, owner: Owner, identifier: str) -> str:
    """Under another name this would be a second cluster, and the first would lose its instances."""
    for name, cluster in AuroraCluster.observe(api, owner):
        if owner.scope.items() <= cluster["Tags"].items():
            return (
                f"name: this component has the cluster {name} already, and {identifier} would be another one. "
                "Put the name back; a second cluster needs a component of its own (component)."
            )
    return ""


def _too_soon(observed: Properties, changes: Properties) -> str:
    allowed = observed.get("IOOptimizedNextAllowedModificationTime")
    if changes.get("StorageType") == "aurora-iopt1" and allowed and allowed > datetime.now(UTC):
        return (
            "storage_type: AWS lets a cluster become aurora-iopt1 once in 30 days; "
            f"the next time is {allowed:%Y-%m-%d %H:%M} UTC."
        )
    return ""
