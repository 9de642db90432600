# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM's kinds: policy documents that mean the same are the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.policy import as_json, document, normalised
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import changes
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner
from ansible_collections.keelson.eks.plugins.module_utils.resources.iam.role import (
    Role,
    managed_policy,
    path,
    service_trust,
)

ALLOW: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": "111111111111"},
    "Action": ["kms:Encrypt", "kms:Decrypt"],
    "Resource": "*",
}


@pytest.mark.parametrize(
    "same",
    [
        {**ALLOW, "Action": ["kms:Decrypt", "kms:Encrypt"]},
        {**ALLOW, "Resource": ["*"]},
        {**ALLOW, "Principal": {"AWS": ["arn:aws:iam::111111111111:root"]}},
        {**ALLOW, "Sid": ""},
    ],
)
def test_how_aws_writes_a_statement_is_no_difference(same: dict[str, Any]) -> None:
    stored = json.dumps({"Version": "2012-10-17", "Statement": same})
    assert normalised(stored) == document(ALLOW)


@pytest.mark.parametrize(
    "other",
    [
        {**ALLOW, "Effect": "Deny"},
        {**ALLOW, "Action": "kms:Encrypt"},
        {**ALLOW, "Principal": {"AWS": "AROAEXAMPLEID"}},
        {**ALLOW, "Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}}},
    ],
)
def test_what_a_statement_allows_is_a_difference(other: dict[str, Any]) -> None:
    assert document(other) != document(ALLOW)


def test_values_of_conditions_compare_as_text() -> None:
    given = {
        **ALLOW,
        "Condition": {"Bool": {"kms:GrantIsForAWSResource": True}, "NumericLessThan": {"aws:MultiFactorAuthAge": 60}},
    }
    stored = {
        **ALLOW,
        "Condition": {
            "Bool": {"kms:GrantIsForAWSResource": "true"},
            "NumericLessThan": {"aws:MultiFactorAuthAge": ["60"]},
        },
    }
    assert document(given) == document(stored)


def test_everybody_can_be_written_in_two_ways() -> None:
    assert document({**ALLOW, "Principal": "*"}) == document({**ALLOW, "Principal": {"AWS": "*"}})


def test_a_document_survives_its_way_to_aws() -> None:
    assert normalised(as_json(document(ALLOW))) == document(ALLOW)


def test_a_service_may_do_exactly_what_its_trust_says() -> None:
    trust = service_trust("pods.eks.amazonaws.com", actions=("sts:AssumeRole", "sts:TagSession"))
    assert json.loads(as_json(trust))["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["pods.eks.amazonaws.com"]},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }
    ]


def test_a_roles_path_is_its_owners() -> None:
    owner = Owner("innovate", "dev", "cluster")
    assert path(owner.tags("any")) == path(owner.scope) == "/keelson/innovate/dev/cluster/"


def test_aws_own_policies_belong_to_the_partition() -> None:
    assert managed_policy("aws-cn", "service-role/X") == "arn:aws-cn:iam::aws:policy/service-role/X"


def test_a_policy_attached_by_others_is_a_difference() -> None:
    role = Role("cluster", "innovate-dev-cluster", service_trust("eks.amazonaws.com"), ("arn:aws:iam::aws:policy/A",))
    present = {**role.desired(), "ManagedPolicies": {"arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"}}
    assert changes(role.desired(), present) == {"ManagedPolicies": {"arn:aws:iam::aws:policy/A"}}
