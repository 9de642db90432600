# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's EKS clusters against what AWS documents."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from .account import REGION, Account, held, later, refused, update_of


def test_a_cluster_is_creating_until_the_clock_says_so_and_shows_its_endpoint_only_then(account: Account) -> None:
    with held():
        created = account.create_cluster()
        assert created["status"] == account.cluster()["status"] == "CREATING"
        assert "endpoint" not in created and created["certificateAuthority"] == {} and "identity" not in created
    ready = account.cluster()
    assert ready["status"] == "ACTIVE"
    ssl.PEM_cert_to_DER_cert(base64.b64decode(ready["certificateAuthority"]["data"]).decode())
    assert ready["endpoint"].startswith("https://")
    account.eks.get_waiter("cluster_active").wait(name="prod")


def test_every_setting_of_a_cluster_is_kept(account: Account) -> None:
    key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    group = account.client("ec2").create_security_group(GroupName="own", Description="own", VpcId=account.vpc)[
        "GroupId"
    ]
    settings: dict[str, Any] = {
        "version": "1.35",
        "upgradePolicy": {"supportType": "STANDARD"},
        "deletionProtection": True,
        "zonalShiftConfig": {"enabled": True},
        "controlPlaneScalingConfig": {"tier": "tier-xl"},
        "remoteNetworkConfig": {"remoteNodeNetworks": [{"cidrs": ["192.168.7.0/24"]}]},
        "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": key}}],
        "tags": {"keelson:platform": "innovate"},
    }
    account.create_cluster(
        resourcesVpcConfig={
            "securityGroupIds": [group],
            "endpointPrivateAccess": True,
            "endpointPublicAccess": True,
            "publicAccessCidrs": ["203.0.113.0/24"],
        },
        logging={"clusterLogging": [{"types": ["audit"], "enabled": True}]},
        kubernetesNetworkConfig={"serviceIpv4Cidr": "172.21.0.0/16"},
        **settings,
    )
    cluster = account.cluster()
    assert {name: cluster[name] for name in settings} == settings
    config = cluster["resourcesVpcConfig"]
    assert config["vpcId"] == account.vpc and config["securityGroupIds"] == [group]
    assert config["publicAccessCidrs"] == ["203.0.113.0/24"] and config["endpointPrivateAccess"]
    assert cluster["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "172.21.0.0/16"
    assert cluster["logging"]["clusterLogging"][0] == {"types": ["audit"], "enabled": True}
    assert cluster["accessConfig"] == {"authenticationMode": "API"}


def test_defaults_are_those_of_eks(account: Account) -> None:
    account.create_cluster(accessConfig={})
    cluster = account.cluster()
    assert cluster["version"] == "1.36" and cluster["upgradePolicy"] == {"supportType": "EXTENDED"}
    assert cluster["resourcesVpcConfig"]["publicAccessCidrs"] == ["0.0.0.0/0"]
    assert (
        cluster["resourcesVpcConfig"]["endpointPublicAccess"]
        and not cluster["resourcesVpcConfig"]["endpointPrivateAccess"]
    )
    assert cluster["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "172.20.0.0/16"
    assert cluster["accessConfig"]["authenticationMode"] == "CONFIG_MAP"
    assert cluster["deletionProtection"] is False
    assert all(not entry["enabled"] for entry in cluster["logging"]["clusterLogging"])


def test_a_cluster_has_its_own_security_group_and_interfaces_and_they_go_with_it(account: Account) -> None:
    ec2 = account.client("ec2")
    account.create_cluster()
    group_id = account.cluster()["resourcesVpcConfig"]["clusterSecurityGroupId"]
    group = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    assert group["GroupName"].startswith("eks-cluster-sg-prod-")
    assert {"Key": "aws:eks:cluster-name", "Value": "prod"} in group["Tags"]
    interfaces = ec2.describe_network_interfaces(Filters=[{"Name": "description", "Values": ["Amazon EKS prod"]}])[
        "NetworkInterfaces"
    ]
    assert {interface["SubnetId"] for interface in interfaces} == set(account.subnets[:2])
    account.eks.delete_cluster(name="prod")
    with refused("ResourceNotFoundException", "No cluster found for name: prod."):
        account.cluster()
    assert not ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert group_id not in [found["GroupId"] for found in ec2.describe_security_groups()["SecurityGroups"]]


def test_the_same_create_again_is_one_cluster_and_a_different_one_is_in_use(account: Account) -> None:
    first = account.create_cluster(clientRequestToken="once")
    assert account.create_cluster(clientRequestToken="once")["arn"] == first["arn"]
    with refused("ResourceInUseException", "Cluster already exists with name: prod"):
        account.create_cluster(clientRequestToken="twice")


Broken = Callable[[Account], dict[str, Any]]
BAD_CLUSTERS: dict[str, tuple[Broken, str, str]] = {
    "one zone": (
        lambda a: {"resourcesVpcConfig": {"subnetIds": a.subnets[:1]}},
        "InvalidParameterException",
        "Subnets specified must be in at least two different AZs",
    ),
    "unknown subnet": (
        lambda a: {"resourcesVpcConfig": {"subnetIds": [a.subnets[0], "subnet-0123456789abcdef0"]}},
        "InvalidParameterException",
        "does not exist",
    ),
    "unknown group": (
        lambda a: {"resourcesVpcConfig": {"securityGroupIds": ["sg-0123456789abcdef0"]}},
        "InvalidParameterException",
        "does not exist",
    ),
    "no endpoint": (
        lambda a: {"resourcesVpcConfig": {"endpointPublicAccess": False}},
        "InvalidParameterException",
        "Private and public endpoint access cannot be false",
    ),
    "bad cidr": (
        lambda a: {"resourcesVpcConfig": {"publicAccessCidrs": ["300.1.1.1/8"]}},
        "InvalidParameterException",
        "publicAccessCidrs",
    ),
    "private cidr": (
        lambda a: {"resourcesVpcConfig": {"publicAccessCidrs": ["10.1.0.0/16"]}},
        "InvalidParameterException",
        "not allowed",
    ),
    "unknown role": (lambda a: {"roleArn": a.roles["eks"] + "x"}, "InvalidParameterException", "could not be assumed"),
    "wrong trust": (
        lambda a: {"roleArn": a.roles["ec2"]},
        "InvalidParameterException",
        "required service principals [eks.amazonaws.com]",
    ),
    "old version": (lambda a: {"version": "1.29"}, "InvalidParameterException", "unsupported Kubernetes version"),
    "support": (
        lambda a: {"version": "1.33", "upgradePolicy": {"supportType": "STANDARD"}},
        "InvalidParameterException",
        "extended",
    ),
    "name": (lambda a: {"name": "no_dots.here"}, "InvalidParameterException", "regular expression pattern"),
    "enum": (
        lambda a: {"upgradePolicy": {"supportType": "ETERNAL"}},
        "InvalidParameterException",
        "enum value set: [STANDARD, EXTENDED]",
    ),
    "service cidr": (
        lambda a: {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.30.4.0/24"}},
        "InvalidParameterException",
        "overlaps",
    ),
    "service size": (
        lambda a: {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.16.0.0/28"}},
        "InvalidParameterException",
        "/24",
    ),
    "key": (
        lambda a: {
            "encryptionConfig": [
                {"resources": ["secrets"], "provider": {"keyArn": f"arn:aws:kms:{REGION}:123456789012:key/no"}}
            ]
        },
        "InvalidParameterException",
        "does not exist",
    ),
    "config map": (
        lambda a: {
            "accessConfig": {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": False}
        },
        "InvalidParameterException",
        "bootstrapClusterCreatorAdminPermissions must be true",
    ),
    "half an auto mode": (
        lambda a: {"computeConfig": {"enabled": True}},
        "InvalidParameterException",
        "fully enabled or fully disabled",
    ),
    "reserved tag": (lambda a: {"tags": {"aws:mine": "x"}}, "InvalidParameterException", "aws:"),
}


@pytest.mark.parametrize("case", BAD_CLUSTERS)
def test_a_cluster_that_eks_would_refuse_is_refused_and_leaves_nothing(account: Account, case: str) -> None:
    settings, code, words = BAD_CLUSTERS[case]
    with refused(code, words):
        account.create_cluster(**settings(account))
    assert account.eks.list_clusters()["clusters"] == []
    assert account.client("ec2").describe_network_interfaces()["NetworkInterfaces"] == []


def test_deletion_protection_keeps_an_active_cluster(account: Account) -> None:
    account.create_cluster(deletionProtection=True)
    with refused("InvalidRequestException", "deletion protection"):
        account.eks.delete_cluster(name="prod")
    account.eks.update_cluster_config(name="prod", deletionProtection=False)
    with held():
        assert account.eks.delete_cluster(name="prod")["cluster"]["status"] == account.cluster()["status"] == "DELETING"
    assert account.eks.list_clusters()["clusters"] == []


def test_lists_come_in_pages(account: Account) -> None:
    for name in ("a", "b", "c"):
        account.create_cluster(name)
    first = account.eks.list_clusters(maxResults=2)
    assert first["clusters"] == ["a", "b"]
    assert account.eks.list_clusters(maxResults=2, nextToken=first["nextToken"])["clusters"] == ["c"]


def test_versions_have_their_support(account: Account) -> None:
    versions = {
        version["clusterVersion"]: version for version in account.eks.describe_cluster_versions()["clusterVersions"]
    }
    assert list(versions) == ["1.36", "1.35", "1.34", "1.33"]
    assert (
        versions["1.35"]["versionStatus"] == "STANDARD_SUPPORT"
        and versions["1.33"]["versionStatus"] == "EXTENDED_SUPPORT"
    )
    assert versions["1.35"]["endOfStandardSupportDate"].isoformat().startswith("2027-03-27")
    only = account.eks.describe_cluster_versions(defaultOnly=True)["clusterVersions"]
    assert [version["clusterVersion"] for version in only] == ["1.36"]


def test_one_kind_of_change_a_call_and_one_call_at_a_time(account: Account) -> None:
    account.create_cluster()
    public = {"publicAccessCidrs": ["198.51.100.0/24"]}
    with refused("InvalidParameterException", "Only one type of update can be allowed."):
        account.eks.update_cluster_config(name="prod", resourcesVpcConfig=public, deletionProtection=True)
    with refused("InvalidParameterException", "The type for cluster update was not provided."):
        account.eks.update_cluster_config(name="prod")
    with refused(
        "InvalidParameterException",
        "Cluster is already at the desired configuration with endpointPrivateAccess: false ,",
    ):
        account.eks.update_cluster_config(name="prod", resourcesVpcConfig={"endpointPublicAccess": True})
    with held():
        update = update_of(account.eks.update_cluster_config(name="prod", resourcesVpcConfig=public))
        assert (update["type"], update["status"], account.cluster()["status"]) == (
            "EndpointAccessUpdate",
            "InProgress",
            "UPDATING",
        )
        message = f"Cannot LoggingUpdate because cluster prod currently has update {update['id']} in progress"
        with refused("ResourceInUseException", message):
            account.eks.update_cluster_config(
                name="prod", logging={"clusterLogging": [{"types": ["api"], "enabled": True}]}
            )
        with refused("ResourceInUseException", "currently has an update in progress"):
            account.eks.delete_cluster(name="prod")
    assert update_of(account.eks.describe_update(name="prod", updateId=update["id"]))["status"] == "Successful"
    assert account.cluster()["resourcesVpcConfig"]["publicAccessCidrs"] == ["198.51.100.0/24"]
    assert account.eks.list_updates(name="prod")["updateIds"] == [update["id"]]


def test_each_kind_of_change_arrives(account: Account) -> None:
    account.create_cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})
    changes: list[tuple[dict[str, Any], str]] = [
        ({"logging": {"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]}}, "LoggingUpdate"),
        ({"accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}}, "AccessConfigUpdate"),
        ({"upgradePolicy": {"supportType": "STANDARD"}}, "UpgradePolicyUpdate"),
        ({"zonalShiftConfig": {"enabled": True}}, "ZonalShiftConfigUpdate"),
        ({"resourcesVpcConfig": {"subnetIds": account.subnets}}, "VpcConfigUpdate"),
        (
            {"resourcesVpcConfig": {"endpointPublicAccess": False, "endpointPrivateAccess": True}},
            "EndpointAccessUpdate",
        ),
        ({"deletionProtection": True}, "DeletionProtectionUpdate"),
    ]
    for change, kind in changes:
        assert update_of(account.eks.update_cluster_config(name="prod", **change))["type"] == kind
        with refused("InvalidParameterException"):
            account.eks.update_cluster_config(name="prod", **change)
    cluster = account.cluster()
    assert cluster["logging"]["clusterLogging"][0]["types"] == ["api", "audit"]
    assert cluster["resourcesVpcConfig"]["subnetIds"] == account.subnets
    assert cluster["resourcesVpcConfig"]["publicAccessCidrs"] == []
    interfaces = account.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    assert {interface["SubnetId"] for interface in interfaces} == set(account.subnets)
    assert account.eks.list_access_entries(clusterName="prod")["accessEntries"] == [account.user]
    with refused(
        "InvalidParameterException", "Unsupported authentication mode update from API_AND_CONFIG_MAP to CONFIG_MAP"
    ):
        account.eks.update_cluster_config(name="prod", accessConfig={"authenticationMode": "CONFIG_MAP"})


def test_auto_mode_is_switched_on_by_its_three_blocks_together(account: Account) -> None:
    account.create_cluster()
    with refused("InvalidParameterException", "fully enabled or fully disabled"):
        account.eks.update_cluster_config(name="prod", computeConfig={"enabled": True})
    account.eks.update_cluster_config(
        name="prod",
        computeConfig={"enabled": True, "nodePools": ["system"], "nodeRoleArn": account.roles["ec2"]},
        storageConfig={"blockStorage": {"enabled": True}},
        kubernetesNetworkConfig={"elasticLoadBalancing": {"enabled": True}},
    )
    assert account.cluster()["computeConfig"]["enabled"]


def test_a_version_goes_up_one_at_a_time_and_back_within_seven_days(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.create_cluster(version="1.33")
    with refused("InvalidParameterException", "Unsupported Kubernetes minor version update from 1.33 to 1.35"):
        account.eks.update_cluster_version(name="prod", version="1.35")
    with refused("InvalidParameterException", "unsupported Kubernetes version"):
        account.eks.update_cluster_version(name="prod", version="1.77")
    with held():
        update = update_of(account.eks.update_cluster_version(name="prod", version="1.34"))
        assert update["type"] == "VersionUpdate" and {"type": "Version", "value": "1.34"} in update["params"]
        assert account.cluster()["version"] == "1.33"
        account.eks.tag_resource(resourceArn=account.cluster()["arn"], tags={"also": "while updating"})
    assert account.cluster()["version"] == "1.34"
    account.eks.update_cluster_version(name="prod", version="1.35")
    with later(monkeypatch, 8 * 86400), refused("InvalidRequestException", "7 days"):
        account.eks.update_cluster_version(name="prod", version="1.34")
    assert update_of(account.eks.update_cluster_version(name="prod", version="1.34"))["type"] == "VersionRollback"
    assert account.cluster()["version"] == "1.34"
    with refused("InvalidParameterException", "Unsupported Kubernetes minor version update from 1.34 to 1.33"):
        account.eks.update_cluster_version(name="prod", version="1.33")


def test_encryption_is_switched_on_once(account: Account) -> None:
    account.create_cluster()
    key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    config = [{"resources": ["secrets"], "provider": {"keyArn": key}}]
    account.eks.associate_encryption_config(clusterName="prod", encryptionConfig=config)
    assert account.cluster()["encryptionConfig"] == config
    with refused("InvalidParameterException", "Encryption is already enabled on the cluster"):
        account.eks.associate_encryption_config(clusterName="prod", encryptionConfig=config)
