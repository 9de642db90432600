# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's managed node groups against what AWS documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from localcloud.clock import clock

from .account import (
    Account,
    held,
    later,
    ready_cluster,
    refused,
    update_of,
)

Broken = Callable[[Account], dict[str, Any]]


def test_a_node_group_keeps_its_settings_and_becomes_active(account: Account) -> None:
    ready_cluster(account, version="1.35")
    settings: dict[str, Any] = {
        "instanceTypes": ["m7g.large", "m6g.large"],
        "amiType": "AL2023_ARM_64_STANDARD",
        "capacityType": "SPOT",
        "diskSize": 40,
        "labels": {"pool": "system"},
        "taints": [{"key": "dedicated", "value": "system", "effect": "NO_SCHEDULE"}],
        "scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": 3},
        "updateConfig": {"maxUnavailablePercentage": 33},
        "nodeRepairConfig": {"enabled": True},
        "tags": {"keelson:key": "system"},
    }
    with held():
        assert account.create_nodegroup(**settings)["status"] == account.nodegroup()["status"] == "CREATING"
    group = account.nodegroup()
    assert {name: group[name] for name in settings} == settings
    assert group["status"] == "ACTIVE" and group["version"] == "1.35" and group["releaseVersion"].startswith("1.35.")
    assert group["resources"]["autoScalingGroups"][0]["name"].startswith("eks-system-")
    nodes = account.client("ec2").describe_network_interfaces(
        Filters=[{"Name": "subnet-id", "Values": account.subnets[2:]}]
    )
    assert len(nodes["NetworkInterfaces"]) == 1
    entry = account.eks.describe_access_entry(clusterName="prod", principalArn=account.roles["ec2"])["accessEntry"]
    assert (entry["type"], entry["kubernetesGroups"]) == ("EC2_LINUX", ["system:nodes"])
    with refused("ResourceInUseException", "Cluster has nodegroups attached"):
        account.eks.delete_cluster(name="prod")
    account.eks.delete_nodegroup(clusterName="prod", nodegroupName="system")
    with refused("ResourceNotFoundException", "No node group found for name: system."):
        account.nodegroup()


