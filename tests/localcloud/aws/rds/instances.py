# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Instances, alone or of an Aurora cluster: made, changed and deleted over time.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.exceptions import DBClusterNotFoundError, DBInstanceAlreadyExists, DBInstanceNotFoundError
from moto.rds.models import DBInstance, RDSBackend

from ..patching import override
from . import catalog, checks, network, parameter_groups
from .life import combination, later, refuse, value

_BUSY_OK = ("available", "storage-optimization")
_SLOW = ("db_instance_class", "engine_version", "allocated_storage", "multi_az", "storage_type", "iops")
"""What RDS keeps pending until it is applied."""
_ANSWERS = {
    "db_instance_class": "DBInstanceClass",
    "engine_version": "EngineVersion",
    "allocated_storage": "AllocatedStorage",
    "multi_az": "MultiAZ",
    "storage_type": "StorageType",
    "iops": "Iops",
}
_QUICK = {
    "auto_minor_version_upgrade": "auto_minor_version_upgrade",
    "backup_retention_period": "backup_retention_period",
    "copy_tags_to_snapshot": "copy_tags_to_snapshot",
    "database_insights_mode": "database_insights_mode",
    "db_parameter_group_name": "db_parameter_group_name",
    "deletion_protection": "deletion_protection",
    "enable_iam_database_authentication": "enable_iam_database_authentication",
    "enable_performance_insights": "performance_insights_enabled",
    "max_allocated_storage": "max_allocated_storage",
    "preferred_backup_window": "preferred_backup_window",
    "preferred_maintenance_window": "preferred_maintenance_window",
    "promotion_tier": "promotion_tier",
    "publicly_accessible": "publicly_accessible",
    "vpc_security_group_ids": "vpc_security_group_ids",
}
"""What is applied at once: parameter, attribute."""


def install() -> None:
    override(RDSBackend, "create_db_instance", _create)
    override(RDSBackend, "modify_db_instance", _modify)
    override(RDSBackend, "delete_db_instance", _delete)
    whole = DBInstance.endpoint
    DBInstance.endpoint = property(lambda self: None if self.status == "creating" else whole.fget(self))


def instance_of(backend: RDSBackend, identifier: str) -> DBInstance:
    if identifier not in backend.databases:
        raise DBInstanceNotFoundError(identifier)
    return backend.databases[identifier]


def _create(original: Callable[..., Any], self: RDSBackend, given: dict[str, Any]) -> DBInstance:
    name = given["db_instance_identifier"]
    checks.identifier(name, "DBInstanceIdentifier")
    if name in self.databases:
        raise DBInstanceAlreadyExists
    engine = given["engine"]
    if engine not in catalog.CLASSES:
        raise NotImplementedError(f"instances of the engine {engine}")
    if given["db_instance_class"] not in catalog.CLASSES[engine]:
        raise value(f"Invalid DB Instance class: {given['db_instance_class']}")
    prepare = _of_cluster if given.get("db_cluster_identifier") else _alone
    arguments = prepare(self, given)
    instance: DBInstance = original(self, arguments)
    instance.dbi_resource_id = "db-" + "".join(
        mock_random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _unused in range(26)
    )
    instance.db_subnet_group_name = arguments["db_subnet_group_name"]
    instance.status, instance.pending_modified_values = "creating", {}
    instance.performance_insights_enabled = bool(given.get("enable_performance_insights"))
    instance.database_insights_mode = given.get("database_insights_mode") or "standard"
    network.attach(instance, network.zones_of(instance, bool(instance.multi_az)))
    later(self, "rds.instance.create", lambda: _settled(instance, "creating"))
    return instance


def _settled(instance: DBInstance, status: str) -> None:
    if instance.status == status:
        instance.status = "available"


def _of_cluster(backend: RDSBackend, given: dict[str, Any]) -> dict[str, Any]:
    cluster = backend.clusters.get(given["db_cluster_identifier"])
    if cluster is None:
        raise DBClusterNotFoundError(given["db_cluster_identifier"])
    if cluster.status == "deleting":
        raise refuse(
            "InvalidDBClusterStateFault",
            f"The DB cluster {cluster.db_cluster_identifier} is not in a valid state: deleting.",
        )
    if given["engine"] != cluster.engine:
        raise combination(
            f"The engine name requested for your DB instance ({given['engine']}) doesn't match the cluster's."
        )
    if given["db_instance_class"] == "db.serverless" and not cluster.serverless_v2_scaling_configuration:
        raise combination(
            "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a "
            "Serverless v2 DB instance"
        )
    for name in (
        "master_username",
        "allocated_storage",
        "backup_retention_period",
        "vpc_security_group_ids",
        "kms_key_id",
    ):
        if given.get(name) is not None:
            raise combination(f"The requested {name} is managed by the DB cluster.")
    group = cluster.db_subnet_group_name
    return {
        **given,
        "db_subnet_group_name": group,
        "availability_zone": _zone(backend, group, given.get("availability_zone")),
    }


