# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The live objects of releases against the manifests that Helm has stored: what drifted,
what is not ready, where it answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ..api.client import Client, FieldConflict, KubernetesError, Object, Served
from ..api.compare import as_stored, differences, without_bookkeeping
from ..helm.interface import MANAGER
from ..helm.records import Record
from . import workloads

READERS = 8
SHOWN = 5
"""Differences of one object that are told."""
MANAGED = {"app.kubernetes.io/managed-by": "Helm"}
SCALED = ("Deployment", "StatefulSet", "ReplicaSet")

Place = tuple[Served, str]


@dataclass
class Survey:
    """``drift``: by object, what is not as the manifest says; ``unready``: by object, what it lacks.

    ``stuck``: those of the unready that will not become ready by themselves. ``endpoints``: of its load balancers.
    """

    drift: dict[str, str] = field(default_factory=dict)
    unready: dict[str, str] = field(default_factory=dict)
    stuck: dict[str, str] = field(default_factory=dict)
    endpoints: list[str] = field(default_factory=list)


class Surveyor:
    """Reads every kind of object once for each namespace, however many releases have such objects."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def survey(self, records: Iterable[Record]) -> dict[str, Survey]:
        """By the records' keys."""
        objects = {
            record.key: [(each, place(self.client, record, each)) for each in applied(self.client, record)]
            for record in records
        }
        places = {where for each in objects.values() for _unused, where in each if where}
        with ThreadPoolExecutor(READERS) as pool:
            found = dict(zip(places, pool.map(self.read, places), strict=True))
            return dict(zip(objects, pool.map(lambda each: self.compare(each, found), objects.values()), strict=True))

    def read(self, where: Place) -> dict[str, Object]:
        served, namespace = where
        label = ",".join(f"{name}={value}" for name, value in MANAGED.items())
        items = self.client.items(served.path(namespace), labelSelector=label)
        # A list's items lack what the list itself says.
        return {
            item["metadata"]["name"]: {**item, "apiVersion": served.api_version, "kind": served.kind} for item in items
        }

    def compare(self, objects: list[tuple[Object, Place | None]], found: dict[Place, dict[str, Object]]) -> Survey:
        result = Survey()
        for manifest, where in objects:
            name = title(manifest)
            live = found[where].get(manifest["metadata"]["name"]) if where else None
            if live is None or where is None:
                result.drift[name] = "it is missing" if where else "the API server does not serve this kind any more"
                continue
            if told := self.drift(manifest, live, where):
                result.drift[name] = told
            self.look_after(live, name, result)
        return result

    def drift(self, manifest: Object, live: Object, where: Place) -> str:
        lines = list(differences(as_stored(manifest), live))
        if any(line.startswith("spec.replicas:") for line in lines) and self.is_scaled(live):
            manifest = {
                **manifest,
                "spec": {name: value for name, value in manifest["spec"].items() if name != "replicas"},
            }
            lines = list(differences(as_stored(manifest), live))
        if not lines or not self.would_change(manifest, live, where):
            return ""
        if manifest["kind"] == "Secret":
            lines = [f"{line.partition(':')[0]} differs" for line in lines]
        return "; ".join(lines[:SHOWN])

    def would_change(self, manifest: Object, live: Object, where: Place) -> bool:
        """A dry run settles what the API server, its defaults and its webhooks make of a manifest."""
        served, namespace = where
        try:
            made = self.client.apply(
                served.path(namespace, manifest["metadata"]["name"]), manifest, MANAGER, force=True, dry_run=True
            )
        except KubernetesError:
            return True
        return without_bookkeeping(made) != without_bookkeeping(live)

    def is_scaled(self, live: Object) -> bool:
        """Whether an autoscaler decides how many there are."""
        path = f"/apis/autoscaling/v2/namespaces/{live['metadata'].get('namespace')}/horizontalpodautoscalers"
        targets = [each["spec"]["scaleTargetRef"] for each in self.client.items(path)] if live["kind"] in SCALED else []
        return any(target["kind"] == live["kind"] and target["name"] == live["metadata"]["name"] for target in targets)

    def look_after(self, live: Object, name: str, result: Survey) -> None:
        if lack := workloads.unready(live):
            why = "; ".join([lack, *workloads.reasons(self.client, live)])
            result.unready[name] = why
            if workloads.is_stuck(live):
                result.stuck[name] = why
        for service in barriers(live):
            if not self.answers(*service):
                result.unready[name] = f"its webhook's service {'/'.join(service)} has no ready endpoint"
        if live["kind"] == "Service":
            ways_in = live.get("status", {}).get("loadBalancer", {}).get("ingress") or []
            result.endpoints += [each.get("hostname") or each.get("ip", "") for each in ways_in]

    def answers(self, namespace: str, service: str) -> bool:
        path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"
        slices = self.client.items(path, labelSelector=f"kubernetes.io/service-name={service}")
        return any(
            endpoint.get("conditions", {}).get("ready") for each in slices for endpoint in each.get("endpoints") or []
        )


