# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a plan says, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.converge import Mode, converge
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import KeelsonError, Refused
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Policy, same
from ansible_collections.keelson.eks.plugins.module_utils.engine.report import plain, report
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import UNKNOWN, Resource, State

from .cloud import KINDS, OWNER, Cloud, Guest, Link, Network, NetworkLookup, Part, Store

CHECK = Mode(check=True)
MODE = Mode(interval=0.0005, timeout=0.2)
N = Network("n")
POLICY = Policy()


def run(
    cloud: Cloud,
    *resources: Resource,
    mode: Mode = MODE,
    kinds: tuple = KINDS,
    policy: Policy = POLICY,
    **declaration: Any,
) -> Any:
    return converge(cloud, OWNER, kinds, Declaration(resources, **declaration), policy, mode)


def steps(outcome: Any) -> list[str]:
    return [f"{step.action} {step.name}" for step in outcome.plan.steps]


def test_what_is_not_known_yet_is_planned_as_known_after_apply() -> None:
    outcome = run(Cloud(), Part("a", N, "1"), mode=CHECK)
    assert steps(outcome) == ["create Network n", "create Part a"]
    assert plain(outcome.plan.steps[1].after["Uses"]) == ["(known after apply)"]


def test_a_lookup_that_finds_nothing_is_told_with_its_role_in_a_check_and_refused_before_any_write_otherwise() -> None:
    cloud = Cloud()
    guest = Guest("g", NetworkLookup("main"))
    assert run(cloud, guest, kinds=(Guest,), mode=CHECK).plan.awaited == ["Network main: made by the role network"]
    with pytest.raises(Refused, match=r"made by the role network. Run that role first"):
        run(cloud, guest, N, kinds=(Guest, Network))
    assert cloud.writes == 0


def test_one_resource_declared_in_two_ways_is_an_error() -> None:
    with pytest.raises(KeelsonError, match="Network n is declared twice, differently"):
        run(Cloud(), Network("n", 1), Network("n", 2))


def test_what_is_no_longer_declared_is_purged_but_what_holds_data_is_not() -> None:
    cloud = Cloud()
    run(cloud, N, Part("a", N, "1"), Store("s", N))
    assert steps(run(cloud, N, mode=CHECK)) == ["delete Part a"]


def test_a_kind_whose_list_was_left_out_is_left_alone() -> None:
    cloud = Cloud()
    run(cloud, N, Part("a", N, "1"))
    assert steps(run(cloud, N, untouched=frozenset({Part}), mode=CHECK)) == []


def test_a_plan_that_deletes_more_than_the_limit_is_refused_and_names_what() -> None:
    cloud = Cloud()
    run(cloud, N, Part("a", N, "1"), Part("b", N, "2"))
    with pytest.raises(Refused, match=r"deletes 2 resources .* more than prune_limit \(1\): Part a, Part b"):
        run(cloud, N, policy=Policy(prune_limit=1))


def test_a_change_that_needs_a_replacement_is_refused_unless_allowed_and_always_for_what_holds_data() -> None:
    cloud = Cloud()
    run(cloud, N, Part("a", N, "1"), Store("s", N))
    with pytest.raises(Refused, match=r"cannot change Address in place .*'1' -> '2'.*allow_replacement"):
        run(cloud, N, Part("a", N, "2"), Store("s", N))
    with pytest.raises(Refused, match="Store s: cannot change Uses in place, and it holds data: it is never replaced"):
        run(
            cloud,
            Network("n"),
            Network("m"),
            Part("a", N, "1"),
            Store("s", Network("m")),
            policy=Policy(allow_replacement=True),
        )


def test_two_with_one_key_are_purged_down_to_the_one_in_use_and_refused_when_they_hold_data() -> None:
    cloud = Cloud()
    run(cloud, N, Store("s", N))
    cloud.add(Network, {"Tags": OWNER.tags("n"), "Size": 1})
    assert steps(run(cloud, N, Store("s", N), mode=CHECK)) == ["delete Network n~1"]
    cloud.add(Store, {"Tags": OWNER.tags("s")})
    with pytest.raises(Refused, match="Store s: there are two with this key, and they hold data"):
        run(cloud, N, Store("s", N))


