# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: database instances that stand on their own, for PostgreSQL, MySQL and MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...aws.session import Aws
from ...engine.errors import Blocked
from ...engine.plan import changes as differences
from ...engine.resource import Owner, Properties, Resource, State
from ..ec2.security_group import SecurityGroup
from ..kms.key import KeyLookup
from ..logs.log_group import LogGroup
from .aurora_instance import instances
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
from .parameter_group import ParameterGroup
from .subnet_group import DbSubnetGroup
from .versions import major

IOPS_FROM = 400
"""GiB from which gp3 has IOPS of its own to give:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
"""


@dataclass(frozen=True)
class DbInstance(Resource):
    """An instance on gp3 storage; its key is its identifier. Its master password is Secrets Manager's.

    ``version``: the full one. ``storage`` and ``max_storage`` are GiB; where they are equal, the storage does not grow
    by itself. ``option``: the path of its option, for messages.
    """

    key: str
    option: str
    engine: str
    version: str
    instance_class: str
    storage: int
    max_storage: int
    multi_az: bool
    auto_minor_version_upgrade: bool
    subnet_group: DbSubnetGroup
    security_group: SecurityGroup
    parameter_group: ParameterGroup
    kms_key: KeyLookup | None
    log_groups: tuple[LogGroup, ...]
    master_username: str
    database_name: str | None
    upkeep: Upkeep

    replaced_by: ClassVar[frozenset[str]] = frozenset(
        {"Engine", "StorageEncrypted", "KmsKeyId", "DBName", "MasterUsername", "DBSubnetGroupName"}
    )
    instead: ClassVar[str] = (
        "Put the old value back; or take a snapshot, restore it as another instance that has the new one, let the "
        "applications move there, and then remove this one "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html)."
    )
    stateful: ClassVar[bool] = True
    id_name: ClassVar[str] = "DBInstanceIdentifier"
    arn_name: ClassVar[str] = "DBInstanceArn"

    def desired(self) -> Properties:
        return {
            "Engine": self.engine,
            "EngineVersion": self.version,
            "DBInstanceClass": self.instance_class,
            "AllocatedStorage": self.storage,
            "MaxAllocatedStorage": self.max_storage,
            "StorageType": "gp3",
            "StorageEncrypted": True,
            **({"KmsKeyId": self.kms_key.ref("Arn")} if self.kms_key else {}),
            "MultiAZ": self.multi_az,
            "PubliclyAccessible": False,
            "AutoMinorVersionUpgrade": self.auto_minor_version_upgrade,
            "DBSubnetGroupName": self.subnet_group.key,
            "VpcSecurityGroupIds": {self.security_group.ref("GroupId")},
            "DBParameterGroupName": self.parameter_group.key,
            "MasterUsername": self.master_username,
            **({"DBName": self.database_name} if self.database_name else {}),
            **self.upkeep.desired(),
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        return ((key, _shaped(instance)) for key, instance in instances(api, owner))

    def create(self, api: Aws, wanted: Properties) -> Properties:
        given = creation(wanted, wanted.get("KmsKeyId"))
        if self.max_storage == self.storage:
            del given["MaxAllocatedStorage"]
        made = make(api, "create_db_instance", DBInstanceIdentifier=self.key, **given)["DBInstance"]
        return {**shaped(made), **wanted}

    @classmethod
    def effect(cls, observed: Properties, changes: Properties) -> str:
        """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html"""
        if observed and "EngineVersion" in changes:
            return "the database is down while it is upgraded"
        return "the database is down while it restarts" if observed and "DBInstanceClass" in changes else ""

    def update(self, api: Aws, observed: Properties, changes: Properties) -> Properties:
        tag(api, observed["DBInstanceArn"], changes)
        present = described(api, self.key)
        if present is None:
            raise Blocked(f"the instance {self.key} is not visible")
        rest = differences({name: value for name, value in changes.items() if name != "Tags"}, present)
        if not rest:
            return {"DBInstanceStatus": present["DBInstanceStatus"]}
        refuse_while_busy(f"the instance {self.key}", present["DBInstanceStatus"], rest)
        given: dict[str, Any] = modification(present, rest, present.get("KmsKeyId"))
        if "AllocatedStorage" in rest and present["AllocatedStorage"] >= IOPS_FROM and present.get("Iops"):
            given["Iops"] = present["Iops"]  # RDS wants it told again
        if "EngineVersion" in rest and major(self.engine, rest["EngineVersion"]) != major(
            self.engine, present["EngineVersion"]
        ):
            given["AllowMajorVersionUpgrade"] = True
        immediately = self.upkeep.apply_immediately
        api.call("rds", "modify_db_instance", DBInstanceIdentifier=self.key, ApplyImmediately=immediately, **given)
        return {"DBInstanceStatus": "modifying"}  # its answer still says available

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        snapshot = final_snapshot(observed["DBInstanceIdentifier"], observed["DbiResourceId"], observed["Tags"])
        api.call(
            "rds", "delete_db_instance", DBInstanceIdentifier=observed["DBInstanceIdentifier"], **deletion(snapshot)
        )

    @classmethod
    def leaves(cls, observed: Properties) -> str:
        snapshot = final_snapshot(observed["DBInstanceIdentifier"], observed["DbiResourceId"], observed["Tags"])
        return f"DBSnapshot {snapshot}" if snapshot else ""

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return status_state(observed["DBInstanceStatus"])

    @classmethod
    def protection(cls, observed: Properties) -> str:
        if observed.get("DeletionProtection"):
            return (
                "deletion_protection: the instance is protected. "
                "Set deletion_protection to false and run the role once with state present."
            )
        return ""

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        """Storage that would shrink or grow too little, and a class that this engine is not offered with."""
        there, wanted = observed.get("AllocatedStorage", 0), changes.get("AllocatedStorage", 0)
        if observed and 0 < wanted < there:
            return (
                f"{self.option}.storage: the instance has {there} GiB, and RDS does not shrink storage to {wanted}. "
                f"Set {there}; or move the data to a new instance with less, by a dump or by replication."
            )
        least = there + -(-there // 10)
        if observed and there < wanted < least:
            return (
                f"{self.option}.storage: RDS grows storage by a tenth or more; from {there} GiB set at least {least}."
            )
        if changes.keys() & {"DBInstanceClass", "EngineVersion"}:
            return self._class_objection(api)
        return ""

    def _class_objection(self, api: Aws) -> str:
        asked = {"Engine": self.engine, "EngineVersion": self.version, "DBInstanceClass": self.instance_class}
        options = list(api.read("rds", "describe_orderable_db_instance_options", "OrderableDBInstanceOptions", **asked))
        if not options:
            return (
                f"{self.option}.instance_class: AWS does not offer {self.instance_class} for {self.engine} "
                f"{self.version} in {api.region}."
            )
        if self.multi_az and not any(option.get("MultiAZCapable") for option in options):
            return f"{self.option}.multi_az: {self.instance_class} cannot be in two zones."
        return ""


def described(api: Aws, identifier: str) -> Properties | None:
    found = api.find("rds", "describe_db_instances", DBInstanceIdentifier=identifier)
    return _shaped(shaped(found["DBInstances"][0])) if found else None


def _shaped(instance: Properties) -> Properties:
    """Without storage autoscaling RDS tells no most of it."""
    groups = [group["DBParameterGroupName"] for group in instance.get("DBParameterGroups", [])]
    return {
        **instance,
        "MaxAllocatedStorage": instance.get("MaxAllocatedStorage") or instance.get("AllocatedStorage"),
        "DBParameterGroupName": groups[0] if groups else None,
        "DBSubnetGroupName": instance.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
    }
