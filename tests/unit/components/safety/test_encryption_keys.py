# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Encryption keys: who may use them, and which options are refused. AWS is not asked."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.components.safety.encryption_keys import (
    COMPONENT,
    declare,
    policy,
    problems,
)
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner

ACCOUNT = "111111111111"


def arguments(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", "region": "us-east-1", **given}


def context(**given: Any) -> Context:
    aws = Aws(Connection(region="us-east-1"))
    aws.identity = {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/operator"}
    return Context(arguments(**given), Owner("innovate", "dev", "encryption_keys"), aws)


def statements(*services: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = policy(context(), services)["Statement"]
    return found


def test_the_account_always_rules_over_its_key() -> None:
    (account,) = statements()
    assert account == {"Effect": "Allow", "Principal": {"AWS": {ACCOUNT}}, "Action": {"kms:*"}, "Resource": {"*"}}


def test_cloudwatch_logs_may_use_a_key_for_the_accounts_own_log_groups() -> None:
    _unused, logs = statements("logs")
    assert logs["Principal"] == {"Service": {"logs.us-east-1.amazonaws.com"}}
    assert logs["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": {f"arn:aws:logs:us-east-1:{ACCOUNT}:*"}}
    }


def test_cloudfront_may_decrypt_for_the_accounts_own_distributions() -> None:
    _unused, reading = statements("cloudfront")
    assert reading["Principal"] == {"Service": {"cloudfront.amazonaws.com"}}
    assert reading["Action"] == {"kms:Decrypt"}
    assert reading["Condition"] == {"ArnLike": {"aws:SourceArn": {f"arn:aws:cloudfront::{ACCOUNT}:distribution/*"}}}


@pytest.mark.parametrize("service", ["ec2", "autoscaling", "rds"])
def test_nobody_outside_the_account_may_use_a_key(service: str) -> None:
    for statement in statements(service)[1:]:
        assert statement["Condition"]["StringEquals"]["kms:CallerAccount"] == {ACCOUNT}


@pytest.mark.parametrize("service", ["ec2", "autoscaling", "rds"])
def test_grants_are_for_aws_alone(service: str) -> None:
    (grants,) = [statement for statement in statements(service) if "kms:CreateGrant" in statement["Action"]]
    assert grants["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": {"true"}}


def test_the_order_of_services_is_no_difference() -> None:
    assert statements("ec2", "logs", "ec2") == statements("logs", "ec2")


def test_known_purposes_come_with_their_services() -> None:
    keys = {
        key.key: key
        for key in declare(context(keys={"logs": None, "volumes": {}, "database": None, "queue": None})).resources
    }
    assert len(keys["logs"].desired()["Policy"]["Statement"]) == 2
    assert len(keys["volumes"].desired()["Policy"]["Statement"]) == 5
    assert len(keys["database"].desired()["Policy"]["Statement"]) == 5
    assert len(keys["queue"].desired()["Policy"]["Statement"]) == 1
    assert keys["database"].desired()["Alias"] == "alias/innovate-dev-database"


def test_services_that_are_given_replace_those_of_the_purpose() -> None:
    (key,) = declare(context(keys={"logs": {"services": []}})).resources
    assert len(key.desired()["Policy"]["Statement"]) == 1


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"Logs": None}, "keys.Logs: a purpose is at most 32 lower-case letters"),
        ({"": None}, "keys.: a purpose is at most 32 lower-case letters"),
        ({"a" * 33: None}, f"keys.{'a' * 33}: a purpose is at most 32"),
        ({"logs": 3}, "keys.logs: 3 is not a dictionary"),
        ({"logs": {"rotation": 90}}, "keys.logs.rotation: there is no such option."),
        ({"logs": {"rotation_days": 89}}, "keys.logs.rotation_days: must be from 90 to 2560 days, not 89"),
        ({"logs": {"rotation_days": 2561}}, "keys.logs.rotation_days: must be from 90 to 2560 days, not 2561"),
        ({"logs": {"deletion_window_days": 6}}, "keys.logs.deletion_window_days: must be from 7 to 30 days, not 6"),
        ({"logs": {"deletion_window_days": 31}}, "keys.logs.deletion_window_days: must be from 7 to 30 days, not 31"),
        (
            {"logs": {"services": ["logs.amazonaws.com"]}},
            "keys.logs.services: 'logs.amazonaws.com' is not the name of a service",
        ),
        ({"logs": {"description": "x" * 8193}}, "keys.logs.description: must be at most 8192"),
    ],
)
def test_a_broken_rule_is_told_with_the_options_path(keys: Any, problem: str) -> None:
    (found,) = problems(arguments(keys=keys))
    assert found.startswith(problem)


@pytest.mark.parametrize(
    "given", [{"keys": {}}, {"keys": {"logs": {"rotation_days": 90, "deletion_window_days": 7}}}, {"state": "absent"}]
)
def test_what_keeps_the_rules_is_taken(given: dict[str, Any]) -> None:
    assert list(problems(arguments(**given))) == []
