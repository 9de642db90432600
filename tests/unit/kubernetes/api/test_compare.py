# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What counts as a difference between a manifest and a live object."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.api.compare import (
    Subset,
    as_stored,
    differences,
    quantity,
    without_bookkeeping,
)
from hypothesis import given
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=20,
)


@given(JSON)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert list(differences(value, value)) == []


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4), st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_fields_that_the_manifest_does_not_name_are_no_difference(
    declared: dict[str, Any], others: dict[str, Any]
) -> None:
    assert list(differences(declared, {**others, **declared})) == []


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        ({"cpu": "1000m"}, {"cpu": "1"}),
        ({"cpu": 0.5}, {"cpu": "500m"}),
        ({"memory": "1Gi"}, {"memory": "1024Mi"}),
        ({"storage": "1e3"}, {"storage": "1k"}),
        ({"port": "80"}, {"port": 80}),
        ({"env": [], "labels": {}, "hostNetwork": False, "name": None}, {}),
        ({"strategy": {"rollingUpdate": {}}}, {}),
        (
            {"containers": [{"name": "a"}, {"name": "b"}]},
            {"containers": [{"name": "injected"}, {"name": "b"}, {"name": "a", "x": 1}]},
        ),
    ],
)
def test_what_the_api_server_rewrites_is_no_difference(declared: dict[str, Any], live: dict[str, Any]) -> None:
    assert list(differences(declared, live)) == []


@pytest.mark.parametrize(
    ("declared", "live", "told"),
    [
        ({"spec": {"replicas": 3}}, {"spec": {"replicas": 5}}, "spec.replicas: 5 instead of 3"),
        ({"spec": {"replicas": 3}}, {"spec": {}}, "spec.replicas: nothing instead of 3"),
        ({"args": ["a"]}, {"args": ["a", "b"]}, "args: ['a', 'b'] instead of ['a']"),
        ({"args": ["a", "b"]}, {"args": ["b", "a"]}, "args[0]: b instead of a"),
        (
            {"env": [{"name": "A", "value": "1"}]},
            {"env": [{"name": "A", "value": "2"}]},
            "env[A].value: 2 instead of 1",
        ),
        ({"env": [{"name": "A"}]}, {"env": [{"name": "B"}]}, "env[A]: nothing instead of {'name': 'A'}"),
        ({"on": True}, {"on": "yes"}, "on: yes instead of True"),
        ({"cpu": "1"}, {"cpu": "1001m"}, "cpu: 1001m instead of 1"),
    ],
)
def test_a_difference_is_told_with_its_path(declared: dict[str, Any], live: dict[str, Any], told: str) -> None:
    assert next(differences(declared, live)) == told


@pytest.mark.parametrize("text", ["", ".", "1.2.3", "v1", "latest", "1x", "true", True])
def test_what_is_no_quantity_is_not_read_as_one(text: Any) -> None:
    assert quantity(text) is None


def test_a_secrets_text_is_compared_as_it_is_stored() -> None:
    stored = as_stored({"kind": "Secret", "stringData": {"a": "open"}, "data": {"b": "eA=="}})
    assert stored == {"kind": "Secret", "data": {"a": "b3Blbg==", "b": "eA=="}}


def test_a_subset_equals_whatever_has_its_fields() -> None:
    assert Subset({"a": {"b": 1}}) == {"a": {"b": 1, "c": 2}}
    assert Subset({"a": {"b": 1}}) == Subset({"a": {"b": 1, "c": 2}})
    assert Subset({"a": {"b": 1}}) != {"a": {"b": 2}}


def test_what_changes_at_every_write_is_left_out_of_account() -> None:
    metadata = {"name": "web", "resourceVersion": "7", "managedFields": [], "generation": 3, "labels": {"a": "b"}}
    assert without_bookkeeping({"metadata": metadata, "status": {"x": 1}}) == {
        "metadata": {"name": "web", "labels": {"a": "b"}}
    }
