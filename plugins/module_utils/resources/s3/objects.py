# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""S3: whether a bucket holds objects, and deleting some or all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...aws.errors import THROTTLED
from ...aws.session import Aws
from ...engine.errors import Blocked, KeelsonError

BATCH = 1000
"""What DeleteObjects takes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"""
PASSING = {*THROTTLED, "InternalError", "ServiceUnavailable"}
SHOWN = 3


def holds_objects(api: Aws, bucket: str) -> bool:
    """Versions and delete markers count: S3 deletes no bucket that has one."""
    answer = api.find("s3", "list_object_versions", Bucket=bucket, MaxKeys=1) or {}
    return bool(answer.get("Versions") or answer.get("DeleteMarkers"))


def empty(api: Aws, bucket: str) -> None:
    """Delete every version and delete marker. A bucket that is gone is empty.

    Raises KeelsonError when S3 refuses some.
    """
    while versions := _some(api, bucket):
        _delete(api, bucket, versions)


def delete_keys(api: Aws, bucket: str, keys: Iterable[str]) -> None:
    """Delete the objects of these keys, as far as there are any; a versioned bucket keeps their versions.

    Raises as ``empty``.
    """
    objects = [{"Key": key} for key in sorted(keys)]
    for start in range(0, len(objects), BATCH):
        _delete(api, bucket, objects[start : start + BATCH])


def _some(api: Aws, bucket: str) -> list[dict[str, str]]:
    answer = api.find("s3", "list_object_versions", Bucket=bucket, MaxKeys=BATCH) or {}
    found = [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]
    return [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in found]


def _delete(api: Aws, bucket: str, objects: list[dict[str, str]]) -> None:
    answer = api.call("s3", "delete_objects", Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    if errors := answer.get("Errors", []):
        _complain(bucket, errors)


def _complain(bucket: str, errors: list[dict[str, Any]]) -> None:
    told = "; ".join(f"{error['Key']}: {error['Code']}: {error.get('Message', '')}" for error in errors[:SHOWN])
    more = f" and {len(errors) - SHOWN} more" if len(errors) > SHOWN else ""
    message = f"s3:DeleteObjects: {len(errors)} objects of {bucket} could not be deleted: {told}{more}"
    raise Blocked(message) if all(error["Code"] in PASSING for error in errors) else KeelsonError(message)
