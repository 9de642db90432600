# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Helm releases and namespaces: which options are refused, and what the others declare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Component, Context
from ansible_collections.keelson.eks.plugins.module_utils.components.in_cluster import helm_releases, namespaces
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.kinds.namespace import Namespace
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.kinds.release import HelmRelease

ROOT = Path(__file__).resolve().parents[4]
CHART = str(ROOT / "charts/application")
FETCHED = {"namespace": "apps", "chart": "redis", "repository": "https://charts.example", "version": "1.2.3"}
LOCAL = {"namespace": "apps", "chart": CHART}


def arguments(component: Component, **given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in component.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", **given}


def problems(component: Component, **given: Any) -> list[str]:
    return list(component.problems(arguments(component, **given)))


def declared(component: Component, **given: Any) -> list[Any]:
    context = Context(
        arguments(component, **given), Owner("innovate", "dev", component.name), Aws(Connection("us-east-1"))
    )
    return list(component.declare(context).resources)


@pytest.mark.parametrize(
    ("options", "path", "rule"),
    [
        ({**LOCAL, "namespace": "Apps"}, ".namespace", "is not a namespace's name"),
        ({**LOCAL, "timeout": 0}, ".timeout", "more than 0 seconds"),
        ({**LOCAL, "needs": ["missing"]}, ".needs", "no release 'missing'"),
        ({**LOCAL, "needs": ["web"]}, ".needs", "need each other in a circle"),
        ({**LOCAL, "version": "1.2.3"}, ".version", "has its version in its Chart.yaml"),
        ({**LOCAL, "chart": "/nowhere/chart"}, ".chart", "there is no chart at /nowhere/chart"),
        ({**LOCAL, "chart": "charts/web"}, ".chart", "is no absolute path"),
        ({**LOCAL, "chart": "redis"}, ".chart", "Else name its repository"),
        ({**FETCHED, "version": None}, ".version", "is required for a chart that is fetched"),
        ({**FETCHED, "version": "^1.2"}, ".version", "is not one exact version"),
        ({**FETCHED, "version": "1.2"}, ".version", "is not one exact version"),
        ({**FETCHED, "repository": "charts.example"}, ".repository", "is not an http:// or https:// URL"),
        ({**FETCHED, "repository": "oci://registry.example"}, ".repository", "chart: oci://"),
        ({**FETCHED, "chart": "stable/redis"}, ".chart", "must be a chart's bare name"),
        ({"namespace": "apps", "chart": "oci://registry.example/redis"}, ".version", "is required"),
        ({**FETCHED, "chart": "oci://registry.example/redis"}, ".repository", "names its registry itself"),
        ({"namespace": "apps"}, ".chart", "is required"),
        ({"chart": CHART}, ".namespace", "is required"),
        ({**LOCAL, "chrat": 1}, ".chrat", "Did you mean chart?"),
        ({**LOCAL, "values": "x"}, ".values", "is not a dictionary"),
        ("x", "", "is not a dictionary of options"),
    ],
)
def test_a_releases_option_that_breaks_a_rule_is_named_with_its_path(options: Any, path: str, rule: str) -> None:
    found = problems(helm_releases.COMPONENT, releases={"web": options})
    assert any(problem.startswith(f"releases.web{path}: ") and rule in problem for problem in found), found


@pytest.mark.parametrize("name", ["Web", "web_1", "-web", "web.api"])
def test_a_name_that_helm_would_refuse_is_refused(name: str) -> None:
    assert (
        f"releases.{name}: a release's name has lower-case"
        in problems(helm_releases.COMPONENT, releases={name: LOCAL})[0]
    )


def test_a_name_that_is_too_long_for_helm_is_refused() -> None:
    assert problems(helm_releases.COMPONENT, releases={"w" * 53: LOCAL}) == []
    assert "at most 53 characters; this one has 54" in problems(helm_releases.COMPONENT, releases={"w" * 54: LOCAL})[0]


def test_releases_that_need_each_other_are_told_as_a_circle() -> None:
    releases = {
        "a": {**LOCAL, "needs": ["b"]},
        "b": {**LOCAL, "needs": ["c"]},
        "c": {**LOCAL, "needs": ["a"]},
        "d": LOCAL,
    }
    [problem] = problems(helm_releases.COMPONENT, releases=releases)
    assert "in a circle: " in problem and problem.count(" -> ") == 3


@pytest.mark.parametrize(
    ("options", "path", "rule"),
    [
        ({"applications": {"api": {}}}, "application_chart", "is required with applications"),
        (
            {"applications": {"api": {}}, "application_chart": "/nowhere"},
            "application_chart",
            "there is no chart at /nowhere",
        ),
        (
            {"applications": {"api": 5}, "application_chart": CHART},
            "applications.api",
            "is not a dictionary of options",
        ),
        (
            {"applications": {"api": {}}, "releases": {"api": LOCAL}, "application_chart": CHART},
            "applications.api",
            "a release of this name",
        ),
        (
            {"applications": {"api": {"namespace": "A"}}, "application_chart": CHART},
            "applications.api.namespace",
            "not a namespace's name",
        ),
        (
            {"applications": {"api": {"needs": ["db"]}}, "application_chart": CHART},
            "applications.api.needs",
            "no release 'db'",
        ),
        ({"applications": {"API": {}}, "application_chart": CHART}, "applications.API", "lower-case"),
        ({"kubernetes_version": "1.3"}, "kubernetes_version", "Quote it in YAML"),
        ({"helm_executable": "/nowhere/helm"}, "helm_executable", "there is no file"),
        ({"secret_values": {"web": {"a": 1}}}, "secret_values", "1 of them are for no release (there are none)"),
        ({"secret_values": {"web": "x"}, "releases": {"web": LOCAL}}, "secret_values.web", "must be a dictionary"),
        ({"cluster": "other"}, "cluster", "begin with 'innovate-dev-'"),
    ],
)
def test_an_option_that_breaks_a_rule_is_named(options: dict[str, Any], path: str, rule: str) -> None:
    found = problems(helm_releases.COMPONENT, **options)
    assert any(problem.startswith(f"{path}: ") and rule in problem for problem in found), found


def test_good_options_break_no_rule() -> None:
    releases = {
        "cache": FETCHED,
        "web": {**LOCAL, "needs": ["cache", "api"]},
        "oci": {**FETCHED, "repository": None, "chart": "oci://r.example/redis"},
    }
    given = {
        "applications": {"api": {"image": {"repository": "api", "tag": "1"}, "port": 5000}},
        "application_chart": CHART,
        "secret_values": {"api": {"env": {"A": "b"}}},
    }
    assert (
        problems(helm_releases.COMPONENT, releases=releases, kubernetes_version="1.35", cluster="innovate-dev", **given)
        == []
    )


def test_an_application_is_a_release_of_the_application_chart() -> None:
    applications = {"api": {"port": 5000, "timeout": 60, "needs": ["db"]}, "db": {"namespace": "data", "port": 5432}}
    found = declared(
        helm_releases.COMPONENT, applications=applications, application_chart=CHART, application_namespace="apps"
    )
    releases = {each.name: each for each in found if isinstance(each, HelmRelease)}
    assert releases["api"].key == "apps/api" and releases["db"].key == "data/db"
    assert (releases["api"].values, releases["api"].timeout) == ({"port": 5000}, 60)
    assert releases["api"].needs == (releases["db"],)


def test_releases_that_are_left_out_are_left_alone_and_none_means_none() -> None:
    component = helm_releases.COMPONENT
    assert component.is_left_out(arguments(component))
    assert not component.is_left_out(arguments(component, applications={}))
    assert declared(helm_releases.COMPONENT, releases={}) == []


def test_secret_values_are_no_part_of_what_is_shown() -> None:
    releases = {"web": {**LOCAL, "values": {"auth": {"user": "admin"}}}}
    [release] = declared(
        helm_releases.COMPONENT, releases=releases, secret_values={"web": {"auth": {"password": "horse"}}}
    )
    assert release.config == {"auth": {"password": "horse", "user": "admin"}}
    shown = {name: value for name, value in release.desired().items() if name not in release.sensitive}
    assert "horse" not in str(shown) and "admin" in str(shown)


@pytest.mark.parametrize(
    ("name", "options", "path", "rule"),
    [
        ("Apps", {}, "", "lower-case letters"),
        ("a" * 64, {}, "", "at most 63"),
        ("kube-apps", {}, "", "reserved for Kubernetes"),
        ("kube-system", {"pod_security": "restricted"}, ".pod_security", "must be privileged"),
        ("apps", {"pod_security": "strict"}, ".pod_security", "none of privileged, baseline, restricted"),
        ("apps", {"labels": {"-a": "b"}}, ".labels.-a", "not a label's key"),
        ("apps", {"labels": {"a": "not ok"}}, ".labels.a", "not a label's value"),
        ("apps", {"labels": {"a": 5}}, ".labels.a", "not a label's value"),
        ("apps", {"labels": {"keelson.dev/platform": "x"}}, ".labels.keelson.dev/platform", "reserved"),
        (
            "apps",
            {"labels": {"pod-security.kubernetes.io/warn": "x"}},
            ".labels.pod-security.kubernetes.io/warn",
            "set pod_security instead",
        ),
        ("apps", {"labels": {"kubernetes.io/metadata.name": "x"}}, ".labels.kubernetes.io/metadata.name", "reserved"),
        ("apps", {"annotations": {"a b": "x"}}, ".annotations.a b", "not a valid key"),
        ("apps", {"lables": {}}, ".lables", "Did you mean labels?"),
        ("apps", 5, "", "is not a dictionary of options"),
    ],
)
def test_a_namespaces_option_that_breaks_a_rule_is_named_with_its_path(
    name: str, options: Any, path: str, rule: str
) -> None:
    found = problems(namespaces.COMPONENT, namespaces={name: options})
    assert any(problem.startswith(f"namespaces.{name}{path}: ") and rule in problem for problem in found), found


def test_a_namespace_enforces_baseline_and_kube_system_nothing() -> None:
    found = {
        each.key: each.labels
        for each in declared(namespaces.COMPONENT, namespaces={"apps": None, "kube-system": {}})
        if isinstance(each, Namespace)
    }
    levels = {
        name: [labels[f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "warn", "audit")]
        for name, labels in found.items()
    }
    assert levels == {"apps": ["baseline", "restricted", "restricted"], "kube-system": ["privileged"] * 3}
