# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's ECR where it goes beyond moto."""

from __future__ import annotations

import json
from typing import Any

import pytest
from localcloud.testing import Cloud

from .refusals import refusal


@pytest.fixture
def ecr(cloud: Cloud) -> Any:
    return cloud.client("ecr")


def policy(*principals: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": ["ecr:BatchGetImage"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_key_that_encrypts_images_must_exist_and_be_enabled(cloud: Cloud, ecr: Any) -> None:
    def encryption(arn: str) -> dict[str, str]:
        return {"encryptionType": "KMS", "kmsKey": arn}

    missing = encryption("arn:aws:kms:us-east-1:123456789012:key/0d990263-018e-4e65-a703-eff731de951e")
    assert (
        refusal(ecr.create_repository, repositoryName="acme-test/api", encryptionConfiguration=missing)
        == "KmsException"
    )
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]
    ecr.create_repository(repositoryName="acme-test/api", encryptionConfiguration=encryption(key["Arn"]))
    kms.disable_key(KeyId=key["KeyId"])
    disabled = encryption(key["Arn"])
    assert (
        refusal(ecr.create_repository, repositoryName="acme-test/web", encryptionConfiguration=disabled)
        == "KmsException"
    )


def test_a_policy_names_roles_of_its_account_only_when_they_exist(cloud: Cloud, ecr: Any) -> None:
    ecr.create_repository(repositoryName="acme-test/api")
    role = "arn:aws:iam::123456789012:role/ci/pipeline"
    set_policy = {
        "repositoryName": "acme-test/api",
        "policyText": policy(role, "222222222222", "arn:aws:iam::222222222222:role/any"),
    }
    assert refusal(ecr.set_repository_policy, **set_policy) == "InvalidParameterException"
    trust = policy("222222222222").replace("ecr:BatchGetImage", "sts:AssumeRole")
    cloud.client("iam").create_role(RoleName="pipeline", Path="/ci/", AssumeRolePolicyDocument=trust)
    ecr.set_repository_policy(**set_policy)


def test_the_dump_has_repositories_with_their_images(cloud: Cloud, ecr: Any) -> None:
    ecr.create_repository(repositoryName="acme-test/api", tags=[{"Key": "team", "Value": "shop"}])
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []})
    ecr.put_image(repositoryName="acme-test/api", imageManifest=manifest, imageTag="1.0.0")
    found = cloud.dump()["ecr/repository/us-east-1/acme-test/api"]
    assert found["tags"] == {"team": "shop"}
    assert [image["imageTag"] for image in found["images"]] == ["1.0.0"]
