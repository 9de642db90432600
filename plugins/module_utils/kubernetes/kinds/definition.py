# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Custom resource definitions of charts: what must be there before a release, and is not left to Helm.

They are written by server-side apply under our own field manager, so that what others add to them stays theirs.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...engine.resource import Owner, Properties, Resource, State
from ..api.client import METADATA_LIST, Object
from ..api.cluster import Cluster
from ..api.compare import Subset
from ..api.ownership import labels, tags
from .target import TargetCluster

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
DIGEST = "keelson.dev/definition-digest"
"""An annotation: of all that a definition was made from."""
PROMPT = 5.0
"""Seconds within which the API server serves a new definition, unless something is in the way."""


class Definition(Subset):
    """What a custom resource definition says, shown in short: schemas are long."""

    def __repr__(self) -> str:
        return (
            f"versions {', '.join(version['name'] for version in self.value['spec']['versions'])} (sha256 "
            f"{digest(self.value)[:12]})"
        )


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
