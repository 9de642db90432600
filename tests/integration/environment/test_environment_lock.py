# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run at a time: who gets the lock, who is refused, and what becomes of the lock of a run that died."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from localcloud.testing import Cloud

from ..contract.case import Account, Result

HOST = "another-host"


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.reset()
    return Account(cloud)


@pytest.fixture
def another_run() -> Iterator[subprocess.Popen]:
    """Another process of this host, alive until the test ends it."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def lock(account: Account, process: int | None = None, **options: object) -> Result:
    return account.run("environment_lock", {"process": process or os.getpid(), "settle": 0, **options})


def test_a_second_run_is_told_who_holds_the_lock_since_when(account: Account, another_run: subprocess.Popen) -> None:
    held = lock(account, another_run.pid)["lock"]
    refused = lock(account)
    assert refused["failed"]
    assert (
        f"locked by {held['holder']} (process {another_run.pid} on {socket.gethostname()}) since {held['since']}"
        in refused["msg"]
    )
    assert "environment_lock_force" in refused["msg"]


def test_the_lock_of_a_process_that_is_gone_on_this_host_is_taken_over_at_once(
    account: Account, another_run: subprocess.Popen
) -> None:
    lock(account, another_run.pid)
    another_run.kill()
    another_run.wait()
    taken = lock(account)
    assert f"process {another_run.pid} on" in taken["taken_over_from"]
    assert lock(account)["changed"] and "taken_over_from" not in lock(account), "one's own lock is kept"


def test_a_lock_of_another_host_is_taken_over_when_its_lease_has_run_out_or_by_force(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as there:
        there.setattr(socket, "gethostname", lambda: HOST)
        lock(account)
    assert f"on {HOST}" in lock(account)["msg"]
    assert f"on {HOST}" in lock(account, force=True)["taken_over_from"]
    with monkeypatch.context() as there:
        there.setattr(socket, "gethostname", lambda: HOST)
        lock(account, force=True)
        there.setattr("time.time", lambda: 4e9)
        there.setattr(socket, "gethostname", lambda: "a-third-host")
        assert f"on {HOST}" in lock(account)["taken_over_from"]


def test_of_many_that_see_the_same_ended_lease_only_one_takes_it_over(
    account: Account, another_run: subprocess.Popen
) -> None:
    lock(account, another_run.pid)
    another_run.kill()
    another_run.wait()
    runs = [subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) for _index in range(6)]
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda run: lock(account, run.pid), runs))
    for run in runs:
        run.communicate(b"\n")
    assert sum(1 for result in results if not result.get("failed")) == 1


def test_a_run_gives_back_its_own_lock_and_no_other(account: Account, another_run: subprocess.Popen) -> None:
    lock(account, another_run.pid)
    assert lock(account, state="absent")["changed"] is False
    assert lock(account)["failed"]
    assert lock(account, another_run.pid, state="absent")["changed"] is True
    assert "failed" not in lock(account)
    lock(account, state="absent")
    assert not [name for name in account.cloud.dump() if name.startswith("ssm/")]


def test_a_check_takes_no_lock(account: Account) -> None:
    account.run("environment_lock", {}, check=True)
    assert not [name for name in account.cloud.dump() if name.startswith("ssm/")]


def test_a_lease_too_short_is_refused(account: Account) -> None:
    for check in (True, False):
        result = account.run("environment_lock", {"lease": 59}, check=check)
        assert result["failed"] and result["msg"].startswith("lease: must be at least 60 seconds")
    assert not [call for call in account.cloud.calls() if call["write"]]
