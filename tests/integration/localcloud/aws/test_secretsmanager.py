# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's Secrets Manager where it goes beyond moto."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from localcloud.testing import Cloud

from .refusals import refusal

NAME = "acme-test/mail"


@pytest.fixture
def secrets(cloud: Cloud) -> Any:
    return cloud.client("secretsmanager")


def policy(principal: Any, **more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
        **more,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_name_that_awaits_its_deletion_is_taken_and_the_secret_cannot_be_changed(secrets: Any) -> None:
    secrets.create_secret(Name=NAME, SecretString="v")
    secrets.delete_secret(SecretId=NAME, RecoveryWindowInDays=7)
    with pytest.raises(ClientError, match="already scheduled for deletion"):
        secrets.create_secret(Name=NAME, SecretString="v")
    for call, parameters in (
        (secrets.get_resource_policy, {}),
        (secrets.put_resource_policy, {"ResourcePolicy": policy({"AWS": "222222222222"})}),
        (secrets.put_secret_value, {"SecretString": "w"}),
        (secrets.tag_resource, {"Tags": [{"Key": "a", "Value": "b"}]}),
    ):
        assert refusal(call, SecretId=NAME, **parameters) == "InvalidRequestException"
    secrets.restore_secret(SecretId=NAME)
    assert secrets.get_secret_value(SecretId=NAME)["SecretString"] == "v"


def test_a_key_that_cannot_be_used_encrypts_nothing(cloud: Cloud, secrets: Any) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]
    secrets.create_secret(Name=NAME, SecretString="v", KmsKeyId=key["Arn"])
    kms.disable_key(KeyId=key["KeyId"])
    assert refusal(secrets.create_secret, Name="other", SecretString="v", KmsKeyId=key["Arn"]) == "EncryptionFailure"
    assert refusal(secrets.update_secret, SecretId=NAME, KmsKeyId=key["Arn"]) == "EncryptionFailure"
    secrets.update_secret(SecretId=NAME, KmsKeyId="alias/aws/secretsmanager")
    assert secrets.describe_secret(SecretId=NAME).get("KmsKeyId") in (None, "alias/aws/secretsmanager")


def test_a_policy_for_everyone_is_refused_where_that_is_asked_for(secrets: Any) -> None:
    secrets.create_secret(Name=NAME, SecretString="v")
    put = secrets.put_resource_policy
    assert refusal(put, SecretId=NAME, ResourcePolicy=policy("*"), BlockPublicPolicy=True) == "PublicPolicyException"
    assert refusal(put, SecretId=NAME, ResourcePolicy="{", BlockPublicPolicy=True) == "MalformedPolicyDocumentException"
    put(
        SecretId=NAME,
        ResourcePolicy=policy("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        BlockPublicPolicy=True,
    )


def test_the_dump_has_secrets_without_their_values(cloud: Cloud, secrets: Any) -> None:
    secrets.create_secret(Name=NAME, SecretString="planted-value", Tags=[{"Key": "team", "Value": "shop"}])
    before = cloud.dump()
    assert before[f"secretsmanager/secret/us-east-1/{NAME}"]["Tags"] == {"team": "shop"}
    assert "planted-value" not in json.dumps(before)
    secrets.put_secret_value(SecretId=NAME, SecretString="another-value")
    assert cloud.dump() != before
