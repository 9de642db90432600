# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS clusters and access entries: how settings become calls,
what an update in progress will have made, who goes first.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Policy, plan
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Address, Owner, Properties, State
from ansible_collections.keelson.eks.plugins.module_utils.engine.schedule import schedule
from ansible_collections.keelson.eks.plugins.module_utils.resources.ec2.subnet import SubnetsLookup
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.access import AccessEntry, AccessPolicy
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.cluster import Cluster
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.cluster_changes import next_change, target
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.cluster_rules import no_such_way
from ansible_collections.keelson.eks.plugins.module_utils.resources.iam.role import Role, service_trust

OWNER = Owner("innovate", "dev", "cluster")
ADMIN = (AccessPolicy("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"),)
PRESENT: Properties = {
    "version": "1.34",
    "endpointPublicAccess": True,
    "endpointPrivateAccess": True,
    "publicAccessCidrs": {"203.0.113.0/24"},
    "clusterLogging": {"api", "audit"},
    "subnetIds": {"subnet-1", "subnet-2"},
}


def cluster(**given: Any) -> Cluster:
    options: dict[str, Any] = {
        "key": "innovate-dev",
        "role": Role("cluster", "innovate-dev-cluster", service_trust("eks.amazonaws.com")),
        "role_arn": "arn:aws:iam::111111111111:role/innovate-dev-cluster",
        "subnets": SubnetsLookup("private"),
        "version": "1.35",
        "private_access": True,
        "public_access": False,
        "public_cidrs": (),
        "log_types": (),
        "support_type": "STANDARD",
        "deletion_protection": False,
        "zonal_shift": False,
    }
    return Cluster(**{**options, **given})


@pytest.mark.parametrize(
    ("rest", "call"),
    [
        (
            {"encryptionKeyArn": "arn:key"},
            (
                "associate_encryption_config",
                {"encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": "arn:key"}}]},
            ),
        ),
        (
            {"subnetIds": {"subnet-3", "subnet-1"}, "securityGroupIds": {"sg-1"}},
            (
                "update_cluster_config",
                {"resourcesVpcConfig": {"subnetIds": ["subnet-1", "subnet-3"], "securityGroupIds": ["sg-1"]}},
            ),
        ),
        (
            {"clusterLogging": {"audit", "authenticator"}},
            (
                "update_cluster_config",
                {
                    "logging": {
                        "clusterLogging": [
                            {"types": ["authenticator"], "enabled": True},
                            {"types": ["api"], "enabled": False},
                        ]
                    }
                },
            ),
        ),
        ({"authenticationMode": "API"}, ("update_cluster_config", {"accessConfig": {"authenticationMode": "API"}})),
        ({"zonalShift": True}, ("update_cluster_config", {"zonalShiftConfig": {"enabled": True}})),
        ({"deletionProtection": False}, ("update_cluster_config", {"deletionProtection": False})),
        ({"supportType": "STANDARD"}, ("update_cluster_config", {"upgradePolicy": {"supportType": "STANDARD"}})),
        ({"version": "1.35"}, ("update_cluster_version", {"version": "1.35"})),
    ],
)
def test_every_kind_of_change_is_a_call_of_its_own(rest: Properties, call: tuple[str, dict[str, Any]]) -> None:
    # Whatever else is to be changed after it, is left to later calls.
    later = {"version": "1.35"} if "supportType" not in rest else {}
    operation, parameters = next_change("innovate-dev", PRESENT, {**later, **rest})
    assert (
        operation,
        {name: value for name, value in parameters.items() if name not in ("name", "clusterName")},
    ) == call


def test_extended_support_comes_before_the_version_that_needs_it() -> None:
    assert (
        next_change("innovate-dev", PRESENT, {"version": "1.35", "supportType": "EXTENDED"})[0]
        == "update_cluster_config"
    )


def test_extended_support_is_given_up_after_the_version_that_needed_it() -> None:
    assert (
        next_change("innovate-dev", PRESENT, {"version": "1.35", "supportType": "STANDARD"})[0]
        == "update_cluster_version"
    )


def test_endpoint_settings_are_sent_together_as_they_should_all_be() -> None:
    _unused, parameters = next_change("innovate-dev", PRESENT, {"endpointPrivateAccess": False})
    assert parameters["resourcesVpcConfig"] == {
        "endpointPublicAccess": True,
        "endpointPrivateAccess": False,
        "publicAccessCidrs": ["203.0.113.0/24"],
    }


