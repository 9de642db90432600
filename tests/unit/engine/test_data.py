# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds data: what stays with it, what its deletion leaves, and how a refused replacement is told;
and lookups nobody waits for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.converge import Mode
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import Refused
from ansible_collections.keelson.eks.plugins.module_utils.engine.report import report
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Properties, State

from .cloud import OWNER, Cloud, InCloud, Network, NetworkLookup, Part, Store
from .test_plan import CHECK, N, run, steps

NO_WAIT = Mode(wait=False, interval=0.0005, timeout=0.2)


@dataclass(frozen=True)
class Database(Store):
    """Deleting it leaves a copy."""

    instead: ClassVar[str] = "Restore a copy."

    @classmethod
    def leaves(cls, observed: Properties) -> str:
        return f"a copy of {observed['Tags']['keelson:key']}"


class PatientLookup(NetworkLookup):
    is_waited_for: ClassVar[bool] = False


@dataclass(frozen=True)
class Visitor(InCloud):
    key: str
    network: NetworkLookup

    def desired(self) -> Properties:
        return {"Uses": {self.network.ref("Id")}}


def test_what_belongs_to_data_that_stays_is_not_purged() -> None:
    cloud = Cloud()
    run(cloud, N, Store("s", N), Part("s/a", N, "1"), Part("b", N, "2"))
    outcome = run(cloud, N, mode=CHECK, keeps=lambda key: key.startswith("s/"))
    assert steps(outcome) == ["delete Part b"]


def test_what_a_deletion_leaves_is_told_by_the_plan_and_by_the_apply() -> None:
    cloud = Cloud()
    run(cloud, N, Database("d", N), kinds=(Network, Database))
    for mode in (CHECK, Mode(interval=0.0005, timeout=0.2)):
        outcome = run(cloud, mode=mode, kinds=(Network, Database), absent=True)
        assert report(outcome, mode, diff=False)["retained"] == ["a copy of d"]
    assert "retained" not in report(run(cloud, mode=CHECK, kinds=(Network, Database), absent=True), CHECK, diff=False)


def test_a_replacement_of_data_is_refused_with_what_its_kind_says_to_do_instead() -> None:
    cloud = Cloud()
    run(cloud, N, Database("d", N), kinds=(Network, Database))
    with pytest.raises(
        Refused,
        match=r"Database d: cannot change Uses in place, and it holds data: it is never replaced\. Restore a copy\.",
    ):
        run(cloud, N, Network("m"), Database("d", Network("m")), kinds=(Network, Database))


@pytest.mark.parametrize("lookup", [PatientLookup, NetworkLookup])
def test_what_needs_a_lookup_that_nobody_waits_for_is_left_to_a_later_call(lookup: type[NetworkLookup]) -> None:
    cloud = Cloud()
    number = cloud.add(Network, {"Tags": OWNER.of("network").tags("main"), "State": State.PENDING})
    told = report(run(cloud, Visitor("v", lookup("main")), mode=NO_WAIT, kinds=(Visitor,)), NO_WAIT, diff=False)
    assert told["changed"] is False
    if lookup is NetworkLookup:
        assert "gave up waiting for Network main (made by the role network)" in told["msg"]
        return
    assert told["pending"] == ["create Visitor v: Patient main (made by the role network) is pending: as the test says"]
    cloud.items[number]["State"] = State.READY
    assert steps(run(cloud, Visitor("v", lookup("main")), kinds=(Visitor,))) == ["create Visitor v"]
