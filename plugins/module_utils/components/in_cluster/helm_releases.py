# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Helm releases: the whole list at once, in the order of their needs and otherwise side by side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

from ...engine.converge import Outcome
from ...engine.errors import InvalidArguments, KeelsonError
from ...engine.plan import Declaration
from ...engine.report import plain
from ...engine.resource import UNKNOWN
from ...kubernetes.helm.charts import Chart, fetch
from ...kubernetes.helm.choice import open_helm
from ...kubernetes.helm.cluster import HelmCluster
from ...kubernetes.helm.interface import Helm, Source
from ...kubernetes.kinds.definition import CustomResourceDefinition
from ...kubernetes.kinds.namespace import NamespaceLookup
from ...kubernetes.kinds.release import HelmRelease
from ...kubernetes.kinds.target import TargetCluster
from ..component import Component, Context
from ..eks_names import cluster_of
from .helm_release_rules import declared, path_of, problems
from .helm_releases_options import OPTIONS

KINDS = (HelmRelease, CustomResourceDefinition)
FETCHERS = 8


opened = cache(open_helm)
"""The library is loaded once in a worker."""


def helm_of(context: Context) -> Callable[[], Helm]:
    return partial(opened, context["helm_executable"])


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    releases = declared(context.arguments)
    charts = fetch_all(context, releases)
    made: dict[str, HelmRelease] = {}
    for name in releases:
        make(context, name, releases, charts, made)
    return Declaration(tuple(made.values()))


def make(
    context: Context,
    name: str,
    releases: dict[str, dict[str, Any]],
    charts: dict[str, Chart],
    made: dict[str, HelmRelease],
) -> HelmRelease:
    if name not in made:
        release, cluster = releases[name], TargetCluster(cluster_of(context))
        definitions = charts[name].definitions() if release["crds"] else []
        made[name] = HelmRelease(
            name=name,
            namespace=NamespaceLookup(release["namespace"], cluster),
            cluster=cluster,
            chart=charts[name],
            values=release["values"],
            secret_values=(context["secret_values"] or {}).get(name, {}),
            timeout=release["timeout"],
            needs=tuple(make(context, need, releases, charts, made) for need in release["needs"]),
            option=path_of(context.arguments, name),
            definitions=tuple(
                CustomResourceDefinition(each["metadata"]["name"], cluster, each) for each in definitions
            ),
        )
    return made[name]


def fetch_all(context: Context, releases: dict[str, dict[str, Any]]) -> dict[str, Chart]:
    """Raises InvalidArguments with every chart that is not there."""

    def attempt(name: str) -> Chart | str:
        release = releases[name]
        try:
            return fetch(Source(release["chart"], release["repository"], release["version"]), helm_of(context))
        except KeelsonError as error:
            return f"{path_of(context.arguments, name)}.chart: {error}"

    with ThreadPoolExecutor(FETCHERS) as pool:
        found = dict(zip(releases, pool.map(attempt, releases), strict=True))
    if missing := [problem for problem in found.values() if isinstance(problem, str)]:
        raise InvalidArguments(*missing)
    return {name: chart for name, chart in found.items() if isinstance(chart, Chart)}


def cluster_api(context: Context) -> HelmCluster:
    return HelmCluster(
        context.aws, cluster_of(context), context["kubernetes_version"], helm_of(context), context["wait"]
    )


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    """What there is of each declared release; in check mode what there is so far."""
    paths = {"chart": "Chart", "revision": "Revision", "status": "Status", "endpoints": "Endpoints"}
    found = {}
    for name, release in declared(context.arguments).items():
        properties = outcome.world.get((HelmRelease, f"{release['namespace']}/{name}"), {})
        known = {output: plain(properties.get(path, UNKNOWN)) for output, path in paths.items()}
        found[name] = {"namespace": release["namespace"], **known}
    return {"releases": found}


COMPONENT = Component(
    name="helm_releases",
    options=OPTIONS,
    kinds=KINDS,
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("releases", "applications"),
    secret=frozenset({"secret_values"}),
    api=cluster_api,
    tagged=False,
)