def test_ranges_are_left_out_when_the_public_endpoint_goes() -> None:
    _unused, parameters = next_change("innovate-dev", PRESENT, {"endpointPublicAccess": False})
    assert parameters["resourcesVpcConfig"] == {"endpointPublicAccess": False, "endpointPrivateAccess": True}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("Version", "1.35", {"version": "1.35"}),
        ("EndpointPublicAccess", "false", {"endpointPublicAccess": False}),
        ("PublicAccessCidrs", '["198.51.100.7/32"]', {"publicAccessCidrs": {"198.51.100.7/32"}}),
        ("SecurityGroups", '["sg-1"]', {"securityGroupIds": {"sg-1"}}),
        ("DeletionProtection", "true", {"deletionProtection": True}),
        ("ZonalShiftConfig", '{"enabled": true}', {"zonalShift": True}),
        ("UpgradePolicy", '{"supportType": "EXTENDED"}', {"supportType": "EXTENDED"}),
        ("AuthenticationMode", "API", {"authenticationMode": "API"}),
        (
            "EncryptionConfig",
            '[{"resources": ["secrets"], "provider": {"keyArn": "arn:key"}}]',
            {"encryptionKeyArn": "arn:key"},
        ),
        ("PlatformVersion", "eks.1", {}),
        ("PublicAccessCidrs", "unheard of", {}),
    ],
)
def test_an_update_in_progress_shows_as_what_it_will_have_made(kind: str, value: str, expected: Properties) -> None:
    assert target(PRESENT, [{"type": kind, "value": value}]) == expected


def test_log_types_that_an_update_does_not_name_stay() -> None:
    value = json.dumps(
        {"clusterLogging": [{"types": ["scheduler"], "enabled": True}, {"types": ["api"], "enabled": False}]}
    )
    assert target(PRESENT, [{"type": "ClusterLogging", "value": value}]) == {"clusterLogging": {"audit", "scheduler"}}


@pytest.mark.parametrize(("present", "wanted"), [("1.34", "1.34"), ("1.34", "1.35"), ("1.9", "1.10")])
def test_the_same_version_and_the_next_can_be_had(present: str, wanted: str) -> None:
    assert no_such_way(present, wanted) == ""


def test_two_versions_at_once_are_refused_with_the_way_there() -> None:
    assert 'set version to "1.34", then "1.35", then "1.36"' in no_such_way("1.33", "1.36")


def test_a_downgrade_is_refused() -> None:
    assert "does not go back to 1.34" in no_such_way("1.35", "1.34")


@pytest.mark.parametrize(
    ("observed", "state", "why"),
    [
        ({"status": "ACTIVE"}, State.READY, ""),
        ({"status": "CREATING"}, State.PENDING, "its status is CREATING"),
        ({"status": "UPDATING"}, State.PENDING, "its status is UPDATING"),
        ({"status": "DELETING"}, State.DELETING, "its status is DELETING"),
        ({"status": "ACTIVE", "health": {"issues": []}}, State.READY, ""),
        (
            {"status": "ACTIVE", "health": {"issues": [{"code": "KmsKeyDisabled", "message": "enable it"}]}},
            State.UNHEALTHY,
            "KmsKeyDisabled: enable it",
        ),
        (
            {"status": "FAILED", "health": {"issues": [{"code": "IamRoleNotFound", "message": "gone"}]}},
            State.FAILED,
            "IamRoleNotFound: gone",
        ),
    ],
)
def test_a_clusters_state_comes_with_eks_own_reason(observed: Properties, state: State, why: str) -> None:
    assert Cluster.state(observed) == (state, why)


def made(resource: Cluster, **other: Any) -> dict[Address, Properties]:
    properties = {**resource.desired(), "name": resource.key, "status": "ACTIVE", "Tags": OWNER.tags(resource.key)}
    return {resource.address: {**properties, **other}}


def test_a_cluster_that_never_came_to_be_is_made_again() -> None:
    found = plan(Declaration((cluster(),)), (Cluster,), made(cluster(), status="FAILED"), {}, OWNER, Policy())
    assert [step.action for step in found.steps if step.kind is Cluster] == ["replace"]
    assert found.refusals == []


def test_a_cluster_is_never_replaced_for_its_service_range() -> None:
    world = made(cluster(), serviceIpv4Cidr="10.100.0.0/16")
    found = plan(
        Declaration((cluster(service_cidr="172.20.0.0/16"),)),
        (Cluster,),
        world,
        {},
        OWNER,
        Policy(allow_replacement=True),
    )
    assert "it is never replaced" in found.refusals[0]


def test_a_protected_cluster_is_not_removed() -> None:
    found = plan(Declaration(absent=True), (Cluster,), made(cluster(), deletionProtection=True), {}, OWNER, Policy())
    assert "cluster_deletion_protection: false" in found.refusals[0]


def test_access_entries_are_removed_only_after_others_were_made() -> None:
    old, new = (AccessEntry(f"arn:aws:iam::111111111111:role/{name}", cluster(), ADMIN) for name in ("old", "new"))
    world = {**made(cluster()), old.address: {**old.desired(), "Tags": OWNER.tags(old.key)}}
    found = plan(Declaration((new,)), (Cluster, AccessEntry), world, {}, OWNER, Policy())
    order = schedule(found.steps)
    (removal,) = [operation for operation in order if operation.verb == "delete"]
    assert ("create", new.key) in {(first.verb, first.step.key) for first in order[removal]}
