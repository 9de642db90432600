# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Registries: what their options mean in ECR's own terms. AWS is not asked."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.components.supply.registries import (
    COMPONENT,
    declare,
    problems,
)
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner, Properties


def arguments(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", "region": "us-east-1", **given}


def desired(**options: Any) -> Properties:
    context = Context(
        arguments(registries={"api": options}),
        Owner("innovate", "dev", "registries"),
        Aws(Connection(region="us-east-1")),
    )
    (repository,) = declare(context).resources
    return repository.desired()


def test_by_default_tags_are_immutable_images_scanned_and_nobody_outside_may_pull() -> None:
    found = desired()
    assert found["imageTagMutability"] == "IMMUTABLE"
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["repositoryPolicy"] is None
    assert [rule["selection"]["tagStatus"] for rule in found["lifecyclePolicy"]["rules"]] == ["untagged"]


@pytest.mark.parametrize(
    ("options", "mutability"),
    [
        ({"immutable": False}, "MUTABLE"),
        ({"mutable_tags": ["latest"]}, "IMMUTABLE_WITH_EXCLUSION"),
    ],
)
def test_tags_may_be_pushed_again_only_where_that_is_said(options: dict[str, Any], mutability: str) -> None:
    assert desired(**options)["imageTagMutability"] == mutability


def test_who_may_push_may_pull_as_well_but_not_the_other_way_round() -> None:
    statements = desired(pull=["222222222222"], push=["arn:aws:iam::333333333333:role/ci"])["repositoryPolicy"][
        "Statement"
    ]
    pull, push = (statement["Action"] for statement in statements)
    assert pull < push
    assert {action for action in push - pull if not action.endswith(("LayerUpload", "UploadLayerPart"))} == {
        "ecr:PutImage"
    }
    assert not {action for action in push if "Delete" in action or "*" in action}


def test_rules_of_ones_own_take_the_place_of_all_others() -> None:
    rule = {"rulePriority": 7, "selection": {"tagStatus": "any"}, "action": {"type": "expire"}}
    assert desired(lifecycle_rules=[rule])["lifecyclePolicy"] == {"rules": [rule]}
    assert desired(lifecycle_rules=[])["lifecyclePolicy"] is None


def test_the_order_of_rules_and_of_patterns_is_no_difference() -> None:
    def rule(priority: int, *patterns: str) -> dict[str, Any]:
        return {"rulePriority": priority, "selection": {"tagPatternList": list(patterns)}, "action": {"type": "expire"}}

    one, other = [rule(1, "a", "b"), rule(2, "c")], [rule(2, "c"), rule(1, "b", "a")]
    assert desired(lifecycle_rules=one)["lifecyclePolicy"] == desired(lifecycle_rules=other)["lifecyclePolicy"]


@pytest.mark.parametrize("name", ["api", "shop/api", "a.b_c-d", "a__b", "a--b"])
def test_names_that_ecr_takes(name: str) -> None:
    assert not list(problems(arguments(registries={name: None})))


@pytest.mark.parametrize("name", ["", "Api", "-api", "api-", "a//b", "/a", "a._b", "a b"])
def test_names_that_ecr_does_not_take(name: str) -> None:
    assert list(problems(arguments(registries={name: None})))


@pytest.mark.parametrize(
    "principal",
    [
        "111111111111",
        "arn:aws:iam::111111111111:root",
        "arn:aws:iam::111111111111:role/a/b",
        "arn:aws-cn:iam::111111111111:user/a@b",
    ],
)
def test_principals_are_accounts_roles_and_users(principal: str) -> None:
    assert not list(problems(arguments(registries={"api": {"pull": [principal]}})))
