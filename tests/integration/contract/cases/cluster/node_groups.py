# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module node_groups."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw
from ..changes import ROLE, Change, ec2_tag, eks_tag
from ..needs import CLUSTER, NETWORK, NETWORK_PLUGIN, keys

SYSTEM = "acme-test/system"
WHERE = {"clusterName": "acme-test", "nodegroupName": "system"}


def config(**settings: Any) -> Change:
    return lambda raw: raw.client("eks").update_nodegroup_config(**WHERE, **settings)


def release(version: str, image: str) -> Change:
    return lambda raw: raw.client("eks").update_nodegroup_version(**WHERE, version=version, releaseVersion=image)


def new_template_version(raw: Raw) -> None:
    """The template's latest version is one with nothing of ours in it, which is not its default."""
    strange = {
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 10, "Encrypted": False, "VolumeType": "gp2"}}
        ],
        "MetadataOptions": {"HttpTokens": "optional", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 2},
        "Monitoring": {"Enabled": False},
        "EbsOptimized": True,
    }
    raw.client("ec2").create_launch_template_version(
        LaunchTemplateId=raw.found("LaunchTemplate", "acme-test-system")["LaunchTemplateId"],
        LaunchTemplateData=strange,
        VersionDescription="theirs",
    )


def roll_to_another_template_version(raw: Raw) -> None:
    template = raw.found("LaunchTemplate", "acme-test-system")["LaunchTemplateId"]
    data = {"MetadataOptions": {"HttpTokens": "optional"}}
    made = raw.client("ec2").create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data)[
        "LaunchTemplateVersion"
    ]
    raw.client("eks").update_nodegroup_version(
        **WHERE, launchTemplate={"id": template, "version": str(made["VersionNumber"])}
    )


GROUP: Options = {
    "instance_types": ["m7g.large", "m6g.large"],
    "min": 1,
    "max": 3,
    "labels": {"tier": "system"},
    "taints": [{"key": "only", "value": "system", "effect": "NoSchedule"}],
    "max_unavailable": 1,
    "version": "1.35",
    "release_version": "1.35.6-20261112",
    "zones": ["us-east-1a"],
    "monitoring": True,
}
BATCH: Options = {
    "instance_types": ["c7i.large"],
    "os": "bottlerocket",
    "capacity_type": "spot",
    "min": 0,
    "max": 2,
    "max_unavailable_percentage": 50,
}


def group(**given: Any) -> Options:
    """With a group of these options."""
    return {"node_groups": {"system": {**GROUP, **given}}}


def named(name: str) -> Options:
    return {"node_groups": {name: GROUP}}


def taints(*given: Any) -> Options:
    return group(taints=[dict(zip(("key", "value", "effect"), each, strict=True)) for each in given])


