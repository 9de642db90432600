# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Helm releases in a real API server: installed, unchanged, upgraded, repaired, rolled back, removed."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import Blocked
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm.records import encode, mark_failed
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.kinds.release import HelmRelease
from localcloud.controlplane import binaries

from tests.integration.in_cluster.account import DEPLOYMENT, Account, acted, cluster_account, diff_of, write_chart

WEB = "/apis/apps/v1/namespaces/default/deployments/web"
SERVICE = """
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {app: {{ .Release.Name }}}
  ports: [{port: 80, targetPort: 5000}]
"""
WEBHOOK = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hook.acme.example}
webhooks:
  - name: hook.acme.example
    admissionReviewVersions: [v1]
    sideEffects: None
    rules: [{apiGroups: [acme.example], apiVersions: ["*"], operations: [CREATE], resources: [boats]}]
    clientConfig: {service: {namespace: default, name: hook, port: 80}}
"""
PASSWORD = """
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}
stringData:
  password: {{ .Values.auth.password | quote }}
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Account]:
    with cluster_account() as running:
        yield running


@pytest.fixture
def account(cluster: Account) -> Iterator[Account]:
    """The cluster without releases, before and after."""
    yield cluster
    for component in ("helm_releases", "other"):
        acted(cluster.releases(state="absent", component=component))


@pytest.fixture(params=["library", "executable"])
def either(request: pytest.FixtureRequest, account: Account) -> Account:
    """The cluster, with each of the two ways to run Helm."""
    return account if request.param == "library" else dataclasses.replace(account, helm=str(binaries.find() / "helm"))


@pytest.fixture
def chart(tmp_path: Path) -> str:
    return write_chart(tmp_path / "web", templates={"deployment": DEPLOYMENT, "service": SERVICE})


def web(
    chart: str, timeout: int = 30, namespace: str = "default", needs: tuple[str, ...] = (), **values: Any
) -> dict[str, Any]:
    return {"namespace": namespace, "chart": chart, "timeout": timeout, "values": values, "needs": list(needs)}


def test_a_release_is_planned_installed_and_then_unchanged(either: Account, chart: str) -> None:
    releases = {"web": web(chart, replicas=2)}
    planned = either.releases(releases=releases, check=True)
    assert either.history("web") == []
    done = either.releases(releases=releases)
    assert acted(planned) == acted(done) == {"default/web": "create"}
    assert done["releases"]["web"] == {
        "namespace": "default",
        "chart": "web-1.0.0",
        "revision": 1,
        "status": "deployed",
        "endpoints": [],
    }
    live = either.api.find(WEB)
    assert live and live["status"]["readyReplicas"] == 2
    assert acted(either.releases(releases=releases)) == {}
    assert [record.revision for record in either.history("web")] == [1]


def test_changed_values_make_a_new_revision_and_show_in_the_diff(either: Account, chart: str) -> None:
    acted(either.releases(releases={"web": web(chart, replicas=1)}))
    result = either.releases(releases={"web": web(chart, replicas=2)})
    assert diff_of(result, "HelmRelease default/web") == ({"Values": {"replicas": 1}}, {"Values": {"replicas": 2}})
    assert [(record.revision, record.status) for record in either.history("web")] == [
        (1, "superseded"),
        (2, "deployed"),
    ]


def test_values_that_are_taken_out_again_fall_back_to_the_charts_own(account: Account, chart: str) -> None:
    acted(account.releases(releases={"web": web(chart, replicas=3)}))
    acted(account.releases(releases={"web": web(chart)}))
    live = account.api.find(WEB)
    assert live and live["spec"]["replicas"] == 1
    assert acted(account.releases(releases={"web": web(chart)})) == {}


def test_the_library_and_the_executable_take_over_from_each_other(account: Account, chart: str) -> None:
    other = dataclasses.replace(account, helm=str(binaries.find() / "helm"))
    acted(account.releases(releases={"web": web(chart, replicas=1)}))
    assert acted(other.releases(releases={"web": web(chart, replicas=1)})) == {}
    assert acted(other.releases(releases={"web": web(chart, replicas=2)})) == {"default/web": "update"}
    assert acted(account.releases(releases={"web": web(chart, replicas=3)})) == {"default/web": "update"}
    live = account.api.find(WEB)
    assert live and {
        entry["manager"] for entry in live["metadata"]["managedFields"] if entry["operation"] == "Apply"
    } == {"helm"}


