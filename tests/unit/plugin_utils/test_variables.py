# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A problem in the words of the inventory."""

from __future__ import annotations

from typing import Any

import pytest
from ansible._internal._datatag._tags import Origin
from ansible_collections.keelson.eks.plugins.plugin_utils.variables import Variables, steps, told

NAMES = {"cidr": "network_cidr", "tier_cidrs": "network_tier_cidrs", "version": "cluster_version", "min": "node_min"}


def tagged(value: Any, line: int, file: str = "/shop/hosts.yml") -> Any:
    return Origin(path=file, line_num=line, col_num=1).tag(value)


@pytest.fixture
def variables() -> Variables:
    inventory = {
        tagged("network_cidr", 3): tagged("10.0.0.0/8", 3),
        tagged("groups", 5): {tagged("system", 6): {tagged("taints", 7): [{tagged("key", 8): tagged("a", 8)}]}},
        tagged("enabled", 9): True,
        "cluster_version": "1.3",
    }
    defaults = {"network_tier_cidrs": {}, "addons_version": "{{ cluster_version | default(none) }}", "node_min": 1}
    return Variables(inventory, {**defaults, **inventory}, {"cluster_version": "1.3"})


def test_an_options_path_becomes_its_variables_with_the_place_before_it(variables: Variables) -> None:
    line = told("cidr: must be from /16 to /28.", NAMES.get, variables, NAMES)
    assert line == "/shop/hosts.yml:3:1: network_cidr: must be from /16 to /28."


def test_a_resource_before_the_option_stays(variables: Variables) -> None:
    line = told("Vpc main: cidr: cannot change.", NAMES.get, variables, NAMES)
    assert line == "/shop/hosts.yml:3:1: Vpc main: network_cidr: cannot change."


def test_what_is_not_set_has_the_place_of_a_variable_that_is_named(variables: Variables) -> None:
    line = told("tier_cidrs.public: is not within cidr.", NAMES.get, variables, NAMES)
    assert line == "/shop/hosts.yml:3:1: network_tier_cidrs.public: is not within cidr."


def test_other_options_that_a_text_names_become_variables_too(variables: Variables) -> None:
    assert told("cidr: see tier_cidrs.", NAMES.get, variables, NAMES).endswith("network_cidr: see network_tier_cidrs.")


def test_a_default_made_of_another_variable_is_that_ones(variables: Variables) -> None:
    assert variables.source("addons_version") == "cluster_version"
    assert variables.source("node_min") == "node_min"


def test_what_the_command_line_says_has_no_place(variables: Variables) -> None:
    assert told("version: '1.3' is none.", NAMES.get, variables, NAMES) == "cluster_version: '1.3' is none."


def test_a_line_that_names_no_option_stays_as_it_is(variables: Variables) -> None:
    for line in ("ec2:CreateVpc: UnauthorizedOperation: no", "", "Vpc main: ec2:CreateVpc: no"):
        assert told(line, NAMES.get, variables, NAMES) == line


def test_places_are_found_at_any_depth_and_for_booleans_by_their_names(variables: Variables) -> None:
    path = steps(".system.taints[0].key: no", variables.inventory["groups"])
    assert path == ["system", "taints", 0, "key"]
    assert variables.place("groups", path) == "/shop/hosts.yml:8:1"
    assert variables.place("groups", ["system"]) == "/shop/hosts.yml:6:1"
    assert variables.place("enabled") == "/shop/hosts.yml:9:1"


def test_the_way_into_a_value_ends_where_the_value_has_no_more() -> None:
    assert steps(".a.b.c: x", {"a.b": {"d": 1}}) == ["a.b"]
    assert steps("[3].x: y", [1]) == []
