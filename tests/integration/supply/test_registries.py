# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Registries: what becomes of the images that they hold, and what their settings mean to whoever pushes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from localcloud.testing import Cloud

from ..contract.case import Account

NAME = "acme-test/api"
ABSENT = {"registries": None, "state": "absent"}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.reset()
    return Account(cloud)


@pytest.fixture
def ecr(cloud: Cloud) -> Any:
    return cloud.client("ecr")


def registry(**options: Any) -> dict[str, Any]:
    return {"registries": {"api": options}}


def push(ecr: Any, tag: str, content: str) -> None:
    layers = [{"digest": f"sha256:{content}"}]
    manifest = json.dumps(
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": layers}
    )
    ecr.put_image(repositoryName=NAME, imageManifest=manifest, imageTag=tag)


def repositories(ecr: Any) -> list[str]:
    return [repository["repositoryName"] for repository in ecr.describe_repositories()["repositories"]]


def test_a_tag_means_one_image_for_ever_but_those_that_may_move(account: Account, ecr: Any) -> None:
    account.apply("registries", registry(mutable_tags=["latest"]))
    for tag in ("1.0.0", "latest"):
        push(ecr, tag, "one")
    push(ecr, "latest", "two")
    with pytest.raises(ClientError, match=r"tag '1\.0\.0' already exists"):
        push(ecr, "1.0.0", "two")


def test_a_registry_that_holds_images_is_not_removed_unless_told_so_before(account: Account, ecr: Any) -> None:
    account.apply("registries", registry())
    push(ecr, "1.0.0", "one")
    for check in (True, False):
        account.watch()
        result = account.run("registries", ABSENT, check)
        assert "Repository api: it holds images, and its on_removal is delete" in result["msg"]
        assert account.writes() == []
    account.apply("registries", registry(on_removal="empty"))
    assert account.apply("registries", ABSENT)["gone"] == ["Repository api"]
    assert repositories(ecr) == []


def test_an_empty_registry_is_removed(account: Account, ecr: Any) -> None:
    account.apply("registries", registry())
    account.apply("registries", ABSENT)
    assert repositories(ecr) == []


def test_a_registry_that_is_to_be_kept_is_left_and_told(account: Account, ecr: Any) -> None:
    account.apply("registries", registry(on_removal="retain"))
    push(ecr, "1.0.0", "one")
    result = account.apply("registries", ABSENT)
    assert result["changed"] is False
    assert result["retained"] == ["Repository api"]
    assert repositories(ecr) == [NAME]


def test_the_registries_of_an_environment_whose_name_begins_alike_are_left_alone(account: Account, ecr: Any) -> None:
    account.apply("registries", {**registry(), "environment": "test2"})
    account.apply("registries", registry())
    account.apply("registries", ABSENT)
    assert repositories(ecr) == ["acme-test2/api"]


def test_the_rules_and_the_policy_are_those_that_ecr_understands(account: Account, ecr: Any) -> None:
    account.apply(
        "registries", registry(keep_tagged=5, pull=["222222222222"], push=["arn:aws:iam::333333333333:role/pipeline"])
    )
    rules = json.loads(ecr.get_lifecycle_policy(repositoryName=NAME)["lifecyclePolicyText"])["rules"]
    assert [(rule["selection"]["tagStatus"], rule["selection"]["countNumber"]) for rule in rules] == [
        ("untagged", 14),
        ("tagged", 5),
    ]
    statements = json.loads(ecr.get_repository_policy(repositoryName=NAME)["policyText"])["Statement"]
    allowed = {
        statement["Sid"]: (statement["Principal"]["AWS"], "ecr:PutImage" in statement["Action"])
        for statement in statements
    }
    assert allowed == {"Pull": (["222222222222"], False), "Push": (["arn:aws:iam::333333333333:role/pipeline"], True)}


def test_without_lifecycle_and_principals_there_is_no_policy_of_either_sort(account: Account, ecr: Any) -> None:
    account.apply("registries", registry(pull=["222222222222"]))
    account.apply("registries", registry(untagged_expire_days=0))
    for read in (ecr.get_lifecycle_policy, ecr.get_repository_policy):
        with pytest.raises(ClientError, match="PolicyNotFound"):
            read(repositoryName=NAME)
    assert account.plan("registries", registry(untagged_expire_days=0))["changed"] is False


def test_a_role_that_was_just_made_is_waited_for(account: Account) -> None:
    result = account.run("registries", {**registry(pull=["arn:aws:iam::123456789012:role/nobody"]), "wait_timeout": 1})
    assert "gave up after" in result["msg"] and "Invalid repository policy provided" in result["msg"]


def test_nothing_to_change_takes_a_listing_and_three_reads_a_registry(account: Account) -> None:
    account.apply("registries", registry())
    account.cloud.clear_calls()
    account.apply("registries", registry())
    calls = Counter(call["operation"] for call in account.cloud.calls() if call["service"] == "ecr")
    assert calls == {
        "DescribeRepositories": 1,
        "ListTagsForResource": 1,
        "GetLifecyclePolicy": 1,
        "GetRepositoryPolicy": 1,
    }