BAD: dict[str, tuple[Options, str]] = {
    "a cluster of another environment": ({"cluster": "other"}, r"^cluster: 'other' must be 'acme-test', or begin with"),
    "a cluster with a space in its name": (
        {"cluster": "acme-test-a b"},
        r"^cluster: 'acme-test-a b' must be at most 50 letters",
    ),
    "groups that are no dictionary": ({"node_groups": ["system"]}, r"node_groups"),
    "a group that is no dictionary": ({"node_groups": {"system": 3}}, r"^node_groups\.system: 3 is not a dictionary"),
    "a group without sizes": (
        {"node_groups": {"system": {}}},
        r"^node_groups\.system\.max: is required",
    ),
    "an option that groups do not have": (group(minimum=1), r"^node_groups\.system\.minimum: "),
    "a size that is no number": (group(min="few"), r"^node_groups\.system\.min: "),
    "a system that there is not": (group(os="windows"), r"^node_groups\.system\.os: "),
    "an empty name": (named(""), r"^node_groups\.: a name has at most 63"),
    "a name with a dot": (named("a.b"), r"^node_groups\.a\.b: a name has at most 63"),
    "no instance types": (group(instance_types=[]), r"^node_groups\.system\.instance_types: give at least one type"),
    "too many instance types": (
        group(instance_types=[f"m{n}.large" for n in range(21)]),
        r"\.instance_types: 21 types; AWS takes at most 20",
    ),
    "an instance type that is none": (
        group(instance_types=["large"]),
        r"\.instance_types: 'large' is not an instance type",
    ),
    "an instance type twice": (
        group(instance_types=["m7g.large"] * 2),
        r"\.instance_types: m7g\.large is given more than once",
    ),
    "an image that has ended": (
        group(ami_type="AL2_x86_64"),
        r"^node_groups\.system\.ami_type: AL2_x86_64 ends with Kubernetes 1\.32",
    ),
    "an image that there is not": (
        group(ami_type="UBUNTU"),
        r"\.ami_type: 'UBUNTU' must be one of AL2023_ARM_64_NVIDIA",
    ),
    "an image of another system": (
        group(ami_type="AL2023_ARM_64_STANDARD", os="bottlerocket"),
        r"\.os: bottlerocket contradicts ami_type",
    ),
    "a version that YAML has cut": (group(version="1.4"), r"\.version: '1\.4' is not a Kubernetes minor version"),
    "a release that is none": (
        group(release_version="latest"),
        r"\.release_version: 'latest' is not a release of AL2023's images",
    ),
    "a release of another version": (
        group(release_version="1.34.9-20261112"),
        r"\.release_version: 1\.34\.9-20261112 is not for Kubernetes 1\.35",
    ),
    "fewer than no nodes": (group(min=-1), r"\.min: -1 must be 0 or more"),
    "no nodes at most": (group(min=0, max=0), r"\.max: 0 must be 1 or more"),
    "more nodes at least than at most": (group(min=4), r"\.min: 4 is more than max, which is 3"),
    "more nodes at first than at most": (group(desired=4), r"\.desired: 4 must be from min to max, 1 to 3"),
    "a disk of nothing": (group(disk_size=0), r"\.disk_size: 0 GiB; a gp3 volume has 1 to 16384"),
    "a disk too small": (group(disk_size=10), r"\.disk_size: 10 GiB; the images of EKS need 20 at least"),
    "two ways to say how many may be missing": (
        group(max_unavailable_percentage=50),
        r"\.max_unavailable: give either this or",
    ),
    "too many missing at once": (group(max_unavailable=101), r"\.max_unavailable: 101 must be from 1 to 100"),
    "too few missing at once": (
        group(max_unavailable=None, max_unavailable_percentage=0),
        r"\.max_unavailable_percentage: 0 must be from 1",
    ),
    "a label that is no text": (group(labels={"spot": True}), r"\.labels\.spot: True must be text"),
    "a label's value with a space": (group(labels={"team": "a b"}), r"\.labels\.team: 'a b' is not a label's value"),
    "a label's key with a space": (group(labels={"a b": "x"}), r"\.labels\.a b: 'a b' is not a label's key"),
    "a label of EKS's": (
        group(labels={"eks.amazonaws.com/x": "x"}),
        r"\.labels\.eks\.amazonaws\.com/x: keys under .* are EKS's own",
    ),
    "a label of Kubernetes'": (
        group(labels={"node-role.kubernetes.io/x": "x"}),
        r"keys under node-role\.kubernetes\.io/ are Kubernetes' own",
    ),
    "too many taints": (
        taints(*((f"k{n}", "v", "NoSchedule") for n in range(51))),
        r"\.taints: 51 taints; AWS takes at most 50",
    ),
    "a taint's effect that there is not": (taints(("k", "v", "Never")), r"^node_groups\.system\.taints\[0\]\.effect: "),
    "a taint's value with a space": (
        taints(("k", "a b", "NoSchedule")),
        r"\.taints\[0\]\.value: 'a b' must be at most 63",
    ),
    "a taint's key with a space": (taints(("a b", "v", "NoSchedule")), r"\.taints\[0\]\.key: 'a b' must be at most 63"),
    "a taint twice": (
        taints(("k", "a", "NoSchedule"), ("k", "b", "NoSchedule")),
        r"\.taints\[1\]: there is another taint with key k",
    ),
    "no zones": (group(zones=[]), r"\.zones: give at least one zone"),
    "a zone twice": (group(zones=["us-east-1a"] * 2), r"\.zones: us-east-1a is given more than once"),
    "an instance type that AWS does not have": (
        group(instance_types=["m99.large"]),
        r"\.instance_types: m99\.large does not exist in this region",
    ),
    "instance types of two architectures": (
        group(instance_types=["m7g.large", "m7i.large"]),
        r"\.instance_types: .* another architecture",
    ),
    "an image for another architecture": (
        group(ami_type="AL2023_x86_64_STANDARD"),
        r"\.ami_type: AL2023_x86_64_STANDARD does not run on m7g",
    ),
    "accelerators without an image": (group(instance_types=["g5.xlarge"]), r"\.ami_type: g5\.xlarge has accelerators"),
    "a zone without subnets": (
        group(zones=["us-east-1d"]),
        r"\.zones: the private subnets have no us-east-1d; they have us-east-1a, us-east-1b",
    ),
    "a version newer than the cluster's": (
        group(version="1.36", release_version=None),
        r"node_groups\.system\.version: 1\.36 is newer than the cluster, which has 1\.35",
    ),
    "a version far behind the cluster's": (
        group(version="1.31", release_version=None),
        r"node_groups\.system\.version: 1\.31 is more than 3 minor versions behind the cluster",
    ),
    "a new group with an older version": (
        group(version="1.34", release_version=None),
        r"node_groups\.system\.version: a new group begins with the cluster's version, 1\.35",
    ),
}

