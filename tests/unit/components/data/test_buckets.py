# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Buckets: what their options mean in S3's own terms. AWS is not asked."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.components.data.buckets import COMPONENT, declare, problems
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.vpc import VpcLookup
from ansible_collections.keelson.eks.plugins.module_utils.resources.s3.bucket import Bucket

ACCOUNT = "111111111111"


def arguments(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", "region": "us-east-1", **given}


def declared(**buckets: Any) -> dict[str, Any]:
    aws = Aws(Connection(region="us-east-1"))
    aws.identity = {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/operator"}
    context = Context(arguments(buckets=buckets), Owner("innovate", "dev", "buckets"), aws)
    return {resource.key: resource for resource in declare(context).resources}


def statements(bucket: Bucket) -> dict[str, Any]:
    return {statement["Sid"]: statement for statement in bucket.desired()["Policy"]["Statement"]}


def test_every_bucket_refuses_what_does_not_come_by_tls() -> None:
    bucket = declared(shop=None)["shop"]
    refusal = statements(bucket)["TlsOnly"]
    assert refusal["Effect"] == "Deny" and refusal["Principal"] == {"AWS": {"*"}} and refusal["Action"] == {"s3:*"}
    assert refusal["Resource"] == {bucket.arn, f"{bucket.arn}/*"}
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": {"false"}}}


def test_a_bucket_for_the_vpc_refuses_objects_to_all_but_it_and_aws_itself() -> None:
    refusal = statements(declared(shop={"vpc_only": True})["shop"])["VpcOnly"]
    assert refusal["Effect"] == "Deny"
    assert refusal["Action"] == {"s3:GetObject*", "s3:PutObject*"}
    assert refusal["Condition"]["StringNotEquals"] == {"aws:SourceVpc": {VpcLookup().ref("VpcId")}}
    assert refusal["Condition"]["BoolIfExists"] == {
        "aws:PrincipalIsAWSService": {"false"},
        "aws:ViaAWSService": {"false"},
    }


def test_a_statement_without_a_resource_is_about_the_bucket_and_its_objects() -> None:
    own = {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": ["222222222222"]}, "Action": ["s3:GetObject"]}
    bucket = declared(shop={"policy_statements": [own]})["shop"]
    assert statements(bucket)["Own"]["Resource"] == {bucket.arn, f"{bucket.arn}/*"}
    elsewhere = declared(shop={"policy_statements": [{**own, "Resource": f"{bucket.arn}/public/*"}]})["shop"]
    assert statements(elsewhere)["Own"]["Resource"] == {f"{bucket.arn}/public/*"}


def test_the_bucket_that_takes_access_logs_lets_in_those_of_its_sources_and_of_no_other() -> None:
    found = declared(a={"access_logs": "logs"}, b={"access_logs": "logs"}, c=None, logs=None)
    assert found["a"].access_logs is found["logs"]
    assert found["a"].desired()["Logging"] == {"TargetBucket": found["logs"].name, "TargetPrefix": "a/"}
    statement = statements(found["logs"])["AccessLogs"]
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"] == {found["a"].arn, found["b"].arn}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {ACCOUNT}}
    assert "AccessLogs" not in statements(found["c"])


@pytest.mark.parametrize(
    ("rule", "meaning"),
    [
        ({"expire_days": 3}, {"Expiration": {"Days": 3}}),
        (
            {"noncurrent_expire_days": 4},
            {"NoncurrentVersionExpiration": {"NoncurrentDays": 4}, "Expiration": {"ExpiredObjectDeleteMarker": True}},
        ),
        (
            {"expire_days": 3, "noncurrent_expire_days": 4},
            {"Expiration": {"Days": 3}, "NoncurrentVersionExpiration": {"NoncurrentDays": 4}},
        ),
        (
            {"transitions": {"GLACIER": 90, "STANDARD_IA": "30"}},
            {"Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}]},
        ),
    ],
)
def test_a_lifecycle_rule_is_s3s_own(rule: dict[str, Any], meaning: dict[str, Any]) -> None:
    bucket = declared(shop={"abort_uploads_days": 0, "lifecycle": {"r": {"prefix": "a/", **rule}}})["shop"]
    assert bucket.desired()["LifecycleRules"] == [
        {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}, **meaning}
    ]


def test_unfinished_uploads_are_aborted_unless_told_otherwise() -> None:
    (rule,) = declared(shop=None)["shop"].desired()["LifecycleRules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert declared(shop={"abort_uploads_days": 0})["shop"].desired()["LifecycleRules"] == []


@pytest.mark.parametrize(("region", "longest"), [("us-east-1", 26), ("ap-northeast-1", 21), (None, 21)])
def test_a_name_may_be_as_long_as_account_and_region_leave_room(region: str | None, longest: int) -> None:
    def found(length: int) -> list[str]:
        return list(problems(arguments(region=region, buckets={"b" * length: None}, environment="prod")))

    assert not found(longest)
    assert found(longest + 1)