def barriers(live: Object) -> set[tuple[str, str]]:
    """The services that must answer before anything else can be made:
    behind webhooks whose failure refuses requests.
    """
    if live["kind"] not in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"):
        return set()
    strict = [each for each in live.get("webhooks") or [] if each.get("failurePolicy", "Fail") == "Fail"]
    services = [each["clientConfig"]["service"] for each in strict if each.get("clientConfig", {}).get("service")]
    return {(service["namespace"], service["name"]) for service in services}


def applied(client: Client, record: Record, objects: list[Object] | None = None) -> list[Object]:
    """A release's objects as Helm applies them: it adds its label, its annotations and the release's namespace."""
    annotations = {"meta.helm.sh/release-name": record.name, "meta.helm.sh/release-namespace": record.namespace}
    result = []
    for manifest in record.objects() if objects is None else objects:
        metadata = manifest["metadata"]
        served = client.kind(manifest["apiVersion"], manifest["kind"])
        where = {"namespace": metadata.get("namespace") or record.namespace} if served and served.namespaced else {}
        own = {"labels": MANAGED, "annotations": annotations}
        extended = {name: {**(metadata.get(name) or {}), **more} for name, more in own.items()}
        result.append({**manifest, "metadata": {**metadata, **extended, **where}})
    return result


def place(client: Client, record: Record, manifest: Object) -> Place | None:
    served = client.kind(manifest["apiVersion"], manifest["kind"])
    return (served, manifest["metadata"].get("namespace", "")) if served else None


def title(manifest: Object) -> str:
    metadata = manifest["metadata"]
    return (
        f"{manifest['kind']} "
        + (f"{metadata['namespace']}/" if metadata.get("namespace") else "")
        + str(metadata["name"])
    )


def repair(client: Client, record: Record, drifted: Iterable[str]) -> None:
    """Apply the stored manifest again to what drifted: no new revision, no hooks, nothing rendered anew.

    What was edited by hand is taken back. Raises KubernetesError naming the field manager where
    another tool applies it.
    """
    wanted = set(drifted)
    for manifest in applied(client, record):
        where = place(client, record, manifest)
        if title(manifest) in wanted and where:
            path = where[0].path(where[1], manifest["metadata"]["name"])
            try:
                client.apply(path, manifest, MANAGER)
            except FieldConflict as conflict:
                if not conflict.by_hand:
                    raise conflict_of(title(manifest), conflict) from conflict
                client.apply(path, manifest, MANAGER, force=True)


def conflict_of(name: str, conflict: FieldConflict) -> KubernetesError:
    return KubernetesError(
        f"{name}: {conflict}. Leave these fields out of the values, or let that tool go of them: "
        "Keelson does not take them.",
        "Conflict",
        409,
    )


def rehearse(client: Client, record: Record, objects: list[Object], takes_over: Callable[[], None]) -> list[str]:
    """What the API server would say against these objects: one dry run each.

    ``takes_over``: told of fields edited by hand. What cannot be tried yet, because its kind or namespace is not
    there, is passed over.
    """

    def attempt(manifest: Object) -> str:
        where = place(client, record, manifest)
        if where is None:
            return ""
        try:
            client.apply(where[0].path(where[1], manifest["metadata"]["name"]), manifest, MANAGER, dry_run=True)
        except FieldConflict as conflict:
            if not conflict.by_hand:
                return str(conflict_of(title(manifest), conflict))
            takes_over()
        except KubernetesError as error:
            return "" if error.status == 404 else f"{title(manifest)}: {error}"
        return ""

    with ThreadPoolExecutor(READERS) as pool:
        return [said for said in pool.map(attempt, applied(client, record, objects)) if said]


def strangers(client: Client, record: Record, objects: list[Object]) -> list[str]:
    """Objects that a new release would make, and that exist without being its own."""

    def look(manifest: Object) -> str:
        where = place(client, record, manifest)
        live = client.find(where[0].path(where[1], manifest["metadata"]["name"])) if where else None
        wanted = manifest["metadata"]["annotations"]
        found = (live or {}).get("metadata", {}).get("annotations") or {}
        if live is None or all(found.get(name) == wanted[name] for name in wanted if name.startswith("meta.helm.sh/")):
            return ""
        whose = found.get("meta.helm.sh/release-name")
        return f"{title(manifest)} exists, and " + (
            f"belongs to the release {whose}" if whose else "no release has made it"
        )

    with ThreadPoolExecutor(READERS) as pool:
        return [said for said in pool.map(look, applied(client, record, objects)) if said]
