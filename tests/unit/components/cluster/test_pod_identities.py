# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pod identities: which options are refused, and what the others declare. AWS is not asked."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.pod_identities import (
    COMPONENT,
)
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.pod_identity import PodIdentityAssociation

IDENTITY = {"namespace": "api", "service_account": "api", "managed_policies": ["ReadOnlyAccess"]}
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def arguments(identities: Any = None, **given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", "pod_identities": identities, **given}


def declaration(identities: Any) -> Declaration:
    aws = Aws(Connection(region="us-east-1"))
    aws.identity = {"Account": "111111111111", "Arn": "arn:aws:iam::111111111111:user/operator"}
    return COMPONENT.declare(Context(arguments(identities), Owner("innovate", "dev", "pod_identities"), aws))


def declared(**identities: Any) -> list[PodIdentityAssociation]:
    return [each for each in declaration(identities).resources if isinstance(each, PodIdentityAssociation)]


@pytest.mark.parametrize(
    ("options", "path", "rule"),
    [
        ({"namespace": None}, ".namespace", "is required, unless a profile tells it"),
        ({"service_account": None}, ".service_account", "is required, unless a profile tells it"),
        ({"namespace": "Api"}, ".namespace", "is not a name in Kubernetes"),
        ({"namespace": "a.b"}, ".namespace", "is not a name in Kubernetes"),
        ({"service_account": "api_1"}, ".service_account", "is not a name in Kubernetes"),
        ({"managed_policies": None}, "", "without managed_policies, policy_arns or policy its pods may do nothing"),
        ({"managed_policies": ["arn:aws:iam::aws:policy/X"]}, ".managed_policies", "ARNs go to policy_arns"),
        ({"managed_policies": ["Read Only"]}, ".managed_policies", "is not the name of a policy of AWS's"),
        ({"policy_arns": ["ReadOnlyAccess"]}, ".policy_arns", "is not the ARN of an IAM policy"),
        ({"policy_arns": ["arn:aws:iam::111111111111:role/x"]}, ".policy_arns", "is not the ARN of an IAM policy"),
        ({"policy": {}}, ".policy", "Statement is missing"),
        ({"policy": {"Statement": ["x"]}}, ".policy", "Statement is missing"),
        ({"policy": {"Statement": {"Action": "*", "Resource": "*"}}}, ".policy.Statement[0]", "Effect is missing"),
        (
            {"policy": {"Statement": [READ, {"Effect": "Allow", "Resource": "*"}]}},
            ".policy.Statement[1]",
            "Action or NotAction is missing",
        ),
        (
            {"policy": {"Statement": [{"Effect": "Allow", "Action": "*"}]}},
            ".policy.Statement[0]",
            "Resource or NotResource is missing",
        ),
        (
            {"policy": {"Statement": [{**READ, "Principal": "*"}]}},
            ".policy.Statement[0].Principal",
            "only the service account's pods",
        ),
        ({"policy": {"Statement": [{**READ, "Resource": "x" * 10240}]}}, ".policy", "IAM's limit"),
        ({"profile": "coredns"}, ".profile", "'coredns' is none of aws-ebs-csi-driver, vpc-cni."),
        ({"role": "api"}, ".role", "there is no such option. There are managed_policies"),
    ],
)
def test_an_identity_that_breaks_a_rule_is_told_which(options: dict[str, Any], path: str, rule: str) -> None:
    (line,) = COMPONENT.problems(arguments({"api": {**IDENTITY, **options}}))
    assert line.startswith(f"pod_identities.api{path}: ")
    assert rule in line


@pytest.mark.parametrize(
    ("name", "rule"),
    [("Api", "lower-case letters"), ("-api", "lower-case letters"), ("a" * 52, "is longer than 64 characters")],
)
def test_a_name_becomes_a_part_of_a_roles_name(name: str, rule: str) -> None:
    (line,) = COMPONENT.problems(arguments({name: IDENTITY}))
    assert line.startswith(f"pod_identities.{name}: ")
    assert rule in line


def test_a_service_account_has_one_identity_only() -> None:
    (line,) = COMPONENT.problems(arguments({"one": {"profile": "vpc-cni"}, "two": {"profile": "vpc-cni"}}))
    assert line == (
        "pod_identities.two: the service account kube-system/aws-node has the identity one already; "
        "it can have one only."
    )


def test_a_role_is_for_the_pods_of_one_service_account_in_one_cluster() -> None:
    (association,) = declared(api=IDENTITY)
    (statement,) = association.iam_role.trust["Statement"]
    assert statement["Principal"] == {"Service": {"pods.eks.amazonaws.com"}}
    assert statement["Action"] == {"sts:AssumeRole", "sts:TagSession"}
    assert statement["Condition"]["StringEquals"] == {
        "aws:RequestTag/eks-cluster-arn": {"arn:aws:eks:us-east-1:111111111111:cluster/innovate-dev"},
        "aws:RequestTag/kubernetes-namespace": {"api"},
        "aws:RequestTag/kubernetes-service-account": {"api"},
    }
    assert association.desired()["disableSessionTags"] is False


@pytest.mark.parametrize(
    ("profile", "account", "policy"),
    [
        ("vpc-cni", "aws-node", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"),
        ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"),
    ],
)
def test_a_profile_says_what_an_addon_needs(profile: str, account: str, policy: str) -> None:
    (association,) = declared(main={"profile": profile})
    assert (association.namespace, association.service_account) == ("kube-system", account)
    assert association.iam_role.managed_policies == (policy,)


def test_what_an_identity_says_goes_before_its_profile() -> None:
    (association,) = declared(main={"profile": "vpc-cni", "managed_policies": [], "policy": {"Statement": READ}})
    assert association.service_account == "aws-node"
    assert association.iam_role.managed_policies == ()
    assert association.iam_role.inline_policies["pod"]["Version"] == "2012-10-17"


def test_identities_left_out_stay_and_none_removes_them() -> None:
    assert COMPONENT.is_left_out(arguments(None)) and not COMPONENT.is_left_out(arguments({}))
    assert declaration({}).untouched == set()