def _alone(backend: RDSBackend, given: dict[str, Any]) -> dict[str, Any]:
    engine, group = given["engine"], given.get("db_subnet_group_name")
    if not group:
        raise NotImplementedError("instances without a DB subnet group")
    version = checks.version(engine, given.get("engine_version"))
    checks.master(given)
    checks.settings(backend, engine, given, backend.describe_db_subnet_groups(group)[0].vpc_id)
    checks.windows(given.get("preferred_backup_window"), given.get("preferred_maintenance_window"))
    if parameters := given.get("db_parameter_group_name"):
        checks.family(parameter_groups.group_of(backend, parameters).family, engine, version)
    if not 20 <= given.get("allocated_storage", 0) <= 65536:
        raise combination("Invalid storage size for engine name and storage type: it must be between 20 and 65536.")
    keys = {name: checks.key(backend, given[name]) for name in ("kms_key_id",) if given.get(name)}
    if given.get("storage_encrypted") and not keys:
        keys = {"kms_key_id": checks.key(backend, "alias/aws/rds")}
    zone = _zone(backend, group, given.get("availability_zone"))
    return {**given, **keys, "engine_version": version, "availability_zone": zone}


def _zone(backend: RDSBackend, group: str, asked: str | None) -> str:
    zones = sorted({subnet.availability_zone for subnet in backend.describe_db_subnet_groups(group)[0]._subnets})
    if asked is not None and asked not in zones:
        raise refuse(
            "InvalidVPCNetworkStateFault", f"Availability zone '{asked}' is not covered by the DB subnet group {group}."
        )
    return asked or zones[0]


def _modify(original: Callable[..., Any], self: RDSBackend, identifier: str, given: dict[str, Any]) -> DBInstance:
    instance = instance_of(self, identifier)
    if instance.status not in _BUSY_OK:
        message = f"Database instance is not in available state: {identifier} is {instance.status}."
        raise refuse("InvalidDBInstanceState", message)
    version = checks.version(instance.engine, given.get("engine_version") or instance.engine_version)
    _check_changes(self, instance, given, version)
    for parameter, attribute in _QUICK.items():
        if given.get(parameter) is not None:
            setattr(instance, attribute, given[parameter])
    instance.enabled_cloudwatch_logs_exports = checks.log_exports(
        instance.enabled_cloudwatch_logs_exports, given.get("cloudwatch_logs_export_configuration")
    )
    if given.get("manage_master_user_password") is not None:
        names = ("manage_master_user_password", "master_user_secret_kms_key_id")
        instance.update(**{name: given.get(name) for name in names})
    if given.get("vpc_security_group_ids"):
        network.regroup(instance)
    slow = {
        name: given[name] for name in _SLOW if given.get(name) is not None and given[name] != getattr(instance, name)
    }
    instance.pending_modified_values = {
        **instance.pending_modified_values,
        **{_ANSWERS[name]: each for name, each in slow.items()},
    }
    if given.get("apply_immediately"):
        _apply(self, instance, slow, version)
    return instance


def _check_changes(backend: RDSBackend, instance: DBInstance, given: dict[str, Any], version: str) -> None:
    checks.settings(backend, instance.engine, given, instance.db_subnet_group.vpc_id)
    checks.upgrade(instance.engine, instance.engine_version, version, bool(given.get("allow_major_version_upgrade")))
    windows = ("preferred_backup_window", "preferred_maintenance_window")
    checks.windows(*(given.get(name) or getattr(instance, name) for name in windows))
    if (wanted := given.get("db_instance_class")) and wanted not in catalog.CLASSES[instance.engine]:
        raise value(f"Invalid DB Instance class: {wanted}")
    if (parameters := given.get("db_parameter_group_name")) and not parameters.startswith("default."):
        checks.family(parameter_groups.group_of(backend, parameters).family, instance.engine, version)
    if given.get("allocated_storage") is not None and given["allocated_storage"] < instance.allocated_storage:
        raise combination("Requested storage size cannot be less than the current storage size.")


def _apply(backend: RDSBackend, instance: DBInstance, slow: dict[str, Any], version: str) -> None:
    instance.status = status = "upgrading" if "engine_version" in slow else "modifying"

    def finish() -> None:
        for name, each in {**slow, **({"engine_version": version} if "engine_version" in slow else {})}.items():
            setattr(instance, name, each)
        if "multi_az" in slow:
            network.release(instance)
            network.attach(instance, network.zones_of(instance, instance.multi_az))
        instance.pending_modified_values = {}
        _settled(instance, status)

    later(backend, "rds.instance.upgrade" if "engine_version" in slow else "rds.instance.modify", finish)


def _delete(original: Callable[..., Any], self: RDSBackend, db_instance_identifier: str, **given: Any) -> DBInstance:
    instance = instance_of(self, db_instance_identifier)
    if instance.status == "deleting":
        raise refuse("InvalidDBInstanceState", f"Instance {db_instance_identifier} is already being deleted.")
    if instance.status == "creating":
        raise refuse(
            "InvalidDBInstanceState", f"Instance {db_instance_identifier} is currently creating - try again later"
        )
    if instance.deletion_protection:
        raise combination("Cannot delete protected DB Instance, please disable deletion protection and try again.")
    snapshot, skip = given.get("final_db_snapshot_identifier"), given.get("skip_final_snapshot")
    if not instance.db_cluster_identifier:
        checks.final_snapshot(self.database_snapshots, snapshot, skip, "FinalDBSnapshotIdentifier")
    instance.status = "deleting"

    def finish() -> None:
        network.release(instance)
        original(self, db_instance_identifier, **given)

    later(self, "rds.instance.delete", finish)
    return instance
