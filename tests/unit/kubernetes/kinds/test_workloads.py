# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When a workload is ready, and what is said when it is not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.kinds.workloads import (
    is_stuck,
    pod_reasons,
    selector,
    unready,
)


def workload(kind: str, spec: dict[str, Any], **status: Any) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"generation": 2}, "spec": spec, "status": {"observedGeneration": 2, **status}}


def pod(**container: Any) -> dict[str, Any]:
    return {"metadata": {"name": "web-1"}, "status": {"containerStatuses": [{"name": "main", **container}]}}


@pytest.mark.parametrize(
    "live",
    [
        workload("Deployment", {"replicas": 2}, updatedReplicas=2, replicas=2, availableReplicas=2),
        workload("Deployment", {"replicas": 0}),
        workload("StatefulSet", {"replicas": 1}, updatedReplicas=1, availableReplicas=1),
        workload(
            "StatefulSet",
            {"replicas": 1, "updateStrategy": {"type": "OnDelete"}},
            updatedReplicas=0,
            availableReplicas=1,
        ),
        workload("DaemonSet", {}, desiredNumberScheduled=3, updatedNumberScheduled=3, numberAvailable=3),
        workload("DaemonSet", {}),
        {"kind": "ConfigMap", "metadata": {}},
    ],
)
def test_what_is_ready_lacks_nothing(live: dict[str, Any]) -> None:
    assert unready(live) == ""


@pytest.mark.parametrize(
    ("live", "told"),
    [
        (workload("Deployment", {}, observedGeneration=1), "its controller has not looked at it yet"),
        (
            workload("Deployment", {"replicas": 3}, updatedReplicas=1, replicas=3, availableReplicas=3),
            "1 of 3 pods are new",
        ),
        (
            workload("Deployment", {"replicas": 1}, updatedReplicas=1, replicas=2, availableReplicas=1),
            "1 old pods are still there",
        ),
        (workload("Deployment", {}, updatedReplicas=1, replicas=1), "0 of 1 pods are available"),
        (workload("StatefulSet", {"replicas": 2}, updatedReplicas=2, availableReplicas=1), "1 of 2 pods are available"),
        (
            workload("DaemonSet", {}, desiredNumberScheduled=2, updatedNumberScheduled=1, numberAvailable=2),
            "1 of 2 pods are new",
        ),
    ],
)
def test_what_is_not_ready_says_what_it_lacks(live: dict[str, Any], told: str) -> None:
    assert unready(live) == told


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (
            {"state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}},
            "ImagePullBackOff: Back-off pulling image",
        ),
        (
            {
                "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}},
            },
            "CrashLoopBackOff (it ended with exit code 137, OOMKilled)",
        ),
        ({"state": {"terminated": {"exitCode": 1, "reason": "Error"}}}, "Error: exit code 1"),
        ({"state": {"running": {}}, "ready": False}, "it runs, but its readiness probe fails"),
    ],
)
def test_a_pod_tells_the_container_and_the_reason(status: dict[str, Any], told: str) -> None:
    assert list(pod_reasons(pod(**status))) == [f"container main: {told}"]


@pytest.mark.parametrize(
    "status", [{"state": {"running": {}}, "ready": True}, {"state": {"waiting": {"reason": "ContainerCreating"}}}]
)
def test_a_pod_that_is_well_or_on_its_way_tells_nothing(status: dict[str, Any]) -> None:
    assert list(pod_reasons(pod(**status))) == []


def test_a_pod_that_nowhere_fits_says_so() -> None:
    condition = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": "0/2 nodes are available",
    }
    assert list(pod_reasons({"metadata": {}, "status": {"conditions": [condition]}})) == [
        "Unschedulable: 0/2 nodes are available"
    ]


def test_a_deployment_whose_controller_has_given_up_is_stuck() -> None:
    given_up = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
    assert is_stuck(workload("Deployment", {}, conditions=[given_up]))
    assert not is_stuck(
        workload("Deployment", {}, conditions=[{"type": "Progressing", "reason": "NewReplicaSetAvailable"}])
    )


def test_a_selector_is_written_as_the_api_reads_it() -> None:
    rules = [
        {"key": "tier", "operator": "In", "values": ["a", "b"]},
        {"key": "old", "operator": "DoesNotExist"},
        {"key": "new", "operator": "Exists"},
    ]
    assert selector({"matchLabels": {"app": "web"}, "matchExpressions": rules}) == "app=web,tier in (a,b),!old,new"
