# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The content of a static site: the files in its bucket, and telling CloudFront what has changed.

All files are one resource, for they belong together: a page must not appear before what it refers to, nor
anything go before the pages that refer to it. What is published is on record in the manifest, which is written
before the first change and after the last, and only over the state that was read: of two that publish at the same
time the second begins anew.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from ...aws.errors import EVENTUALLY
from ...aws.parallel import each
from ...aws.session import Aws, AwsError
from ...engine.errors import Blocked, KeelsonError
from ...engine.resource import Owner, Properties, Resource, State
from ..s3.bucket import bucket_name
from ..s3.objects import delete_keys
from .invalidation import DEFAULT_ROOT, invalidate, invalidation_paths, invalidation_status
from .lookup import DistributionLookup, SiteBucketLookup
from .reads import KEY
from .site_manifest import RECORDS, File, Manifest, Work, as_json, begun, finished, from_json, in_the_bucket, work

MANIFEST_KEY = f"{RECORDS}site-content.json"
LONGEST_INVALIDATION = timedelta(hours=1)
"""So long after a publication CloudFront is asked how far the invalidation is; one takes minutes."""


@dataclass(frozen=True)
class SiteContent(Resource):
    """The files of the environment's site, by their path.

    ``keep_old_days``: days for which immutable files outlive the site's use.
    """

    bucket: SiteBucketLookup
    distribution: DistributionLookup
    files: Mapping[str, File]
    keep_old_days: int
    key: str = KEY

    replaced_by: ClassVar[frozenset[str]] = frozenset({"Bucket"})
    id_name: ClassVar[str] = "Bucket"

    def desired(self) -> Properties:
        return {
            "Bucket": self.bucket.ref("Name"),
            "DistributionId": self.distribution.ref("Id"),
            "Files": dict(self.files),
            "KeepOldDays": self.keep_old_days,
            "OldFilesDue": set(),
            "ToInvalidate": set(),
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        """``Manifest``, its ``ETag``, and ``ETags`` of all objects by key are what the rest follows from."""
        bucket = bucket_name(api, owner, KEY)
        found = api.find("s3", "get_object", Bucket=bucket, Key=MANIFEST_KEY)
        if found is None:
            return
        try:
            manifest = from_json(found["Body"].read())
        except KeelsonError as error:
            raise KeelsonError(f"s3://{bucket}/{MANIFEST_KEY}: {error}") from error
        tags = api.call("s3", "get_object_tagging", Bucket=bucket, Key=MANIFEST_KEY)["TagSet"]
        is_recent = found["LastModified"] + LONGEST_INVALIDATION > datetime.now(UTC)
        asked = manifest.invalidation and is_recent
        yield (
            KEY,
            {
                **_known(manifest, found["ETag"], _etags(api, bucket)),
                "Bucket": bucket,
                "InvalidationStatus": invalidation_status(api, manifest.distribution_id, manifest.invalidation)
                if asked
                else "Completed",
                "Tags": {tag["Key"]: tag["Value"] for tag in tags},
            },
        )

    def create(self, api: Aws, wanted: Properties) -> Properties:
        manifest = Manifest(keep_old_days=wanted["KeepOldDays"], distribution_id=wanted["DistributionId"])
        record = Record(api, wanted["Bucket"], wanted["Tags"], None)
        record.write(manifest)
        etags = _etags(api, wanted["Bucket"])
        return {
            **_known(manifest, record.etag, etags),
            "Bucket": wanted["Bucket"],
            "InvalidationStatus": "Completed",
            "Tags": wanted["Tags"],
        }

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> Properties:
        wanted = {**observed, **changes}
        record = Record(api, observed["Bucket"], {**observed["Tags"], **changes.get("Tags", {})}, observed["ETag"])
        manifest = _adjusted(observed, changes)
        todo, etags = work(manifest, observed["ETags"], wanted["Files"], today()), {}
        if todo.upload or todo.delete:
            manifest = begun(manifest, todo, str(uuid.uuid4()))
            record.write(manifest)
            etags = _upload(api, observed["Bucket"], todo.upload)
            delete_keys(api, observed["Bucket"], todo.delete)
        manifest = finished(manifest, todo, wanted["Files"], etags, today())
        record.write(manifest)
        status = observed["InvalidationStatus"]
        if manifest.stale:
            paths, _reason = invalidation_paths(manifest.stale)
            invalidation = invalidate(api, manifest.distribution_id, paths, manifest.reference)
            manifest, status = (
                replace(manifest, stale=frozenset(), invalidation=invalidation["Id"]),
                invalidation["Status"],
            )
            record.write(manifest)
        there = {key: etag for key, etag in {**observed["ETags"], **etags}.items() if key not in todo.delete}
        return {**_known(manifest, record.etag, there), "InvalidationStatus": status}

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        delete_keys(api, observed["Bucket"], observed["Manifest"].entries)
        delete_keys(api, observed["Bucket"], [MANIFEST_KEY])

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        if observed["InvalidationStatus"] == "InProgress":
            return State.PENDING, f"CloudFront's invalidation {observed['Manifest'].invalidation} is in progress"
        return State.READY, ""


def work_of(observed: Properties, changes: Properties) -> tuple[Work, list[str], str]:
    """What ``update`` will do, for a plan; the paths to invalidate, and why they are all, if they are."""
    manifest = _adjusted(observed, changes)
    files = {**observed, **changes}["Files"]
    todo = work(manifest, observed.get("ETags", {}), files, today())
    return todo, *invalidation_paths(manifest.stale | todo.stale)


@dataclass
class Record:
    """The manifest's object.

    ``etag``: of the version that the next write replaces; None where there must be none yet.
    """

    api: Aws
    bucket: str
    tags: Mapping[str, str]
    etag: str | None

    def write(self, manifest: Manifest) -> None:
        condition = {"IfMatch": self.etag} if self.etag else {"IfNoneMatch": "*"}
        headers = {"ContentType": "application/json", "CacheControl": "no-store", "Tagging": urlencode(self.tags)}
        content = {"Body": as_json(manifest).encode(), **headers}
        try:
            answer = self.api.call("s3", "put_object", Bucket=self.bucket, Key=MANIFEST_KEY, **content, **condition)
        except AwsError as error:
            if error.code not in ("PreconditionFailed", "ConditionalRequestConflict"):
                raise
            raise Blocked(
                f"somebody else publishes to s3://{self.bucket} at the same time: {error}", patience=EVENTUALLY
            ) from error
        self.etag = answer["ETag"]


def today() -> date:
    return datetime.now(UTC).date()


def _known(manifest: Manifest, etag: str | None, etags: Mapping[str, str]) -> Properties:
    """What follows from the manifest and the bucket's listing, in the shape of ``desired()``."""
    return {
        "Manifest": manifest,
        "ETag": etag,
        "ETags": etags,
        "DistributionId": manifest.distribution_id,
        "Files": in_the_bucket(manifest, etags)[0],
        "KeepOldDays": manifest.keep_old_days,
        "OldFilesDue": {key for key, entry in manifest.entries.items() if manifest.is_due(entry, today())},
        "ToInvalidate": set(manifest.stale),
    }


def _adjusted(observed: Properties, changes: Properties) -> Manifest:
    """The manifest with the settings that are to hold from now on.

    Another distribution has nothing in its caches yet.
    """
    manifest = observed.get("Manifest", Manifest())
    if "DistributionId" in changes:
        manifest = replace(manifest, distribution_id=changes["DistributionId"], stale=frozenset(), invalidation="")
    return replace(manifest, keep_old_days=changes.get("KeepOldDays", manifest.keep_old_days))


def _etags(api: Aws, bucket: str) -> dict[str, str]:
    return {item["Key"]: item["ETag"] for item in api.read("s3", "list_objects_v2", "Contents", Bucket=bucket)}


def _upload(api: Aws, bucket: str, files: Mapping[str, File]) -> dict[str, str]:
    """The new ETags. What pages refer to comes before the pages, and the page that everybody begins with comes last."""
    etags: dict[str, str] = {}
    for stage in _stages(files):
        etags |= dict(zip(stage, each(lambda key: _put(api, bucket, key, files[key]), stage), strict=True))
    return etags


def _stages(files: Mapping[str, File]) -> Iterable[list[str]]:
    pages = [key for key in files if files[key].content_type.startswith(("text/html", "application/xhtml"))]
    first = [key for key in files if key not in set(pages)]
    return first, [key for key in pages if key != DEFAULT_ROOT], [key for key in pages if key == DEFAULT_ROOT]


def _put(api: Aws, bucket: str, key: str, file: File) -> str:
    """S3 compares the content with its digest: a file that has changed since it was read is refused."""
    headers = {"ContentType": file.content_type, "CacheControl": file.cache_control}
    checksum = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    try:
        with Path(file.source).open("rb") as content:
            answer: dict[str, Any] = api.call(
                "s3", "put_object", Bucket=bucket, Key=key, Body=content, ChecksumSHA256=checksum, **headers
            )
    except OSError as error:
        raise KeelsonError(f"{file.source} cannot be read: {error.strerror}.") from error
    return str(answer["ETag"])
