# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Publishing a site's content: what is uploaded, in which order, what CloudFront is told,
and what a run leaves that dies on the way.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner
from localcloud.testing import Cloud

from tests.integration.contract.case import ROOT, Account, Options, Result, component_of

BUCKET = "acme-test-site-123456789012-us-east-1"
MANIFEST = ".keelson/site-content.json"
SITE = {
    "index.html": "<script src=app.1a2b3c4d.js></script>",
    "about.html": "<p>about</p>",
    "app.1a2b3c4d.js": "first",
    "logo.png": "image",
    "grün/a b.txt": "unusual",
}


@pytest.fixture(scope="module")
def running() -> Iterator[Cloud]:
    with Cloud() as cloud:
        yield cloud


@pytest.fixture
def account(running: Cloud) -> Account:
    running.faults()
    running.clock(scale=0, held=False)
    running.reset()
    make_site(running)
    return Account(running)


def make_site(cloud: Cloud) -> None:
    """A bucket and a distribution, with the tags by which the site's own are known."""
    tags = {**Owner("acme", "test", "static_site").tags("site")}
    tag_list = [{"Key": name, "Value": value} for name, value in tags.items()]
    s3, cloudfront = cloud.client("s3", clean=True), cloud.client("cloudfront", clean=True)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": tag_list})
    origin = {
        "Id": "bucket",
        "DomainName": f"{BUCKET}.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    behaviour = {
        "TargetOriginId": "bucket",
        "ViewerProtocolPolicy": "redirect-to-https",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    }
    config = {
        "CallerReference": "site",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour,
    }
    cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": config, "Tags": {"Items": tag_list}}
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, SITE)
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)


def publish(account: Account, folder: Path, check: bool = False, **options: Any) -> Result:
    given: Options = {"folder": str(folder), **options}
    account.cloud.clear_calls()
    return account.plan("site_content", given) if check else account.apply("site_content", given)


def writes(account: Account) -> list[str]:
    return [call["operation"] for call in account.cloud.calls() if call["write"]]


def objects(account: Account) -> dict[str, str]:
    s3 = account.cloud.client("s3", clean=True)
    return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() for key in keys(account)}


def keys(account: Account) -> list[str]:
    pages = account.cloud.client("s3", clean=True).get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    return [item["Key"] for page in pages for item in page["Contents"]]


def site(account: Account) -> dict[str, str]:
    return {key: content for key, content in objects(account).items() if key != MANIFEST}


def invalidations(account: Account) -> list[list[str]]:
    """The paths of each, the oldest first."""
    cloudfront = account.cloud.client("cloudfront", clean=True)
    [distribution] = cloudfront.list_distributions()["DistributionList"]["Items"]
    listed = cloudfront.list_invalidations(DistributionId=distribution["Id"])["InvalidationList"].get("Items", [])
    batches = [
        cloudfront.get_invalidation(DistributionId=distribution["Id"], Id=one["Id"])["Invalidation"]
        for one in reversed(listed)
    ]
    return [sorted(batch["InvalidationBatch"]["Paths"]["Items"]) for batch in batches]


def test_nobody_gets_the_record_through_cloudfront(running: Cloud) -> None:
    running.reset()
    Account(running).apply("static_site", {})
    policy = json.loads(running.client("s3", clean=True).get_bucket_policy(Bucket=BUCKET)["Policy"])
    [denied] = [statement for statement in policy["Statement"] if statement["Sid"] == "Records"]
    assert denied["Effect"] == "Deny" and denied["Resource"] == [f"arn:aws:s3:::{BUCKET}/.keelson/*"]
    assert denied["Principal"] == {"Service": ["cloudfront.amazonaws.com"]} and denied["Action"] == ["s3:GetObject"]


