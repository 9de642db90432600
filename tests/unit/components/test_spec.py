# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values against a spec: every problem, with its path, and nothing guessed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.components.spec import violations

SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "nat": {"type": "str", "choices": ["none", "single"]},
    "days": {"type": "int"},
    "share": {"type": "float"},
    "on": {"type": "bool"},
    "zones": {"type": "list", "elements": "str", "aliases": ["azs"]},
    "rules": {"type": "list", "elements": "dict", "options": {"port": {"type": "int", "required": True}}},
    "labels": {"type": "dict"},
    "password": {"type": "str", "no_log": True},
    "groups": {"type": "dict", "entries": {"size": {"type": "int", "required": True}, "taints": {"type": "dict"}}},
}


def found(**given: Any) -> list[str]:
    return [f"{path}: {text}" for path, text in violations({"name": "x", **given}, SPEC)]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"nmae": 1}, "nmae: there is no such option. Did you mean name?"),
        ({"whatever": 1}, "whatever: there is no such option. There are "),
        ({"name": None}, "name: is required."),
        ({"name": 1.3}, "name: 1.3 is not text. It is a number, of which YAML drops the last zero"),
        ({"name": True}, "name: true is not text. YAML reads yes, on and true so: quote it."),
        ({"name": {"a": 1}}, 'name: {"a": 1} is not text.'),
        ({"nat": "singel"}, "nat: 'singel' is none of none, single. Did you mean single?"),
        ({"days": "many"}, "days: 'many' is not a whole number."),
        ({"days": True}, "days: true is not a whole number."),
        ({"share": "half"}, "share: 'half' is not a number."),
        ({"on": "perhaps"}, "on: 'perhaps' is not true or false."),
        ({"zones": {"a": 1}}, 'zones: {"a": 1} is not a list. Begin each item with a hyphen.'),
        ({"zones": [1.5]}, "zones[0]: 1.5 is not text."),
        ({"rules": [{"port": 1}, {}]}, "rules[1].port: is required."),
        ({"rules": [{"prot": 1, "port": 2}]}, "rules[0].prot: there is no such option. Did you mean port?"),
        ({"labels": ["a"]}, 'labels: ["a"] is not a dictionary. Write name: value, without a hyphen.'),
        ({"groups": {"a": None}}, "groups.a.size: is required."),
        ({"groups": {"a": "b"}}, "groups.a: 'b' is not a dictionary of options."),
        ({"groups": {"a.b": {"size": "x"}}}, "groups.a.b.size: 'x' is not a whole number."),
        ({"password": ["hunter22"]}, "password: the value is not text."),
    ],
)
def test_what_breaks_the_spec_is_told_with_its_path(given: dict[str, Any], line: str) -> None:
    [told] = found(**given)
    assert told.startswith(line)
    assert "hunter22" not in told


def test_all_that_breaks_it_is_told() -> None:
    assert len(found(days="x", nat="y", groups={"a": {}, "b": {"size": "z"}})) == 4


@pytest.mark.parametrize(
    "given",
    [
        {"days": "7", "on": "yes", "share": "0.5", "name": 123456789012},  # as the command line has them
        {"zones": "a,b"},
        {"azs": ["a"], "labels": {"a": 1}, "nat": None, "groups": None},
        {"groups": {"a": {"size": 1, "taints": {}}}, "rules": []},
    ],
)
def test_what_ansible_takes_for_what_it_says_is_right(given: dict[str, Any]) -> None:
    assert found(**given) == []
