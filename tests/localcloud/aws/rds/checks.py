# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What RDS checks of clusters and instances alike, before it makes or changes one."""

from __future__ import annotations

import re
from typing import Any

from moto.rds.models import RDSBackend
from moto.rds.utils import valid_preferred_maintenance_window

from . import catalog, network
from .life import combination, refuse, value

_IDENTIFIER = re.compile(r"(?!.*--)[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}")
_RESERVED = {"rdsadmin", "rdsrepladmin", "public", "master", "user"}


def identifier(name: str, what: str) -> None:
    if not _IDENTIFIER.fullmatch(name):
        raise value(
            f"The parameter {what} is not a valid identifier. Identifiers must begin with a letter; must contain only "
            "ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens."
        )


def version(engine: str, asked: str | None) -> str:
    found = catalog.full_version(engine, asked)
    if found is None:
        raise combination(f"Cannot find version {asked} for {engine}")
    return found


def upgrade(engine: str, present: str, wanted: str, allow_major: bool) -> None:
    if wanted != present and wanted not in catalog.targets(engine, present):
        raise combination(f"Cannot upgrade {engine} from {present} to {wanted}")
    if catalog.major(engine, wanted) != catalog.major(engine, present) and not allow_major:
        raise combination("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")


def family(group_family: str, engine: str, of_version: str) -> None:
    if group_family != catalog.family(engine, of_version):
        raise combination(
            f"The Parameter Group with DBParameterGroupFamily {group_family} can't be used for this instance. "
            f"Use a Parameter Group with DBParameterGroupFamily {catalog.family(engine, of_version)}."
        )


def settings(backend: RDSBackend, engine: str, given: dict[str, Any], vpc_id: str) -> None:
    """Of a create or a modify, what stands in it."""
    network.check_security_groups(backend, given.get("vpc_security_group_ids") or [], vpc_id)
    days = given.get("backup_retention_period")
    if days is not None and not (1 if engine.startswith("aurora") else 0) <= days <= 35:
        raise value(f"Invalid backup retention period: {days}. Retention period must be between 0 and 35")
    logs = given.get("enable_cloudwatch_logs_exports") or (given.get("cloudwatch_logs_export_configuration") or {}).get(
        "EnableLogTypes"
    )
    for kind in logs or []:
        if kind not in catalog.LOG_TYPES[engine]:
            raise combination(f"You cannot use the log types '{kind}' with engine version {engine}.")
    if given.get("database_insights_mode") == "advanced" and given.get("performance_insights_retention_period") != 465:
        raise combination("To enable the Advanced mode of Database Insights, enable Performance Insights for 465 days.")
    secret_key = given.get("master_user_secret_kms_key_id")
    if given.get("manage_master_user_password") and given.get("master_user_password"):
        raise combination("You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.")
    if secret_key and not given.get("manage_master_user_password"):
        raise combination("You can't specify MasterUserSecretKmsKeyId unless you turn on ManageMasterUserPassword.")
    for name in ("kms_key_id", "master_user_secret_kms_key_id", "performance_insights_kms_key_id"):
        if given.get(name):
            key(backend, given[name])


def master(given: dict[str, Any]) -> None:
    username = given.get("master_username") or ""
    if not _USERNAME.fullmatch(username) or username.lower() in _RESERVED:
        raise value(
            f"MasterUsername {username} cannot be used as it is a reserved word used by the engine or is not valid"
        )
    if not given.get("manage_master_user_password") and not given.get("master_user_password"):
        raise value("The parameter MasterUserPassword must be provided and must not be blank.")


def windows(backup: str | None, maintenance: str | None) -> None:
    message = valid_preferred_maintenance_window(maintenance, backup) if backup and maintenance else None
    if message:
        raise value(message)


def key(backend: RDSBackend, key_id: str) -> str:
    arn = backend._validate_kms_key(key_id)
    found = backend.kms.describe_key(arn.rpartition("/")[2])
    if found.key_state != "Enabled":
        message = (
            f"The specified KMS key [{key_id}] does not exist, "
            "is not enabled or you do not have permissions to access it."
        )
        raise refuse("KMSKeyNotAccessibleFault", message)
    return arn


def scaling(config: dict[str, Any] | None, engine_version: str) -> dict[str, Any] | None:
    """As a cluster describes it."""
    if not config:
        return None
    least, most, pause = config.get("MinCapacity"), config.get("MaxCapacity"), config.get("SecondsUntilAutoPause")
    floor = 0.5 if engine_version in catalog.WITHOUT_AUTO_PAUSE else 0
    if (
        least is None
        or most is None
        or not floor <= least <= most
        or not 1 <= most <= 256
        or least * 2 % 1
        or most * 2 % 1
    ):
        raise value(
            "Serverless v2 capacity must be between 0 and 256 ACUs, in steps of 0.5, "
            "and the minimum at most the maximum."
        )
    if pause is not None and (least or not 300 <= pause <= 86400):
        raise value("SecondsUntilAutoPause must be between 300 and 86400, and needs a minimum capacity of 0.")
    return {"MinCapacity": least, "MaxCapacity": most, **({} if least else {"SecondsUntilAutoPause": pause or 300})}


def final_snapshot(taken: Any, name: str | None, skip: bool | None, what: str) -> None:
    if not skip and not name:
        raise combination(f"{what} is required unless SkipFinalSnapshot is specified.")
    if skip and name:
        raise combination(f"{what} cannot be specified when deleting with SkipFinalSnapshot.")
    if name and name in taken:
        kind = "DBClusterSnapshotAlreadyExistsFault" if "Cluster" in what else "DBSnapshotAlreadyExists"
        raise refuse(kind, f"Cannot create the snapshot because a snapshot with the identifier {name} already exists.")


def log_exports(there: list[str], config: dict[str, Any] | None) -> list[str]:
    config = config or {}
    return sorted((set(there) | set(config.get("EnableLogTypes") or [])) - set(config.get("DisableLogTypes") or []))