def test_a_first_publication_uploads_everything_with_its_headers_and_invalidates_nothing(
    account: Account, folder: Path
) -> None:
    planned = publish(account, folder, check=True)
    result = publish(account, folder)
    assert result["uploaded"] == planned["uploaded"] == sorted(SITE)
    assert site(account) == SITE
    assert invalidations(account) == []
    s3 = account.cloud.client("s3", clean=True)
    heads = {key: s3.head_object(Bucket=BUCKET, Key=key) for key in SITE}
    assert {key: (head["ContentType"], head["CacheControl"]) for key, head in heads.items()} == {
        "index.html": ("text/html; charset=utf-8", "no-cache"),
        "about.html": ("text/html; charset=utf-8", "no-cache"),
        "app.1a2b3c4d.js": ("text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        "logo.png": ("image/png", "public, max-age=300"),
        "grün/a b.txt": ("text/plain; charset=utf-8", "public, max-age=300"),
    }


def test_a_second_publication_uploads_and_invalidates_nothing_and_asks_little(account: Account, folder: Path) -> None:
    publish(account, folder)
    result = publish(account, folder)
    assert result["changed"] is False
    assert writes(account) == []
    assert invalidations(account) == []
    s3_calls = sorted(call["operation"] for call in account.cloud.calls() if call["service"] == "s3")
    assert s3_calls == ["GetBucketTagging", "GetObject", "GetObjectTagging", "ListObjectsV2"]


def test_one_changed_file_is_one_upload_and_an_invalidation_of_its_paths_alone(account: Account, folder: Path) -> None:
    publish(account, folder)
    write(folder, {"index.html": "new"})
    planned = publish(account, folder, check=True)
    assert writes(account) == []
    result = publish(account, folder)
    assert result["uploaded"] == planned["uploaded"] == ["index.html"]
    assert result["invalidated"] == planned["invalidated"] == ["/", "/index.html"]
    assert sorted(writes(account)) == ["CreateInvalidation", *["PutObject"] * 4], "the file, and the record three times"
    assert invalidations(account) == [["/", "/index.html"]]
    [difference] = planned["diff"]
    assert difference["before"]["Files"]["about.html"] == difference["after"]["Files"]["about.html"]
    assert difference["before"]["Files"]["index.html"] != difference["after"]["Files"]["index.html"]


def test_a_change_there_and_back_and_there_again_is_invalidated_each_time(account: Account, folder: Path) -> None:
    for content in ("one", "two", "one", "two"):
        write(folder, {"index.html": content})
        publish(account, folder)
    assert invalidations(account) == [["/", "/index.html"]] * 3


def test_pages_go_at_once_and_immutable_assets_stay_a_while(account: Account, folder: Path) -> None:
    publish(account, folder)
    (folder / "about.html").unlink()
    (folder / "app.1a2b3c4d.js").unlink()
    write(folder, {"index.html": "<script src=app.9f8e7d6c.js></script>", "app.9f8e7d6c.js": "second"})
    result = publish(account, folder)
    assert (result["deleted"], result["retired"]) == (["about.html"], ["app.1a2b3c4d.js"])
    assert result["uploaded"] == ["app.9f8e7d6c.js", "index.html"]
    assert invalidations(account) == [["/", "/about.html", "/index.html"]]
    assert site(account).keys() == {"index.html", "app.1a2b3c4d.js", "app.9f8e7d6c.js", "logo.png", "grün/a b.txt"}
    age(account, "app.1a2b3c4d.js")
    assert publish(account, folder, check=True)["deleted"] == ["app.1a2b3c4d.js"]
    publish(account, folder)
    assert "app.1a2b3c4d.js" not in site(account)
    assert len(invalidations(account)) == 1
    assert publish(account, folder)["changed"] is False


def age(account: Account, key: str) -> None:
    """As if the file had been left out long ago."""
    s3 = account.cloud.client("s3", clean=True)
    record = json.loads(s3.get_object(Bucket=BUCKET, Key=MANIFEST)["Body"].read())
    record["objects"][key]["old_since"] = "2020-01-01"
    tags = s3.get_object_tagging(Bucket=BUCKET, Key=MANIFEST)["TagSet"]
    s3.put_object(Bucket=BUCKET, Key=MANIFEST, Body=json.dumps(record))
    s3.put_object_tagging(Bucket=BUCKET, Key=MANIFEST, Tagging={"TagSet": tags})


def test_unusual_names_are_told_cloudfront_in_its_own_way(account: Account, folder: Path) -> None:
    publish(account, folder)
    write(folder, {"grün/a b.txt": "changed"})
    publish(account, folder)
    [[path]] = invalidations(account)
    assert path == "/gr%C3%BCn/a%20b.txt" and unquote(path) == "/grün/a b.txt"


def test_what_others_change_is_repaired_and_what_they_add_is_left_alone(account: Account, folder: Path) -> None:
    publish(account, folder)
    s3 = account.cloud.client("s3", clean=True)
    s3.put_object(Bucket=BUCKET, Key="logo.png", Body=b"theirs")
    s3.delete_object(Bucket=BUCKET, Key="about.html")
    s3.put_object(Bucket=BUCKET, Key="theirs.txt", Body=b"theirs")
    result = publish(account, folder)
    assert result["uploaded"] == ["about.html", "logo.png"]
    assert site(account) == {**SITE, "theirs.txt": "theirs"}
    assert invalidations(account) == [["/about.html", "/logo.png"]]


def test_content_is_copied_byte_by_byte(account: Account, folder: Path) -> None:
    content = bytes(range(256)) * 4096 + b"\r\n\x00"
    (folder / "logo.png").write_bytes(content)
    (folder / "empty.txt").write_bytes(b"")
    publish(account, folder)
    s3 = account.cloud.client("s3", clean=True)
    assert s3.get_object(Bucket=BUCKET, Key="logo.png")["Body"].read() == content
    assert s3.get_object(Bucket=BUCKET, Key="empty.txt")["Body"].read() == b""


def test_an_invalidation_can_be_waited_for(account: Account, folder: Path) -> None:
    publish(account, folder)
    write(folder, {"index.html": "new"})
    account.cloud.clock(held=True)
    result = publish(account, folder, wait=False)
    [told] = result["pending"]
    assert told.startswith("wait for SiteContent site: CloudFront's invalidation ") and told.endswith(" is in progress")
    again = account.run("site_content", {"folder": str(folder), "wait_timeout": 1})
    assert again["failed"] and "is in progress" in again["msg"]
    account.cloud.clock(held=False)
    assert publish(account, folder)["changed"] is False


def test_while_too_many_invalidations_are_in_progress_the_upload_is_done_and_the_rest_left_to_the_next_run(
    account: Account, folder: Path
) -> None:
    publish(account, folder)
    write(folder, {"index.html": "new"})
    account.cloud.clock(held=True)
    others(account)
    result = account.run("site_content", {"folder": str(folder), "wait_timeout": 1})
    assert result["failed"] and "TooManyInvalidationsInProgress" in result["msg"]
    assert site(account)["index.html"] == "new"
    account.cloud.clock(held=False)
    result = publish(account, folder)
    assert (result["uploaded"], result["invalidated"]) == ([], ["/", "/index.html"])
    assert invalidations(account)[1:] == [["/", "/index.html"]]


def others(account: Account) -> None:
    """An invalidation of somebody else that leaves no room for another."""
    cloudfront = account.cloud.client("cloudfront", clean=True)
    [distribution] = cloudfront.list_distributions()["DistributionList"]["Items"]
    paths = [f"/{number}" for number in range(3000)]
    batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": "theirs"}
    cloudfront.create_invalidation(DistributionId=distribution["Id"], InvalidationBatch=batch)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 8))
