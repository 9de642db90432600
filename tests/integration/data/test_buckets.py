# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Buckets: names that others have, and what becomes of what they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from localcloud.testing import Cloud

from ..contract.case import Account, Result

NAME = "acme-test-shop-123456789012-us-east-1"
SHOP: dict[str, Any] = {"buckets": {"shop": {}}}
ABSENT = {"buckets": None, "state": "absent"}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.reset()
    return Account(cloud)


@pytest.fixture
def s3(cloud: Cloud) -> Any:
    return cloud.client("s3")


def elsewhere(cloud: Cloud) -> Any:
    role = "arn:aws:iam::222222222222:role/keelson-deploy"
    found = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    keys = {"aws_access_key_id": found["AccessKeyId"], "aws_secret_access_key": found["SecretAccessKey"]}
    return boto3.client("s3", "us-east-1", endpoint_url=cloud.url, **keys, aws_session_token=found["SessionToken"])


def refused(account: Account, options: dict[str, Any]) -> str:
    """The message, the same in a check, with no write."""
    account.watch()
    results: list[Result] = [account.run("buckets", options, check) for check in (True, False)]
    assert all(result.get("failed") for result in results)
    assert results[0]["msg"] == results[1]["msg"]
    assert account.writes() == []
    return str(results[0]["msg"])


def removal(how: str) -> dict[str, Any]:
    return {"buckets": {"shop": {"on_removal": how}}}


def test_a_name_that_another_account_has_is_told_before_anything_is_made(account: Account) -> None:
    elsewhere(account.cloud).create_bucket(Bucket=NAME)
    assert f"Bucket shop: the bucket name {NAME} is taken by another AWS account" in refused(
        account, {"buckets": {"shop": {}, "b": {}}}
    )


def test_a_bucket_of_that_name_in_another_region_is_told(account: Account) -> None:
    there = {"LocationConstraint": "eu-west-1"}
    account.cloud.client("s3", "eu-west-1").create_bucket(Bucket=NAME, CreateBucketConfiguration=there)
    assert f"Bucket shop: the bucket {NAME} exists in eu-west-1, and this environment is in us-east-1" in refused(
        account, SHOP
    )


def test_a_bucket_made_by_hand_is_not_taken_over(account: Account, s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    assert "Bucket shop: exists, and is not this environment's (it carries no keelson tags)." in refused(account, SHOP)


def test_outside_of_us_east_1_buckets_are_made_in_their_region(account: Account, s3: Any) -> None:
    account.apply("buckets", {**SHOP, "region": "eu-west-1"})
    assert s3.get_bucket_location(Bucket="acme-test-shop-123456789012-eu-west-1")["LocationConstraint"] == "eu-west-1"
    assert account.plan("buckets", {**SHOP, "region": "eu-west-1"})["changed"] is False


def test_the_buckets_of_another_region_are_none_of_this_ones(account: Account, s3: Any) -> None:
    account.apply("buckets", {**SHOP, "region": "eu-west-1"})
    account.apply("buckets", SHOP)
    account.apply("buckets", ABSENT)
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["acme-test-shop-123456789012-eu-west-1"]


def test_a_bucket_that_holds_something_is_not_removed_unless_told_so_before(account: Account, s3: Any) -> None:
    account.apply("buckets", SHOP)
    s3.put_object(Bucket=NAME, Key="a", Body=b"x")
    s3.delete_object(Bucket=NAME, Key="a")
    assert "Bucket shop: it holds objects, and its on_removal is delete" in refused(account, ABSENT)
    account.apply("buckets", removal("empty"))
    assert account.apply("buckets", ABSENT)["gone"] == ["Bucket shop"]
    assert s3.list_buckets()["Buckets"] == []


def test_emptying_takes_all_versions_and_delete_markers_in_as_many_batches_as_there_are(
    account: Account, s3: Any
) -> None:
    account.apply("buckets", removal("empty"))
    for number in range(1005):
        s3.put_object(Bucket=NAME, Key=f"{number:04}", Body=b"")
    s3.delete_object(Bucket=NAME, Key="0000")
    account.cloud.clear_calls()
    account.apply("buckets", ABSENT)
    assert Counter(call["operation"] for call in account.cloud.calls())["DeleteObjects"] == 2
    assert s3.list_buckets()["Buckets"] == []


def test_what_s3_refuses_to_delete_is_told_and_the_bucket_stays(account: Account, s3: Any) -> None:
    account.apply("buckets", removal("empty"))
    s3.put_object_lock_configuration(Bucket=NAME, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    s3.put_object(Bucket=NAME, Key="law", Body=b"x")
    s3.put_object_legal_hold(Bucket=NAME, Key="law", LegalHold={"Status": "ON"})
    result = account.run("buckets", ABSENT)
    assert "1 objects of" in result["msg"] and "law: AccessDenied" in result["msg"]
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == [NAME]


def test_a_bucket_that_is_to_be_kept_is_left_and_told(account: Account, s3: Any) -> None:
    account.apply("buckets", removal("retain"))
    s3.put_object(Bucket=NAME, Key="a", Body=b"x")
    result = account.apply("buckets", ABSENT)
    assert result["changed"] is False
    assert result["retained"] == ["Bucket shop"]
    assert s3.list_objects_v2(Bucket=NAME)["KeyCount"] == 1


def test_a_bucket_whose_removal_tag_was_lost_is_not_emptied(account: Account, s3: Any) -> None:
    account.apply("buckets", removal("empty"))
    s3.put_object(Bucket=NAME, Key="a", Body=b"x")
    tags = [tag for tag in s3.get_bucket_tagging(Bucket=NAME)["TagSet"] if tag["Key"] != "keelson:on-removal"]
    s3.put_bucket_tagging(Bucket=NAME, Tagging={"TagSet": tags})
    assert "Bucket shop: it holds objects" in refused(account, ABSENT)


def test_a_bucket_whose_making_was_cut_off_is_finished(account: Account) -> None:
    account.cloud.faults(errors=[{"kind": "denied", "operations": ["s3 PutBucketPolicy"]}])
    assert account.run("buckets", SHOP)["failed"]
    account.cloud.faults()
    result = account.apply("buckets", SHOP)
    assert [row["action"] for row in result["resources"]] == ["update"]
    assert account.plan("buckets", SHOP)["changed"] is False


def test_other_peoples_tags_stay(account: Account, s3: Any) -> None:
    account.apply("buckets", SHOP)
    tags = s3.get_bucket_tagging(Bucket=NAME)["TagSet"]
    s3.put_bucket_tagging(Bucket=NAME, Tagging={"TagSet": [*tags, {"Key": "cost", "Value": "7"}]})
    assert account.plan("buckets", SHOP)["changed"] is False
    account.apply("buckets", removal("retain"))
    found = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=NAME)["TagSet"]}
    assert found["cost"] == "7" and found["keelson:on-removal"] == "retain"


def test_nothing_to_change_takes_a_listing_and_eight_reads_a_bucket(account: Account) -> None:
    account.apply("buckets", SHOP)
    account.cloud.clear_calls()
    account.apply("buckets", SHOP)
    calls = Counter(call["operation"] for call in account.cloud.calls() if call["service"] == "s3")
    assert calls.pop("ListBuckets") == 1
    assert len(calls) == 8 and set(calls.values()) == {1}
