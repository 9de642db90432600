# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every module keeps to. A module without a case fails."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml
from localcloud.testing import Cloud

from .case import Account, Case, Options, Raw, Result, component_of

ROOT = Path(__file__).resolve().parents[3]
CASES = Path(__file__).parent / "cases"
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py") if path.stem != "__init__")
WITHOUT_PLAN = {
    "plan": "it plans what the others make: see environment/test_run_plan.py",
    "preflight": "it checks, and makes no resources: see preflight/",
    "environment_lock": "it holds a lease, and makes no resources: see test_environment_lock.py",
    "environment_info": "it only reads: see test_environment_info.py",
}
OF_ANSIBLE = {"changed", "diff", "failed", "msg", "exception", "invocation"}
OWNERS_MARK = re.compile(r"keelson:platform|keelson\.dev/platform")
"""The tag, and the label, of all that has an owner."""


def case_of(module: str) -> Case:
    path = next(CASES.glob(f"*/{module}.py"), None)
    assert path is not None, f"tests/integration/contract/cases/<area>/{module}.py: write the module's case there"
    return importlib.import_module(f"tests.integration.contract.cases.{path.parent.name}.{module}").CASE


@pytest.fixture(scope="session")
def clouds() -> Iterator[Callable[[bool], Cloud]]:
    """A cloud, with API servers behind its clusters or without: each is started when it is first asked for."""
    with ExitStack() as stack:
        started: dict[bool, Cloud] = {}

        def cloud(control_plane: bool) -> Cloud:
            if control_plane not in started:
                started[control_plane] = stack.enter_context(Cloud(control_plane=control_plane))
            return started[control_plane]

        yield cloud


@pytest.fixture(params=[module for module in MODULES if module not in WITHOUT_PLAN])
def case(request: pytest.FixtureRequest) -> Case:
    return case_of(request.param)


@pytest.fixture
def account(case: Case, clouds: Callable[[bool], Cloud]) -> Account:
    cloud = clouds(case.control_plane)
    cloud.faults()
    cloud.clock(scale=0, held=False)
    cloud.reset()
    return Account(cloud)


def actions(result: Result) -> list[tuple[str, str, str]]:
    return sorted((row["kind"], row["key"], row["action"]) for row in result["resources"] if row["action"] != "none")


def undocumented(module: str, *results: Result) -> set[str]:
    """What was returned, and the module's RETURN does not tell."""
    strings = importlib.import_module(f"ansible_collections.keelson.eks.plugins.modules.{module}")
    return {name for result in results for name in result} - set(yaml.safe_load(strings.RETURN)) - OF_ANSIBLE


def dump_kind(name: str) -> str:
    """``ec2/vpc`` of ``ec2/vpc/vpc-1``."""
    return "/".join(name.split("/")[:2])


def test_the_plan_on_an_empty_account_is_what_the_account_then_has(case: Case, account: Account) -> None:
    account.prepare(case)
    before = account.cloud.dump()
    planned = account.plan(case.module, case.options)
    assert account.cloud.dump() == before, "a check writes nothing"
    done = account.apply(case.module, case.options)
    assert actions(planned) == actions(done)
    assert undocumented(case.module, planned, done) == set()
    after = account.cloud.dump()
    gained = after.keys() - before.keys()
    tagged = {name for name in gained if OWNERS_MARK.search(json.dumps(after[name]))}
    assert len(tagged) == len(actions(done)), f"{sorted(tagged)}\n{actions(done)}"
    assert {dump_kind(name) for name in gained - tagged} == case.side_effects, "what AWS makes by itself"


def test_a_second_run_changes_nothing_and_writes_nothing(case: Case, account: Account) -> None:
    account.prepare(case)
    account.apply(case.module, case.options)
    account.watch()
    assert account.apply(case.module, case.options)["changed"] is False
    assert account.writes() == []


def test_a_second_run_changes_nothing_while_things_are_still_being_made(case: Case, account: Account) -> None:
    account.prepare(case)
    account.hold(True)
    started = account.apply(case.module, {**case.options, "wait": False})
    assert undocumented(case.module, started) == set()
    account.watch()
    assert account.apply(case.module, {**case.options, "wait": False})["changed"] is False
    assert account.writes() == []
    account.hold(False)
    account.apply(case.module, case.options)
    assert account.plan(case.module, case.options)["changed"] is False


