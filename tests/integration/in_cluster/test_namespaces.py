# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Namespaces in a real API server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.in_cluster.account import Account, acted, cluster_account, diff_of

PATH = "/api/v1/namespaces"
ENFORCE = "pod-security.kubernetes.io/enforce"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Account]:
    with cluster_account(nodes=0) as running:
        yield running


@pytest.fixture
def account(cluster: Account) -> Iterator[Account]:
    yield cluster
    acted(cluster.namespaces(state="absent"))


def labels(account: Account, name: str) -> dict[str, str]:
    namespace = account.api.find(f"{PATH}/{name}")
    assert namespace
    return dict(namespace["metadata"]["labels"])


def test_a_namespace_is_planned_made_and_then_unchanged(account: Account) -> None:
    wanted = {
        "apps": {
            "labels": {"team": "web"},
            "annotations": {"contact": "web@acme.example"},
            "pod_security": "restricted",
        }
    }
    planned = account.namespaces(namespaces=wanted, check=True)
    assert account.api.find(f"{PATH}/apps") is None
    assert acted(planned) == acted(account.namespaces(namespaces=wanted)) == {"apps": "create"}
    assert (
        labels(account, "apps").items()
        >= {"team": "web", ENFORCE: "restricted", "keelson.dev/platform": "acme"}.items()
    )
    assert acted(account.namespaces(namespaces=wanted)) == {}


def test_baseline_is_enforced_and_more_is_warned_of_unless_the_level_is_named(account: Account) -> None:
    acted(account.namespaces(namespaces={"apps": {}}))
    found = labels(account, "apps")
    assert [found[f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "warn", "audit")] == [
        "baseline",
        "restricted",
        "restricted",
    ]


def test_a_label_that_is_no_longer_declared_goes_and_those_of_others_stay(account: Account) -> None:
    acted(account.namespaces(namespaces={"apps": {"labels": {"team": "web", "tier": "front"}}}))
    account.edit(f"{PATH}/apps", {"metadata": {"labels": {"added": "by-hand"}}})
    assert acted(account.namespaces(namespaces={"apps": {"labels": {"team": "web"}}})) == {"apps": "update"}
    found = labels(account, "apps")
    assert "tier" not in found and found["added"] == "by-hand"


@pytest.mark.parametrize("change", [{"team": "other"}, {"team": None}, {ENFORCE: "privileged"}])
def test_a_label_that_was_edited_or_removed_is_seen_and_set_again(
    account: Account, change: dict[str, str | None]
) -> None:
    wanted = {"apps": {"labels": {"team": "web"}}}
    acted(account.namespaces(namespaces=wanted))
    account.edit(f"{PATH}/apps", {"metadata": {"labels": change}})
    _unused, after = diff_of(account.namespaces(namespaces=wanted, check=True), "Namespace apps")
    assert after["Labels"]["team"] == "web" and after["Labels"][ENFORCE] == "baseline"
    assert acted(account.namespaces(namespaces=wanted)) == {"apps": "update"}
    assert labels(account, "apps").items() >= {"team": "web", ENFORCE: "baseline"}.items()
    assert acted(account.namespaces(namespaces=wanted)) == {}


def test_a_namespace_that_is_no_longer_declared_stays_until_it_is_removed(account: Account) -> None:
    acted(account.namespaces(namespaces={"apps": {}}))
    assert acted(account.namespaces(namespaces={})) == {}
    assert acted(account.namespaces(state="absent")) == {"apps": "delete"}
    assert account.api.find(f"{PATH}/apps") is None


def test_a_namespace_that_somebody_else_has_made_is_refused_and_stays(account: Account) -> None:
    account.apply(f"{PATH}/theirs", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "theirs"}})
    result = account.namespaces(namespaces={"theirs": {}})
    assert result["failed"] and "is not this environment's" in result["msg"], result
    acted(account.namespaces(state="absent"))
    assert account.api.find(f"{PATH}/theirs")


def test_a_namespace_of_kubernetes_own_is_labelled_and_never_deleted(account: Account) -> None:
    assert acted(account.namespaces(namespaces={"default": {"labels": {"team": "web"}}})) == {"default": "create"}
    assert acted(account.namespaces(namespaces={"default": {"labels": {"team": "web"}}})) == {}
    assert acted(account.namespaces(state="absent")) == {"default": "delete"}
    assert labels(account, "default") == {"kubernetes.io/metadata.name": "default"}


def test_a_namespace_that_cannot_go_is_reported_with_what_holds_it(account: Account) -> None:
    acted(account.namespaces(namespaces={"apps": {}}))
    held = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "held", "finalizers": ["acme.example/backup"]},
    }
    account.apply(f"{PATH}/apps/configmaps/held", held)
    result = account.namespaces(state="absent", wait_timeout=10)
    assert result["failed"] and "acme.example/backup" in result["msg"], result
    account.edit(f"{PATH}/apps/configmaps/held", {"metadata": {"finalizers": None}})
    acted(account.namespaces(state="absent"))
    assert account.api.find(f"{PATH}/apps") is None
