# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Properties of the engine that hold whatever is declared, whatever is there, and wherever it dies."""

from __future__ import annotations

import contextlib

from ansible_collections.keelson.eks.plugins.module_utils.engine.converge import Mode, Outcome, converge
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Policy
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Resource
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from .cloud import KINDS, OWNER, Cloud, Killed, Link, Network, Part, Store

MODE = Mode(interval=0.0005, timeout=1)
CHECK = Mode(check=True)
POLICY = Policy(tags={"team": "a"}, allow_replacement=True, prune_limit=1000)

PHASES = [
    phase for phase in Phase if phase is not Phase.shrink
]  # a failure that waits for its deadline is slow to shrink
FAULTS = ("refused", "killed before", "killed after", "lost before", "lost after")


@st.composite
def declarations(draw: st.DrawFn) -> tuple[Resource, ...]:
    """Up to two networks with parts, links between parts, and stores.

    From one to the next an address moves to a part of another key, and a part is made anew on another network.
    """
    networks = [Network(key, draw(st.integers(1, 2))) for key in draw(st.sets(st.sampled_from("nm"), min_size=1))]
    addresses = draw(st.permutations(["1", "2", "3", "4"]))
    parts = [
        Part(key, draw(st.sampled_from(networks)), addresses[number], draw(st.integers(1, 2)))
        for number, key in enumerate(sorted(draw(st.sets(st.sampled_from("abcd")))))
    ]
    links = [
        Link(
            key,
            tuple(draw(st.lists(st.sampled_from(parts), unique_by=lambda part: part.key, max_size=3))) if parts else (),
        )
        for key in draw(st.sets(st.sampled_from("xy")))
    ]
    stores = [Store("s", Network("n", networks[0].size))] if networks[0].key == "n" and draw(st.booleans()) else []
    return (*networks, *parts, *links, *stores)


def apply(cloud: Cloud, resources: tuple[Resource, ...], mode: Mode = MODE) -> Outcome:
    return converge(cloud, OWNER, KINDS, Declaration(resources), POLICY, mode)


def without_stores(resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
    return tuple(resource for resource in resources if not isinstance(resource, Store))


@given(st.lists(declarations().map(without_stores), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None, phases=PHASES)
def test_the_plan_after_an_apply_is_empty(changing: list[tuple[Resource, ...]]) -> None:
    cloud = Cloud()
    for resources in changing:
        assert apply(cloud, resources).problems == {}
        assert apply(cloud, resources, CHECK).plan.steps == []


@given(declarations().map(without_stores), declarations().map(without_stores))
@settings(max_examples=150, deadline=None, phases=PHASES)
def test_an_apply_does_what_the_plan_said(first: tuple[Resource, ...], second: tuple[Resource, ...]) -> None:
    cloud = Cloud()
    apply(cloud, first)
    planned = apply(cloud, second, CHECK).plan.steps
    done = apply(cloud, second).done
    assert sorted((step.action, step.name) for step in planned) == sorted((step.action, step.name) for step in done)


@given(
    declarations().map(without_stores), declarations().map(without_stores), st.integers(0, 12), st.sampled_from(FAULTS)
)
@settings(max_examples=300, deadline=None, phases=PHASES)
def test_whatever_dies_wherever_the_next_run_finishes_it_like_an_uninterrupted_one(
    first: tuple[Resource, ...], second: tuple[Resource, ...], number: int, fault: str
) -> None:
    cloud, undisturbed = Cloud(), Cloud()
    for resources in (first, second):
        apply(undisturbed, resources)
    apply(cloud, first)
    cloud.faults = {cloud.writes + number: fault}
    with contextlib.suppress(Killed):
        apply(cloud, second)
    cloud.faults = {}
    assert apply(cloud, second).problems == {}
    assert cloud.shape() == undisturbed.shape()
    assert apply(cloud, second, CHECK).plan.steps == []


@given(declarations(), st.integers(0, 12))
@settings(max_examples=150, deadline=None, phases=PHASES)
def test_an_answer_that_is_lost_makes_no_second_resource(resources: tuple[Resource, ...], number: int) -> None:
    cloud, undisturbed = Cloud(faults={number: "lost after"}), Cloud()
    apply(undisturbed, resources)
    assert apply(cloud, resources).problems == {}
    assert cloud.shape() == undisturbed.shape()


@given(declarations(), declarations())
@settings(max_examples=150, deadline=None, phases=PHASES)
def test_what_is_not_owned_is_never_deleted_or_changed(
    declared: tuple[Resource, ...], others: tuple[Resource, ...]
) -> None:
    cloud = Cloud()
    theirs = [
        {"keelson:platform": "other", "keelson:environment": "test", "keelson:component": "shop", "keelson:key": "n"},
        {},
        {"Name": "n"},
    ]
    for tags in theirs:
        cloud.add(Network, {"Tags": tags, "Size": 7})
    before = {number: dict(item) for number, item in cloud.items.items()}
    # A key that a stranger bears is refused, before anything is written; other keys are made beside the stranger.
    declared = tuple(
        resource
        for resource in declared
        if "n" not in (resource.key, getattr(getattr(resource, "network", None), "key", ""))
    )
    declared = tuple(resource for resource in declared if not isinstance(resource, Link))
    apply(cloud, declared)
    converge(cloud, OWNER, KINDS, Declaration(absent=True), POLICY, MODE)
    assert cloud.items == before


@given(declarations())
@settings(max_examples=100, deadline=None, phases=PHASES)
def test_absent_leaves_nothing_behind_and_needs_nothing_declared(resources: tuple[Resource, ...]) -> None:
    cloud = Cloud()
    apply(cloud, resources)
    assert converge(cloud, OWNER, KINDS, Declaration(absent=True), POLICY, MODE).problems == {}
    assert cloud.items == {}


@given(declarations())
@settings(max_examples=50, deadline=None, phases=PHASES)
def test_a_check_writes_nothing(resources: tuple[Resource, ...]) -> None:
    cloud = Cloud()
    apply(cloud, resources, CHECK)
    assert cloud.writes == 0
