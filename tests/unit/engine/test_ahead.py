# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several components planned as one run: each sees what those before it will have made."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.ahead import Ahead, after, look
from ansible_collections.keelson.eks.plugins.module_utils.engine.converge import Mode, Outcome, converge
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import Refused
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Policy
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import UNKNOWN, Resource
from hypothesis import given, settings
from hypothesis import strategies as st

from .cloud import OWNER, Cloud, Guest, Network, NetworkLookup

NETWORK = OWNER.of("network")
CHECK = Mode(check=True)
MODE = Mode(interval=0.0005, timeout=0.5)

Run = tuple[tuple[Network, ...], tuple[Guest, ...]]


@dataclass(frozen=True)
class Settled(Guest):
    """A guest that cannot move."""

    replaced_by = frozenset({"Uses"})


def run(cloud: Cloud, declared: Run, mode: Mode) -> list[str]:
    """Both components, one after the other: what is planned, or was done."""
    networks, guests = declared
    cloud.ahead = ahead = Ahead() if mode.check else None
    found = []
    for owner, kinds, resources in ((NETWORK, (Network,), networks), (OWNER, (Guest, Settled), guests)):
        outcome = converge_one(cloud, owner, kinds, resources, mode)
        if ahead is not None:
            ahead.note(owner, outcome.plan, outcome.world)
        found += [f"{step.action} {step.name}" for step in (outcome.plan.steps if mode.check else outcome.done)]
    return sorted(found)


def converge_one(cloud: Cloud, owner: object, kinds: object, resources: tuple[Resource, ...], mode: Mode) -> Outcome:
    return converge(cloud, owner, kinds, Declaration(resources), Policy(), mode)  # type: ignore[arg-type]


@st.composite
def runs(draw: st.DrawFn) -> Run:
    keys = sorted({"n", *draw(st.sets(st.sampled_from("mo")))})
    networks = tuple(Network(key, draw(st.integers(1, 2))) for key in keys)
    guests = tuple(
        Guest(key, NetworkLookup(draw(st.sampled_from(keys)))) for key in draw(st.sets(st.sampled_from("ab")))
    )
    return networks, guests


@given(runs(), st.booleans(), runs())
@settings(max_examples=150, deadline=None)
def test_a_run_does_what_the_plan_of_the_whole_run_said(first: Run, is_lost: bool, second: Run) -> None:
    """Also where a network was lost in between, and is made anew under the guests."""
    cloud = Cloud()
    assert run(cloud, first, CHECK) == run(cloud, first, MODE)
    kept = {network.key for network in second[0]}
    second = (*second[0], *(network for network in first[0] if network.key not in kept)), second[1]
    if is_lost:
        cloud.items = {number: item for number, item in cloud.items.items() if item["Tags"]["keelson:key"] != "n"}
    assert run(cloud, second, CHECK) == run(cloud, second, MODE)
    assert run(cloud, second, CHECK) == []


def test_what_cannot_move_is_refused_when_what_it_is_in_will_be_made_anew() -> None:
    cloud = Cloud()
    declared = (Network("n"),), (Settled("g", NetworkLookup("n")),)
    run(cloud, declared, MODE)
    cloud.items = {number: item for number, item in cloud.items.items() if item["Kind"] is not Network}
    writes = cloud.writes
    with pytest.raises(Refused, match=r"Settled g: AWS cannot change Uses in place \(Uses: network-1 -> \(known after"):
        run(cloud, declared, CHECK)
    assert cloud.writes == writes


def test_what_will_go_is_not_found() -> None:
    cloud = Cloud()
    run(cloud, ((Network("n"), Network("m")), ()), MODE)
    cloud.ahead = ahead = Ahead()
    outcome = converge_one(cloud, NETWORK, (Network,), (Network("n", 2),), CHECK)
    assert set(look(NetworkLookup, cloud, OWNER)) == {"n", "m"}
    ahead.note(NETWORK, outcome.plan, outcome.world)
    assert {key: found["Size"] for key, found in look(NetworkLookup, cloud, OWNER).items()} == {"n": 2}


def test_what_aws_decides_is_unknown_of_what_will_be_made() -> None:
    outcome = converge_one(Cloud(), NETWORK, (Network,), (Network("n"),), CHECK)
    (made,) = after(outcome.plan, outcome.world).values()
    assert made["Id"] is UNKNOWN and made["Size"] == 1
