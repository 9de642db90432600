# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Node groups and launch templates: what a change of the options plans, how it becomes a call, what a state means."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Plan, Policy, plan, wanted
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import (
    UNKNOWN,
    Address,
    Owner,
    Properties,
    Resource,
    State,
)
from ansible_collections.keelson.eks.plugins.module_utils.engine.schedule import schedule
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.launch_template import LaunchTemplate
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.access import NodeAccess
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.cluster import ClusterLookup
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.node_group import (
    NodeGroup,
    NodeGroupsLookup,
    NodeSubnets,
)
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.node_group_changes import (
    configuration,
    target,
    versions,
)
from ansible_collections.keelson.eks.plugins.module_utils.resources.iam.role import Role, service_trust
from ansible_collections.keelson.eks.plugins.module_utils.resources.kms.key import KeyLookup

OWNER = Owner("innovate", "dev", "node_groups")
KINDS = (Role, NodeAccess, LaunchTemplate, NodeGroup)
ROLE = Role("innovate-dev-node", "innovate-dev-node", service_trust("ec2.amazonaws.com"))
TAINT = {"key": "dedicated", "value": "batch", "effect": "NO_SCHEDULE"}


def template(**given: Any) -> LaunchTemplate:
    return LaunchTemplate(**{"name": "innovate-dev-main", "volumes": {"/dev/xvda": 50}, **given})


def group(**given: Any) -> NodeGroup:
    options: dict[str, Any] = {
        "name": "main",
        "cluster": ClusterLookup("innovate-dev"),
        "node_role": ROLE,
        "access": NodeAccess(ClusterLookup("innovate-dev"), ROLE),
        "subnets": NodeSubnets("private"),
        "launch_template": template(),
        "instance_types": ("m7g.large",),
        "ami_type": "AL2023_ARM_64_STANDARD",
        "capacity_type": "ON_DEMAND",
        "min_size": 1,
        "max_size": 3,
        "desired_size": 1,
        "update_config": {"maxUnavailable": 1, "updateStrategy": "DEFAULT"},
    }
    return NodeGroup(**{**options, **given})


def world(*resources: Resource, version: str = "1.35") -> dict[Address, Properties]:
    """An account in which all of this has been made, with a cluster and subnets around it."""
    subnets = {"us-east-1a": "subnet-1", "us-east-1b": "subnet-2"}
    found: dict[Address, Properties] = {
        (ClusterLookup, "innovate-dev"): {"name": "innovate-dev", "version": version, "status": "ACTIVE"},
        (NodeSubnets, "private"): {"SubnetIds": list(subnets.values()), "ByZone": subnets, "States": ["available"]},
        (KeyLookup, "volumes"): {"Arn": "arn:aws:kms:us-east-1:111111111111:key/1", "KeyState": "Enabled"},
    }
    decided = {
        Role: {"Arn": "arn:aws:iam::111111111111:role/node"},
        NodeAccess: {"clusterName": "innovate-dev"},
        LaunchTemplate: {"LaunchTemplateId": "lt-1", "LatestVersionNumber": 1, "DefaultVersionNumber": 1},
        NodeGroup: {"status": "ACTIVE", "desiredSize": 1, "launchTemplate": {"id": "lt-1", "version": "1"}},
    }
    for resource in resources:
        found[resource.address] = {**wanted(resource, found, OWNER, Policy()), **decided[type(resource)]}
    return found


def planned(before: NodeGroup, after: NodeGroup | None, policy: Policy = Policy(), version: str = "1.35") -> Plan:  # noqa: B008
    declaration = Declaration(() if after is None else (after,))
    present = world(before.node_role, before.access, before.launch_template, before)
    present[ClusterLookup, "innovate-dev"]["version"] = version
    return plan(declaration, KINDS, present, {}, OWNER, policy)


def steps(found: Plan) -> list[tuple[str, str, list[str]]]:
    return [(step.action, step.kind.__name__, sorted(step.after)) for step in found.steps]


def test_what_has_been_made_needs_no_change() -> None:
    assert steps(planned(group(), group())) == []