def test_a_run_that_is_killed_at_any_write_leaves_a_whole_site_and_the_next_one_finishes_it(
    account: Account, folder: Path, number: int, when: str
) -> None:
    """The record, an asset, the first page, a delete, the record, the invalidation, the record."""
    publish(account, folder)
    (folder / "about.html").unlink()
    (folder / "app.1a2b3c4d.js").unlink()
    write(folder, {"index.html": "<script src=app.9f8e7d6c.js></script>", "app.9f8e7d6c.js": "second"})
    assert killed_at(account, folder, number, when)
    there = site(account)
    assert "app.1a2b3c4d.js" in there, "for the page that browsers still show"
    assert there["index.html"] == SITE["index.html"] or there["app.9f8e7d6c.js"] == "second"
    publish(account, folder)
    files = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert site(account) == {**files, "app.1a2b3c4d.js": "first"}
    assert invalidations(account) == [["/", "/about.html", "/index.html"]]
    assert publish(account, folder)["changed"] is False


def killed_at(account: Account, folder: Path, number: int, when: str) -> bool:
    """Publish in a process of its own, which is killed before that write is sent, or after it was carried out;
    whether it came to that.
    """
    command = [
        sys.executable,
        "-c",
        "from tests.integration.edge.test_site_content import publish_alone; publish_alone()",
    ]
    path = os.pathsep.join(str(ROOT / name) for name in ("", "collections", "tests"))
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, text=True, env={**os.environ, **account.cloud.env, "PYTHONPATH": path}
    )
    account.cloud.faults(points=[{"number": number, "when": when, "action": {"kill": [process.pid]}}])
    process.communicate(json.dumps({**account.common, "folder": str(folder)}))
    account.cloud.faults()
    return process.returncode == -signal.SIGKILL


