# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the kinds of RDS share: tags in RDS's own form, what its statuses mean,
and what clusters and instances have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...aws.errors import EVENTUALLY
from ...aws.parallel import each
from ...aws.session import Aws, AwsError
from ...engine.errors import AnswerLost, Underway
from ...engine.resource import Owner, Properties, State

FINAL_SNAPSHOT_TAG = "keelson:final-snapshot"
"""Where a database keeps whether its deletion makes a last snapshot:
whoever deletes it knows nothing but the database.
"""

# Its state is as good as available: it serves, and takes changes.
_READY = {"available", "backing-up", "storage-optimization", "storage-initialization"}
# Whoever looks at it has to do something.
_UNHEALTHY = {
    "inaccessible-encryption-credentials",
    "inaccessible-encryption-credentials-recoverable",
    "incompatible-network",
    "incompatible-option-group",
    "incompatible-parameters",
    "incompatible-restore",
    "insufficient-capacity",
    "restore-error",
    "stopped",
    "storage-full",
}


def status_state(status: str) -> tuple[State, str]:
    """Of a cluster or an instance.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Aurora.Status and
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status
    """
    if status in _READY:
        return State.READY, ""
    told = f"its status is {status}"
    if status == "deleting":
        return State.DELETING, told
    return (State.UNHEALTHY if status in _UNHEALTHY or status.endswith("failed") else State.PENDING), told


def tags_of(item: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in item.get("TagList", [])}


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]


def tag(api: Aws, arn: str, changes: Properties) -> None:
    """Write the tags that ``changes`` holds, if it holds any."""
    if "Tags" in changes:
        api.call("rds", "add_tags_to_resource", ResourceName=arn, Tags=tag_list(changes["Tags"]))


def make(api: Aws, operation: str, **parameters: Any) -> dict[str, Any]:
    """A create by name, sent once.

    A name that is taken may be so by our own request whose answer was lost: no other was seen before.
    """
    try:
        return api.call_once("rds", operation, **parameters)
    except AwsError as error:
        if "AlreadyExists" in error.code:
            raise AnswerLost(str(error), EVENTUALLY) from error
        raise


def named(api: Aws, owner: Owner, found: Iterable[dict[str, Any]], name: str, arn: str) -> Iterator[Properties]:
    """Those with a name of the owner's, with their tags, which RDS's listings of groups leave out."""
    mine = [item for item in found if item[name].startswith(f"{owner.name}-")]
    tags = each(lambda item: api.find("rds", "list_tags_for_resource", ResourceName=item[arn]), mine)
    for item, told in zip(mine, tags, strict=True):
        if told is not None:
            yield {**item, "Tags": tags_of(told)}


@dataclass(frozen=True)
class Upkeep:
    """How a database is kept, Aurora cluster or instance.

    ``backup_retention_days``: also how far back a point-in-time restore goes. Windows are UTC, as RDS
    writes them (03:00-04:00, sun:04:30-sun:05:30); None leaves them to RDS. ``apply_immediately``: not in
    the next maintenance window.
    """

    backup_retention_days: int
    backup_window: str | None
    maintenance_window: str | None
    deletion_protection: bool
    final_snapshot: bool
    iam_authentication: bool
    apply_immediately: bool
    log_types: tuple[str, ...]
    is_advanced: bool
    """Whether Database Insights is, which keeps its data for fifteen months."""

    def desired(self) -> Properties:
        windows = {"PreferredBackupWindow": self.backup_window, "PreferredMaintenanceWindow": self.maintenance_window}
        return {
            "BackupRetentionPeriod": self.backup_retention_days,
            **{name: window for name, window in windows.items() if window},
            "DeletionProtection": self.deletion_protection,
            "CopyTagsToSnapshot": True,
            "IAMDatabaseAuthenticationEnabled": self.iam_authentication,
            "ManageMasterUserPassword": True,
            "EnabledCloudwatchLogsExports": set(self.log_types),
            "DatabaseInsightsMode": "advanced" if self.is_advanced else "standard",
            "PerformanceInsightsEnabled": self.is_advanced,
            "Tags": {FINAL_SNAPSHOT_TAG: str(self.final_snapshot).lower()},
        }