@pytest.mark.parametrize(
    ("options", "properties"),
    [
        ({"labels": {"team": "core"}}, ["labels"]),
        ({"taints": (TAINT,)}, ["taints"]),
        ({"min_size": 0, "max_size": 9}, ["scalingConfig"]),
        ({"update_config": {"maxUnavailablePercentage": 33, "updateStrategy": "DEFAULT"}}, ["updateConfig"]),
        ({"node_repair": False}, ["nodeRepairConfig"]),
        ({"version": "1.34"}, ["version"]),
        ({"release_version": "1.35.6-20261112"}, ["releaseVersion"]),
    ],
)
def test_these_change_in_place(options: dict[str, Any], properties: list[str]) -> None:
    found = planned(group(), group(**options))
    assert steps(found) == [("update", "NodeGroup", properties)]
    assert not found.refusals


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"instance_types": ("m6g.large",)}, "instanceTypes"),
        ({"ami_type": "BOTTLEROCKET_ARM_64"}, "amiType"),
        ({"capacity_type": "SPOT"}, "capacityType"),
        ({"zones": ("us-east-1a",)}, "subnets"),
    ],
)
def test_these_are_refused_and_the_way_out_is_told(options: dict[str, Any], name: str) -> None:
    (refusal,) = planned(group(), group(**options)).refusals
    assert refusal.startswith(f"NodeGroup innovate-dev/main: AWS cannot change {name} in place")
    assert "Make a second group under another name" in refusal


def test_a_replacement_that_is_allowed_deletes_the_group_first() -> None:
    found = planned(group(), group(capacity_type="SPOT"), Policy(allow_replacement=True))
    assert not found.refusals
    assert [operation.verb for operation in schedule(found.steps)] == ["delete", "create"]


def test_the_order_of_taints_means_nothing() -> None:
    other = {**TAINT, "effect": "NO_EXECUTE"}
    assert steps(planned(group(taints=(TAINT, other)), group(taints=(other, TAINT)))) == []


def test_the_number_of_nodes_to_begin_with_is_no_change_later() -> None:
    assert steps(planned(group(), group(desired_size=3))) == []


def test_new_content_of_the_launch_template_is_one_update_of_it_and_one_of_the_group_in_that_order() -> None:
    found = planned(group(), group(launch_template=template(volumes={"/dev/xvda": 80}, monitoring=True)))
    assert steps(found) == [
        ("update", "LaunchTemplate", ["BlockDeviceMappings", "Monitoring", "VersionDescription"]),
        ("update", "NodeGroup", ["launchTemplateVersion"]),
    ]
    order = schedule(found.steps)
    (last,) = [operation for operation in order if operation.step.kind is NodeGroup]
    assert {first.step.kind for first in order[last]} == {LaunchTemplate}


def test_a_version_of_the_template_with_the_same_content_leaves_the_nodes_alone() -> None:
    present = world(group().node_role, group().access, template(), group())
    present[LaunchTemplate, "innovate-dev-main"].update(
        Monitoring={"Enabled": True}, VersionDescription="", LatestVersionNumber=2
    )
    found = plan(Declaration((group(),)), KINDS, present, {}, OWNER, Policy())
    assert [step.kind for step in found.steps] == [LaunchTemplate]


def test_a_key_for_the_volumes_makes_another_version() -> None:
    encrypted = template(kms_key=KeyLookup("volumes"))
    assert encrypted.fingerprint != template().fingerprint
    (volume,) = world(encrypted)[encrypted.address]["BlockDeviceMappings"]
    assert volume["Ebs"]["KmsKeyId"] == "arn:aws:kms:us-east-1:111111111111:key/1"


def test_the_fingerprint_is_the_same_in_every_version_of_the_collection() -> None:
    """Another one would replace all nodes of all environments."""
    assert template(kms_key=KeyLookup("volumes")).fingerprint == "sha256:ce84917f3840fbfd3141e7e123bd2c82"
    assert template().fingerprint == "sha256:87ae9ad75ce8d3096712189f65102df3"


def test_nodes_follow_the_clusters_version() -> None:
    (step,) = planned(group(), group(), version="1.36").steps
    assert (step.before, step.after) == ({"version": "1.35"}, {"version": "1.36"})


def test_on_an_empty_account_all_is_planned_with_what_is_not_known_yet() -> None:
    found = plan(Declaration((group(),)), KINDS, {}, {}, OWNER, Policy())
    assert [step.kind for step in found.steps][-1] is NodeGroup
    assert found.steps[-1].after["version"] is UNKNOWN
    assert len(found.awaited) == 2


def test_a_group_that_is_no_longer_declared_goes_before_its_template_its_access_and_its_role() -> None:
    found = planned(group(), None)
    order = schedule(found.steps)
    firsts = {operation.step.kind: {first.step.kind for first in before} for operation, before in order.items()}
    assert firsts == {
        NodeGroup: set(),
        LaunchTemplate: {NodeGroup},
        NodeAccess: {NodeGroup},
        Role: {NodeGroup, NodeAccess},
    }


