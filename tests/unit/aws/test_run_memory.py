# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tasks of a run, which are processes of their own, tell each other."""

from __future__ import annotations

import multiprocessing
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws import run_memory
from ansible_collections.keelson.eks.plugins.module_utils.aws.run_memory import RunMemory


@pytest.fixture
def scope() -> str:
    return str(uuid.uuid4())


def in_worker(scope: str, name: str, value: Any) -> None:
    """Remember it in a process that is forked, as Ansible's workers are."""
    worker = multiprocessing.get_context("fork").Process(target=RunMemory(scope).__setitem__, args=(name, value))
    worker.start()
    worker.join()
    assert worker.exitcode == 0


def test_what_a_worker_remembers_the_next_one_and_the_controller_know(scope: str) -> None:
    in_worker(scope, "one", {"Arn": "a"})
    in_worker(scope, "other", {"Expiration": datetime(2026, 11, 21, tzinfo=UTC)})
    memory = RunMemory(scope)
    assert "one" in memory and memory["one"] == {"Arn": "a"}
    assert "other" in memory and memory["other"] == {"Expiration": "2026-11-21 00:00:00+00:00"}


def test_one_caller_never_gets_what_was_remembered_of_another(scope: str) -> None:
    RunMemory(scope)["identity"] = "mine"
    assert "identity" not in RunMemory(f"{scope} of another")


def test_what_a_killed_worker_left_half_written_counts_as_nothing(scope: str) -> None:
    memory = RunMemory(scope)
    memory["identity"] = "mine"
    end = run_memory.number(0)
    run_memory.memory[end : end + 3 * run_memory.NUMBER] = b"\x01" * (3 * run_memory.NUMBER)
    assert "identity" in memory and memory["identity"] == "mine"
    memory["region"] = "eu-central-1"
    assert "region" in memory and memory["region"] == "eu-central-1"


def test_the_last_value_of_a_name_holds(scope: str) -> None:
    memory = RunMemory(scope)
    memory["identity"] = "mine"
    in_worker(scope, "identity", "another's")
    assert "identity" in memory and memory["identity"] == "another's"


def test_what_does_not_fit_is_left_out_and_the_rest_stays(scope: str) -> None:
    memory = RunMemory(scope)
    memory["identity"] = "mine"
    memory["too much"] = "x" * run_memory.SIZE
    assert "too much" not in memory and "identity" in memory


def remember(scope: str, worker: int) -> None:
    for number in range(50):
        RunMemory(scope)[f"{worker}.{number}"] = number


def test_of_those_who_write_at_once_nobody_goes_unheard(scope: str) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=remember, args=(scope, worker)) for worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    memory = RunMemory(scope)
    assert [
        f"{worker}.{number}" for worker in range(4) for number in range(50) if f"{worker}.{number}" not in memory
    ] == []
