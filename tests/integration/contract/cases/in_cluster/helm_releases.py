# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module helm_releases."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kubernetes.client import ApiextensionsV1Api, AppsV1Api, CoreV1Api
from localcloud.controlplane import binaries

from tests.integration.in_cluster.account import DEPLOYMENT, write_chart

from ....contract import in_clusters
from ...case import ROOT, Case, Options, Raw
from ..changes import Change
from ..needs import CLUSTER, NETWORK, NETWORK_PLUGIN, NODES
from .namespaces import OWNERS

DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: boats.acme.example
spec:
  group: acme.example
  scope: Namespaced
  names: {kind: Boat, plural: boats, singular: boat}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {length: {type: integer}}}
"""
BOAT = "apiVersion: acme.example/v1\nkind: Boat\nmetadata: {name: dinghy}\nspec: {length: 3}\n"
CONFIG = """
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {greeting: {{ .Values.greeting | default "hello" | quote }}}
"""
PASSWORD = """
apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}}
stringData: {password: {{ required "auth.password is missing" .Values.auth.password | quote }}}
"""

FOLDER = TemporaryDirectory(prefix="keelson-charts-")
"""Of the charts; it goes with this process."""
CHARTS = Path(FOLDER.name)
BOATS = write_chart(CHARTS / "boats", templates={"boat": BOAT, "config": CONFIG}, crds__boats=DEFINITION)
WEB_TEMPLATES = {"deployment": DEPLOYMENT, "config": CONFIG, "password": PASSWORD}
WEB = write_chart(CHARTS / "web", templates=WEB_TEMPLATES)
OTHER_WEB = write_chart(CHARTS / "other/web", version="1.0.1", templates=WEB_TEMPLATES)


def relabel(release: str, labels: dict[str, str | None]) -> Change:
    """On the Secret of its present revision; None takes a label away."""

    def make(raw: Raw) -> None:
        with raw.cluster() as api:
            core = CoreV1Api(api)
            [secret] = core.list_namespaced_secret(
                "default", label_selector=f"owner=helm,status=deployed,name={release}"
            ).items
            core.patch_namespaced_secret(secret.metadata.name, "default", {"metadata": {"labels": labels}})

    return make


def helm(raw: Raw, *arguments: str) -> int:
    """The exit code of ``helm``, run by an administrator."""
    where = f"--kubeconfig={in_clusters.kubeconfig(raw.cloud, 'acme-test')}"
    done = subprocess.run(
        [binaries.find() / "helm", where, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode


def upgrade(raw: Raw) -> None:
    """With another version of the chart, and other values."""
    values = ["--reuse-values", "--set=greeting=theirs,auth.password=theirs"]
    assert helm(raw, "upgrade", "web", OTHER_WEB, *values) == 0


def fail(raw: Raw) -> None:
    """An upgrade whose pods find no place."""
    assert helm(raw, "upgrade", "web", WEB, "--reuse-values", "--set=cpu=64", "--wait", "--timeout=1s") != 0


def drift(raw: Raw) -> None:
    """A Deployment scaled down, a ConfigMap edited. What is deleted is seen more easily: see test_helm_releases.py."""
    with raw.cluster() as api:
        AppsV1Api(api).patch_namespaced_deployment_scale("web", "default", {"spec": {"replicas": 0}})
        CoreV1Api(api).patch_namespaced_config_map("web", "default", {"data": {"greeting": "theirs"}})


def redefine(raw: Raw) -> None:
    """Another singular, and a field of another type."""
    with raw.cluster() as api:
        extensions = ApiextensionsV1Api(api)
        definition = extensions.read_custom_resource_definition("boats.acme.example", _preload_content=False).json()
        definition["spec"]["names"]["singular"] = "barge"
        schema = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
        schema["properties"]["length"]["type"] = "string"
        extensions.replace_custom_resource_definition("boats.acme.example", definition)


BOATS_RELEASE: Options = {"namespace": "default", "chart": BOATS, "values": {"greeting": "ahoy"}}
WEB_RELEASE: Options = {
    "namespace": "default",
    "chart": WEB,
    "values": {"replicas": 2, "cpu": "100m", "auth": {"user": "admin"}},
    "needs": ["boats"],
    "timeout": 60,
}
API: Options = {"image": {"repository": "api", "tag": "1.4.2"}, "port": 5000, "replicas": 1, "needs": ["web"]}
FETCHED: Options = {"chart": "redis", "repository": "https://charts.acme.example", "version": "1.2.3"}
NOTHING: Options = {"releases": {}, "applications": {}, "secret_values": None}


def web(**given: Any) -> Options:
    return {"releases": {"boats": BOATS_RELEASE, "web": {**WEB_RELEASE, **given}}}


def fetched(**given: Any) -> Options:
    return web(**{**FETCHED, **given})


def named(name: str) -> Options:
    return {"releases": {"boats": BOATS_RELEASE, "web": WEB_RELEASE, name: BOATS_RELEASE}}


def api(**given: Any) -> Options:
    return {"applications": {"api": {**API, **given}}}


BAD: dict[str, tuple[Options, str]] = {
    "a cluster of another environment": (
        {"cluster": "other"},
        r"^cluster: 'other' must be 'acme-test', or begin with 'acme-test-'",
    ),
    "a cluster with a space in its name": (
        {"cluster": "acme-test-a b"},
        r"^cluster: 'acme-test-a b' must be at most 50 letters",
    ),
    "a version that YAML has cut": (
        {"kubernetes_version": "1.4"},
        r"^kubernetes_version: '1\.4' is not a minor version such as 1\.35",
    ),
    "a helm that is not there": (
        {"helm_executable": "/nowhere/helm"},
        r"^helm_executable: there is no file /nowhere/helm",
    ),
    "releases that are no dictionary": ({"releases": ["web"]}, r"releases"),
    "a release that is no dictionary": (
        {"releases": {"web": WEB}},
        r"^releases\.web: '.*' is not a dictionary of options",
    ),
    "a release without a chart": (web(chart=None), r"^releases\.web\.chart: is required"),
    "a release without a namespace": (web(namespace=None), r"^releases\.web\.namespace: is required"),
    "an option that releases do not have": (web(chrat=WEB), r"^releases\.web\.chrat: "),
    "values that are no dictionary": (web(values="x"), r"^releases\.web\.values: "),
    "a time that is no number": (web(timeout="long"), r"^releases\.web\.timeout: "),
    "no time": (web(timeout=0), r"^releases\.web\.timeout: must be more than 0 seconds"),
    "an empty name": (named(""), r"^releases\.: a release's name has lower-case letters"),
    "a name in capitals": (named("Web"), r"^releases\.Web: a release's name has lower-case letters"),
    "a name too long": (named("w" * 54), r"^releases\.w+: a release's name has at most 53 characters; this one has 54"),
    "a namespace in capitals": (web(namespace="Shop"), r"^releases\.web\.namespace: 'Shop' is not a namespace's name"),
    "a need that there is not": (web(needs=["karpenter"]), r"^releases\.web\.needs: there is no release 'karpenter'"),
    "a release that needs itself": (
        web(needs=["web"]),
        r"^releases\.web\.needs: these releases need each other in a circle: web -> web",
    ),
    "releases that need each other": (web(needs=["api"]), r"\.needs: these releases need each other in a circle: "),
    "a chart that is not there": (
        web(chart="/nowhere/web"),
        r"^releases\.web\.chart: there is no chart at /nowhere/web",
    ),
    "a folder that is no chart": (
        web(chart=str(CHARTS)),
        r"^releases\.web\.chart: there is no chart at .*: neither a \.tgz nor",
    ),
    "a chart that is a file": (web(chart=f"{WEB}/Chart.yaml"), r"^releases\.web\.chart: there is no chart at"),
    "a chart's relative path": (web(chart="charts/web"), r"^releases\.web\.chart: 'charts/web' is no absolute path"),
    "a chart of no repository": (
        web(chart="redis"),
        r"^releases\.web\.chart: 'redis' is no absolute path .* Else name its repository",
    ),
    "a version of a chart on this machine": (
        web(version="1.0.0"),
        r"^releases\.web\.version: a chart on this machine has its version",
    ),
    "a fetched chart of any version": (
        fetched(version=None),
        r"^releases\.web\.version: is required for a chart that is fetched",
    ),
    "a chart in a registry of any version": (
        web(chart="oci://acme.example/redis"),
        r"^releases\.web\.version: is required for a chart",
    ),
    "a range of versions": (fetched(version="^1.2"), r"^releases\.web\.version: '\^1\.2' is not one exact version"),
    "a repository that is no URL": (
        fetched(repository="acme.example"),
        r"^releases\.web\.repository: 'acme\.example' is not an http://",
    ),
    "a repository that is a registry": (
        fetched(repository="oci://acme.example"),
        r"^releases\.web\.repository: .* written chart: oci://",
    ),
    "a chart's path in a repository": (
        fetched(chart="stable/redis"),
        r"^releases\.web\.chart: 'stable/redis' must be a chart's bare name",
    ),
    "two places for a chart": (
        fetched(chart="oci://acme.example/redis"),
        r"^releases\.web\.repository: an oci:// chart names its registry",
    ),
    "a repository that does not answer": (
        fetched(repository="http://127.0.0.1:9"),
        r"releases\.web\.chart: .*127\.0\.0\.1:9.*connection refused",
    ),
    "values that a chart cannot do without": (
        {"secret_values": None},
        r"^HelmRelease default/web: releases\.web: .*auth\.password is missing",
    ),
    "secrets of a release that there is not": (
        {"secret_values": {"wbe": {"auth": {"password": "x"}}}},
        r"^secret_values: 1 of them are for no release \(there are api, boats, web\)",
    ),
    "secrets that are no dictionary": (
        {"secret_values": {"web": "x"}},
        r"^secret_values\.web: must be a dictionary of the chart's values",
    ),
    "applications that are no dictionary": ({"applications": ["api"]}, r"applications"),
    "an application that is no dictionary": (
        {"applications": {"api": "x"}},
        r"^applications\.api: the value is not a dictionary of options",
    ),
    "an application without a chart": (
        {"application_chart": None},
        r"^application_chart: is required with applications",
    ),
    "an application chart that is not there": (
        {"application_chart": "/nowhere"},
        r"^application_chart: there is no chart at /nowhere",
    ),
    "an application of a release's name": (
        {"applications": {"web": API}},
        r"^applications\.web: there is a release of this name too",
    ),
    "an application's name in capitals": (
        {"applications": {"Api": API}},
        r"^applications\.Api: a release's name has lower-case letters",
    ),
    "an application's need that there is not": (
        api(needs=["redis"]),
        r"^applications\.api\.needs: there is no release 'redis'",
    ),
    "an application with no time": (api(timeout=0), r"^applications\.api\.timeout: must be more than 0 seconds"),
    "an application's namespace in capitals": (
        {"application_namespace": "Shop"},
        r"^applications\.api\.namespace: 'Shop' is not",
    ),
    "an option that applications do not have": (
        api(prot=5000),
        r"^applications\.api\.prot: .*port\?",
    ),
}

BAD_WHEN_MADE: dict[str, tuple[Options, str]] = {
    "a release of another component": (
        {"component": "other"},
        r"^HelmRelease default/web: exists, and is not this environment's",
    ),
    "a definition of another component": (
        {"component": "other"},
        r"^CustomResourceDefinition boats\.acme\.example: exists, and is not",
    ),
    "what another release has made": (
        named("fleet"),
        r"^HelmRelease default/fleet: releases\.fleet: Boat default/dinghy exists, and belongs",
    ),
    "what the API server would refuse": (
        web(values={"cpu": "lots"}),
        r"^HelmRelease default/web: releases\.web: Deployment default/web: .*quantities must match",
    ),
    "more removals than the limit": (
        {**NOTHING, "prune_limit": 1},
        r"^the plan deletes 3 resources .* more than prune_limit \(1\)",
    ),
}

CASE = Case(
    module="helm_releases",
    options={
        "releases": {"boats": BOATS_RELEASE, "web": WEB_RELEASE},
        "applications": {"api": API},
        "application_chart": str(ROOT / "charts/application"),
        "secret_values": {"web": {"auth": {"password": "correct-horse"}}},
    },
    needs=(NETWORK, CLUSTER, NETWORK_PLUGIN, NODES),
    changes={
        ("HelmRelease", "Chart"): upgrade,
        ("HelmRelease", "Values"): upgrade,
        ("HelmRelease", "SecretValues"): upgrade,
        ("HelmRelease", "Status"): fail,
        ("HelmRelease", "Drift"): drift,
        ("HelmRelease", "Needs"): relabel("web", {"need.keelson.dev/boats": None}),
        ("HelmRelease", "ChartDigest"): relabel("boats", {"keelson.dev/chart-digest": "0" * 40}),
        ("HelmRelease", "KubernetesVersion"): relabel("boats", {"keelson.dev/kubernetes-version": "1.34"}),
        ("CustomResourceDefinition", "Definition"): redefine,
    },
    unchangeable={("HelmRelease", "Tags"): OWNERS, ("CustomResourceDefinition", "Tags"): OWNERS},
    smaller={"releases": {"boats": BOATS_RELEASE}, "applications": {}, "secret_values": None},
    purged=frozenset({"HelmRelease"}),
    side_effects=frozenset({"kubernetes/deployment"}),
    bad=BAD,
    bad_when_made=BAD_WHEN_MADE,
    control_plane=True,
)