def test_labels_and_taints_go_to_eks_as_what_comes_and_what_goes() -> None:
    other = {"key": "old", "value": "", "effect": "NO_EXECUTE"}
    present = {"labels": {"a": "1", "b": "2"}, "taints": [TAINT, other]}
    changes = {"labels": {"a": "1", "c": "3"}, "taints": [{**TAINT, "value": "web"}]}
    assert configuration(present, changes) == {
        "labels": {"addOrUpdateLabels": {"c": "3"}, "removeLabels": ["b"]},
        "taints": {"addOrUpdateTaints": [{**TAINT, "value": "web"}], "removeTaints": [other]},
    }


@pytest.mark.parametrize(("nodes", "sent"), [(1, 2), (3, 3), (9, 4)])
def test_the_autoscalers_number_of_nodes_stays_within_the_limits(nodes: int, sent: int) -> None:
    parameters = configuration({"desiredSize": nodes}, {"scalingConfig": {"minSize": 2, "maxSize": 4}})
    assert parameters == {"scalingConfig": {"minSize": 2, "maxSize": 4, "desiredSize": sent}}


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({"launchTemplateVersion": "x"}, {"version": "1.35", "releaseVersion": "1.35.6-20261022"}),
        ({"version": "1.36"}, {"version": "1.36"}),
        (
            {"version": "1.36", "releaseVersion": "1.36.2-20261112"},
            {"version": "1.36", "releaseVersion": "1.36.2-20261112"},
        ),
        ({"releaseVersion": "1.35.6-20261112"}, {"version": "1.35", "releaseVersion": "1.35.6-20261112"}),
    ],
)
def test_the_image_stays_unless_its_release_or_the_kubernetes_version_changes(
    changes: Properties, sent: Properties
) -> None:
    assert versions({"version": "1.35", "releaseVersion": "1.35.6-20261022"}, changes) == sent


def test_an_update_in_progress_is_shown_as_if_it_were_done() -> None:
    before = {
        "version": "1.34",
        "releaseVersion": "1.34.9-20261022",
        "launchTemplate": {"id": "lt-1", "version": "1"},
        "scalingConfig": {"minSize": 1, "maxSize": 2, "desiredSize": 1},
        "updateConfig": {"maxUnavailable": 1, "updateStrategy": "DEFAULT"},
        "labels": {"a": "1", "b": "2"},
        "taints": [TAINT],
    }
    params = {
        "Version": "1.35",
        "ReleaseVersion": "1.35.6-20261112",
        "LaunchTemplateVersion": "2",
        "MinSize": "2",
        "MaxSize": "4",
        "DesiredSize": "3",
        "MaxUnavailablePercentage": "50",
        "LabelsToAdd": '{"c": "3"}',
        "LabelsToRemove": '["a"]',
        "TaintsToRemove": f'[{{"key": "{TAINT["key"]}", "effect": "{TAINT["effect"]}"}}]',
        "NodeRepairConfig": '{"enabled": true}',
    }
    assert target(before, [{"type": name, "value": value} for name, value in params.items()]) == {
        "version": "1.35",
        "releaseVersion": "1.35.6-20261112",
        "launchTemplate": {"id": "lt-1", "version": "2"},
        "scalingConfig": {"minSize": 2, "maxSize": 4, "desiredSize": 3},
        "updateConfig": {"maxUnavailablePercentage": 50, "updateStrategy": "DEFAULT"},
        "labels": {"b": "2", "c": "3"},
        "taints": [],
        "nodeRepairConfig": {"enabled": True},
    }


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("ACTIVE", State.READY),
        ("CREATING", State.PENDING),
        ("UPDATING", State.PENDING),
        ("DEGRADED", State.UNHEALTHY),
        ("CREATE_FAILED", State.FAILED),
        ("DELETE_FAILED", State.FAILED),
        ("DELETING", State.DELETING),
    ],
)
def test_a_state_is_told_in_awss_words(status: str, state: State) -> None:
    issue = {"code": "AsgInstanceLaunchFailures", "message": "no capacity", "resourceIds": ["eks-main"]}
    found, why = NodeGroup.state({"status": status, "health": {"issues": [issue]}})
    assert found is state
    assert found is State.READY or "AsgInstanceLaunchFailures: no capacity (eks-main)" in why


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["CREATING", "ACTIVE"], State.READY),
        (["CREATE_FAILED", "UPDATING"], State.READY),
        (["CREATE_FAILED", "CREATING"], State.PENDING),
        (["CREATE_FAILED"], State.FAILED),
    ],
)
def test_one_group_with_nodes_is_enough_for_what_needs_nodes(statuses: list[str], state: State) -> None:
    groups = [{"nodegroupName": f"g{number}", "status": status} for number, status in enumerate(statuses)]
    assert NodeGroupsLookup.state({"NodeGroups": groups})[0] is state