def test_a_changed_chart_upgrades_and_drops_what_it_no_longer_has(account: Account, chart: str) -> None:
    acted(account.releases(releases={"web": web(chart)}))
    (Path(chart) / "templates/service.yaml").unlink()
    assert acted(account.releases(releases={"web": web(chart)})) == {"default/web": "update"}
    assert account.api.find("/api/v1/namespaces/default/services/web") is None


def test_what_was_edited_or_deleted_by_hand_is_seen_and_set_right_without_a_new_revision(
    account: Account, chart: str
) -> None:
    releases = {"web": web(chart, replicas=1)}
    acted(account.releases(releases=releases))
    account.edit(WEB, {"spec": {"replicas": 0}})
    account.api.delete("/api/v1/namespaces/default/services/web")
    planned = account.releases(releases=releases, check=True)
    before, after = diff_of(planned, "HelmRelease default/web")
    assert before == {
        "Drift": {"Deployment default/web": "spec.replicas: 0 instead of 1", "Service default/web": "it is missing"}
    }
    assert after == {"Drift": {}}
    assert acted(account.releases(releases=releases)) == {"default/web": "update"}
    assert acted(account.releases(releases=releases)) == {}
    live = account.api.find(WEB)
    assert live and live["spec"]["replicas"] == 1
    assert [record.revision for record in account.history("web")] == [1]


def test_a_field_edited_by_hand_is_taken_back_by_an_upgrade_as_well(account: Account, chart: str) -> None:
    acted(account.releases(releases={"web": web(chart, image="web:1")}))
    account.edit(WEB, {"spec": {"replicas": 0}})
    acted(account.releases(releases={"web": web(chart, image="web:2", replicas=2)}))
    live = account.api.find(WEB)
    assert live and live["spec"]["replicas"] == 2


def test_a_field_that_another_tool_applies_is_not_taken_and_the_tool_is_named(account: Account, chart: str) -> None:
    releases = {"web": web(chart, replicas=1)}
    acted(account.releases(releases=releases))
    account.apply(
        WEB, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 0}}
    )
    result = account.releases(releases=releases)
    assert result["failed"] and '"other-tool"' in result["msg"] and ".spec.replicas" in result["msg"], result
    planned = account.releases(releases={"web": web(chart, replicas=2)}, check=True)
    assert (
        planned["failed"]
        and planned["msg"].startswith("HelmRelease default/web: releases.web: ")
        and "other-tool" in planned["msg"]
    )
    live = account.api.find(WEB)
    assert live and live["spec"]["replicas"] == 0


def test_the_number_of_pods_is_left_to_an_autoscaler(account: Account, chart: str) -> None:
    releases = {"web": web(chart, replicas=1)}
    acted(account.releases(releases=releases))
    path = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web"
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 4}
    account.apply(
        path,
        {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}, "spec": spec},
    )
    account.edit(f"{WEB}/scale", {"spec": {"replicas": 3}}, manager="kube-controller-manager")
    try:
        assert acted(account.releases(releases=releases, check=True)) == {}
    finally:
        account.api.delete(path)


def test_an_upgrade_whose_pods_do_not_become_ready_is_rolled_back_and_says_why(either: Account, chart: str) -> None:
    acted(either.releases(releases={"web": web(chart)}))
    result = either.releases(releases={"web": web(chart, cpu="64", timeout=4)})
    assert result["failed"] and "rolled back to revision 1" in result["msg"], result
    assert (
        "Unschedulable" in result["msg"]
        and "Insufficient cpu" in result["msg"]
        and "Deployment default/web" in result["msg"]
    )
    assert [record.status for record in either.history("web")][-1] == "deployed"
    live = either.api.find(WEB)
    assert live and live["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]["cpu"] == "1"
    assert acted(either.releases(releases={"web": web(chart)})) == {}


def test_pods_that_a_quota_refuses_are_told_with_the_quotas_words(account: Account, chart: str) -> None:
    path = "/api/v1/namespaces/default/resourcequotas/small"
    account.apply(
        path,
        {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "small"}, "spec": {"hard": {"pods": "0"}}},
    )
    try:
        result = account.releases(releases={"web": web(chart, timeout=3)})
    finally:
        account.api.delete(path)
    assert result["failed"] and "exceeded quota: small" in result["msg"], result


