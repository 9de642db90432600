# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a run's plan is told."""

from __future__ import annotations

import pytest
from ansible_collections.keelson.eks.plugins.plugin_utils.plan_text import text
from ansible_collections.keelson.eks.plugins.plugin_utils.run_plan import Row, RunPlan


def test_a_run_that_changes_nothing_is_one_line() -> None:
    assert text("acme-dev", RunPlan()) == "Plan for acme-dev: 0 to add, 0 to change, 0 to destroy."


def test_a_line_has_role_resource_change_variable_place_and_effect_in_columns() -> None:
    rows = [
        Row("net", "Nat", "b", "create", {}, {"SubnetId": "(known after apply)"}, variable="network_nat"),
        Row("net", "Table", "b", "update", {"Routes": {}}, {"Routes": {"a": "b"}}, effect="addresses change"),
        Row("eks", "Cluster", "c", "update", {"version": "1.35"}, {"version": "1.36"}, (), "version", "a.yml:3:1"),
    ]
    assert text("acme-dev", RunPlan(rows)).split("\n") == [
        "  net  + Nat b                            network_nat",
        "       ~ Table b    Routes                                     ! addresses change",
        "  eks  ~ Cluster c  version 1.35 -> 1.36  version (a.yml:3:1)",
        "Plan for acme-dev: 1 to add, 2 to change, 0 to destroy.",
    ]


@pytest.mark.parametrize(
    ("action", "line", "count"),
    [
        ("create", "  r  + Key k", "1 to add, 0 to change, 0 to destroy"),
        ("delete", "  r  - Key k", "0 to add, 0 to change, 1 to destroy"),
        ("wait", "  r  - Key k", "0 to add, 0 to change, 1 to destroy"),
        ("replace", "  r  -/+ Key k", "1 to add, 0 to change, 1 to destroy"),
        ("left", "  r  = Key k", "0 to add, 0 to change, 0 to destroy, 1 left alone"),
    ],
)
def test_each_action_has_its_sign_and_its_count(action: str, line: str, count: str) -> None:
    assert text("e", RunPlan([Row("r", "Key", "k", action)])) == f"{line}\nPlan for e: {count}."


def test_of_a_long_value_the_name_is_told() -> None:
    row = Row("r", "Key", "k", "update", {"Description": "a" * 30, "Size": 1}, {"Description": "b" * 30, "Size": 2})
    assert text("e", RunPlan([row])).partition("\n")[0] == "  r  ~ Key k  Description, Size 1 -> 2"


def test_what_is_missing_is_told_once_with_the_role_that_makes_it() -> None:
    told = text("e", RunPlan(missing=["Vpc main: made by the role network."] * 2)).split("\n")
    assert told[1:] == ["Missing: Vpc main: made by the role network."]


def test_the_roles_that_plan_for_themselves_are_named() -> None:
    told = text("e", RunPlan(later=("site",)))
    assert told.endswith("\nPlanned when they run, for earlier tasks decide: site.")
