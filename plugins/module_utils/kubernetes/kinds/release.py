# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Helm releases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties, Resource, State
from ..api.client import load_all
from ..api.ownership import labels, tags
from ..helm import records
from ..helm.charts import Chart
from ..helm.cluster import HelmCluster
from ..helm.interface import HelmFailed, Spec
from ..helm.records import Record
from .definition import CustomResourceDefinition
from .deploy import deploy, label_changes, uninstall
from .drift import Survey, Surveyor, rehearse, repair, strangers
from .namespace import NamespaceLookup
from .target import TargetCluster

QUIET = frozenset({"Tags", "Needs"})
"""What is kept in labels alone: no new revision is made for it."""


@dataclass(frozen=True)
class HelmRelease(Resource):
    """A chart, installed with values. ``timeout``: seconds for Helm, and for its workloads to become ready.

    ``secret_values`` are laid over ``values`` and shown nowhere; ``option``: where the user declares it. Its inputs
    decide whether it is as it should be: a chart that renders something else each time does not change it.
    """

    name: str
    namespace: NamespaceLookup
    cluster: TargetCluster
    chart: Chart
    values: Mapping[str, Any] = field(default_factory=dict)
    secret_values: Mapping[str, Any] = field(default_factory=dict)
    timeout: int = 300
    needs: tuple[HelmRelease, ...] = ()
    definitions: tuple[CustomResourceDefinition, ...] = ()
    option: str = ""

    sensitive = frozenset({"SecretValues"})
    id_name = "Id"

    @property
    def key(self) -> str:
        return f"{self.namespace.key}/{self.name}"

    @property
    def config(self) -> dict[str, Any]:
        """The values as Helm keeps them: through JSON, and in the order of their names."""
        return dict(
            json.loads(json.dumps(records.merged(self.values, self.secret_values), default=str, sort_keys=True))
        )

    @property
    def secret_paths(self) -> frozenset[str]:
        return frozenset(records.path_digest(path) for path, _unused in records.leaves(self.secret_values))

    def desired(self) -> Properties:
        values, hidden = records.split(self.config, self.secret_paths)
        return {
            "Chart": f"{self.chart.name}-{self.chart.version}",
            "ChartDigest": self.chart.digest,
            "KubernetesVersion": self.cluster.ref("version"),
            "Values": values,
            "SecretValues": hidden,
            "Needs": sorted(need.key for need in self.needs),
            "Status": "deployed",
            "Drift": {},
        }

    @classmethod
    def observe(cls, api: HelmCluster, owner: Owner) -> Iterable[tuple[str, Properties]]:
        if not api.exists:
            return
        mine = ",".join(f"{name}={value}" for name, value in labels(owner.scope).items())
        own = records.latest(records.list_records(api.client, f"{records.ALIVE},{mine}"))
        yield from described(api, own)
        keys = {record.key for record in own}
        for key, found in records.names(api.client):
            if key not in keys:
                yield key, {"Tags": tags(found, key)}

    def create(self, api: HelmCluster, wanted: Properties) -> Properties:
        api.releases[self.key] = self
        return self.deploy(api, wanted)

    @classmethod
    def update(cls, api: HelmCluster, observed: Properties, changes: Properties) -> Properties | None:
        release = api.releases[observed["Id"]]
        after = {**observed, **changes, "Tags": {**observed["Tags"], **changes.get("Tags", {})}}
        if not changes.keys() <= QUIET | {"Drift"}:
            return release.deploy(api, after)
        record = records.history(api.client, *observed["Id"].split("/"))[-1]
        if "Drift" in changes:
            repair(api.client, record, observed["Drift"])
        if changes.keys() & QUIET:
            records.relabel(api.client, record, label_changes(release.labels(after), record))
        return next(described(api, [record]))[1]

    @classmethod
    def delete(cls, api: HelmCluster, observed: Properties) -> None:
        """Not before those that need it are gone: a controller still has to finish what its custom resources began."""
        namespace, name = observed["Id"].split("/")
        if users := sorted(
            key
            for key, _unused in records.names(api.client, f"{records.ALIVE},{records.NEED_PREFIX}{name}={namespace}")
        ):
            raise Blocked(f"{', '.join(users)} still need{'s' if len(users) == 1 else ''} it", patience=600)
        uninstall(api, namespace, name)

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        status = observed.get("Status", "deployed")
        if status == "uninstalling":
            return State.FAILED, "a run that uninstalled it ended before it was done"
        if status != "deployed":
            return State.UNHEALTHY, f"its status is {status}: {observed['Description']}"
        if stuck := observed.get("Stuck"):
            return State.UNHEALTHY, told(stuck)
        unready = observed.get("Unready")
        return (State.PENDING, told(unready)) if unready else (State.READY, "")

    def objection(self, api: HelmCluster, owner: Owner, observed: Properties, changes: Properties) -> str:
        """Rendered, and rehearsed against the API server: what would fail fails before anything is written."""
        api.releases[self.key] = self
        objections = self.objections(api, observed, changes)
        return f"{self.option}: {'; '.join(objections)}" if objections else ""

    def objections(self, api: HelmCluster, observed: Properties, changes: Properties) -> list[str]:
        if observed and (changes.keys() <= QUIET | {"Drift"} or observed["Status"] != "deployed"):
            return []
        spec = self.spec({})
        record = Record(self.name, self.namespace.key, 0, "", {}, {}, {})
        try:
            if not observed:
                objects = load_all(api.helm.render(spec, api.version, api.api_versions))
                return strangers(api.client, record, objects) if api.exists else []
            with api.access() as access:
                objects = load_all(api.helm.render_upgrade(access, spec))
        except HelmFailed as error:
            return [str(error)]
        return rehearse(api.client, record, objects, lambda: api.takes_over.add(self.key))

    def deploy(self, api: HelmCluster, wanted: Properties) -> Properties:
        version = wanted["KubernetesVersion"]
        record = deploy(api, self.spec(self.labels(wanted)), self.inputs(version), self.key in api.takes_over)
        return next(described(api, [record]))[1]

    def spec(self, own: Mapping[str, str | None]) -> Spec:
        return Spec(self.name, self.namespace.key, self.chart.path, self.config, self.timeout, labels=own)

    def inputs(self, version: str) -> Properties:
        """What decides whether a release is unchanged."""
        return {**{name: self.desired()[name] for name in INPUTS}, "KubernetesVersion": version}

    def labels(self, wanted: Properties) -> dict[str, str]:
        return {
            **labels(wanted["Tags"]),
            records.CHART_LABEL: self.chart.digest,
            records.VERSION_LABEL: wanted["KubernetesVersion"],
            **{f"{records.NEED_PREFIX}{need.name}": need.namespace.key for need in self.needs},
            **{f"{records.SECRET_PREFIX}{path}": "" for path in self.secret_paths},
        }


INPUTS = ("Chart", "ChartDigest", "KubernetesVersion", "Values", "SecretValues")


def described(api: HelmCluster, own: list[Record]) -> Iterator[tuple[str, Properties]]:
    surveys = Surveyor(api.client).survey(record for record in own if record.status == "deployed")
    for record in own:
        survey = surveys.get(record.key, Survey())
        yield (
            record.key,
            {
                **record.inputs,
                "Id": record.key,
                "Revision": record.revision,
                "Status": record.status,
                "Description": record.description,
                "Needs": sorted(records.needs(record.labels)),
                "Drift": survey.drift,
                "Unready": survey.unready,
                "Stuck": survey.stuck,
                "Endpoints": sorted(survey.endpoints),
                "Tags": tags(record.labels, record.key),
            },
        )


def told(objects: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {what}" for name, what in objects.items())
