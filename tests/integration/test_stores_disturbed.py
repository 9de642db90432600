# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Buckets, registries and secrets while AWS is in a bad mood: runs that are cut off anywhere,
answers that are lost, reads that lag.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from localcloud.testing import Cloud

from .contract.case import Account

DECLARED: dict[str, dict[str, Any]] = {
    "buckets": {"buckets": {"shop": {"access_logs": "logs", "on_removal": "empty"}, "logs": {"on_removal": "empty"}}},
    "registries": {"registries": {"api": {"pull": ["222222222222"]}}},
    "secrets": {
        "secrets": {"mail": {"recovery_window_days": 0}, "session": {"recovery_window_days": 0}},
        "values": {"mail": "planted"},
    },
}
WRITES = {"buckets": 11, "registries": 3, "secrets": 2}
"""How many each makes: a number that is too low leaves places out, one that is too high is found out."""
DISTURBANCES: dict[str, dict[str, Any]] = {
    "failing": {"errors": [{"kind": "server_error", "every": 7}]},
    "lagging": {"lag": 0.3},
}
PLACES = [(module, number) for module, writes in WRITES.items() for number in range(1, writes + 1)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.faults()
    cloud.reset()
    return Account(cloud)


def absent(module: str) -> dict[str, Any]:
    return {**dict.fromkeys(DECLARED[module]), "state": "absent"}


def there(account: Account) -> list[str]:
    """The names of all that these modules make."""
    s3, ecr, secrets = (account.cloud.client(service, clean=True) for service in ("s3", "ecr", "secretsmanager"))
    return [
        *(bucket["Name"] for bucket in s3.list_buckets()["Buckets"]),
        *(repository["repositoryName"] for repository in ecr.describe_repositories()["repositories"]),
        *(secret["Name"] for secret in secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"]),
    ]


def finish(account: Account, module: str) -> None:
    """Another run makes all of it whole, one of each, and a removal leaves nothing."""
    account.cloud.faults()
    account.apply(module, DECLARED[module])
    assert account.plan(module, DECLARED[module])["changed"] is False
    assert len(there(account)) == len(DECLARED[module][module])
    account.apply(module, absent(module))
    assert there(account) == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("module", "number"), PLACES)
def test_a_lost_answer_makes_nothing_twice_and_leaves_nothing_out(
    account: Account, module: str, number: int, when: str
) -> None:
    account.cloud.faults(points=[{"number": number, "when": when, "action": {"drop": True}}])
    account.run(module, DECLARED[module])
    assert account.cloud.wait_fired(0)
    finish(account, module)


@pytest.mark.parametrize("disturbance", DISTURBANCES)
@pytest.mark.parametrize("module", DECLARED)
def test_a_disturbance_is_lived_through(account: Account, module: str, disturbance: str) -> None:
    account.cloud.faults(**DISTURBANCES[disturbance])
    account.apply(module, DECLARED[module])
    account.apply(module, absent(module))
    finish(account, module)


@pytest.mark.parametrize("module", DECLARED)
def test_of_two_runs_at_once_each_finds_what_the_other_makes(account: Account, module: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: account.run(module, DECLARED[module]), range(2)))
    assert not [result["msg"] for result in results if result.get("failed")]
    finish(account, module)