def test_what_has_failed_is_made_again() -> None:
    cloud = Cloud()
    number = cloud.add(Network, {"Tags": OWNER.tags("n"), "Size": 1, "State": State.FAILED})
    assert steps(run(cloud, N)) == ["replace Network n"]
    assert number not in cloud.items


def test_without_waiting_what_needs_something_slow_is_left_to_the_next_call_and_counts_as_no_change() -> None:
    cloud = Cloud()
    number = cloud.add(Network, {"Tags": OWNER.tags("n"), "Size": 1, "State": State.PENDING})
    outcome = run(cloud, N, Part("a", N, "1"), mode=Mode(wait=False, interval=0.0005))
    told = report(outcome, Mode(wait=False), diff=False)
    assert told["changed"] is False
    assert told["pending"] == [
        "create Part a: Network n is pending: as the test says",
        "wait for Network n: as the test says",
    ]
    cloud.items[number]["State"] = State.READY
    assert steps(run(cloud, N, Part("a", N, "1"))) == ["create Part a"]


def test_nobody_waits_for_what_is_left_to_others_and_what_needs_it_is_left_to_the_next_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Network, "is_left_to_others", classmethod(lambda cls, observed: True))
    cloud = Cloud()
    number = cloud.add(Network, {"Tags": OWNER.tags("n"), "Size": 1, "State": State.PENDING})
    outcome = run(cloud, N, Part("a", N, "1"))
    assert (outcome.problems, outcome.pending) == (
        {},
        {"create Part a": "Network n is pending: as the test says", "wait for Network n": "as the test says"},
    )
    cloud.items[number]["State"] = State.READY
    assert steps(run(cloud, N, Part("a", N, "1"))) == ["create Part a"]


def test_a_wait_that_is_given_up_names_what_it_waited_for_and_why() -> None:
    cloud = Cloud()
    cloud.add(Network, {"Tags": OWNER.tags("n"), "Size": 1, "State": State.PENDING})
    outcome = run(cloud, N)
    assert "gave up waiting for Network n, which is pending: as the test says" in outcome.problems["wait for Network n"]


def test_a_failure_stops_what_depends_on_it_and_nothing_else() -> None:
    cloud = Cloud(faults={0: "refused"})
    outcome = run(cloud, Network("m"), Link("x", (Part("a", Network("m"), "1"),)))
    assert outcome.problems == {
        "create Network m": "AccessDenied",
        "create Part a": "not done, it comes after: create Network m",
        "create Link x": "not done, it comes after: create Part a",
    }
    told = report(outcome, MODE, diff=True)
    assert told["failed"] and "create Network m: AccessDenied" in told["msg"]


def test_a_set_compares_without_order_and_a_list_with_it() -> None:
    assert same({"a": {1, 2}, "b": [1, 2]}, {"a": [2, 1], "b": [1, 2]})
    assert not same({"b": [1, 2]}, {"b": [2, 1]})
    assert not same({"a": 1}, {"a": 1, "b": 2})
    assert not same(UNKNOWN, "x")


def test_the_users_tags_are_added_and_other_peoples_are_left_alone() -> None:
    cloud = Cloud()
    run(cloud, N)
    number = next(iter(cloud.items))
    cloud.items[number]["Tags"]["theirs"] = "x"
    assert steps(run(cloud, N, mode=CHECK)) == []
    run(cloud, N, policy=Policy(tags={"team": "a"}))
    assert {"theirs": "x", "team": "a"}.items() <= cloud.items[number]["Tags"].items()


class Described(Network):
    """Has room for the owner's tags alone."""

    taggable = False


def test_what_takes_none_of_the_users_tags_gets_the_owners_alone() -> None:
    cloud = Cloud()
    outcome = run(cloud, Described("d"), kinds=(Described,), policy=Policy(tags={"team": "a"}))
    (step,) = outcome.plan.steps
    assert step.after["Tags"] == OWNER.tags("d")
