# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The benchmark's clock: the critical path of what a run has made, and what it made when."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.benchmark.first_run import Figures, FirstRun
from tests.benchmark.measure import Sample
from tests.benchmark.needs import THINGS, critical_path, duration
from tests.benchmark.timeline import Span, Timeline

CLUSTER = ("eks.cluster.create", 10.0, 28.0)
NODES = ("eks.nodegroup.create", 30.0, 34.0)
EARLY, LATE = ("eks.addon.create", 29.0, 30.0), ("eks.addon.create", 35.0, 36.0)


def call(name: str, time: float, status: int = 200) -> dict[str, object]:
    service, operation = name.split()
    return {"service": service, "operation": operation, "time": time, "seconds": 0.5, "status": status}


def timeline(*begun: tuple[str, float, float]) -> Timeline:
    calls = [call("ec2 CreateVpc", 1.0), call("ec2 CreateSubnet", 2.0), call("ec2 CreateSubnet", 8.0, status=400)]
    return Timeline(0.0, 40.0, calls, list(begun), [])


def test_every_need_stands_above_what_needs_it() -> None:
    seen: set[str] = set()
    for name, thing in THINGS.items():
        assert set(thing.needs) <= seen, name
        seen.add(name)


def test_the_critical_path_of_all_is_that_of_the_cluster() -> None:
    path = critical_path(THINGS)
    assert path[-3:] == ["cluster", "node groups", "add-ons on nodes"]
    assert duration(path) == 540 + 120 + 30


def test_what_a_run_has_none_of_neither_counts_nor_breaks_the_path() -> None:
    assert critical_path({"subnets", "node groups"}) == ["subnets", "node groups"]
    assert duration(critical_path({"hosted zones", "distribution"})) == 240


def test_a_thing_is_ready_when_the_last_of_it_is_and_a_call_that_failed_made_nothing() -> None:
    assert timeline(CLUSTER).ready("subnets") == 2.5
    assert timeline(CLUSTER).could_begin("cluster") == 2.5


def test_what_needs_something_that_the_run_had_none_of_could_begin_with_what_that_needs() -> None:
    assert timeline(CLUSTER, NODES).could_begin("node groups") == 28.0


def test_addons_begun_once_there_are_nodes_are_those_that_need_nodes() -> None:
    things = timeline(CLUSTER, NODES, EARLY, LATE).things
    assert [span.began for span in things["add-ons for nodes"]] == [29.0]
    assert [span.began for span in things["add-ons on nodes"]] == [35.0]


def test_what_got_ready_while_a_task_ran_is_told_of_that_task_alone() -> None:
    run = timeline(CLUSTER, NODES)
    assert list(run.got_ready(Span("Finish the cluster", 11.0, 29.0))) == ["cluster"]
    assert list(run.got_ready(Span("Start the node groups", 29.0, 31.0))) == []


def figures(fast: float, slow: float, real: float | None = None) -> Figures:
    def run(pace: Fraction, seconds: float, latency: float = 0.0) -> FirstRun:
        return FirstRun(pace, latency, Sample(0.0, seconds, 0.0, 0.0, 0, 0), timeline(CLUSTER, NODES, EARLY, LATE))

    really = run(Fraction(1), real) if real else None
    return Figures(run(Fraction(1, 30), fast), run(Fraction(1, 6), slow), run(Fraction(1, 30), fast + 4, 0.08), really)


def test_a_runs_own_seconds_weigh_the_same_at_every_pace() -> None:
    found = figures(fast=10 + 720 / 30, slow=10 + 720 / 6)
    assert found.awaited == pytest.approx(720)
    assert found.own == pytest.approx(10)
    assert [limit.ratio for limit in found.limits()] == pytest.approx([730 / 690, 734 / 690, 34 / 23])


def test_a_run_at_awss_own_pace_stands_beside_the_computed_ones() -> None:
    found = figures(fast=10 + 720 / 30, slow=10 + 720 / 6, real=731)
    assert [limit.ratio for limit in found.limits()] == pytest.approx([731 / 690, 730 / 690, 734 / 690, 34 / 23])
    assert ["measured, AWS at its own pace", "731.0 s", "690.0 s", "1.06"] in list(found.rows())


def test_no_run_is_taken_to_be_faster_than_its_critical_path() -> None:
    found = figures(fast=12 + 690 / 30, slow=10 + 690 / 6)
    assert found.awaited == 690
    assert found.own == pytest.approx(12)
