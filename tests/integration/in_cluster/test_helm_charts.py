# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Charts from a repository, their custom resource definitions, and releases while the cluster is not there yet."""

from __future__ import annotations

import contextlib
import functools
import http.server
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import helm_python
import pytest
from localcloud.controlplane import binaries
from localcloud.testing import Cloud

from tests.integration.in_cluster.account import CLUSTER, DEPLOYMENT, Account, acted, cluster_account, write_chart

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
BOAT = "apiVersion: acme.example/v1\nkind: Boat\nmetadata:\n  name: dinghy\nspec:\n  length: 3\n"
PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/boats.acme.example"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Account]:
    with cluster_account() as running:
        yield running


@pytest.fixture(scope="module")
def executable() -> str:
    return str(binaries.find() / "helm")


@pytest.fixture
def account(cluster: Account, executable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    """The cluster without releases, before and after, and an empty chart cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield cluster
    acted(cluster.releases(state="absent"))


class Repository(http.server.SimpleHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[str]:
    """The URL of a chart repository with web 1.0.0 and 1.1.0."""
    folder = tmp_path / "repository"
    folder.mkdir()
    for version in ("1.0.0", "1.1.0"):
        helm_python.package(write_chart(tmp_path / "web", version), destination=folder)
    helm_python.repo_index_generate(folder)
    Repository.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Repository, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def web(**options: Any) -> dict[str, Any]:
    return {"web": {"namespace": "default", "timeout": 30, **options}}


@pytest.mark.parametrize("way", ["library", "executable"])
def test_a_chart_from_a_repository_is_fetched_once(
    account: Account, repository: str, executable: str, way: str
) -> None:
    helm = {"helm_executable": executable if way == "executable" else None}
    releases = web(chart="web", repository=repository, version="1.0.0")
    assert acted(account.releases(releases=releases, **helm)) == {"default/web": "create"}
    asked = list(Repository.asked)
    assert "/web-1.0.0.tgz" in asked
    assert acted(account.releases(releases=releases, **helm)) == {}
    assert Repository.asked == asked
    result = account.releases(releases=web(chart="web", repository=repository, version="1.1.0"), **helm)
    assert acted(result) == {"default/web": "update"}
    assert result["releases"]["web"]["chart"] == "web-1.1.0"


def test_every_chart_that_is_not_there_is_named_before_any_write(account: Account, repository: str) -> None:
    releases = {
        name: {**web(chart="web", repository=repository, version=version)["web"]}
        for name, version in (("a", "7.0.0"), ("b", "8.0.0"))
    }
    result = account.releases(releases={**releases, **web(chart="web", repository=repository, version="1.0.0")})
    assert result["failed"]
    assert [line.partition(": ")[0] for line in result["msg"].splitlines() if line.startswith("releases.")] == [
        "releases.a.chart",
        "releases.b.chart",
    ]
    assert account.history("web") == []


def test_what_a_charts_schema_forbids_is_named_before_any_write(account: Account) -> None:
    options = {
        "application_chart": str(ROOT / "charts/application"),
        "applications": {"api": {"image": {"repository": "api"}, "prot": 5000}},
    }
    result = account.releases(check=True, **options)
    assert result["failed"] and "applications.api.prot: there is no such value. Did you mean port?" in result["msg"], (
        result
    )


def test_definitions_come_first_follow_the_chart_and_stay_until_removed(account: Account, tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "boats", templates={"boat": BOAT}, crds__boats=DEFINITION)
    releases = {"web": {"namespace": "default", "chart": chart}}
    assert acted(account.releases(releases=releases)) == {"boats.acme.example": "create", "default/web": "create"}
    assert acted(account.releases(releases=releases)) == {}
    (Path(chart) / "crds/boats.yaml").write_text(
        DEFINITION.replace("length: {type: integer}", "length: {type: integer}, name: {type: string}")
    )
    assert acted(account.releases(releases=releases)) == {"boats.acme.example": "update", "default/web": "update"}
    live = account.api.find(PATH)
    assert live and live["metadata"]["managedFields"][0]["manager"] == "keelson"
    assert acted(account.releases(releases={})) == {"default/web": "delete"}
    assert acted(account.releases(state="absent")) == {"boats.acme.example": "delete"}


def test_a_definition_that_was_edited_is_set_right(account: Account, tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "boats", templates={"boat": BOAT}, crds__boats=DEFINITION)
    releases = {"web": {"namespace": "default", "chart": chart}}
    acted(account.releases(releases=releases))
    account.edit(PATH, {"spec": {"names": {"shortNames": ["bt"], "singular": "barge"}}})
    assert acted(account.releases(releases=releases)) == {"boats.acme.example": "update"}
    live = account.api.find(PATH)
    assert live and live["spec"]["names"]["singular"] == "boat"


def test_definitions_of_others_are_refused_or_left_to_them(account: Account, tmp_path: Path) -> None:
    import yaml

    chart = write_chart(tmp_path / "boats", templates={"boat": BOAT}, crds__boats=DEFINITION)
    account.apply(PATH, yaml.safe_load(DEFINITION))
    try:
        result = account.releases(releases={"web": {"namespace": "default", "chart": chart}})
        assert result["failed"] and "CustomResourceDefinition boats.acme.example: exists" in result["msg"], result
        assert acted(account.releases(releases={"web": {"namespace": "default", "chart": chart, "crds": False}})) == {
            "default/web": "create"
        }
        acted(account.releases(state="absent"))
    finally:
        account.api.delete(PATH)


def test_a_run_that_is_killed_in_the_middle_of_an_install_is_finished_by_the_next(
    account: Account, tmp_path: Path
) -> None:
    releases = {
        "web": {"namespace": "default", "chart": write_chart(tmp_path / "web"), "timeout": 60, "values": {"cpu": "64"}}
    }
    code = f"{RUN.format(env=account.cloud.env, helm=None)}.releases(releases={releases})"
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    until(lambda: bool(account.history("web")))
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert account.history("web")[-1].status == "pending-install"
    releases["web"]["values"] = {"cpu": "100m"}
    assert acted(account.releases(releases=releases)) == {"default/web": "update"}
    assert acted(account.releases(releases=releases)) == {}


@pytest.mark.parametrize("way", ["library", "executable"])
def test_helm_stops_when_the_run_that_started_it_is_gone(
    account: Account, tmp_path: Path, executable: str, way: str
) -> None:
    """Ansible's workers outlive their controller: what is killed here is the parent of the process at work."""
    releases = {
        "web": {"namespace": "default", "chart": write_chart(tmp_path / "web"), "timeout": 60, "values": {"cpu": "64"}}
    }
    at_work = RUN.format(env=account.cloud.env, helm=executable if way == "executable" else None)
    code = f"{FORKED}; {at_work}.releases(releases={releases})"
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    until(lambda: bool(account.history("web")))
    assert len(processes(str(tmp_path))) >= (2 if way == "library" else 3)
    run.send_signal(signal.SIGKILL)
    run.wait()
    until(lambda: not processes(str(tmp_path)))
    assert account.history("web")[-1].status == "pending-install"


RUN = (
    "import tests.conftest, types; from tests.integration.in_cluster.account import Account; "
    "Account(types.SimpleNamespace(env={env!r}), {helm!r})"
)
"""An account in another process."""
FORKED = "import os, time; time.sleep(600 if os.fork() else 0)"
"""What follows is done by a child of the process that is started."""


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # the others need the processor


def processes(text: str) -> set[int]:
    """Those with a text in their command lines."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if text.encode() in entry.read_bytes():
                found.add(int(entry.parent.name))
    return found


def test_a_namespace_that_is_missing_is_named_with_the_role_that_makes_it(account: Account, tmp_path: Path) -> None:
    releases = {"web": {"namespace": "apps", "chart": write_chart(tmp_path / "web")}}
    assert account.releases(releases=releases, check=True)["awaited"] == ["Namespace apps: made by the role namespaces"]
    result = account.releases(releases=releases)
    assert result["failed"] and "Namespace apps: made by the role namespaces. Run that role first." in result["msg"]


def test_a_caller_without_an_access_entry_is_told_so(account: Account, tmp_path: Path) -> None:
    eks = account.cloud.client("eks")
    [entry] = [
        each
        for each in eks.list_access_entries(clusterName=CLUSTER)["accessEntries"]
        if ":user/" in each or ":root" in each
    ]
    policies = eks.list_associated_access_policies(clusterName=CLUSTER, principalArn=entry)["associatedAccessPolicies"]
    eks.delete_access_entry(clusterName=CLUSTER, principalArn=entry)
    try:
        result = account.namespaces(namespaces={"apps": {}}, check=True)
    finally:
        eks.create_access_entry(clusterName=CLUSTER, principalArn=entry)
        for policy in policies:
            eks.associate_access_policy(
                clusterName=CLUSTER, principalArn=entry, policyArn=policy["policyArn"], accessScope={"type": "cluster"}
            )
    assert result["failed"] and re.search("40[13].*access entry", result["msg"]), result


def test_without_a_cluster_the_plan_is_complete_and_an_apply_names_the_role_that_makes_it(tmp_path: Path) -> None:
    releases = {"web": {"namespace": "apps", "chart": write_chart(tmp_path / "web")}}
    with Cloud() as cloud:
        account = Account(cloud)
        planned = account.releases(releases=releases, check=True, kubernetes_version="1.34")
        assert acted(planned) == {"apps/web": "create"}
        assert planned["diff"][0]["after"]["KubernetesVersion"] == "(known after apply)"
        assert set(planned["awaited"]) == {
            "Namespace apps: made by the role namespaces",
            "TargetCluster acme-test: made by the role cluster",
        }
        assert acted(account.namespaces(namespaces={"apps": {}}, check=True)) == {"apps": "create"}
        cloud.clear_calls()
        for result in (account.releases(releases=releases), account.namespaces(namespaces={"apps": {}})):
            assert (
                result["failed"]
                and "TargetCluster acme-test: made by the role cluster. Run that role first." in result["msg"]
            )
        assert account.releases(state="absent")["changed"] is account.namespaces(state="absent")["changed"] is False
        assert not [call for call in cloud.calls() if call["write"]]


def test_without_a_cluster_a_chart_that_cannot_be_rendered_fails_the_plan(tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "web", templates={"deployment": DEPLOYMENT, "bad": '{{ fail "set a host" }}'})
    with Cloud() as cloud:
        result = Account(cloud).releases(releases={"web": {"namespace": "apps", "chart": chart}}, check=True)
    assert (
        result["failed"] and "HelmRelease apps/web: releases.web: " in result["msg"] and "set a host" in result["msg"]
    )
