# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every mistake is told before AWS is asked anything: its file and line, the variable's path, the rule and a way out.

One run has them all, each in an environment of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from localcloud.testing import Cloud

from .inventories import Inventory, Said
from .wrong_variables import WRONG, Mistake, Wrong, mistakes

NEW_USERS = mistakes(Path(__file__).with_name("new_users_mistakes.yml"))
"""Thought of by people who had read README and the roles' documentation, and nothing else."""
ALL = {each.name: each for each in (*WRONG, *NEW_USERS)}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    folder = tmp_path_factory.mktemp("wrong") / "inventory"
    alone = "network_may_overlap: true\nkeelson_profile: of-"  # each is another account's
    return Inventory(folder, {name: f"{wrong.text}{alone}{name}\n" for name, wrong in ALL.items()})


@pytest.fixture(scope="module")
def said(cloud: Cloud, inventory: Inventory) -> Said:
    cloud.clear_calls()
    return inventory.run(cloud)


def test_the_run_fails_and_asks_aws_nothing(cloud: Cloud, said: Said) -> None:
    assert said.status == 2, said.output
    assert cloud.calls() == []


@pytest.mark.parametrize("wrong", ALL.values(), ids=ALL)
def test_a_mistake_is_told_with_its_place_and_its_variable(
    wrong: Wrong | Mistake, inventory: Inventory, said: Said
) -> None:
    assert wrong.name in said.messages, f"nothing is wrong with it:\n{said.output[-2000:]}"
    first = said.messages[wrong.name].splitlines()[0]
    begin = f"{inventory.file(wrong.name)}:{wrong.line}:"
    assert first.startswith(begin), f"{first}\nis not in line {wrong.line}"
    assert first.partition(" ")[2].startswith(f"{wrong.variable}: ")
    assert wrong.says in first


def test_without_a_mistake_nothing_is_told(cloud: Cloud, tmp_path: Path) -> None:
    right = Inventory(tmp_path / "inventory", {"right": Wrong("right", "", "", "").text})
    done = right.run(cloud, "--check")
    assert done.status == 0, done.output