def test_without_a_network_plugin_nodes_stay_unhealthy_and_the_group_fails_in_the_end(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.create_cluster()
    clock.scale = 1.0
    account.create_nodegroup()
    with later(monkeypatch, 10 * 60):
        assert account.nodegroup()["status"] == "CREATING"
    with later(monkeypatch, 26 * 60):
        group = account.nodegroup()
    assert group["status"] == "CREATE_FAILED"
    issue = group["health"]["issues"][0]
    assert (issue["code"], issue["message"]) == ("NodeCreationFailure", "Unhealthy nodes in the kubernetes cluster")
    assert len(issue["resourceIds"]) == 2


def test_a_network_plugin_that_comes_late_makes_the_waiting_group_active(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.create_cluster()
    clock.scale = 1.0
    account.create_nodegroup()
    with later(monkeypatch, 10 * 60):
        account.add("vpc-cni")
    with later(monkeypatch, 60 * 60):
        assert account.nodegroup()["status"] == "ACTIVE"


def template(account: Account, **data: Any) -> dict[str, Any]:
    name = f"nodes-{len(account.client('ec2').describe_launch_templates()['LaunchTemplates'])}"
    made = account.client("ec2").create_launch_template(
        LaunchTemplateName=name, LaunchTemplateData={"EbsOptimized": True, **data}
    )
    return {"id": made["LaunchTemplate"]["LaunchTemplateId"]}


BAD_GROUPS: dict[str, tuple[Broken, str]] = {
    "unknown role": (lambda a: {"nodeRole": a.roles["ec2"] + "x"}, "cannot be found"),
    "wrong trust": (lambda a: {"nodeRole": a.roles["eks"]}, "required service principals [ec2.amazonaws.com]"),
    "arm on x86": (
        lambda a: {"instanceTypes": ["m7g.large"]},
        "[m7g.large] is not a valid instance type for requested amiType",
    ),
    "x86 on arm": (
        lambda a: {"instanceTypes": ["m5.large"], "amiType": "BOTTLEROCKET_ARM_64"},
        "[m5.large] is not a valid instance type",
    ),
    "no such type": (lambda a: {"instanceTypes": ["m99.huge"]}, "do not exist: [m99.huge]"),
    "AL2": (
        lambda a: {"amiType": "AL2_x86_64"},
        "AMI Type AL2_x86_64 is only supported for kubernetes versions 1.32 or earlier",
    ),
    "min": (
        lambda a: {"scalingConfig": {"minSize": 3, "maxSize": 5, "desiredSize": 2}},
        "Minimum capacity 3 can't be greater than desired",
    ),
    "max": (
        lambda a: {"scalingConfig": {"minSize": 1, "maxSize": 2, "desiredSize": 3}},
        "can't be greater than max size 2",
    ),
    "label": (lambda a: {"labels": {"kubernetes.io/x": "y"}}, "reserved prefixes"),
    "effect": (
        lambda a: {"taints": [{"key": "a", "effect": "NoSchedule"}]},
        "enum value set: [NO_SCHEDULE, NO_EXECUTE",
    ),
    "subnets": (lambda a: {"subnets": ["subnet-0123456789abcdef0"]}, "does not exist"),
    "version": (lambda a: {"version": "1.34"}, "should be equal to cluster version"),
    "release": (
        lambda a: {"releaseVersion": "1.36.0-20200101"},
        "Requested release version 1.36.0-20200101 is not valid",
    ),
    "both": (lambda a: {"updateConfig": {"maxUnavailable": 1, "maxUnavailablePercentage": 10}}, "Only one of"),
    "disk": (
        lambda a: {"launchTemplate": template(a), "diskSize": 20},
        "Disk size must be specified within the launch template.",
    ),
    "no template": (lambda a: {"launchTemplate": {"id": "lt-0123456789abcdef0"}}, "does not exist"),
    "types twice": (
        lambda a: {"launchTemplate": template(a, InstanceType="m5.large"), "instanceTypes": ["m5.large"]},
        "Cannot specify instance types in launch template and API request",
    ),
    "profile": (
        lambda a: {"launchTemplate": template(a, IamInstanceProfile={"Name": "x"})},
        "should not specify an instance profile",
    ),
    "shutdown": (
        lambda a: {"launchTemplate": template(a, InstanceInitiatedShutdownBehavior="stop")},
        "InstanceInitiatedShutdownBehavior",
    ),
    "template subnet": (
        lambda a: {"launchTemplate": template(a, NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": a.subnets[0]}])},
        "should not specify a subnet",
    ),
}


@pytest.mark.parametrize("case", BAD_GROUPS)
def test_a_node_group_that_eks_would_refuse_is_refused_and_leaves_nothing(account: Account, case: str) -> None:
    ready_cluster(account)
    settings, words = BAD_GROUPS[case]
    with refused("InvalidParameterException", words):
        account.create_nodegroup(**settings(account))
    assert account.eks.list_nodegroups(clusterName="prod")["nodegroups"] == []


def test_a_node_group_needs_an_active_cluster(account: Account) -> None:
    with held():
        account.create_cluster()
        with refused("InvalidRequestException", "Cluster 'prod' is not in ACTIVE status"):
            account.create_nodegroup()


def test_labels_taints_and_sizes_change_in_place(account: Account) -> None:
    ready_cluster(account)
    account.create_nodegroup(labels={"a": "1", "b": "1"}, taints=[{"key": "t", "value": "1", "effect": "NO_SCHEDULE"}])
    eks_client = account.eks
    with held():
        update = update_of(
            eks_client.update_nodegroup_config(
                clusterName="prod",
                nodegroupName="system",
                labels={"addOrUpdateLabels": {"a": "2", "c": "1"}, "removeLabels": ["b"]},
                taints={"addOrUpdateTaints": [{"key": "t", "value": "2", "effect": "NO_SCHEDULE"}]},
                scalingConfig={"minSize": 1, "maxSize": 5, "desiredSize": 4},
                updateConfig={"maxUnavailable": 2},
            )
        )
        assert update["type"] == "ConfigUpdate" and account.nodegroup()["status"] == "UPDATING"
        with refused("ResourceInUseException", "not in Active State"):
            eks_client.update_nodegroup_config(
                clusterName="prod", nodegroupName="system", updateConfig={"maxUnavailable": 3}
            )
    group = account.nodegroup()
    assert group["labels"] == {"a": "2", "c": "1"} and group["scalingConfig"]["desiredSize"] == 4
    assert group["taints"] == [{"key": "t", "value": "2", "effect": "NO_SCHEDULE"}] and group["updateConfig"] == {
        "maxUnavailable": 2
    }
    found = eks_client.describe_update(name="prod", nodegroupName="system", updateId=update["id"])
    assert update_of(found)["status"] == "Successful"
    with refused("InvalidParameterException", "No changes needed for the labels provided"):
        eks_client.update_nodegroup_config(
            clusterName="prod", nodegroupName="system", labels={"addOrUpdateLabels": {"a": "2"}}
        )
    with refused("ResourceNotFoundException", "No update found for ID"):
        eks_client.describe_update(name="prod", updateId=update["id"])


def test_a_node_group_follows_its_cluster_to_the_next_version(account: Account) -> None:
    ready_cluster(account, version="1.34")
    account.create_nodegroup()
    account.eks.update_cluster_version(name="prod", version="1.35")
    with refused("InvalidParameterException", "Requested Kubernetes version 1.36 is not valid"):
        account.eks.update_nodegroup_version(clusterName="prod", nodegroupName="system", version="1.36")
    update = update_of(account.eks.update_nodegroup_version(clusterName="prod", nodegroupName="system", version="1.35"))
    assert update["type"] == "VersionUpdate"
    assert account.nodegroup()["version"] == "1.35" and account.nodegroup()["releaseVersion"].startswith("1.35.")


def test_a_launch_template_gives_the_group_its_version_and_groups(account: Account) -> None:
    ready_cluster(account)
    ec2 = account.client("ec2")
    group_id = ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId=account.vpc)["GroupId"]
    specification = template(account, InstanceType="m5.large", SecurityGroupIds=[group_id])
    account.create_nodegroup(launchTemplate=specification)
    group = account.nodegroup()
    assert group["launchTemplate"]["version"] == "1" and "diskSize" not in group and "instanceTypes" not in group
    assert ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group_id]}])["NetworkInterfaces"]
    ec2.create_launch_template_version(
        LaunchTemplateId=specification["id"], LaunchTemplateData={"InstanceType": "m5.xlarge"}
    )
    account.eks.update_nodegroup_version(
        clusterName="prod", nodegroupName="system", launchTemplate={"id": specification["id"], "version": "2"}
    )
    assert account.nodegroup()["launchTemplate"]["version"] == "2"
