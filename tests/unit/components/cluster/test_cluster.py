# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cluster: what the options declare, who gets access, and which options are refused. AWS is not asked."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.cluster import COMPONENT, declare
from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.cluster_rules import problems
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import InvalidArguments
from ansible_collections.keelson.eks.plugins.module_utils.engine.graph import in_order
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.access import AccessEntry
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.cluster import Cluster
from ansible_collections.keelson.eks.plugins.module_utils.resources.logs.log_group import LogGroup

IAM = "arn:aws:iam::111111111111"
OPERATOR = f"{IAM}:user/operator"
PLATFORM = f"{IAM}:role/team/platform"
VIEW = {"policy": "AmazonEKSViewPolicy"}


def arguments(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", "region": "us-east-1", "version": "1.35", **given}


def declared(caller: str = OPERATOR, **given: Any) -> Declaration:
    aws = Aws(Connection(region="us-east-1"))
    aws.identity = {"Account": "111111111111", "Arn": caller}
    return declare(Context(arguments(**given), Owner("innovate", "dev", "cluster"), aws))


def cluster(**given: Any) -> dict[str, Any]:
    (found,) = [resource for resource in declared(**given).resources if isinstance(resource, Cluster)]
    return found.desired()


def entries(caller: str = OPERATOR, **given: Any) -> dict[str, AccessEntry]:
    return {
        resource.key: resource for resource in declared(caller, **given).resources if isinstance(resource, AccessEntry)
    }


@pytest.mark.parametrize(
    ("endpoint", "private", "public"),
    [("private", True, False), ("public_and_private", True, True), ("public", False, True)],
)
def test_an_endpoint_is_reached_from_where_it_says(endpoint: str, private: bool, public: bool) -> None:
    cidrs = ["203.0.113.0/24"] if public else None
    desired = cluster(endpoint=endpoint, endpoint_cidrs=cidrs)
    assert (desired["endpointPrivateAccess"], desired["endpointPublicAccess"]) == (private, public)
    assert desired.get("publicAccessCidrs") == ({"203.0.113.0/24"} if public else None)


def test_the_log_group_is_there_before_the_cluster_writes_to_it() -> None:
    order = [type(resource) for resource in in_order(declared().resources)]
    assert order.index(LogGroup) < order.index(Cluster)


def test_without_logs_there_is_no_log_group() -> None:
    assert not any(isinstance(resource, LogGroup) for resource in in_order(declared(log_types=[]).resources))


def test_a_caller_whom_nobody_names_is_an_administrator() -> None:
    (entry,) = entries().values()
    assert entry.key == OPERATOR
    assert entry.policies[0].arn == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def test_a_session_of_a_role_that_is_named_is_that_role_with_its_path() -> None:
    session = "arn:aws:sts::111111111111:assumed-role/platform/run-7"
    assert list(entries(session, admin_role_arns={"platform": PLATFORM})) == [PLATFORM]


def test_a_caller_who_is_named_gets_what_is_said_and_no_more() -> None:
    (entry,) = entries(access_entries={"operator": {"principal_arn": OPERATOR, "policies": [VIEW]}}).values()
    assert [policy.arn.rpartition("/")[2] for policy in entry.policies] == ["AmazonEKSViewPolicy"]


def test_a_federated_user_cannot_be_an_administrator() -> None:
    with pytest.raises(InvalidArguments, match=r"caller_is_admin: .* is a federated user"):
        declared("arn:aws:sts::111111111111:federated-user/guest")


def test_entries_stay_as_they_are_when_nobody_is_named() -> None:
    assert AccessEntry in declared().untouched
    assert AccessEntry not in declared(admin_role_arns={}).untouched


def test_logs_are_kept_when_that_is_asked_for() -> None:
    assert declared(state="absent", keep_logs=True).untouched == {LogGroup}
    assert declared(state="absent").untouched == frozenset()


def entry(**given: Any) -> dict[str, Any]:
    return {"access_entries": {"x": {"principal_arn": PLATFORM, "policies": [VIEW], **given}}}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"version": None}, "version: is required"),
        ({"version": "1.4"}, "version: '1.4' is no minor version"),
        ({"version": "1.35.2"}, "version: '1.35.2' is no minor version"),
        ({"version": "v1.35"}, "version: 'v1.35' is no minor version"),
        ({"name": "shop"}, "name: 'shop' must be 'innovate-dev', or begin with 'innovate-dev-'"),
        ({"name": "innovate-develop"}, "name: 'innovate-develop' must be 'innovate-dev', or begin with"),
        ({"name": "innovate-dev-a.b"}, "name: 'innovate-dev-a.b' must be at most 50 letters"),
        ({"name": "innovate-dev-" + "x" * 40}, "name: 'innovate-dev-xxx"),
        ({"endpoint": "public"}, "endpoint_cidrs: is required when endpoint is public"),
        (
            {"endpoint": "public_and_private", "endpoint_cidrs": []},
            "endpoint_cidrs: is required when endpoint is public_and_private",
        ),
        ({"endpoint_cidrs": ["203.0.113.0/24"]}, "endpoint_cidrs: has no use while endpoint is private"),
        (
            {"endpoint": "public", "endpoint_cidrs": ["203.0.113.0"] * 2},
            "endpoint_cidrs[1]: 203.0.113.0 is named twice",
        ),
        (
            {"endpoint": "public", "endpoint_cidrs": ["203.0.113.7/24"]},
            "endpoint_cidrs[0]: '203.0.113.7/24' is no IPv4 range",
        ),
        ({"endpoint": "public", "endpoint_cidrs": ["office"]}, "endpoint_cidrs[0]: 'office' is no IPv4 range"),
        (
            {"endpoint": "public", "endpoint_cidrs": ["2001:db8::/32"]},
            "endpoint_cidrs[0]: '2001:db8::/32' is no IPv4 range",
        ),
        (
            {"endpoint": "public", "endpoint_cidrs": ["10.1.0.0/16"]},
            "endpoint_cidrs[0]: 10.1.0.0/16 is a private range",
        ),
        (
            {"endpoint": "public", "endpoint_cidrs": [f"203.0.113.{n}/32" for n in range(41)]},
            "endpoint_cidrs: EKS takes at most 40",
        ),
        ({"service_cidr": "172.20.0.0"}, "service_cidr: 172.20.0.0 must be between a /12 and a /24"),
        ({"service_cidr": "10.0.0.0/8"}, "service_cidr: 10.0.0.0/8 must be between a /12 and a /24"),
        ({"service_cidr": "100.64.0.0/16"}, "service_cidr: 100.64.0.0/16 must be within 10.0.0.0/8"),
        ({"service_cidr": "172.20.0.1/16"}, "service_cidr: '172.20.0.1/16' is no IPv4 range"),
        ({"security_group_ids": ["web"]}, "security_group_ids[0]: 'web' is not the id of a security group"),
        (
            {"security_group_ids": ["sg-0123456789abcdef0"] * 2},
            "security_group_ids[1]: sg-0123456789abcdef0 is named twice",
        ),
        (
            {"security_group_ids": [f"sg-0123456789abcdef{n}" for n in range(6)]},
            "security_group_ids: EKS takes at most 5, not 6",
        ),
        ({"log_types": ["api", "api"]}, "log_types: api is named twice"),
        ({"log_retention_days": 31}, "log_retention_days: 31 is none of the periods"),
        ({"log_types": [], "log_kms_key": "logs"}, "log_kms_key: has no use while log_types is empty"),
        ({"secrets_kms_key": ""}, "secrets_kms_key: must not be empty"),
        ({"admin_role_arns": {"a": "platform"}}, "admin_role_arns.a: 'platform' is not the ARN of an IAM role or user"),
        ({"admin_role_arns": {"a": None}}, "admin_role_arns.a: None is not the ARN"),
        (
            {"admin_role_arns": {"a": f"{IAM}:group/ops"}},
            "admin_role_arns.a: 'arn:aws:iam::111111111111:group/ops' is not the ARN",
        ),
        (
            {"admin_role_arns": {"a": "arn:aws:sts::111111111111:assumed-role/platform/x"}},
            "admin_role_arns.a: arn:aws:sts::111111111111:assumed-role/platform/x is a session of a role",
        ),
        (
            {"admin_role_arns": {"a": f"{IAM}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS"}},
            "admin_role_arns.a: arn:aws:iam::111111111111:role/aws-service-role/",
        ),
        (
            {"admin_role_arns": {"a": f"{IAM}:role/keelson/innovate/dev/node_groups/innovate-dev-node"}},
            f"admin_role_arns.a: {IAM}:role/keelson/",
        ),
        (
            {"admin_role_arns": {"a": PLATFORM, "b": PLATFORM}},
            f"admin_role_arns.b: {PLATFORM} is named by admin_role_arns.a already",
        ),
        (
            {"admin_role_arns": {"a": PLATFORM}, **entry()},
            f"access_entries.x.principal_arn: {PLATFORM} is named by admin_role_arns.a",
        ),
        (
            {"access_entries": {"x": {"policies": [VIEW]}}},
            "access_entries.x.principal_arn: is required.",
        ),
        (entry(policies=[]), "access_entries.x: has neither policies nor kubernetes_groups"),
        (entry(policies=[VIEW, VIEW]), "access_entries.x.policies: AmazonEKSViewPolicy is named twice"),
        (
            entry(policies=[{**VIEW, "namespaces": ["Shop"]}]),
            "access_entries.x.policies: 'Shop' is not the name of a namespace",
        ),
        (entry(kubernetes_groups=["system:masters"]), "access_entries.x.kubernetes_groups: system:masters begins with"),
        (
            {"caller_is_admin": False, "admin_role_arns": {}},
            "admin_role_arns: names nobody, and caller_is_admin is false",
        ),
        ({"caller_is_admin": False, **entry()}, "admin_role_arns: names nobody, and caller_is_admin is false"),
    ],
)
def test_a_broken_rule_is_told_with_the_options_path(given: dict[str, Any], problem: str) -> None:
    found = list(problems(arguments(**given)))
    assert len(found) == 1, found
    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "innovate-dev-blue"},
        {"endpoint": "public", "endpoint_cidrs": ["0.0.0.0/0"]},
        {"service_cidr": "172.20.0.0/16"},
        {"caller_is_admin": False},
        {"caller_is_admin": False, "admin_role_arns": {"platform": PLATFORM}},
        {"caller_is_admin": False, **entry(policies=[{"policy": "AmazonEKSClusterAdminPolicy"}])},
        entry(policies=[{**VIEW, "namespaces": ["shop", "shop-*"]}]),
        entry(policies=[], kubernetes_groups=["viewers"]),
        {"state": "absent", "version": None},
    ],
)
def test_what_keeps_the_rules_is_taken(given: dict[str, Any]) -> None:
    assert list(problems(arguments(**given))) == []
