# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Node groups: which options are refused, and what the others declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.node_groups import (
    COMPONENT,
    declare,
)
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import InvalidArguments
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.node_group import NodeGroup
from localcloud.testing import REGION, Cloud

GROUP = {"instance_types": ["m7g.large"], "min": 1, "max": 3}


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with Cloud() as cloud:
        keys = cloud.env["AWS_ACCESS_KEY_ID"], cloud.env["AWS_SECRET_ACCESS_KEY"]
        yield Aws(Connection(region=REGION, endpoint_url=cloud.url, access_key=keys[0], secret_key=keys[1]))


def arguments(groups: Any = None, **given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", "node_groups": groups, **given}


def problems(groups: Any = None, **given: Any) -> list[str]:
    return list(COMPONENT.problems(arguments(groups, **given)))


def declared(aws: Aws, groups: dict[str, Any], **given: Any) -> dict[str, NodeGroup]:
    context = Context(arguments(groups, **given), Owner("innovate", "dev", "node_groups"), aws)
    return {group.name: group for group in declare(context).resources if isinstance(group, NodeGroup)}


@pytest.mark.parametrize(
    ("options", "path", "rule"),
    [
        ({"instance_types": []}, "instance_types", "give at least one type"),
        ({"instance_types": ["m7g"]}, "instance_types", "is not an instance type"),
        ({"instance_types": ["m7g.large", "m7g.large"]}, "instance_types", "more than once"),
        ({"instance_types": [f"m{number}g.large" for number in range(21)]}, "instance_types", "at most 20"),
        ({"min": -1}, "min", "must be 0 or more"),
        ({"min": 0, "max": 0}, "max", "must be 1 or more"),
        ({"min": 4}, "min", "is more than max, which is 3"),
        ({"desired": 4}, "desired", "must be from min to max, 1 to 3"),
        ({"desired": 0}, "desired", "must be from min to max, 1 to 3"),
        ({"disk_size": 0}, "disk_size", "1 to 16384"),
        ({"disk_size": 16385}, "disk_size", "1 to 16384"),
        ({"disk_size": 10}, "disk_size", "need 20 at least"),
        ({"max_unavailable": 1, "max_unavailable_percentage": 10}, "max_unavailable", "give either this or"),
        ({"max_unavailable": 0}, "max_unavailable", "from 1 to 100"),
        ({"max_unavailable_percentage": 101}, "max_unavailable_percentage", "from 1 to 100"),
        ({"ami_type": "AL2_x86_64"}, "ami_type", "ends with Kubernetes 1.32"),
        ({"ami_type": "UBUNTU_x86_64"}, "ami_type", "must be one of"),
        ({"ami_type": "BOTTLEROCKET_ARM_64", "os": "al2023"}, "os", "contradicts ami_type"),
        ({"version": "1.3"}, "version", "Quote it in YAML"),
        ({"release_version": "1.35"}, "release_version", "is not a release of AL2023's images"),
        (
            {"release_version": "1.66.0", "os": "bottlerocket"},
            "release_version",
            "is not a release of BOTTLEROCKET's images",
        ),
        ({"release_version": "1.34.9-20261112", "version": "1.35"}, "release_version", "is not for Kubernetes 1.35"),
        ({"labels": {"a b": "x"}}, "labels.a b", "is not a label's key"),
        ({"labels": {"team/": "x"}}, "labels.team/", "is not a label's key"),
        ({"labels": {"team": "-x"}}, "labels.team", "is not a label's value"),
        ({"labels": {"team": True}}, "labels.team", "Quote it in YAML"),
        ({"labels": {"eks.amazonaws.com/nodegroup": "x"}}, "labels.eks.amazonaws.com/nodegroup", "EKS's own"),
        (
            {"labels": {"node-role.kubernetes.io/web": "x"}},
            "labels.node-role.kubernetes.io/web",
            "may not give them to itself",
        ),
        ({"labels": {"kubernetes.io/os": "x"}}, "labels.kubernetes.io/os", "may not give them to itself"),
        ({"taints": [{"key": "a b", "effect": "NoSchedule"}]}, "taints[0].key", "at most 63 characters"),
        ({"taints": [{"key": "a", "value": "x y", "effect": "NoSchedule"}]}, "taints[0].value", "at most 63 letters"),
        ({"taints": [{"key": "a", "effect": "NoSchedule"}] * 2}, "taints[1]", "there is another taint"),
        ({"taints": [{"key": f"a{number}", "effect": "NoExecute"} for number in range(51)]}, "taints", "at most 50"),
        ({"zones": []}, "zones", "give at least one zone"),
        ({"zones": ["us-east-1a", "us-east-1a"]}, "zones", "more than once"),
    ],
)
def test_a_group_that_breaks_a_rule_is_told_which(options: dict[str, Any], path: str, rule: str) -> None:
    (line,) = problems({"main": {**GROUP, **options}})
    assert line.startswith(f"node_groups.main.{path}: ")
    assert rule in line


@pytest.mark.parametrize(
    ("groups", "line"),
    [
        ({"main": {"instance_types": ["m7g.large"], "min": 1}}, "node_groups.main.max: is required."),
        ({"main": {**GROUP, "size": 3}}, "node_groups.main.size: there is no such option. There are "),
        (
            {"main": {**GROUP, "os": "ubuntu"}},
            "node_groups.main.os: 'ubuntu' is none of al2023, bottlerocket.",
        ),
        (
            {"main": {**GROUP, "subnet_tier": "public"}},
            "node_groups.main.subnet_tier: 'public' is none of private, database.",
        ),
        ({"main": {**GROUP, "min": "two"}}, "node_groups.main.min: 'two' is not a whole number."),
        (
            {"main": {**GROUP, "taints": [{"key": "a", "effect": "NO_SCHEDULE"}]}},
            "node_groups.main.taints[0].effect: 'NO_SCHEDULE' is none of NoSchedule",
        ),
        ({"main": ["m7g.large"]}, 'node_groups.main: ["m7g.large"] is not a dictionary of options'),
        ({"main": {"min": 1, "max": 2}}, "node_groups.main.instance_types: is required."),
        ({"-main": GROUP}, "node_groups.-main: a name has at most 63"),
        ({"m" * 64: GROUP}, f"node_groups.{'m' * 64}: a name has at most 63"),
    ],
)
def test_a_group_of_the_wrong_form_is_told_so(groups: dict[str, Any], line: str) -> None:
    assert [found[: len(line)] for found in problems(groups)] == [line]


@pytest.mark.parametrize("cluster", ["other", "innovate-development", "innovate-dev-" + "x" * 50, "innovate-dev-a/b"])
def test_a_cluster_is_known_by_its_name(cluster: str) -> None:
    (line,) = problems({}, cluster=cluster)
    assert line.startswith(f"cluster: {cluster!r} must be")


@pytest.mark.parametrize(
    "options",
    [
        {"labels": {"team": "core", "example.com/cost": 7, "node.kubernetes.io/pool": "web", "empty": ""}},
        {
            "taints": [
                {"key": "example.com/gpu", "value": "x", "effect": "NoSchedule"},
                {"key": "example.com/gpu", "effect": "NoExecute"},
            ]
        },
        {"min": 0, "desired": 0, "capacity_type": "spot", "disk_size": 20},
        {
            "os": "bottlerocket",
            "release_version": "1.66.0-3c7b8a71",
            "zones": ["us-east-1a"],
            "max_unavailable_percentage": 100,
        },
    ],
)
def test_a_group_within_the_rules_is_accepted(options: dict[str, Any]) -> None:
    assert problems({"main": {**GROUP, **options}}, cluster="innovate-dev-blue") == []


def test_groups_left_out_stay_and_none_removes_them(aws: Aws) -> None:
    owner = Owner("innovate", "dev", "node_groups")
    assert COMPONENT.is_left_out(arguments(None)) and not COMPONENT.is_left_out(arguments({}))
    assert declare(Context(arguments({}), owner, aws)).untouched == set()


@pytest.mark.parametrize(
    ("options", "image"),
    [
        ({"instance_types": ["m7g.large"]}, "AL2023_ARM_64_STANDARD"),
        ({"instance_types": ["m7i.large", "t3.large"]}, "AL2023_x86_64_STANDARD"),
        ({"instance_types": ["m7g.large"], "os": "bottlerocket"}, "BOTTLEROCKET_ARM_64"),
        ({"instance_types": ["t3.large"], "os": "bottlerocket"}, "BOTTLEROCKET_x86_64"),
        ({"instance_types": ["g5.xlarge"], "ami_type": "AL2023_x86_64_NVIDIA"}, "AL2023_x86_64_NVIDIA"),
    ],
)
def test_the_image_fits_the_architecture(aws: Aws, options: dict[str, Any], image: str) -> None:
    assert declared(aws, {"main": {**GROUP, **options}})["main"].ami_type == image


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"instance_types": ["m9.huge"]}, "instance_types: m9.huge does not exist in this region."),
        (
            {"instance_types": ["m7g.large", "m7i.large"]},
            "instance_types: m7g.large, m7i.large have different architectures.",
        ),
        ({"ami_type": "AL2023_x86_64_STANDARD"}, "ami_type: AL2023_x86_64_STANDARD does not run on m7g.large"),
        ({"instance_types": ["g5.xlarge"]}, "ami_type: g5.xlarge has accelerators"),
    ],
)
def test_instance_types_that_cannot_be_are_refused(aws: Aws, options: dict[str, Any], line: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        declared(aws, {"main": {**GROUP, **options}})
    assert [each[: len(line) + 17] for each in caught.value.problems] == [f"node_groups.main.{line}"]


def test_the_disk_of_bottlerocket_is_its_second_volume(aws: Aws) -> None:
    plain, bottlerocket = declared(aws, {"a": GROUP, "b": {**GROUP, "os": "bottlerocket", "disk_size": 80}}).values()
    assert plain.launch_template.volumes == {"/dev/xvda": 50}
    assert bottlerocket.launch_template.volumes == {"/dev/xvda": None, "/dev/xvdb": 80}


def test_instances_carry_the_users_tags_and_the_owners(aws: Aws) -> None:
    group = declared(aws, {"main": GROUP}, tags={"cost": "7"})["main"]
    tags = group.launch_template.desired()["TagSpecifications"]["instance"]
    assert {"cost": "7", "Name": "innovate-dev-main", "keelson:platform": "innovate"}.items() <= tags.items()


def test_all_groups_share_one_role_without_the_network_plugins_policy(aws: Aws) -> None:
    one, other = declared(aws, {"a": GROUP, "b": GROUP}).values()
    assert one.node_role == other.node_role
    assert not any("CNI" in policy for policy in one.node_role.managed_policies)


@pytest.mark.parametrize(("options", "size"), [({}, 1), ({"desired": 2}, 2), ({"min": 0, "desired": 0}, 0)])
def test_a_group_begins_with_its_minimum_unless_it_says_more(aws: Aws, options: dict[str, Any], size: int) -> None:
    assert declared(aws, {"main": {**GROUP, **options}})["main"].desired_size == size
