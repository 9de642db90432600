# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Aurora clusters: made, changed and deleted over time.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.exceptions import DBClusterNotFoundError
from moto.rds.models import DBCluster, MasterUserSecret, RDSBackend
from moto.rds.responses import RDSResponse

from ..patching import add, override
from . import catalog, checks, network, parameter_groups
from .life import combination, later, refuse

_ENGINE = "aurora-postgresql"
_CHANGED = {
    "auto_minor_version_upgrade": "auto_minor_version_upgrade",
    "backup_retention_period": "backup_retention_period",
    "copy_tags_to_snapshot": "copy_tags_to_snapshot",
    "database_insights_mode": "database_insights_mode",
    "db_cluster_parameter_group_name": "parameter_group",
    "deletion_protection": "deletion_protection",
    "enable_iam_database_authentication": "iam_auth",
    "enable_performance_insights": "performance_insights_enabled",
    "performance_insights_retention_period": "performance_insights_retention_period",
    "port": "port",
    "preferred_backup_window": "preferred_backup_window",
    "preferred_maintenance_window": "preferred_maintenance_window",
    "vpc_security_group_ids": "vpc_security_group_ids",
}
"""What a modify changes at once: parameter, attribute."""
_IO_OPTIMIZED_PAUSE = timedelta(days=30)


def install() -> None:
    override(RDSBackend, "create_db_cluster", _create)
    override(RDSBackend, "modify_db_cluster", _modify)
    add(RDSResponse, delete_db_cluster, enable_http_endpoint, disable_http_endpoint)
    DBCluster.status = property(lambda self: self._status, lambda self, status: setattr(self, "_status", status))
    DBCluster.enable_http_endpoint = property(_http_endpoint, _set_http_endpoint)
    DBCluster.db_cluster_members = property(_members)


def _http_endpoint(self: DBCluster) -> bool:
    return bool(self.__dict__.get("_enable_http_endpoint"))


def _set_http_endpoint(self: DBCluster, enabled: bool | None) -> None:
    self._enable_http_endpoint = bool(enabled)


def _members(self: DBCluster) -> list[dict[str, Any]]:
    return [
        {
            "DBInstanceIdentifier": member.db_instance_identifier,
            "IsClusterWriter": member.is_cluster_writer,
            "DBClusterParameterGroupStatus": "pending-reboot"
            if getattr(member, "pending_reboot", False)
            else "in-sync",
            "PromotionTier": member.promotion_tier,
        }
        for member in self.members
    ]


def cluster_of(backend: RDSBackend, identifier: str) -> DBCluster:
    if identifier not in backend.clusters:
        raise DBClusterNotFoundError(identifier)
    return backend.clusters[identifier]