def publish_alone() -> None:
    component = component_of("site_content")
    given = ArgumentSpecValidator(component.argument_spec).validate(json.load(sys.stdin)).validated_parameters
    component.run(given, check=False, diff=False)


def test_of_two_that_publish_at_once_none_is_lost(account: Account, folder: Path) -> None:
    """While the first is about to write its record, a second one publishes; the first then looks again."""
    publish(account, folder)
    write(folder, {"about.html": "first's"})
    account.cloud.faults(points=[{"number": 1, "when": "before", "action": {"pause": True}}])
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(account.run, "site_content", {"folder": str(folder)})
        assert account.cloud.wait_fired()
        second = account.cloud.client("s3", clean=True)
        record = second.get_object(Bucket=BUCKET, Key=MANIFEST)
        tags = "&".join(
            f"{tag['Key']}={tag['Value']}" for tag in second.get_object_tagging(Bucket=BUCKET, Key=MANIFEST)["TagSet"]
        )
        second.put_object(Bucket=BUCKET, Key=MANIFEST, Body=record["Body"].read() + b"\n", Tagging=tags)
        account.cloud.release()
        assert first.result()["changed"] is True
    assert site(account)["about.html"] == "first's"
    assert 412 in {call["status"] for call in account.cloud.calls()}


def test_a_spoilt_record_is_refused_in_words(account: Account, folder: Path) -> None:
    publish(account, folder)
    account.cloud.client("s3", clean=True).put_object(Bucket=BUCKET, Key=MANIFEST, Body=b"{}")
    result = account.run("site_content", {"folder": str(folder)})
    assert (
        result["failed"]
        and f"s3://{BUCKET}/{MANIFEST}: the manifest is not what was written there. Delete it" in result["msg"]
    )


def test_without_a_record_everything_is_uploaded_anew_and_cloudfront_told(account: Account, folder: Path) -> None:
    publish(account, folder)
    account.cloud.client("s3", clean=True).delete_object(Bucket=BUCKET, Key=MANIFEST)
    assert publish(account, folder)["uploaded"] == sorted(SITE)
    [paths] = invalidations(account)
    assert len(paths) == len(SITE) + 1


def test_a_thousand_files_are_published_and_one_listing_tells_that_they_are_there(
    account: Account, folder: Path
) -> None:
    write(folder, {f"assets/{number}.txt": str(number) for number in range(1200)})
    publish(account, folder, prune_limit=0)
    assert len(keys(account)) == len(SITE) + 1200 + 1
    assert publish(account, folder)["changed"] is False
    assert sum(call["operation"] == "ListObjectsV2" for call in account.cloud.calls()) == 2, "pages of a thousand"
    for number in range(1200):
        (folder / f"assets/{number}.txt").unlink()
    result = publish(account, folder, prune_limit=0)
    assert len(result["deleted"]) == 1200
    assert result["invalidated"] == ["/*"] and "1200 paths" in result["invalidation_reason"]
