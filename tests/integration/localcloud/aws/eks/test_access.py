# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who gets into the local cloud's EKS clusters, and what else is attached to them."""

from __future__ import annotations

from typing import Any

import pytest
from localcloud.aws import eks

from .account import (
    ADMIN_POLICY,
    REGION,
    VIEW_POLICY,
    Account,
    create_role,
    later,
    ready_cluster,
    refused,
)


def test_the_creator_is_the_first_administrator_and_its_token_opens_the_cluster(account: Account) -> None:
    account.create_cluster()
    policies = account.eks.list_associated_access_policies(clusterName="prod", principalArn=account.user)[
        "associatedAccessPolicies"
    ]
    assert [policy["policyArn"] for policy in policies] == [ADMIN_POLICY]
    status = account.review(account.bearer())
    assert status["authenticated"], status
    user = status["user"]
    assert user["username"] == account.user and user["groups"] == ["system:authenticated"]
    assert allowed(user, verb="delete", group="apps", resource="deployments", namespace="kube-system")
    assert eks.review_access("prod", {"spec": {**user, "nonResourceAttributes": {"path": "/metrics", "verb": "get"}}})[
        "status"
    ]["allowed"]


def allowed(user: dict[str, Any], **attributes: str) -> bool:
    status = eks.review_access("prod", {"spec": {"user": user["username"], **user, "resourceAttributes": attributes}})[
        "status"
    ]
    assert status["denied"] is False
    return bool(status["allowed"])


def test_tokens_that_aws_would_refuse_are_refused(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    account.create_cluster()
    account.create_cluster("other")
    good = account.bearer()
    with later(monkeypatch, 14 * 60):
        assert account.review(good)["authenticated"]
    with later(monkeypatch, 16 * 60):
        assert "expired" in account.review(good)["error"]
    assert not account.review(account.bearer("other"))["authenticated"]
    assert account.review(account.bearer("other"), "other")["authenticated"]
    assert "signature" in account.review(account.bearer(secret="guessed"))["error"]
    assert not account.review("k8s-aws-v1.bm90IGEgdXJs")["authenticated"]
    assert not account.review("something else")["authenticated"]
    stranger = Account(account.url, key="AKIAABCDEFGHIJKLMNOP", secret="x")
    assert "invalid" in account.review(stranger.bearer())["error"]
    account.eks.delete_access_entry(clusterName="prod", principalArn=account.user)
    assert "not mapped" in account.review(account.bearer())["error"]


def test_a_role_session_gets_its_roles_entry_groups_and_scoped_policy(account: Account) -> None:
    account.create_cluster()
    role = create_role(account.client("iam"), "viewer", "ec2.amazonaws.com")
    account.eks.create_access_entry(clusterName="prod", principalArn=role, kubernetesGroups=["viewers"])
    account.eks.associate_access_policy(
        clusterName="prod",
        principalArn=role,
        policyArn=VIEW_POLICY,
        accessScope={"type": "namespace", "namespaces": ["team-*"]},
    )
    session = account.client("sts").assume_role(RoleArn=role, RoleSessionName="jo@example.com")["Credentials"]
    caller = Account(
        account.url, key=session["AccessKeyId"], secret=session["SecretAccessKey"], token=session["SessionToken"]
    )
    user = account.review(caller.bearer())["user"]
    assert user["username"] == "arn:aws:sts::123456789012:assumed-role/viewer/jo-example.com"
    assert user["groups"] == ["viewers", "system:authenticated"]
    assert allowed(user, verb="list", group="", resource="pods", namespace="team-a")
    assert allowed(user, verb="get", group="", resource="pods", subresource="log", namespace="team-a")
    assert not allowed(user, verb="list", group="", resource="pods", namespace="default")
    assert not allowed(user, verb="list", group="", resource="pods")
    assert not allowed(user, verb="get", group="", resource="secrets", namespace="team-a")
    assert not allowed(user, verb="delete", group="", resource="pods", namespace="team-a")
    account.eks.disassociate_access_policy(clusterName="prod", principalArn=role, policyArn=VIEW_POLICY)
    assert not allowed(user, verb="list", group="", resource="pods", namespace="team-a")


def test_access_entries_are_checked_as_eks_does(account: Account) -> None:
    account.create_cluster()
    client, role = account.eks, account.roles["ec2"]
    with refused("ResourceInUseException", "The specified access entry resource is already in use on this cluster."):
        client.create_access_entry(clusterName="prod", principalArn=account.user)
    with refused("InvalidParameterException", "The specified principalArn is invalid: invalid principal."):
        client.create_access_entry(clusterName="prod", principalArn=role + "x")
    with refused(
        "InvalidParameterException", "The kubernetes group name system:masters is invalid, it cannot start with system:"
    ):
        client.create_access_entry(clusterName="prod", principalArn=role, kubernetesGroups=["system:masters"])
    client.create_access_entry(clusterName="prod", principalArn=role, type="EC2_LINUX")
    with refused("InvalidParameterException", 'can only be performed on Access Entries with a type of "STANDARD"'):
        client.associate_access_policy(
            clusterName="prod", principalArn=role, policyArn=ADMIN_POLICY, accessScope={"type": "cluster"}
        )
    with refused("ResourceNotFoundException", "The specified principalArn could not be found."):
        client.describe_access_entry(clusterName="prod", principalArn=account.roles["eks"])
    assert client.list_access_entries(clusterName="prod", associatedPolicyArn=ADMIN_POLICY)["accessEntries"] == [
        account.user
    ]
    account.create_cluster("old", accessConfig={"authenticationMode": "CONFIG_MAP"})
    with refused("InvalidRequestException", "must be set to one of [API, API_AND_CONFIG_MAP]"):
        client.list_access_entries(clusterName="old")
    assert account.review(account.bearer("old"), "old")["user"]["groups"][0] == "system:masters"


def test_a_cluster_made_without_bootstrap_admits_nobody(account: Account) -> None:
    account.create_cluster(accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False})
    assert account.eks.list_access_entries(clusterName="prod")["accessEntries"] == []
    assert not account.review(account.bearer())["authenticated"]