def _create(original: Callable[..., Any], self: RDSBackend, given: dict[str, Any]) -> DBCluster:
    if given["engine"] != _ENGINE:
        return original(self, given)  # as moto has it
    name = given["db_cluster_identifier"]
    checks.identifier(name, "DBClusterIdentifier")
    if name in self.clusters:
        raise refuse("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    version = checks.version(_ENGINE, given.get("engine_version"))
    group = self.describe_db_subnet_groups(given.get("db_subnet_group_name") or "default")[0]
    checks.master(given)
    checks.settings(self, _ENGINE, given, group.vpc_id)
    checks.windows(given.get("preferred_backup_window"), given.get("preferred_maintenance_window"))
    if parameters := given.get("db_cluster_parameter_group_name"):
        checks.family(parameter_groups.cluster_group_of(self, parameters).db_parameter_group_family, _ENGINE, version)
    arguments = {
        **given,
        "engine_version": version,
        "allocated_storage": 1,  # moto does not know how much an I/O-optimized one has
        "db_cluster_parameter_group_name": parameters or f"default.{catalog.family(_ENGINE, version)}",
        "serverless_v2_scaling_configuration": checks.scaling(
            given.get("serverless_v2_scaling_configuration"), version
        ),
        "availability_zones": sorted({subnet.availability_zone for subnet in group._subnets})[:3],
        "kms_key_id": checks.key(self, given.get("kms_key_id") or "alias/aws/rds")
        if given.get("storage_encrypted")
        else None,
    }
    cluster: DBCluster = original(self, arguments)
    cluster.pending_modified_values, cluster.storage_type = {}, _told(given.get("storage_type"))
    cluster.performance_insights_enabled = bool(given.get("enable_performance_insights"))
    cluster.performance_insights_retention_period = given.get("performance_insights_retention_period")
    cluster.database_insights_mode = given.get("database_insights_mode") or "standard"
    later(self, "rds.cluster.create", lambda: _settled(cluster, "creating"))
    return cluster


def _told(storage_type: str | None) -> str | None:
    """RDS does not tell that a cluster has the usual one."""
    return None if storage_type == "aurora" else storage_type


def _settled(cluster: DBCluster, status: str) -> None:
    if cluster.status == status:
        cluster.status = "available"


def _modify(original: Callable[..., Any], self: RDSBackend, given: dict[str, Any]) -> DBCluster:
    cluster = cluster_of(self, given["db_cluster_identifier"])
    if cluster.engine != _ENGINE:
        return original(self, given)
    _check_available(cluster)
    version = checks.version(_ENGINE, given.get("engine_version") or cluster.engine_version)
    _check_changes(self, cluster, given, version)
    if given.get("serverless_v2_scaling_configuration"):
        cluster.serverless_v2_scaling_configuration = checks.scaling(
            given["serverless_v2_scaling_configuration"], version
        )
    for parameter, attribute in _CHANGED.items():
        if given.get(parameter) is not None:
            setattr(cluster, attribute, given[parameter])
    cluster.enabled_cloudwatch_logs_exports = checks.log_exports(
        cluster.enabled_cloudwatch_logs_exports, given.get("cloudwatch_logs_export_configuration")
    )
    if given.get("vpc_security_group_ids"):
        for member in cluster._members:
            network.regroup(member)
    if given.get("storage_type"):
        _change_storage(cluster, given["storage_type"])
    _change_secret(cluster, given)
    is_upgrade = version != cluster.engine_version
    if is_upgrade:
        cluster.pending_modified_values = {"EngineVersion": version}
    if given.get("apply_immediately") or not is_upgrade:
        _apply(self, cluster, version)
    return cluster


def _check_available(cluster: DBCluster) -> None:
    if cluster.status != "available":
        message = f"DBCluster {cluster.db_cluster_identifier} is not in available state: it is {cluster.status}."
        raise refuse("InvalidDBClusterStateFault", message)


def _check_changes(backend: RDSBackend, cluster: DBCluster, given: dict[str, Any], version: str) -> None:
    group = backend.describe_db_subnet_groups(cluster.db_subnet_group_name)[0]
    checks.settings(backend, _ENGINE, given, group.vpc_id)
    checks.upgrade(_ENGINE, cluster.engine_version, version, bool(given.get("allow_major_version_upgrade")))
    windows = ("preferred_backup_window", "preferred_maintenance_window")
    checks.windows(*(given.get(name) or getattr(cluster, name) for name in windows))
    parameters = given.get("db_cluster_parameter_group_name") or cluster.parameter_group
    if not parameters.startswith("default."):
        checks.family(
            parameter_groups.cluster_group_of(backend, parameters).db_parameter_group_family, _ENGINE, version
        )


def _change_storage(cluster: DBCluster, storage_type: str) -> None:
    allowed = getattr(cluster, "io_optimized_next_allowed_modification_time", None)
    if storage_type == "aurora-iopt1" and cluster.storage_type != storage_type:
        if allowed and allowed > utcnow():
            raise combination(f"You can't modify the storage type to aurora-iopt1 before {allowed:%Y-%m-%d}.")
        cluster.io_optimized_next_allowed_modification_time = utcnow() + _IO_OPTIMIZED_PAUSE
    cluster.storage_type = _told(storage_type)


def _change_secret(cluster: DBCluster, given: dict[str, Any]) -> None:
    managed = given.get("manage_master_user_password")
    if managed and not cluster.manage_master_user_password:
        cluster.master_user_secret = MasterUserSecret(cluster, given.get("master_user_secret_kms_key_id"))
    if managed is False and cluster.manage_master_user_password:
        if not given.get("master_user_password"):
            raise combination("You must specify MasterUserPassword when you turn off ManageMasterUserPassword.")
        cluster.master_user_secret.delete_secret()
        del cluster.master_user_secret
    if managed is not None:
        cluster.manage_master_user_password = managed


def _apply(backend: RDSBackend, cluster: DBCluster, version: str) -> None:
    is_upgrade = version != cluster.engine_version
    cluster.status = status = "upgrading" if is_upgrade else "modifying"
    members = [member for member in cluster._members if is_upgrade and member.status == "available"]
    for member in members:
        member.status = "upgrading"

    def finish() -> None:
        cluster.engine_version, cluster.pending_modified_values = version, {}
        _settled(cluster, status)
        for member in members:
            member.status = "available"

    later(backend, "rds.cluster.upgrade" if is_upgrade else "rds.cluster.modify", finish)


def delete_db_cluster(self: RDSResponse) -> ActionResult:
    backend, name, snapshot = (
        self.backend,
        self.params["DBClusterIdentifier"],
        self.params.get("FinalDBSnapshotIdentifier"),
    )
    cluster = cluster_of(backend, name)
    if cluster.status == "deleting":
        raise refuse("InvalidDBClusterStateFault", f"DBCluster {name} is already being deleted.")
    if cluster.deletion_protection:
        raise combination("Cannot delete protected Cluster, please disable deletion protection and try again.")
    if any(member.status != "deleting" for member in cluster._members):
        raise refuse(
            "InvalidDBClusterStateFault",
            "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
        )
    checks.final_snapshot(
        backend.cluster_snapshots, snapshot, self.params.get("SkipFinalSnapshot"), "FinalDBClusterSnapshotIdentifier"
    )
    cluster.status = "deleting"

    def finish() -> None:
        backend.delete_db_cluster(name, snapshot)
        taken = backend.cluster_snapshots
        for each in [
            each for each in taken.values() if each.snapshot_type == "automated" and each.db_cluster_identifier == name
        ]:
            del taken[each.db_cluster_snapshot_identifier]

    later(backend, "rds.cluster.delete", finish)
    return ActionResult({"DBCluster": cluster})


def enable_http_endpoint(self: RDSResponse) -> ActionResult:
    return _switch_http_endpoint(self, True)


def disable_http_endpoint(self: RDSResponse) -> ActionResult:
    return _switch_http_endpoint(self, False)


def _switch_http_endpoint(response: RDSResponse, enabled: bool) -> ActionResult:
    arn = response.params["ResourceArn"]
    cluster = response.backend.clusters.get(arn.rpartition(":")[2])
    if cluster is None:
        raise refuse("ResourceNotFoundFault", f"The specified resource {arn} was not found.")
    if cluster.status != "available":
        raise refuse(
            "InvalidResourceStateFault", f"The DB cluster {cluster.db_cluster_identifier} is {cluster.status}."
        )
    cluster.enable_http_endpoint = enabled
    return ActionResult({"ResourceArn": arn, "HttpEndpointEnabled": enabled})
