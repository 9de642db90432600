# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's S3 where it goes beyond moto."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from localcloud.testing import Cloud

from .refusals import refusal

NAME = "acme-test-shop"
ARN = f"arn:aws:s3:::{NAME}"


@pytest.fixture
def s3(cloud: Cloud) -> Any:
    return cloud.client("s3")


@pytest.fixture
def elsewhere(cloud: Cloud) -> Any:
    """S3, to another account."""
    role = "arn:aws:iam::222222222222:role/keelson-deploy"
    found = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    keys = {"aws_access_key_id": found["AccessKeyId"], "aws_secret_access_key": found["SecretAccessKey"]}
    return boto3.client("s3", "us-east-1", endpoint_url=cloud.url, **keys, aws_session_token=found["SessionToken"])


def policy(**statement: Any) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", **statement}]}
    )


def test_a_new_bucket_is_private_encrypted_and_without_acls(s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    assert set(s3.get_public_access_block(Bucket=NAME)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_ownership_controls(Bucket=NAME)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    (rule,) = s3.get_bucket_encryption(Bucket=NAME)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert rule["BlockedEncryptionTypes"] == {"EncryptionType": ["SSE-C"]}
    assert refusal(s3.put_bucket_acl, Bucket=NAME, ACL="public-read") == "AccessControlListNotSupported"


def test_encryption_can_be_changed_and_falls_back_to_s3s_own_keys(s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:us-east-1:123456789012:key/1"}
    blocked = {"EncryptionType": ["NONE"]}
    rules = [
        {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True, "BlockedEncryptionTypes": blocked}
    ]
    s3.put_bucket_encryption(Bucket=NAME, ServerSideEncryptionConfiguration={"Rules": rules})
    assert s3.get_bucket_encryption(Bucket=NAME)["ServerSideEncryptionConfiguration"]["Rules"] == rules
    s3.delete_bucket_encryption(Bucket=NAME)
    (rule,) = s3.get_bucket_encryption(Bucket=NAME)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_a_bucket_is_made_with_tags_and_then_never_made_again(cloud: Cloud, region: str) -> None:
    s3 = cloud.client("s3", region)
    place = {} if region == "us-east-1" else {"LocationConstraint": region}
    made = {"Bucket": NAME, "CreateBucketConfiguration": {**place, "Tags": [{"Key": "team", "Value": "shop"}]}}
    s3.create_bucket(**made)
    assert s3.get_bucket_tagging(Bucket=NAME)["TagSet"] == [{"Key": "team", "Value": "shop"}]
    assert refusal(s3.create_bucket, **made) == "BucketAlreadyOwnedByYou"


def test_a_name_is_taken_for_all_accounts_and_only_that_is_told(s3: Any, elsewhere: Any) -> None:
    elsewhere.create_bucket(Bucket=NAME)
    assert refusal(s3.create_bucket, Bucket=NAME) == "BucketAlreadyExists"
    assert refusal(s3.head_bucket, Bucket=NAME) == "403"
    assert s3.list_buckets()["Buckets"] == []


def test_after_a_reset_names_are_free_again(cloud: Cloud, s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    cloud.reset()
    assert refusal(s3.head_bucket, Bucket=NAME) == "404"


def test_a_bucket_that_holds_a_version_is_not_deleted(s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    s3.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=NAME, Key="a", Body=b"x")
    s3.delete_object(Bucket=NAME, Key="a")
    assert refusal(s3.delete_bucket, Bucket=NAME) == "BucketNotEmpty"


def test_a_public_policy_is_refused_while_public_access_is_blocked(s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    public = policy(Principal="*", Resource=f"{ARN}/*")
    assert refusal(s3.put_bucket_policy, Bucket=NAME, Policy=public) == "AccessDenied"
    s3.put_bucket_policy(Bucket=NAME, Policy=policy(Principal={"AWS": "222222222222"}, Resource=f"{ARN}/*"))
    s3.delete_public_access_block(Bucket=NAME)
    s3.put_bucket_policy(Bucket=NAME, Policy=public)


@pytest.mark.parametrize(
    "wrong", ["{", "{}", policy(Principal="*", Resource="*"), policy(Principal="*", Resource=f"{ARN}-other/*")]
)
def test_a_policy_that_is_none_or_about_something_else_is_refused(s3: Any, wrong: str) -> None:
    s3.create_bucket(Bucket=NAME)
    assert refusal(s3.put_bucket_policy, Bucket=NAME, Policy=wrong) == "MalformedPolicy"


def test_a_policy_that_denies_what_is_not_tls_does_not_keep_the_local_cloud_out(s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    denied = policy(Effect="Deny", Principal="*", Action="s3:*", Resource=[ARN, f"{ARN}/*"], Condition=condition)
    s3.put_bucket_policy(Bucket=NAME, Policy=denied)
    s3.put_object(Bucket=NAME, Key="a", Body=b"x")
    assert "Errors" not in s3.delete_objects(Bucket=NAME, Delete={"Objects": [{"Key": "a"}]})


def test_access_logs_go_only_where_the_policy_lets_them_in(s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    s3.create_bucket(Bucket=f"{NAME}-logs")
    status = {"LoggingEnabled": {"TargetBucket": f"{NAME}-logs", "TargetPrefix": "shop/"}}
    assert refusal(s3.put_bucket_logging, Bucket=NAME, BucketLoggingStatus=status) == "InvalidTargetBucketForLogging"
    allowed = policy(
        Principal={"Service": ["logging.s3.amazonaws.com"]}, Action=["s3:PutObject"], Resource=[f"{ARN}-logs/*"]
    )
    s3.put_bucket_policy(Bucket=f"{NAME}-logs", Policy=allowed)
    s3.put_bucket_logging(Bucket=NAME, BucketLoggingStatus=status)
    assert s3.get_bucket_logging(Bucket=NAME)["LoggingEnabled"] == status["LoggingEnabled"]
    assert s3.list_objects_v2(Bucket=f"{NAME}-logs")["KeyCount"] == 0


def test_the_dump_has_buckets_and_their_objects(cloud: Cloud, s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    s3.put_object(Bucket=NAME, Key="index.html", Body=b"x", ContentType="text/html", CacheControl="no-cache")
    dump = cloud.dump()
    assert dump[f"s3/bucket/us-east-1/{NAME}"]["Tags"] == {}
    assert dump[f"s3/object/us-east-1/{NAME}/index.html"]["CacheControl"] == "no-cache"
