# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carrying a release out: what a run that died left is picked up, a failure is explained and rolled back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...engine.errors import Blocked, KeelsonError
from ...engine.resource import Properties
from ..api.client import Client
from ..api.cluster import Access
from ..helm import records
from ..helm.cluster import HelmCluster
from ..helm.interface import HelmFailed, Spec
from ..helm.records import Record
from . import workloads
from .drift import applied, place, title

PASSING = (
    "failed calling webhook",
    "kubernetes cluster unreachable",
    "another operation (install/upgrade/rollback) is in progress",
    "connection refused",
    "connection reset by peer",
    "the server is currently unable to handle the request",
)
"""Of Helm's errors those that pass by themselves: a webhook whose pods have only just started,
an API server that restarts.
"""
PATIENCE = 120.0
GONE = 300
"""Seconds that an uninstall may take: a load balancer of a Service goes within three minutes."""


def deploy(api: HelmCluster, spec: Spec, inputs: Properties, take_over: bool) -> Record:
    """Install or upgrade.

    ``inputs``: what the release is made from; ``take_over``: take back fields that were edited by hand. Can be repeated
    at whatever point an earlier attempt has ended. Raises KeelsonError when Helm fails, having rolled back.
    """
    client = api.client
    with api.access() as access:
        last = recovered(api, access, spec, inputs)
        own = dict(spec.labels) if last is None else label_changes(spec.labels, last)
        spec = replace(spec, labels=own, wait=api.wait)
        try:
            if last is None:
                api.helm.install(access, spec)
            else:
                api.helm.upgrade(access, spec, take_over)
        except HelmFailed as error:
            raise failure(api, access, spec, last, error) from error
    return records.history(client, spec.namespace, spec.name)[-1]


def recovered(api: HelmCluster, access: Access, spec: Spec, inputs: Properties) -> Record | None:
    """The last revision, fit to be upgraded. One that a dead run left pending is let go of.

    If that was on its way to something else than what is wanted now, the release goes back first: Helm compares with
    the last revision that was deployed, and would forget what only the dead one has made.
    """
    past = alive(api.client, spec)
    last = past[-1] if past else None
    if last is None or not last.is_pending:
        return last
    records.mark_failed(api.client, last)
    good = [record for record in past if record.status == "deployed"]
    if good and last.inputs != inputs:
        api.helm.rollback(access, spec.name, spec.namespace, good[-1].revision, spec.timeout, wait=False)
    return alive(api.client, spec)[-1]


def alive(client: Client, spec: Spec) -> list[Record]:
    return [record for record in records.history(client, spec.namespace, spec.name) if record.status != "uninstalled"]


def label_changes(wanted: Mapping[str, str | None], record: Record) -> dict[str, str | None]:
    """With None for every label of ours that is not wanted any more:
    Helm hands labels on from one revision to the next.
    """
    ours = [name for name in record.labels if name.split("/")[0].endswith("keelson.dev")]
    return {**dict.fromkeys(ours), **wanted}


def failure(api: HelmCluster, access: Access, spec: Spec, before: Record | None, error: HelmFailed) -> KeelsonError:
    """What happened, why, and what was done about it."""
    said = str(error)
    past = alive(api.client, spec)
    if any(words in said for words in PASSING):
        return Blocked(said, patience=PATIENCE)
    if not past or (before and past[-1].revision == before.revision):
        return KeelsonError(said)  # refused before anything was touched
    why = "; ".join(diagnosis(api.client, past[-1]))
    text = f"{said}. {why}" if why else said
    good = [record.revision for record in past if record.status == "deployed"]
    if not good:
        return KeelsonError(
            f"{text}. It was never deployed before: what there is of it stays, to be looked at; "
            "the next run upgrades it."
        )
    try:
        api.helm.rollback(access, spec.name, spec.namespace, good[-1], spec.timeout, api.wait)
    except HelmFailed as second:
        return KeelsonError(f"{text}. Rolling back to revision {good[-1]} failed as well: {second}")
    return KeelsonError(f"{text}. It was rolled back to revision {good[-1]}.")


def diagnosis(client: Client, record: Record) -> list[str]:
    """What the release's workloads lack, and why."""
    result = []
    for manifest in applied(client, record):
        where = place(client, record, manifest)
        if manifest["kind"] not in workloads.RULES or where is None:
            continue
        live = client.find(where[0].path(where[1], manifest["metadata"]["name"]))
        if live and (lack := workloads.unready(live)):
            result.append(f"{title(manifest)}: {'; '.join([lack, *workloads.reasons(client, live)])}")
    return result


def uninstall(api: HelmCluster, namespace: str, name: str) -> None:
    """Until all of it is gone. Raises KeelsonError naming what stays, and the finalizers that hold it."""
    past = records.history(api.client, namespace, name)
    try:
        with api.access() as access:
            api.helm.uninstall(access, name, namespace, GONE)
    except HelmFailed as error:
        left = remains(api.client, past[-1]) if past else []
        raise KeelsonError(f"{error}" + (f". Still there: {'; '.join(left)}" if left else "")) from error


def remains(client: Client, record: Record) -> list[str]:
    result = []
    for manifest in applied(client, record):
        where = place(client, record, manifest)
        live = client.find(where[0].path(where[1], manifest["metadata"]["name"])) if where else None
        if live is not None:
            finalizers = ", ".join(live["metadata"].get("finalizers", [])) or "no finalizer"
            result.append(f"{title(manifest)} ({finalizers})")
    return result