def test_an_access_entry_is_updated(account: Account) -> None:
    account.create_cluster()
    account.eks.update_access_entry(
        clusterName="prod", principalArn=account.user, kubernetesGroups=["ops"], username="jo"
    )
    entry = account.eks.describe_access_entry(clusterName="prod", principalArn=account.user)["accessEntry"]
    assert (entry["username"], entry["kubernetesGroups"]) == ("jo", ["ops"])
    assert account.review(account.bearer())["user"]["username"] == "jo"


def test_a_service_account_has_one_pod_identity(account: Account) -> None:
    account.create_cluster()
    client, role = account.eks, account.roles["pods.eks"]
    where = {"clusterName": "prod", "namespace": "kube-system", "serviceAccount": "controller"}
    with refused("InvalidParameterException", "Trust policy of the role provided is invalid"):
        client.create_pod_identity_association(**where, roleArn=account.roles["ec2"])
    made = client.create_pod_identity_association(**where, roleArn=role, tags={"a": "b"})["association"]
    with refused("ResourceInUseException", f"Association already exists: {made['associationId']}"):
        client.create_pod_identity_association(**where, roleArn=role)
    key = {"clusterName": "prod", "associationId": made["associationId"]}
    after = client.update_pod_identity_association(**key, targetRoleArn=account.roles["ec2"], disableSessionTags=True)[
        "association"
    ]
    assert after["targetRoleArn"] == account.roles["ec2"] and after["disableSessionTags"] and after["externalId"]
    assert client.list_pod_identity_associations(clusterName="prod", namespace="default")["associations"] == []
    client.delete_pod_identity_association(**key)
    with refused("ResourceNotFoundException"):
        client.describe_pod_identity_association(**key)


def test_each_cluster_has_an_issuer_of_its_own(account: Account) -> None:
    account.create_cluster("a")
    account.create_cluster("b")
    issuers = [account.cluster(name)["identity"]["oidc"]["issuer"] for name in ("a", "b")]
    assert issuers[0] != issuers[1] and issuers[0].startswith(f"https://oidc.eks.{REGION}.amazonaws.com/id/")
    issuer_id = issuers[0].rpartition("/")[2]
    document = eks.oidc_document(f"{issuer_id}/.well-known/openid-configuration")
    assert document and document["issuer"] == issuers[0]
    keys = eks.oidc_document(f"/id/{issuer_id}/keys")
    assert keys and keys["keys"][0]["kty"] == "RSA"
    assert eks.oidc_document("none/keys") is None


def test_an_identity_provider_comes_and_goes(account: Account) -> None:
    account.create_cluster()
    client = account.eks
    oidc = {"identityProviderConfigName": "corp", "issuerUrl": "https://id.example.com", "clientId": "kubernetes"}
    answer = client.associate_identity_provider_config(clusterName="prod", oidc=oidc, tags={"a": "b"})
    assert answer["update"]["type"] == "AssociateIdentityProviderConfig"
    which = {"clusterName": "prod", "identityProviderConfig": {"type": "oidc", "name": "corp"}}
    assert client.describe_identity_provider_config(**which)["identityProviderConfig"]["oidc"]["status"] == "ACTIVE"
    client.disassociate_identity_provider_config(**which)
    assert client.list_identity_provider_configs(clusterName="prod")["identityProviderConfigs"] == []


def test_a_fargate_profile_holds_its_cluster(account: Account) -> None:
    account.create_cluster()
    role = create_role(account.client("iam"), "pods", "eks-fargate-pods.amazonaws.com")
    account.eks.create_fargate_profile(
        clusterName="prod",
        fargateProfileName="web",
        podExecutionRoleArn=role,
        subnets=account.subnets,
        selectors=[{"namespace": "web"}],
    )
    with refused("ResourceInUseException", "Fargate profiles"):
        account.eks.delete_cluster(name="prod")
    account.eks.delete_fargate_profile(clusterName="prod", fargateProfileName="web")
    account.eks.delete_cluster(name="prod")


def test_everything_with_an_arn_has_tags(account: Account) -> None:
    ready_cluster(account)
    account.create_nodegroup()
    client = account.eks
    where = {"clusterName": "prod", "namespace": "a", "serviceAccount": "b"}
    association = client.create_pod_identity_association(**where, roleArn=account.roles["pods.eks"])["association"]
    arns = [
        account.cluster()["arn"],
        account.nodegroup()["nodegroupArn"],
        account.addon("vpc-cni")["addonArn"],
        association["associationArn"],
        client.describe_access_entry(clusterName="prod", principalArn=account.user)["accessEntry"]["accessEntryArn"],
    ]
    for arn in arns:
        client.tag_resource(resourceArn=arn, tags={"keep": "1", "drop": "2"})
        client.untag_resource(resourceArn=arn, tagKeys=["drop"])
        assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {"keep": "1"}
    with refused("NotFoundException"):
        client.tag_resource(resourceArn=arns[0] + "x", tags={"a": "b"})


def test_insights_are_none(account: Account) -> None:
    account.create_cluster()
    assert account.eks.list_insights(clusterName="prod")["insights"] == []
