# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When a custom resource definition is as its chart has it."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.kinds.definition import (
    CustomResourceDefinition,
    defined,
)
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.kinds.target import TargetCluster

MANIFEST: dict[str, Any] = {
    "metadata": {"name": "boats.acme.example"},
    "spec": {
        "names": {"kind": "Boat", "plural": "boats"},
        "versions": [{"name": "v1", "schema": {"length": {"type": "integer", "maximum": 9}}}],
    },
}


def wanted(manifest: dict[str, Any]) -> Any:
    return CustomResourceDefinition("boats.acme.example", TargetCluster("acme-test"), manifest).desired()["Definition"]


def live(manifest: dict[str, Any]) -> Any:
    """What the API server shows of it once it is written."""
    content = copy.deepcopy(wanted(manifest).value)
    content["spec"]["names"]["singular"] = "boat"
    return defined({**content, "metadata": {**content["metadata"], "name": "boats.acme.example", "uid": "1"}})[
        "Definition"
    ]


def test_what_the_api_server_adds_is_no_difference() -> None:
    assert wanted(MANIFEST) == live(MANIFEST)


def test_what_a_later_chart_leaves_out_is_a_difference() -> None:
    later = copy.deepcopy(MANIFEST)
    del later["spec"]["versions"][0]["schema"]["length"]["maximum"]
    assert wanted(later) != live(MANIFEST)
    assert wanted(later) == live(later)


def test_what_somebody_has_edited_is_a_difference() -> None:
    edited = live(MANIFEST)
    edited.value["spec"]["names"]["plural"] = "barges"
    assert wanted(MANIFEST) != edited
