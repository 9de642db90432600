# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether workloads are ready, and if not: why, in the words of the pods,
their containers and the events about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..api.client import Client, Object

EVENTS_SHOWN = 3


def unready(live: Object) -> str:
    """What a live object still lacks; empty when nothing, and for kinds that are ready once they are there."""
    rule = RULES.get(live["kind"])
    if rule is None:
        return ""
    if live.get("status", {}).get("observedGeneration", 0) < live["metadata"].get("generation", 0):
        return "its controller has not looked at it yet"
    return rule(live.get("spec", {}), live.get("status", {}))


def deployment(spec: Object, status: Object) -> str:
    wanted, updated = spec.get("replicas", 1), status.get("updatedReplicas", 0)
    if updated < wanted:
        return f"{updated} of {wanted} pods are new"
    if status.get("replicas", 0) > updated:
        return f"{status['replicas'] - updated} old pods are still there"
    return short_of(wanted, status.get("availableReplicas", 0))


def stateful_set(spec: Object, status: Object) -> str:
    wanted = spec.get("replicas", 1)
    strategy = spec.get("updateStrategy") or {}
    partition = (strategy.get("rollingUpdate") or {}).get("partition", 0)
    updated = status.get("updatedReplicas", 0)
    if strategy.get("type", "RollingUpdate") == "RollingUpdate" and not partition and updated < wanted:
        return f"{updated} of {wanted} pods are new"
    return short_of(wanted, status.get("availableReplicas", 0))


def daemon_set(spec: Object, status: Object) -> str:
    wanted, updated = status.get("desiredNumberScheduled", 0), status.get("updatedNumberScheduled", 0)
    if (spec.get("updateStrategy") or {}).get("type", "RollingUpdate") == "RollingUpdate" and updated < wanted:
        return f"{updated} of {wanted} pods are new"
    return short_of(wanted, status.get("numberAvailable", 0))


def short_of(wanted: int, available: int) -> str:
    return f"{available} of {wanted} pods are available" if available < wanted else ""


RULES = {"Deployment": deployment, "StatefulSet": stateful_set, "DaemonSet": daemon_set}


def is_stuck(live: Object) -> bool:
    """Whether its controller has given up on it:
    https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment.
    """
    conditions = live.get("status", {}).get("conditions") or []
    return any(
        each["type"] == "Progressing" and each.get("reason") == "ProgressDeadlineExceeded" for each in conditions
    )


def reasons(client: Client, live: Object) -> list[str]:
    """Why a workload is not ready: its pods' reasons, without repeating one that several pods have."""
    namespace, name = live["metadata"]["namespace"], live["metadata"]["name"]
    pods = list(client.items(f"/api/v1/namespaces/{namespace}/pods", labelSelector=selector(live["spec"]["selector"])))
    found: dict[str, str] = {}
    for pod in pods:
        for reason in pod_reasons(pod):
            found.setdefault(reason, pod["metadata"]["name"])
    result = [f"pod {pod}: {reason}" for reason, pod in found.items()]
    conditions = live.get("status", {}).get("conditions") or []
    result += [each["message"] for each in conditions if each["type"] == "ReplicaFailure" and each.get("message")]
    return result or list(warnings(client, namespace, name))


def pod_reasons(pod: Object) -> Iterator[str]:
    status = pod.get("status", {})
    if pod["metadata"].get("deletionTimestamp"):
        return
    for condition in status.get("conditions") or []:
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            yield f"{condition.get('reason', 'Unschedulable')}: {condition.get('message', '')}"
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        if reason := container_reason(container):
            yield f"container {container['name']}: {reason}"


def container_reason(container: Object) -> str:
    state: dict[str, Any] = container.get("state", {})
    last = container.get("lastState", {}).get("terminated")
    if waiting := state.get("waiting"):
        ended = f" (it ended with exit code {last['exitCode']}, {last.get('reason', '')})" if last else ""
        said = f": {waiting['message']}" if waiting.get("message") else ""
        return (
            ""
            if waiting.get("reason") in ("ContainerCreating", "PodInitializing")
            else f"{waiting.get('reason')}{said}{ended}"
        )
    if (ended_now := state.get("terminated")) and ended_now.get("exitCode"):
        return (
            f"{ended_now.get('reason', 'Error')}: exit code {ended_now['exitCode']} {ended_now.get('message', '')}"
        ).rstrip()
    return "it runs, but its readiness probe fails" if "running" in state and not container.get("ready") else ""


def warnings(client: Client, namespace: str, name: str) -> Iterable[str]:
    """The last warnings about a workload and what it has made:
    quotas and webhooks that refuse its pods tell it there.
    """
    events = client.items(f"/api/v1/namespaces/{namespace}/events", fieldSelector="type=Warning")
    about = [event for event in events if event["involvedObject"].get("name", "").startswith(name)]
    messages = dict.fromkeys(f"{event.get('reason')}: {event.get('message')}" for event in reversed(about))
    return list(messages)[:EVENTS_SHOWN]


def selector(given: Object) -> str:
    """A LabelSelector as a query has it."""
    parts = [f"{name}={value}" for name, value in (given.get("matchLabels") or {}).items()]
    for rule in given.get("matchExpressions") or []:
        words = {"In": "in", "NotIn": "notin"}
        if rule["operator"] in words:
            parts.append(f"{rule['key']} {words[rule['operator']]} ({','.join(rule['values'])})")
        else:
            parts.append(f"!{rule['key']}" if rule["operator"] == "DoesNotExist" else rule["key"])
    return ",".join(parts)