def test_a_first_install_that_failed_is_finished_by_the_next_run(account: Account, chart: str) -> None:
    assert account.releases(releases={"web": web(chart, cpu="64", timeout=2)})["failed"]
    assert account.history("web")[-1].status == "failed"
    assert acted(account.releases(releases={"web": web(chart)})) == {"default/web": "update"}
    assert acted(account.releases(releases={"web": web(chart)})) == {}


@pytest.mark.parametrize("status", ["pending-install", "pending-upgrade", "pending-rollback"])
def test_a_release_that_a_dead_run_left_pending_is_finished(account: Account, chart: str, status: str) -> None:
    acted(account.releases(releases={"web": web(chart, replicas=1)}))
    if status != "pending-install":
        acted(account.releases(releases={"web": web(chart, replicas=2)}))
    leave_pending(account, "web", status)
    planned = account.releases(releases={"web": web(chart, replicas=2)}, check=True)
    assert diff_of(planned, "HelmRelease default/web")[0]["Status"] == status
    acted(account.releases(releases={"web": web(chart, replicas=2)}))
    assert acted(account.releases(releases={"web": web(chart, replicas=2)})) == {}


def test_what_only_a_dead_run_has_made_does_not_stay(account: Account, chart: str) -> None:
    shutil.copytree(chart, f"{chart}-before")
    (Path(f"{chart}-before") / "templates/service.yaml").unlink()
    without = {"web": web(f"{chart}-before")}
    acted(account.releases(releases=without))
    acted(account.releases(releases={"web": web(chart)}))
    first, second = account.history("web")
    leave_pending(account, "web", "pending-upgrade")
    account.api.merge(
        first.path, {"metadata": {"labels": {"status": "deployed"}}, "data": restatus(first.release, "deployed")}
    )
    assert second.revision == 2
    acted(account.releases(releases=without))
    assert account.api.find("/api/v1/namespaces/default/services/web") is None


def leave_pending(account: Account, name: str, status: str) -> None:
    last = account.history(name)[-1]
    account.api.merge(last.path, {"metadata": {"labels": {"status": status}}, "data": restatus(last.release, status)})


def restatus(release: dict[str, Any], status: str) -> dict[str, str]:
    return {"release": encode({**release, "info": {**release["info"], "status": status}})}


def test_a_release_that_is_no_longer_declared_is_uninstalled(either: Account, chart: str) -> None:
    acted(either.releases(releases={"web": web(chart), "shop": web(chart)}))
    assert acted(either.releases(releases={"web": web(chart)})) == {"default/shop": "delete"}
    assert either.history("shop") == []
    assert either.api.find("/apis/apps/v1/namespaces/default/deployments/shop") is None


def test_releases_that_are_left_out_altogether_stay(account: Account, chart: str) -> None:
    acted(account.releases(releases={"web": web(chart)}))
    assert acted(account.releases()) == {}
    assert account.history("web")


def test_a_release_that_somebody_else_has_made_is_refused_and_stays(account: Account, chart: str) -> None:
    acted(account.releases(component="other", releases={"web": web(chart, replicas=1)}))
    result = account.releases(releases={"web": web(chart, replicas=2)})
    assert result["failed"] and "is not this environment's" in result["msg"], result
    assert acted(account.releases(releases={})) == {}
    assert [record.revision for record in account.history("web")] == [1]


def test_objects_that_exist_outside_of_the_release_are_refused_in_the_plan(account: Account, chart: str) -> None:
    path = "/api/v1/namespaces/default/services/web"
    manifest = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 1}]}}
    account.apply(path, manifest)
    try:
        result = account.releases(releases={"web": web(chart)}, check=True)
    finally:
        account.api.delete(path)
    assert result["failed"] and "Service default/web exists, and no release has made it" in result["msg"], result


def test_a_release_waits_for_those_it_needs_and_goes_before_them(account: Account, chart: str) -> None:
    releases = {
        "last": web(chart, needs=("middle",)),
        "middle": web(chart, needs=("first",)),
        "first": web(chart),
        "aside": web(chart),
    }
    acted(account.releases(releases=releases))
    made = {name: account.history(name)[0].release["info"]["first_deployed"] for name in releases}
    assert made["first"] < made["middle"] < made["last"]
    assert acted(account.releases(releases=releases)) == {}
    with pytest.raises(Blocked, match="default/middle still needs it"):
        HelmRelease.delete(account.cluster, {"Id": "default/first"})
    assert acted(account.releases(state="absent")) == {f"default/{name}": "delete" for name in releases}
    assert not [name for name in releases if account.history(name)]