def test_every_property_that_changes_behind_its_back_is_seen_planned_and_repaired(
    case: Case, account: Account, record_property: Callable[[str, object], None]
) -> None:
    account.prepare(case)
    account.apply(case.module, case.options)
    raw = account.raw(case)
    covered = {*case.changes, *case.unchangeable}
    declared = list(raw.declared())
    uncovered = {
        f"{name}, of which none is declared"
        for name in raw.kinds.keys() - {type(resource).__name__ for resource in declared}
    }
    for resource in declared:
        kind = type(resource)
        for name in {*resource.desired(), "Tags"}:
            if (kind.__name__, name) not in covered and name not in kind.replaced_by:
                uncovered.add(f"{kind.__name__}.{name}")
    record_property(
        "uncovered", f"{case.module}: {len(covered)} properties, not covered: {', '.join(sorted(uncovered)) or 'none'}"
    )
    for (kind_name, name), why in case.unchangeable.items():
        record_property("uncovered", f"{case.module}: {kind_name}.{name} cannot be changed: {why}")
    problems = [f"no change for {name}" for name in sorted(uncovered)]
    for changes in rounds(case):
        for make in dict.fromkeys(changes.values()):
            make(raw)
        planned = account.plan(case.module, case.options)
        for kind_name, name in changes:
            if not any(
                entry["before_header"].startswith(f"{kind_name} ") and name in entry["after"]
                for entry in planned["diff"]
            ):
                problems.append(f"a change of {kind_name}.{name} is not seen: {actions(planned)}")
        account.apply(case.module, case.options)
        if (left := account.plan(case.module, case.options))["changed"]:
            problems.append(f"not all of {sorted(changes)} is repaired: {left['diff']}")
    assert not problems, "\n".join(problems)


def rounds(case: Case) -> Iterator[dict[tuple[str, str], Callable[[Raw], None]]]:
    """The changes, as many at a time as there are kinds: each kind is changed by one function a round."""
    kinds: dict[Callable[[Raw], None], set[str]] = {}
    for (kind, _name), make in case.changes.items():
        kinds.setdefault(make, set()).add(kind)
    left = list(kinds)
    while left:
        taken: set[str] = set()
        chosen = []
        for make in left:
            if taken.isdisjoint(kinds[make]):
                taken |= kinds[make]
                chosen.append(make)
        yield {key: make for key, make in case.changes.items() if make in chosen}
        left = [make for make in left if make not in chosen]


def test_what_is_no_longer_declared_is_purged(case: Case, account: Account) -> None:
    if not case.smaller:
        assert not case.purged
        return
    account.prepare(case)
    account.apply(case.module, case.options)
    result = account.apply(case.module, {**case.options, **case.smaller})
    assert {kind for kind, _key, action in actions(result) if action == "delete"} == case.purged
    assert account.plan(case.module, {**case.options, **case.smaller})["changed"] is False


def test_absent_leaves_nothing_behind(case: Case, account: Account) -> None:
    account.prepare(case)
    before = account.cloud.dump()
    account.apply(case.module, case.options)
    account.plan(case.module, {**case.options, "state": "absent"})
    removed = account.apply(case.module, {**case.options, "state": "absent"})
    assert undocumented(case.module, removed) == set()
    left = set(account.cloud.dump().keys() - before.keys())
    assert {name for name in left if dump_kind(name) not in case.kept} == set()
    assert account.apply(case.module, {**case.options, "state": "absent"})["changed"] is False


def test_bad_input_is_one_clear_message_and_no_write(
    case: Case, account: Account, record_property: Callable[[str, object], None]
) -> None:
    account.prepare(case)
    problems = refused(account, case, case.bad)
    if case.bad_when_made:
        account.apply(case.module, case.options)
        problems += refused(account, case, case.bad_when_made)
    record_property("bad input", len(case.bad) + len(case.bad_when_made))
    assert not problems, "\n".join(problems)


def refused(account: Account, case: Case, bad: dict[str, tuple[Options, str]]) -> list[str]:
    """Of what should be refused that which is not, or not in the right words, or too late."""
    problems = []
    for name, (options, pattern) in bad.items():
        for check in (True, False):
            account.watch()
            result = account.run(case.module, {**case.options, **options}, check)
            if not result.get("failed") or not re.search(pattern, result["msg"], re.MULTILINE):
                problems.append(f"{name} (check={check}): wanted {pattern!r}, got {result.get('msg', 'success')!r}")
            problems += [f"{name} (check={check}): {call} was written" for call in account.writes()]
    return problems


def test_without_what_it_needs_an_apply_names_it_and_writes_nothing(case: Case, account: Account) -> None:
    if not case.needs:
        return
    assert account.plan(case.module, case.options)["awaited"]
    account.watch()
    result = account.run(case.module, case.options)
    assert result["failed"] and "made by the role" in result["msg"], result
    assert account.writes() == []


def test_in_the_worker_and_as_a_module_it_answers_the_same_and_takes_null_for_left_out(
    case: Case, account: Account, tmp_path: Path
) -> None:
    account.prepare(case)
    nulls = dict.fromkeys(component_of(case.module).argument_spec.keys() - account.common.keys())
    here, there = (
        account.ansible(case.module, {**nulls, **case.options}, in_worker, tmp_path) for in_worker in (True, False)
    )
    assert here == there
    assert here["changed"] is True
    assert here["resources"] == account.plan(case.module, case.options)["resources"]