BAD_WHEN_MADE: dict[str, tuple[Options, str]] = {
    "other instance types": (
        group(instance_types=["m6g.large"]),
        r"^NodeGroup acme-test/system: AWS cannot change instanceTypes in place .*second",
    ),
    "another capacity type": (
        group(capacity_type="spot"),
        r"^NodeGroup acme-test/system: AWS cannot change capacityType in place",
    ),
    "other zones": (group(zones=["us-east-1b"]), r"^NodeGroup acme-test/system: AWS cannot change subnets in place"),
    "another system": (
        group(os="bottlerocket", release_version=None),
        r"^NodeGroup acme-test/system: AWS cannot change amiType in place",
    ),
    "two versions back": (
        group(version="1.33", release_version=None),
        r"\.version: the group has 1\.35, and EKS rolls nodes back by one",
    ),
    "more removals than the limit": (
        {"node_groups": {}, "prune_limit": 1},
        r"^the plan deletes \d resources .* more than prune_limit \(1\)",
    ),
    "a group of another component": (
        {"component": "other"},
        r"^NodeGroup acme-test/system: exists, and is not this environment's",
    ),
    "a launch template of another component": (
        {"component": "other"},
        r"^LaunchTemplate acme-test-system: exists, and is not",
    ),
    "a role of another component": (
        {"component": "other"},
        r"^Role acme-test-node: the name acme-test-node is taken by",
    ),
}

CASE = Case(
    module="node_groups",
    options={"node_groups": {"system": GROUP, "batch": BATCH}, "volumes_kms_key": "volumes"},
    needs=(keys("volumes"), NETWORK, CLUSTER, NETWORK_PLUGIN),
    changes={
        ("NodeGroup", "Tags"): eks_tag("NodeGroup", "nodegroupArn"),
        ("NodeGroup", "scalingConfig"): config(scalingConfig={"minSize": 2, "maxSize": 4, "desiredSize": 2}),
        ("NodeGroup", "labels"): config(labels={"addOrUpdateLabels": {"team": "theirs"}, "removeLabels": ["tier"]}),
        ("NodeGroup", "taints"): config(
            taints={
                "addOrUpdateTaints": [{"key": "theirs", "value": "x", "effect": "NO_EXECUTE"}],
                "removeTaints": [{"key": "only", "value": "system", "effect": "NO_SCHEDULE"}],
            }
        ),
        ("NodeGroup", "updateConfig"): config(updateConfig={"maxUnavailable": 2}),
        ("NodeGroup", "nodeRepairConfig"): config(nodeRepairConfig={"enabled": False}),
        ("NodeGroup", "releaseVersion"): release("1.35", "1.35.6-20261022"),
        ("NodeGroup", "version"): release("1.34", "1.34.9-20261112"),
        ("NodeGroup", "launchTemplateVersion"): roll_to_another_template_version,
        ("LaunchTemplate", "Tags"): ec2_tag("LaunchTemplate", "LaunchTemplateId"),
        **{
            ("LaunchTemplate", name): new_template_version
            for name in (
                "BlockDeviceMappings",
                "MetadataOptions",
                "Monitoring",
                "TagSpecifications",
                "OtherData",
                "VersionDescription",
                "DefaultVersion",
            )
        },
        ("NodeAccess", "Tags"): eks_tag("NodeAccess", "accessEntryArn"),
        **ROLE,
    },
    smaller={"node_groups": {"system": GROUP}},
    purged=frozenset({"NodeGroup", "LaunchTemplate"}),
    side_effects=frozenset({"ec2/network-interface"}),
    bad=BAD,
    bad_when_made=BAD_WHEN_MADE,
)