def test_when_one_release_fails_those_that_need_it_are_left_and_the_others_are_made(
    account: Account, chart: str
) -> None:
    releases = {"first": web(chart, cpu="64", timeout=2), "last": web(chart, needs=("first",)), "aside": web(chart)}
    result = account.releases(releases=releases)
    assert (
        "create HelmRelease default/last: not done, it comes after: create HelmRelease default/first" in result["msg"]
    )
    assert account.history("aside") and not account.history("last")


def test_secret_values_are_used_and_shown_nowhere(account: Account, tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "web", templates={"secret": PASSWORD})
    releases = {"web": web(chart, auth={"user": "admin"})}
    first = account.releases(releases=releases, secret_values={"web": {"auth": {"password": "correct-horse"}}})
    acted(first)
    second = account.releases(releases=releases, secret_values={"web": {"auth": {"password": "battery-staple"}}})
    assert diff_of(second, "HelmRelease default/web") == (
        {"SecretValues": "(sensitive)"},
        {"SecretValues": "(sensitive)"},
    )
    assert (
        acted(account.releases(releases=releases, secret_values={"web": {"auth": {"password": "battery-staple"}}}))
        == {}
    )
    labels = [record.secret["metadata"]["labels"] for record in account.history("web")]
    removed = account.releases(releases={"web": web(chart, auth={"user": "admin", "password": "open"})}, check=True)
    for text in map(str, (first, second, labels, removed)):
        assert "correct-horse" not in text and "battery-staple" not in text
    assert "admin" in str(first)


def test_a_secret_of_a_release_that_was_edited_does_not_show_in_the_plan(account: Account, tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "web", templates={"secret": PASSWORD})
    secret = {"secret_values": {"web": {"auth": {"password": "correct-horse"}}}}
    acted(account.releases(releases={"web": web(chart)}, **secret))
    account.edit("/api/v1/namespaces/default/secrets/web", {"stringData": {"password": "edited-by-hand"}})
    planned = account.releases(releases={"web": web(chart)}, check=True, **secret)
    assert diff_of(planned, "HelmRelease default/web")[0] == {"Drift": {"Secret default/web": "data.password differs"}}
    acted(account.releases(releases={"web": web(chart)}, **secret))
    assert acted(account.releases(releases={"web": web(chart)}, **secret)) == {}


def test_without_waiting_what_needs_an_unready_release_is_pending_and_done_later(
    account: Account, tmp_path: Path
) -> None:
    slow = write_chart(
        tmp_path / "slow",
        templates={"deployment": DEPLOYMENT.replace("spec:\n  replicas", "spec:\n  minReadySeconds: 3\n  replicas")},
    )
    releases = {"first": web(slow), "last": web(slow, needs=("first",))}
    result = account.releases(releases=releases, wait=False)
    assert acted(result) == {"default/first": "create", "default/last": "create"}
    assert any("HelmRelease default/first is pending" in line for line in result["pending"]), result["pending"]
    assert acted(account.releases(releases=releases)) == {"default/last": "create"}
    assert acted(account.releases(releases=releases)) == {}


def test_a_release_is_not_ready_before_its_webhook_answers(account: Account, chart: str, tmp_path: Path) -> None:
    hook = write_chart(tmp_path / "hook", templates={"hook": WEBHOOK, "service": SERVICE})
    releases = {"hook": web(hook), "last": web(chart, needs=("hook",))}
    result = account.releases(releases=releases, wait_timeout=2)
    assert "its webhook's service default/hook has no ready endpoint" in result["msg"], result
    assert account.history("hook") and not account.history("last")


def test_a_record_marked_failed_is_one_that_helm_itself_can_read(either: Account, chart: str) -> None:
    acted(either.releases(releases={"web": web(chart, replicas=1)}))
    mark_failed(either.api, either.history("web")[-1])
    assert acted(either.releases(releases={"web": web(chart, replicas=1)})) == {"default/web": "update"}
    assert either.history("web")[-1].revision == 2
