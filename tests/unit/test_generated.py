# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is written from what people have written is up to date, and says what it should."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tools.generate import everything, roles
from tools.generate.documentation import Module
from tools.generate.options import spec
from tools.generate.role_yaml import document
from tools.generate.roles import Role, argument_specs

TASK = """---
- name: Make a thing
  keelson.eks.thing:
    size: "{{ stuff_size }}"
    things: "{{ stuff }}"
  register: stuff_result
"""
OPTIONS: dict[str, dict[str, Any]] = {
    "size": {"description": "How large. Left out, it stays. See O(things).", "type": "int", "default": 3},
    "things": {
        "description": ["The things by name."],
        "type": "dict",
        "suboptions": {
            "colour": {"description": ["Its colour."], "choices": ["red", "blue"], "default": "red"},
            "parts": {
                "description": ["Its parts."],
                "type": "list",
                "elements": "dict",
                "suboptions": {
                    "place": {
                        "description": "Where.",
                        "type": "dict",
                        "suboptions": {"x": {"description": "How far.", "type": "float", "required": True}},
                    }
                },
            },
        },
    },
}


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch) -> Role:
    made = Role("stuff", Module("thing", "area", dict(OPTIONS), {}))
    told = {"main": {"short_description": "Makes stuff", "options": {"stuff_enabled": {"description": "Whether."}}}}
    made.__dict__.update(
        task_text=TASK, defaults_text="---\nstuff_enabled: false\nstuff_size: 5\nstuff: {}\n", told=told
    )
    return made


def test_everything_is_up_to_date() -> None:
    assert everything.outdated() == [], "run: make generate"


def test_a_dictionary_with_suboptions_holds_things_by_name_but_in_a_list_it_is_one_thing() -> None:
    things = spec(OPTIONS)["things"]
    assert things["entries"]["colour"] == {"type": "str", "choices": ["red", "blue"], "default": "red"}
    assert things["entries"]["parts"]["options"]["place"]["options"] == {"x": {"type": "float", "required": True}}


def test_a_role_tells_its_variables_in_its_own_words_with_its_own_defaults(role: Role) -> None:
    options = argument_specs(role)["main"]["options"]
    assert list(options) == ["stuff_enabled", "stuff_size", "stuff"]
    assert options["stuff_size"] == {
        "description": ["How large. Where it is null, it stays. See O(stuff)."],
        "type": "int",
        "default": 5,
    }
    assert options["stuff"]["description"][1:] == [
        "C(colour) (str, one of V(red), V(blue), default V(red)) - Its colour.",
        "C(parts) (list of dict) - Its parts.",
        "C(parts[].place) (dict) - Where.",
        "C(parts[].place.x) (float, required) - How far.",
    ]


def test_a_default_made_of_other_variables_is_told_by_the_comment_behind_it(role: Role) -> None:
    role.__dict__["defaults_text"] = '---\nstuff_size: "{{ room | default(3) }}"  # what the room holds\nstuff: {}\n'
    told = argument_specs(role)["main"]["options"]["stuff_size"]
    assert told["description"][-1] == "By default what the room holds."
    assert "default" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("O(size=3)", "O(stuff_size=3)"),
        ("O(sizes[].unit)", "O(stuff_sizes[].unit)"),
        ("O(things.colour)", "C(stuff.colour)"),
        ("O(state=absent)", "C(keelson_state=absent)"),
        ("O(other)", "C(other)"),
        ("RV(ignore:pending)", "C(pending)"),
    ],
)
def test_a_reference_is_to_the_variable_where_the_role_documents_it(role: Role, text: str, told: str) -> None:
    role.__dict__["task_text"] = TASK.replace("    size", '    sizes: "{{ stuff_sizes }}"\n    size')
    role.module.options["sizes"] = {"type": "list"}
    assert roles.translated(role, text) == told


def test_what_people_write_of_other_variables_stays(role: Role) -> None:
    assert argument_specs(role)["main"]["options"]["stuff_enabled"] == {"description": "Whether."}


def test_an_option_that_no_role_offers_is_added_to_the_task_and_the_defaults(role: Role) -> None:
    completed = role.completed({"weight": {"default": 2}, "note": {}})
    assert completed.task_text == TASK.replace(
        "  register",
        '    weight: "{{ stuff_weight }}"\n    note: "{{ stuff_note }}"\n  register',
    )
    assert completed.defaults_text.endswith("stuff: {}\nstuff_weight: 2\nstuff_note:\n")


def test_a_task_without_variables_leaves_a_new_option_to_a_person(role: Role) -> None:
    role.__dict__["task_text"] = TASK.replace('"{{ stuff_size }}"', "3").replace('    things: "{{ stuff }}"\n', "")
    with pytest.raises(ValueError, match="where do its module's options end"):
        role.completed({"weight": {}})


@pytest.mark.parametrize(("users", "whose"), [(0, "a role's task"), (2, "the task of stuff or stuff")])
def test_an_option_that_no_role_or_several_could_offer_is_left_to_a_person(
    role: Role, monkeypatch: pytest.MonkeyPatch, users: int, whose: str
) -> None:
    role.module.options["weight"] = {"type": "int"}
    monkeypatch.setattr(roles, "using", lambda modules: [role] * users)
    with pytest.raises(ValueError, match=f"weight: write into {whose} which variable it is"):
        roles.roles([role.module])


def test_a_task_that_hands_on_an_option_which_is_not_there_is_refused(role: Role) -> None:
    role.__dict__["task_text"] = TASK.replace("size:", "sise:")
    with pytest.raises(ValueError, match="the module thing has no option sise"):
        roles.check(role)


def test_what_is_written_is_yaml_again_in_lines_of_120_columns() -> None:
    told = {"main": {"description": ["word " * 60 + "end: so", "'quoted'"], "options": {"a": {"choices": ["x"] * 80}}}}
    text = document(told)
    assert yaml.safe_load(text)["argument_specs"] == told
    assert max(map(len, text.splitlines())) <= 120
