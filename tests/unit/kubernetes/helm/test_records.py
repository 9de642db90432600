# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Helm's records: how they are read and written, and which of their values may be shown."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm import records
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm.records import merged, path_digest, split
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text("abc.", min_size=1, max_size=3)
VALUES = st.recursive(
    st.dictionaries(NAMES, st.integers() | st.lists(st.integers(), max_size=2), max_size=3),
    lambda inner: st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)


def secret_of(values: dict[str, Any]) -> frozenset[str]:
    return frozenset(path_digest(path) for path, _unused in records.leaves(values))


def record(revision: int, name: str = "web", **release: Any) -> records.Record:
    labels = {
        "keelson.dev/component": "apps",
        "name": name,
        "owner": "helm",
        "status": "superseded",
        "version": str(revision),
    }
    stored = {"name": name, "version": revision, "info": {"status": "superseded"}, **release}
    metadata = {"name": f"sh.helm.release.v1.{name}.v{revision}", "namespace": "default", "labels": labels}
    return records.read_record({"metadata": metadata, "data": {"release": records.encode(stored)}})


@given(VALUES, VALUES)
def test_secret_values_are_told_apart_and_nothing_is_lost(values: dict[str, Any], secrets: dict[str, Any]) -> None:
    config = merged(values, secrets)
    shown, hidden = split(config, secret_of(secrets))
    rest = {path: value for path, value in records.leaves(config) if path_digest(path) not in hidden}
    assert dict(records.leaves(shown)) == rest
    assert len(rest) + len(hidden) == len(list(records.leaves(config)))


@given(VALUES, VALUES)
def test_a_secret_value_is_never_among_those_that_are_shown(values: dict[str, Any], secrets: dict[str, Any]) -> None:
    shown, _unused = split(merged(values, secrets), secret_of(secrets))
    secret_paths = {path for path, _unused in records.leaves(secrets)}
    assert not {path for path, _unused in records.leaves(shown)} & secret_paths


def test_secrets_are_laid_over_values_as_helm_does_it() -> None:
    values = {"auth": {"user": "admin", "password": "?"}, "list": [1, 2]}
    assert merged(values, {"auth": {"password": "x"}, "list": [3]}) == {
        "auth": {"user": "admin", "password": "x"},
        "list": [3],
    }


def test_a_whole_dictionary_that_once_was_one_secret_stays_hidden() -> None:
    digest = frozenset({path_digest(("auth",))})
    assert split({"auth": {"password": "x"}, "a": 1}, digest) == ({"a": 1}, {path_digest(("auth", "password")): "x"})


def test_the_label_of_a_secret_tells_nothing_of_its_value() -> None:
    assert secret_of({"auth": {"pin": "1234"}}) == secret_of({"auth": {"pin": "9999"}})


@given(st.dictionaries(st.text(), st.text()))
def test_a_release_survives_being_written_and_read(release: dict[str, str]) -> None:
    assert records.decode(records.encode(release)) == release


def test_a_release_that_was_stored_before_compression_can_be_read() -> None:
    import base64
    import json

    text = base64.b64encode(base64.b64encode(json.dumps({"name": "old"}).encode())).decode()
    assert records.decode(text) == {"name": "old"}


def test_the_last_revision_is_found_by_number_not_by_text() -> None:
    found = records.latest([record(9), record(10), record(2), record(1, "shop")])
    assert sorted((each.name, each.revision) for each in found) == [("shop", 1), ("web", 10)]


def test_helms_own_labels_are_told_apart_from_ours() -> None:
    assert record(1).labels == {"keelson.dev/component": "apps"}


@pytest.mark.parametrize(("status", "pending"), [("pending-upgrade", True), ("deployed", False), ("failed", False)])
def test_a_pending_revision_is_known_by_its_status(status: str, pending: bool) -> None:
    assert record(1, info={"status": status}).is_pending is pending


def test_objects_of_a_list_and_dates_and_equals_signs_are_read_as_kubernetes_does() -> None:
    manifest = (
        "kind: ConfigMap\nmetadata: {name: a}\ndata: {since: 2026-01-01, sign: =}\n---\n# nothing\n---\n"
        "kind: ConfigMapList\nitems: [{kind: ConfigMap, metadata: {name: b}}]\n"
    )
    first, second = record(1, manifest=manifest).objects()
    assert first["data"] == {"since": "2026-01-01", "sign": "="}
    assert second["metadata"]["name"] == "b"


def test_needs_are_read_from_labels() -> None:
    assert records.needs({"need.keelson.dev/db": "data", "keelson.dev/platform": "acme"}) == {"data/db"}
