# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's add-ons against what AWS documents."""

from __future__ import annotations

import json

import pytest
from localcloud.aws import eks
from localcloud.clock import clock

from .account import Account, held, later, ready_cluster, refused, update_of


def test_add_ons_that_run_on_nodes_are_degraded_until_there_are_nodes(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_cluster(account)
    for name in ("coredns", "aws-ebs-csi-driver"):
        assert account.add(name)["status"] == "CREATING"
        addon = account.addon(name)
        assert addon["status"] == "DEGRADED"
        assert addon["health"]["issues"][0]["code"] == "InsufficientNumberOfReplicas"
    account.create_nodegroup()
    assert [account.addon(name)["status"] for name in ("coredns", "aws-ebs-csi-driver")] == ["ACTIVE", "ACTIVE"]
    clock.scale = 1.0
    account.add("metrics-server")
    account.eks.delete_nodegroup(clusterName="prod", nodegroupName="system")
    with later(monkeypatch, 3600):
        assert account.addon("metrics-server")["status"] == "DEGRADED"


def test_an_add_on_without_nodes_fails_after_twenty_minutes(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_cluster(account)
    clock.scale = 1.0
    account.add("coredns")
    with later(monkeypatch, 5 * 60):
        assert account.addon("coredns")["status"] == "DEGRADED"
    with later(monkeypatch, 21 * 60):
        assert account.addon("coredns")["status"] == "CREATE_FAILED"
        assert "desired number of replicas" in account.addon("coredns")["health"]["issues"][0]["message"]
        with refused("ResourceInUseException", "CREATE_FAILED"):
            account.eks.update_addon(clusterName="prod", addonName="coredns", configurationValues="{}")


def test_versions_of_add_ons_fit_kubernetes_versions(account: Account) -> None:
    ready_cluster(account, version="1.35")
    found = account.eks.describe_addon_versions(kubernetesVersion="1.35", addonName="kube-proxy")["addons"][0]
    versions = [version["addonVersion"] for version in found["addonVersions"]]
    assert len(versions) > 1 and all(version.startswith("v1.35.") for version in versions)
    defaults = [v["addonVersion"] for v in found["addonVersions"] if v["compatibilities"][0]["defaultVersion"]]
    assert account.add("kube-proxy")["addonVersion"] == defaults[0]
    with refused("InvalidParameterException", "Addon version specified is not supported"):
        account.add("coredns", addonVersion="v1.9.3-eksbuild.5")
    with refused("InvalidParameterException", "Addon specified is not supported"):
        account.add("core-dns")
    assert account.eks.describe_addon_versions(addonName="core-dns")["addons"] == []
    names = {
        addon["addonName"]
        for page in account.eks.get_paginator("describe_addon_versions").paginate()
        for addon in page["addons"]
    }
    assert {
        "vpc-cni",
        "coredns",
        "aws-efs-csi-driver",
        "amazon-cloudwatch-observability",
        "cert-manager",
        "adot",
    } <= names


def test_configuration_values_are_checked_against_the_add_ons_schema(account: Account) -> None:
    ready_cluster(account)
    prefix = "ConfigurationValue provided in request is not supported: Json schema validation failed with error: "
    with refused(
        "InvalidParameterException", prefix + "[$.replicas: is not defined in the schema and the schema does not allow"
    ):
        account.add("coredns", configurationValues='{"replicas": 3}')
    with refused("InvalidParameterException", prefix + "[$.replicaCount: string found, integer expected]"):
        account.add("coredns", configurationValues='{"replicaCount": "3"}')
    with refused("InvalidParameterException", "[$: null found, object expected]"):
        account.add("coredns", configurationValues="null")
    account.add("coredns", configurationValues='{"replicaCount": 3}')
    assert account.addon("coredns")["configurationValues"] == '{"replicaCount": 3}'
    answer = account.eks.describe_addon_configuration(
        addonName="coredns", addonVersion=account.addon("coredns")["addonVersion"]
    )
    assert "replicaCount" in json.loads(answer["configurationSchema"])["properties"]


def test_an_add_on_is_updated_and_a_forgotten_role_is_lost(account: Account) -> None:
    ready_cluster(account)
    oldest = "v1.3.8-eksbuild.2"
    account.add(
        "eks-pod-identity-agent", addonVersion=oldest, serviceAccountRoleArn=account.roles["ec2"], tags={"a": "b"}
    )
    with refused("ResourceInUseException", "Addon already exists."):
        account.add("eks-pod-identity-agent")
    with held():
        update = update_of(
            account.eks.update_addon(
                clusterName="prod", addonName="eks-pod-identity-agent", addonVersion="v1.3.10-eksbuild.3"
            )
        )
        assert update["type"] == "AddonUpdate" and account.addon("eks-pod-identity-agent")["addonVersion"] == oldest
        with refused(
            "ResourceInUseException",
            "Addon eks-pod-identity-agent cannot be updated as it is currently in UPDATING state",
        ):
            account.eks.update_addon(
                clusterName="prod", addonName="eks-pod-identity-agent", resolveConflicts="OVERWRITE"
            )
    addon = account.addon("eks-pod-identity-agent")
    assert (
        addon["addonVersion"] == "v1.3.10-eksbuild.3"
        and "serviceAccountRoleArn" not in addon
        and addon["tags"] == {"a": "b"}
    )
    account.eks.delete_addon(clusterName="prod", addonName="eks-pod-identity-agent", preserve=True)
    assert account.eks.list_addons(clusterName="prod")["addons"] == ["vpc-cni"]


def test_a_test_can_make_one_add_on_unhealthy(account: Account) -> None:
    ready_cluster(account)
    eks.fail_addon("prod", "vpc-cni", "ConfigurationConflict", "Conflicts found when trying to apply.")
    assert account.addon("vpc-cni")["status"] == "DEGRADED"
    assert account.addon("vpc-cni")["health"]["issues"][0]["message"] == "Conflicts found when trying to apply."
    account.eks.update_addon(clusterName="prod", addonName="vpc-cni", resolveConflicts="OVERWRITE")
    assert account.addon("vpc-cni")["status"] == "ACTIVE"


def test_an_add_on_owns_its_pod_identity_associations(account: Account) -> None:
    ready_cluster(account)
    wanted = [{"serviceAccount": "ebs-csi-controller-sa", "roleArn": account.roles["pods.eks"]}]
    arn = account.add("aws-ebs-csi-driver", podIdentityAssociations=wanted)["podIdentityAssociations"][0]
    found = account.eks.list_pod_identity_associations(clusterName="prod")["associations"][0]
    assert found["associationArn"] == arn and found["ownerArn"] == account.addon("aws-ebs-csi-driver")["addonArn"]
    with refused("InvalidRequestException", "owned by add-on"):
        account.eks.delete_pod_identity_association(clusterName="prod", associationId=found["associationId"])
    account.eks.delete_addon(clusterName="prod", addonName="aws-ebs-csi-driver")
    assert account.eks.list_pod_identity_associations(clusterName="prod")["associations"] == []
