# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Namespaces, and custom resource definitions: what must be there before a release, and is not left to Helm.

Both are written by server-side apply under our own field manager, so that what others add to them stays theirs.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..engine.resource import Lookup, Owner, Properties, Resource, State
from ..resources.eks.cluster import ClusterLookup
from .client import MANAGER, METADATA_LIST, Object
from .cluster import LABELS, Cluster, labels, owned, tags
from .compare import Subset

NAMESPACES = "/api/v1/namespaces"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
DIGEST = "keelson.dev/definition-digest"
"""An annotation: of all that a definition was made from."""
PROMPT = 5.0
"""Seconds within which the API server serves a new definition, unless something is in the way."""
SYSTEM_NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
"""Kubernetes makes them itself, and makes them again: they can be labelled, and never go."""


@dataclass(frozen=True)
class TargetCluster(ClusterLookup):
    """The cluster that all of this is in."""

    @classmethod
    def look_up(cls, api: Cluster, owner: Owner, keys: Collection[str]) -> Iterable[tuple[str, Properties]]:  # type: ignore[override]
        return super().look_up(api.aws, owner, keys)


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
        """Of labels and annotations those that our field manager holds: another's are none of ours, an edited one is not either.

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
        # The conditions of a namespace that cannot go name the API service, the content or the finalizer that is in the way:
        # https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/#NamespaceStatus
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


class Definition(Subset):
    """What a custom resource definition says, shown in short: schemas are long."""

    def __repr__(self) -> str:
        return f"versions {', '.join(version['name'] for version in self.value['spec']['versions'])} (sha256 {digest(self.value)[:12]})"


def digest(content: Object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class CustomResourceDefinition(Resource):
    """A definition from a chart's ``crds`` directory, which Helm would install and never change again.

    Deleting it deletes all custom resources of its kind.
    """

    key: str
    cluster: TargetCluster
    manifest: Object

    stateful = True
    id_name = "Uid"

    def desired(self) -> Properties:
        """With a digest: by its fields alone nobody would see that a later chart leaves one out."""
        metadata = {name: self.manifest["metadata"].get(name) or {} for name in ("labels", "annotations")}
        content = {"metadata": metadata, "spec": self.manifest["spec"]}
        annotations = {**metadata["annotations"], DIGEST: digest(content)}
        return {"Definition": Definition({**content, "metadata": {**metadata, "annotations": annotations}})}

    @classmethod
    def observe(cls, api: Cluster, owner: Owner) -> Iterable[tuple[str, Properties]]:
        if not api.exists:
            return
        selector = ",".join(f"{name}={value}" for name, value in labels(owner.scope).items())
        mine = {each["metadata"]["name"]: each for each in api.client.items(DEFINITIONS, labelSelector=selector)}
        for name, definition in mine.items():
            yield name, defined(definition)
        for other in api.client.items(DEFINITIONS, accept=METADATA_LIST):
            if (name := other["metadata"]["name"]) not in mine:
                yield name, {"Tags": tags(other["metadata"].get("labels"), name)}

    def create(self, api: Cluster, wanted: Properties) -> Properties:
        """Until it is served, which takes a moment: a release that needs it is not put off for that."""
        made = defined(write_definition(api, self.key, wanted["Definition"].value, wanted["Tags"]))
        deadline = time.monotonic() + PROMPT
        while not made["Established"] and not made["Trouble"] and time.monotonic() < deadline:
            time.sleep(0.1)
            made = defined(api.client.request("GET", f"{DEFINITIONS}/{self.key}"))
        return made

    @classmethod
    def update(cls, api: Cluster, observed: Properties, changes: Properties) -> Properties | None:
        owner = {**observed["Tags"], **changes.get("Tags", {})}
        if "Definition" in changes:
            return defined(write_definition(api, observed["Name"], changes["Definition"].value, owner))
        api.client.merge(f"{DEFINITIONS}/{observed['Name']}", {"metadata": {"labels": labels(owner)}})
        return None

    @classmethod
    def delete(cls, api: Cluster, observed: Properties) -> None:
        api.client.delete(f"{DEFINITIONS}/{observed['Name']}")

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        if observed.get("Deleted"):
            return State.DELETING, "custom resources of its kind are still there"
        if observed.get("Established", True):
            return State.READY, ""
        return State.PENDING, observed["Trouble"] or "the API server does not serve it yet"


def write_definition(api: Cluster, name: str, content: Object, owner: Mapping[str, str]) -> Object:
    metadata = {**content["metadata"], "name": name, "labels": {**content["metadata"]["labels"], **labels(owner)}}
    manifest = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": content["spec"],
    }
    return api.client.apply(f"{DEFINITIONS}/{name}", manifest, force=True)


def defined(definition: Object) -> Properties:
    metadata = definition["metadata"]
    conditions = {each["type"]: each for each in definition.get("status", {}).get("conditions") or []}
    names = conditions.get("NamesAccepted", {})
    return {
        "Name": metadata["name"],
        "Uid": metadata["uid"],
        "Definition": Definition({"metadata": metadata, "spec": definition["spec"]}),
        "Established": conditions.get("Established", {}).get("status") == "True",
        "Trouble": names.get("message", "") if names.get("status") == "False" else "",
        "Deleted": metadata.get("deletionTimestamp"),
        "Tags": tags(metadata.get("labels"), metadata["name"]),
    }
