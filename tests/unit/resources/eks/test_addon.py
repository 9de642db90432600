# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Add-ons: what a change of the options plans, which health is waited for, and what a configuration may hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.json_schema import violations
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Plan, Policy, plan, wanted
from ansible_collections.keelson.eks.plugins.module_utils.engine.report import plain
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner, State
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.addon import (
    PRESERVE_TAG,
    Addon,
    CompatibleVersion,
)
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.cluster import ClusterLookup

OWNER = Owner("innovate", "dev", "addons")
FITTING = CompatibleVersion("v1.2.0-eksbuild.1", frozenset({"v1.3.0-eksbuild.1", "v1.2.0-eksbuild.1"}))
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["region"],
    "properties": {
        "region": {"type": "string"},
        "replicaCount": {"type": "integer"},
        "mode": {"enum": ["iptables", "ipvs"]},
        "env": {"type": "object", "additionalProperties": {"type": "string"}},
        "resources": {"$ref": "#/definitions/resources"},
        "ports": {"type": "array", "items": {"type": ["integer", "string"]}},
    },
    "definitions": {
        "resources": {"type": "object", "additionalProperties": False, "properties": {"limits": {"type": "object"}}}
    },
}


def addon(**given: Any) -> Addon:
    return Addon(**{"name": "coredns", "cluster": ClusterLookup("innovate-dev"), "version": FITTING, **given})


def planned(before: Addon, after: Addon, **observed: Any) -> Plan:
    present = {
        **wanted(before, {}, OWNER, Policy()),
        "status": "ACTIVE",
        "clusterName": "innovate-dev",
        "addonName": "coredns",
        **observed,
    }
    return plan(Declaration((after,)), (Addon,), {before.address: present}, {}, OWNER, Policy())


def changes(found: Plan) -> dict[str, Any]:
    return {name: plain(value) for step in found.steps for name, value in step.after.items()}


@pytest.mark.parametrize("version", ["v1.3.0-eksbuild.1", "v1.2.0-eksbuild.1"])
def test_a_version_that_fits_is_kept_when_none_is_asked_for(version: str) -> None:
    assert changes(planned(addon(version=version), addon())) == {}


def test_a_version_that_fits_no_longer_becomes_the_default() -> None:
    assert changes(planned(addon(version="v1.0.0-eksbuild.9"), addon())) == {"addonVersion": "v1.2.0-eksbuild.1"}


def test_a_version_that_is_asked_for_is_the_only_one() -> None:
    found = planned(addon(version="v1.2.0-eksbuild.1"), addon(version="v1.3.0-eksbuild.1"))
    assert changes(found) == {"addonVersion": "v1.3.0-eksbuild.1"}


def test_a_configuration_that_is_left_out_is_taken_away() -> None:
    assert changes(planned(addon(configuration={"replicaCount": 3}), addon())) == {"configurationValues": {}}


def test_how_a_configuration_is_written_means_nothing() -> None:
    before, after = {"a": {"x": 1, "y": [1, 2]}, "b": "2"}, {"b": "2", "a": {"y": [1, 2], "x": 1}}
    assert changes(planned(addon(configuration=before), addon(configuration=after))) == {}


def test_whether_the_pods_stay_is_kept_with_the_addon() -> None:
    (step,) = planned(addon(), addon(preserve=True)).steps
    assert step.after["Tags"][PRESERVE_TAG] == "true"


@pytest.mark.parametrize(
    ("status", "code", "minutes", "state"),
    [
        ("ACTIVE", "", 0, State.READY),
        ("CREATING", "", 0, State.PENDING),
        ("CREATING", "InsufficientNumberOfReplicas", 0, State.PENDING),
        ("CREATING", "ConfigurationConflict", 0, State.UNHEALTHY),
        ("UPDATING", "AccessDenied", 0, State.UNHEALTHY),
        ("DEGRADED", "InsufficientNumberOfReplicas", 1, State.PENDING),
        ("DEGRADED", "InsufficientNumberOfReplicas", 6, State.UNHEALTHY),
        ("DEGRADED", "AccessDenied", 1, State.UNHEALTHY),
        ("UPDATE_FAILED", "ConfigurationConflict", 0, State.UNHEALTHY),
        ("CREATE_FAILED", "ConfigurationConflict", 0, State.FAILED),
        ("DELETE_FAILED", "AccessDenied", 0, State.FAILED),
        ("DELETING", "", 0, State.DELETING),
    ],
)
def test_missing_replicas_are_waited_for_and_nothing_else_is(
    status: str, code: str, minutes: int, state: State
) -> None:
    changed = datetime.now(UTC) - timedelta(minutes=minutes)
    issues = [{"code": code, "message": "it does not work", "resourceIds": []}] if code else []
    observed = {
        "status": status,
        "health": {"issues": issues},
        "createdAt": changed - timedelta(days=1),
        "modifiedAt": changed,
    }
    found, why = Addon.state(observed)
    assert found is state
    assert not code or f"{code}: it does not work" in why


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (
            {"region": "x", "replicas": 3},
            "c.replicas: there is no such value. There are env, mode, ports, region, replicaCount, resources.",
        ),
        ({}, "c: region is missing."),
        ({"region": 3}, "c.region: 3 is not of type string."),
        ({"region": "x", "replicaCount": "3"}, "c.replicaCount: '3' is not of type integer."),
        ({"region": "x", "replicaCount": True}, "c.replicaCount: True is not of type integer."),
        ({"region": "x", "mode": "nft"}, "c.mode: 'nft' is not one of iptables, ipvs."),
        ({"region": "x", "env": {"A": 1}}, "c.env.A: 1 is not of type string."),
        (
            {"region": "x", "resources": {"limit": {}}},
            "c.resources.limit: there is no such value. Did you mean limits?",
        ),
        ({"region": "x", "ports": [1, "http", None]}, "c.ports[2]: None is not of type integer or string."),
        ("x", "c: 'x' is not of type object."),
    ],
)
def test_a_configuration_that_the_schema_does_not_know_is_told(value: Any, line: str) -> None:
    assert list(violations(value, SCHEMA, "c")) == [line]


@pytest.mark.parametrize("schema", [SCHEMA, {}, True, {"$ref": "#/definitions/missing"}, {"$ref": "#"}])
def test_a_configuration_within_the_schema_is_accepted(schema: Any) -> None:
    value = {
        "region": "x",
        "replicaCount": 3,
        "env": {"A": "1"},
        "resources": {"limits": {"cpu": 1}},
        "ports": [1, "http"],
    }
    assert list(violations(value, schema, "c")) == []
