# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two resources that refer to each other, and what the user keeps."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.converge import Mode, Outcome, converge
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import Refused
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Policy
from ansible_collections.keelson.eks.plugins.module_utils.engine.report import plain
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Properties, Ref

from .cloud import OWNER, Cloud, InCloud, Killed

MODE = Mode(interval=0.0005, timeout=0.2)


@dataclass(frozen=True)
class House(InCloud):
    """Names the guard who may enter, and is there before the guard."""

    key: str

    def desired(self) -> Properties:
        return {"Size": 1, "Open": {"to": [Ref((Guard, "g"), "Id")]}}

    @classmethod
    def obstacle(cls, api: Cloud, observed: Properties) -> str:
        return "somebody is in. Let them out." if observed.get("Full") else ""

    @classmethod
    def retained(cls, observed: Properties) -> bool:
        return observed["Tags"].get("keep") == "yes"


@dataclass(frozen=True)
class Guard(InCloud):
    key: str
    house: House

    def desired(self) -> Properties:
        return {"Uses": {self.house.ref("Id")}}


HOUSE = House("h")
GUARD = Guard("g", HOUSE)


def run(cloud: Cloud, check: bool = False) -> Outcome:
    return converge(
        cloud, OWNER, (House, Guard), Declaration((GUARD,)), Policy(), Mode(check=check, interval=0.0005, timeout=0.2)
    )


def only(cloud: Cloud, kind: type[InCloud]) -> Properties:
    (item,) = cloud.of(kind)
    return item


def test_what_refers_to_something_made_after_it_is_written_once_that_is_there() -> None:
    cloud = Cloud()
    outcome = run(cloud)
    assert [f"{step.action} {step.name}" for step in outcome.done] == ["create Guard g", "create House h"]
    assert only(cloud, House)["Open"] == {"to": [only(cloud, Guard)["Id"]]}
    assert not run(cloud).done


def test_until_then_it_is_planned_as_known_after_apply() -> None:
    steps = {step.name: step for step in run(Cloud(), check=True).plan.steps}
    assert plain(steps["House h"].after["Open"]) == {"to": ["(known after apply)"]}


def test_when_the_other_is_made_anew_the_reference_follows() -> None:
    cloud = Cloud()
    run(cloud)
    cloud.remove(only(cloud, Guard)["Id"])
    run(cloud)
    assert only(cloud, House)["Open"] == {"to": [only(cloud, Guard)["Id"]]}


@pytest.mark.parametrize("write", range(4))
@pytest.mark.parametrize("fault", ["killed before", "killed after", "refused", "lost after"])
def test_a_run_that_ended_anywhere_is_finished_by_the_next(write: int, fault: str) -> None:
    cloud = Cloud(faults={write: fault})
    with contextlib.suppress(Killed):
        run(cloud)
    run(cloud)
    assert only(cloud, House)["Open"] == {"to": [only(cloud, Guard)["Id"]]}


def removed(cloud: Cloud) -> Outcome:
    return converge(cloud, OWNER, (House, Guard), Declaration(absent=True), Policy(), MODE)


def test_both_can_be_removed() -> None:
    cloud = Cloud()
    run(cloud)
    removed(cloud)
    assert not cloud.items


def test_what_a_look_at_the_cloud_forbids_to_delete_is_refused_before_any_write() -> None:
    cloud = Cloud()
    run(cloud)
    cloud.change(only(cloud, House)["Id"], {"Full": True})
    writes = cloud.writes
    with pytest.raises(Refused, match=r"House h: somebody is in\. Let them out\."):
        removed(cloud)
    assert cloud.writes == writes


def test_what_the_user_keeps_is_left_and_told() -> None:
    cloud = Cloud()
    run(cloud)
    cloud.change(only(cloud, House)["Id"], {"Tags": {"keep": "yes"}, "Full": True})
    assert removed(cloud).plan.retained == ["House h"]
    assert [item["Kind"] for item in cloud.items.values()] == [House]
