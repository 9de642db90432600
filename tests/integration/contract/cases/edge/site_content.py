# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module site_content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...case import Case, Options, Raw

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "site"
MANIFEST = ".keelson/site-content.json"


def bucket(raw: Raw) -> str:
    return str(raw.found("SiteContent")["Bucket"])


def change_files(raw: Raw) -> None:
    """One is another, and one is gone."""
    s3, name = raw.client("s3"), bucket(raw)
    s3.put_object(Bucket=name, Key="about.html", Body=b"theirs", ContentType="text/html; charset=utf-8")
    s3.delete_object(Bucket=name, Key="index.html")


def change_record(raw: Raw) -> None:
    """Another distribution and time to keep, an old file that is due, and one that CloudFront has yet to be told of."""
    s3, name = raw.client("s3"), bucket(raw)
    s3.put_object(Bucket=name, Key="old.1a2b3c4d.js", Body=b"old")
    record: dict[str, Any] = json.loads(s3.get_object(Bucket=name, Key=MANIFEST)["Body"].read())
    tags = s3.get_object_tagging(Bucket=name, Key=MANIFEST)["TagSet"]
    record |= {"distribution_id": "ETHEIRS", "keep_old_days": 1, "stale": ["about.html"]}
    record["objects"]["old.1a2b3c4d.js"] = {**record["objects"]["assets/app.1a2b3c4d.js"], "old_since": "2020-01-01"}
    s3.put_object(Bucket=name, Key=MANIFEST, Body=json.dumps(record).encode())
    s3.put_object_tagging(Bucket=name, Key=MANIFEST, Tagging={"TagSet": tags})


def tag(raw: Raw) -> None:
    tags = [
        one
        for one in raw.client("s3").get_object_tagging(Bucket=bucket(raw), Key=MANIFEST)["TagSet"]
        if one["Key"] != "keelson:key"
    ]
    raw.client("s3").put_object_tagging(
        Bucket=bucket(raw), Key=MANIFEST, Tagging={"TagSet": [*tags, {"Key": "keelson:key", "Value": "x"}]}
    )


def folder(path: object) -> Options:
    return {"folder": str(path)}


CASE = Case(
    module="site_content",
    options={
        **folder(FOLDER),
        "cache_control": {".well-known/*": "public, max-age=60"},
        "content_types": {"*.txt": "text/plain; charset=us-ascii"},
        "keep_old_days": 7,
    },
    needs=(("static_site", {}),),
    changes={
        ("SiteContent", "Files"): change_files,
        ("SiteContent", "DistributionId"): change_record,
        ("SiteContent", "KeepOldDays"): change_record,
        ("SiteContent", "OldFilesDue"): change_record,
        ("SiteContent", "ToInvalidate"): change_record,
        ("SiteContent", "Tags"): tag,
    },
    smaller={"exclude": ["about.html", "assets"]},  # files are parts of one resource, which stays
    side_effects=frozenset({"s3/object"}),
    bad={
        "a folder that is not there": (
            folder("/nowhere/site"),
            r"^folder: /nowhere/site does not exist\. Build the site first",
        ),
        "a relative folder": (folder("dist"), r"^folder: dist is not absolute"),
        "a file as folder": (folder(FOLDER / "index.html"), r"^folder: .*index\.html is no folder"),
        "a folder of something else": (folder(HERE), r"^folder: .* holds no index\.html"),
        "nothing to publish": (
            {"exclude": ["*"]},
            r"^folder: .* holds no files to publish, which would remove the whole site",
        ),
        "no first page": ({"exclude": ["index.html"]}, r"^folder: .* holds no index\.html"),
        "days that are none": ({"keep_old_days": -1}, r"^keep_old_days: must be from 0 to 3650 days, not -1"),
        "days without end": ({"keep_old_days": 3651}, r"^keep_old_days: must be from 0 to 3650 days"),
        "a type that is none": (
            {"content_types": {"*.x": "html"}},
            r"^content_types\.\*\.x: 'html' is no content type",
        ),
        "a type with a line break": (
            {"content_types": {"*": "text/html\r\nX: y"}},
            r"^content_types\.\*: .* is no content type",
        ),
        "no caching rule": (
            {"cache_control": {"*.x": None}},
            r"^cache_control\.\*\.x: None is no value of the header Cache-Control",
        ),
        "a caching rule with a line break": (
            {"cache_control": {"*": "public\nX: y"}},
            r"^cache_control\.\*: .* is no value",
        ),
    },
    bad_when_made={
        "content that another component has": ({"component": "other"}, r"^SiteContent site: exists, and is not this")
    },
)
