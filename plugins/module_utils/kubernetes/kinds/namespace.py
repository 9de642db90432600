# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Namespaces, written by server-side apply under our own field manager,
so that what others add to them stays theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...engine.resource import Foresight, Lookup, Owner, Properties, Resource, State
from ..api.client import MANAGER, Object
from ..api.cluster import Cluster
from ..api.ownership import LABELS, labels, owned, tags
from .target import TargetCluster

NAMESPACES = "/api/v1/namespaces"
SYSTEM_NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
"""Kubernetes makes them itself, and makes them again: they can be labelled, and never go."""


@dataclass(frozen=True)
class Namespace(Resource):
    """A namespace with its own labels and annotations. Deleting it deletes everything in it."""

    key: str
    cluster: TargetCluster
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    stateful = True
    id_name = "Uid"

    def desired(self) -> Properties:
        return {"Labels": dict(self.labels), "Annotations": dict(self.annotations)}

    @classmethod
    def observe(cls, api: Cluster, owner: Owner) -> Iterable[tuple[str, Properties]]:
        """Of labels and annotations those that our field manager holds: another's are none of ours,
        an edited one is not either.

        A system namespace that nobody has labelled is not shown: declaring it labels it, as making one does.
        """
        for namespace in api.client.items(NAMESPACES) if api.exists else ():
            metadata = namespace["metadata"]
            mine = owned(owner, metadata.get("labels"))
            if mine or metadata["name"] not in SYSTEM_NAMESPACES:
                yield metadata["name"], described(namespace)

    def create(self, api: Cluster, wanted: Properties) -> Properties:
        return described(write_namespace(api, self.key, wanted["Labels"], wanted["Annotations"], wanted["Tags"]))

    @classmethod
    def update(cls, api: Cluster, observed: Properties, changes: Properties) -> None:
        after = {**observed, **changes, "Tags": {**observed["Tags"], **changes.get("Tags", {})}}
        write_namespace(api, observed["Name"], after["Labels"], after["Annotations"], after["Tags"])

    @classmethod
    def delete(cls, api: Cluster, observed: Properties) -> None:
        if observed["Name"] in SYSTEM_NAMESPACES:
            write_namespace(api, observed["Name"], {}, {}, {})
        else:
            api.client.delete(f"{NAMESPACES}/{observed['Name']}")

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        if observed.get("Phase") != "Terminating":
            return State.READY, ""
        return State.DELETING, "; ".join(observed["Trouble"]) or "it is terminating"


@dataclass(frozen=True)
class NamespaceLookup(Lookup):
    """A namespace that something is put in, whoever has made it."""

    key: str
    cluster: TargetCluster

    role = "namespaces"

    @classmethod
    def observe(cls, api: Cluster, owner: Owner) -> Iterable[tuple[str, Properties]]:
        for namespace in api.client.items(NAMESPACES) if api.exists else ():
            yield namespace["metadata"]["name"], described(namespace)

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return {**found, **(ahead.of(owner.of("namespaces"), Namespace) or {})}

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return Namespace.state(observed)


def write_namespace(
    api: Cluster, name: str, own: Mapping[str, str], annotations: Mapping[str, str], owner: Mapping[str, str]
) -> Object:
    metadata = {"name": name, "labels": {**own, **labels(owner)}, "annotations": dict(annotations)}
    return api.client.apply(
        f"{NAMESPACES}/{name}", {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}, force=True
    )


def described(namespace: Object) -> Properties:
    metadata, status = namespace["metadata"], namespace.get("status", {})
    held = held_fields(namespace).get("f:metadata", {})

    def of_ours(what: str) -> dict[str, str]:
        fields = held.get(f"f:{what}", {})
        return {name: value for name, value in (metadata.get(what) or {}).items() if f"f:{name}" in fields}

    return {
        "Name": metadata["name"],
        "Uid": metadata["uid"],
        "Labels": {name: value for name, value in of_ours("labels").items() if name not in LABELS.values()},
        "Annotations": of_ours("annotations"),
        "Phase": status.get("phase", "Active"),
        # The conditions of a namespace that cannot go name the API service, the content or the finalizer that is in the
        # way: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/#NamespaceStatus
        "Trouble": [
            each.get("message", each["type"]) for each in status.get("conditions") or [] if each["status"] == "True"
        ],
        "Tags": tags(metadata.get("labels"), metadata["name"]),
    }


def held_fields(live: Object) -> dict[str, Any]:
    """Which fields our field manager has applied, in the API server's notation (``f:metadata``: ``f:labels``: ...)."""
    for entry in live["metadata"].get("managedFields", []):
        if entry["manager"] == MANAGER and entry["operation"] == "Apply":
            return dict(entry.get("fieldsV1", {}))
    return {}
