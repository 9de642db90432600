# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pod identity associations: what a change plans, and in which order."""

from __future__ import annotations

from typing import Any

from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Plan, Policy, plan, wanted
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Address, Owner, Properties
from ansible_collections.keelson.eks.plugins.module_utils.engine.schedule import schedule
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.cluster import ClusterLookup
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.pod_identity import (
    PodIdentityAssociation,
    pod_trust,
)
from ansible_collections.keelson.eks.plugins.module_utils.resources.iam.role import Role

OWNER = Owner("innovate", "dev", "pod_identities")
ARN = "arn:aws:eks:us-east-1:111111111111:cluster/innovate-dev"
KINDS = (Role, PodIdentityAssociation)


def association(name: str = "api", **given: Any) -> PodIdentityAssociation:
    role = Role(f"innovate-dev-{name}", f"innovate-dev-{name}", pod_trust(ARN, "api", "api"))
    return PodIdentityAssociation(
        **{
            "name": name,
            "cluster": ClusterLookup("innovate-dev"),
            "iam_role": role,
            "namespace": "api",
            "service_account": "api",
            **given,
        }
    )


def planned(before: PodIdentityAssociation, after: PodIdentityAssociation) -> Plan:
    world: dict[Address, Properties] = {(ClusterLookup, "innovate-dev"): {"name": "innovate-dev", "status": "ACTIVE"}}
    for resource in (before.iam_role, before):
        world[resource.address] = {
            **wanted(resource, world, OWNER, Policy()),
            "Arn": "arn:role",
            "clusterName": "innovate-dev",
        }
    world[before.address]["roleArn"] = "arn:role"
    return plan(Declaration((after,)), KINDS, world, {}, OWNER, Policy())


def test_another_role_changes_in_place() -> None:
    found = planned(association(), association(iam_role=association("web").iam_role))
    assert {(step.action, step.kind) for step in found.steps} == {
        ("create", Role),
        ("update", PodIdentityAssociation),
        ("delete", Role),
    }
    assert not found.refusals


def test_a_namespace_cannot_change_in_place() -> None:
    (refusal,) = planned(association(), association(namespace="web")).refusals
    assert "AWS cannot change namespace in place" in refusal


def test_an_identity_under_another_name_waits_until_its_service_account_is_free() -> None:
    order = schedule(planned(association(), association("web")).steps)
    (create,) = [each for each in order if each.verb == "create" and each.step.kind is PodIdentityAssociation]
    assert ("delete", PodIdentityAssociation) in {(first.verb, first.step.kind) for first in order[create]}
