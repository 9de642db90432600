# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What there is of an environment: told whole, in part, or not at all, and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from localcloud.testing import Cloud

from ..contract.case import Account
from ..contract.cases.needs import CLUSTER, NETWORK, NETWORK_PLUGIN, NODES

NOTHING: dict[str, Any] = {
    "network": {"vpc_id": None, "cidr": None, "subnets": {}},
    "cluster": None,
    "node_groups": {},
    "databases": {},
    "site": None,
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.reset()
    return Account(cloud)


def told(account: Account, **options: Any) -> dict[str, Any]:
    account.cloud.clear_calls()
    result = account.apply("environment_info", options)
    assert result.pop("changed") is False
    assert [call["operation"] for call in account.cloud.calls() if call["write"]] == []
    return result


def make(account: Account, *modules: tuple[str, dict[str, Any]], **common: Any) -> None:
    for module, options in modules:
        account.apply(module, {**options, **common})


def test_of_an_empty_account_it_tells_that_there_is_nothing(account: Account) -> None:
    assert told(account) == NOTHING


def test_it_tells_what_there_is_of_the_network_the_cluster_and_its_node_groups(account: Account) -> None:
    make(account, NETWORK, CLUSTER, NETWORK_PLUGIN, NODES)
    found = told(account)
    subnets = account.cloud.client("ec2").describe_subnets(
        Filters=[{"Name": "tag:keelson:platform", "Values": ["acme"]}]
    )["Subnets"]
    cluster = account.cloud.client("eks").describe_cluster(name="acme-test")["cluster"]
    assert found["network"] == {
        "vpc_id": subnets[0]["VpcId"],
        "cidr": "10.0.0.0/16",
        "subnets": {"private": {subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in subnets}},
    }
    assert found["cluster"] == {name: cluster[name] for name in ("name", "arn", "status", "version", "endpoint")}
    assert found["node_groups"] == {
        "main": {"status": "ACTIVE", "version": "1.35", "instance_types": ["m7g.large"], "desired": 1}
    }


def test_a_cluster_that_is_still_being_made_is_told_without_its_endpoint(account: Account) -> None:
    make(account, NETWORK)
    account.cloud.clock(held=True)
    make(account, CLUSTER, wait=False)
    found = told(account)
    account.cloud.clock(held=False)
    assert (found["cluster"]["status"], found["cluster"]["endpoint"], found["node_groups"]) == ("CREATING", None, {})


def test_another_environments_are_not_told(account: Account) -> None:
    make(account, NETWORK, CLUSTER, environment="test-other")
    assert told(account) == NOTHING


def test_a_cluster_of_another_name_is_told_when_it_is_asked_for(account: Account) -> None:
    make(account, NETWORK, (CLUSTER[0], {**CLUSTER[1], "name": "acme-test-blue"}))
    assert told(account)["cluster"] is None
    assert told(account, cluster="acme-test-blue")["cluster"]["name"] == "acme-test-blue"


def test_the_wrong_account_is_refused(account: Account) -> None:
    assert (
        "this environment lives in account 999999999999"
        in account.run("environment_info", {"account_id": "999999999999"})["msg"]
    )


def test_in_the_worker_and_as_a_module_it_answers_the_same(account: Account, tmp_path: Path) -> None:
    make(account, NETWORK)
    here, there = (account.ansible("environment_info", {}, in_worker, tmp_path) for in_worker in (True, False))
    assert here == there
    assert here["network"]["cidr"] == "10.0.0.0/16"