INSIGHTS_RETENTION_DAYS = 465
"""What the advanced mode of Database Insights asks for."""
RENAMED = {
    "IAMDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "PerformanceInsightsEnabled": "EnablePerformanceInsights",
}
"""Properties that a request calls otherwise than an answer."""


def shaped(database: dict[str, Any]) -> Properties:
    """What clusters and instances describe alike, in the shape of ``desired()``.

    What is on its way is shown as if it were there.
    """
    pending = dict(database.get("PendingModifiedValues") or {})
    logs = pending.pop("PendingCloudwatchLogsExports", None) or {}
    exports = (set(database.get("EnabledCloudwatchLogsExports", [])) | set(logs.get("LogTypesToEnable", []))) - set(
        logs.get("LogTypesToDisable", [])
    )
    return {
        **database,
        **pending,
        "VpcSecurityGroupIds": {group["VpcSecurityGroupId"] for group in database.get("VpcSecurityGroups", [])},
        "ManageMasterUserPassword": "MasterUserSecret" in database,
        "EnabledCloudwatchLogsExports": exports,
        "DatabaseInsightsMode": database.get("DatabaseInsightsMode") or "standard",
        "PerformanceInsightsEnabled": bool(database.get("PerformanceInsightsEnabled")),
        "Tags": tags_of(database),
    }


def creation(wanted: Properties, key: str | None) -> dict[str, Any]:
    """The parameters of a create, of which ``key``, the ARN of a KMS key, encrypts all that can be."""
    given = {name: value for name, value in wanted.items() if name not in ("Tags", "ClientToken")}
    logs = sorted(given.pop("EnabledCloudwatchLogsExports"))
    secret = {"MasterUserSecretKmsKeyId": key} if key else {}
    exports = {"EnableCloudwatchLogsExports": logs} if logs else {}
    return {**_parameters(given, key), **secret, **exports, "Tags": tag_list(wanted["Tags"])}


def modification(present: Properties, rest: Properties, key: str | None) -> dict[str, Any]:
    """The parameters of a modify that makes ``rest`` so."""
    given = dict(rest)
    logs = given.pop("EnabledCloudwatchLogsExports", None)
    there = present["EnabledCloudwatchLogsExports"]
    lists = {} if logs is None else {"EnableLogTypes": sorted(logs - there), "DisableLogTypes": sorted(there - logs)}
    exports = {name: types for name, types in lists.items() if types}
    secret = {"MasterUserSecretKmsKeyId": key} if key and "ManageMasterUserPassword" in rest else {}
    return {**_parameters(given, key), **secret, **({"CloudwatchLogsExportConfiguration": exports} if exports else {})}


def _parameters(given: Properties, key: str | None) -> dict[str, Any]:
    result = {
        RENAMED.get(name, name): sorted(value) if isinstance(value, set) else value for name, value in given.items()
    }
    if given.get("PerformanceInsightsEnabled"):
        result["PerformanceInsightsRetentionPeriod"] = INSIGHTS_RETENTION_DAYS
        result.update({"PerformanceInsightsKMSKeyId": key} if key else {})
    return result


def refuse_while_busy(what: str, status: str, rest: Properties) -> None:
    """RDS takes no change of what is being changed."""
    if status_state(status)[0] is not State.READY:
        raise Underway(f"{what} is {status}: {', '.join(sorted(rest))} cannot be changed meanwhile", started=False)


def final_snapshot(identifier: str, resource_id: str, tags: dict[str, str]) -> str | None:
    """The name of the snapshot that a deletion makes: the same however often it is tried,
    another one for the next of this name.
    """
    if tags.get(FINAL_SNAPSHOT_TAG) == "false":
        return None
    return f"{identifier}-final-{resource_id.rpartition('-')[2][:8].lower()}"


def deletion(snapshot: str | None) -> dict[str, Any]:
    """The parameters of a delete that say what it leaves."""
    last = (
        {"FinalDBSnapshotIdentifier": snapshot, "SkipFinalSnapshot": False} if snapshot else {"SkipFinalSnapshot": True}
    )
    return {**last, "DeleteAutomatedBackups": True}
