# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module database_users beyond the contract: sleeping clusters, runs that died, data that must not be lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from localcloud.testing import Cloud

from ..contract.case import Account, Options
from ..contract.cases.needs import NETWORK

AURORA: Options = {
    "version": "17",
    "initial_database": "app",
    "min_acu": 0,
    "subnet_tier": "private",
    "admit_cluster": False,
    "log_types": [],
}
SHOP: Options = {"applications": {"shop": {}}}
OWNED = (
    "keelson.dev/platform=acme keelson.dev/environment=test keelson.dev/component=database_users "
    "keelson.dev/kind=OwnerRole"
)


@pytest.fixture(scope="module")
def running() -> Iterator[Account]:
    with Cloud() as cloud:
        yield Account(cloud)


@pytest.fixture
def account(running: Account) -> Account:
    """With an Aurora cluster in which nobody has made anything yet."""
    running.cloud.clock(scale=0, held=False)
    running.cloud.reset()
    for module, options in (NETWORK, ("aurora", AURORA)):
        running.apply(module, options)
    return running


def run(account: Account, *statements: str, database: str = "app") -> list[Any]:
    """The first column of the last statement's answer, as the master user gets it."""
    cluster = account.cloud.client("rds").describe_db_clusters()["DBClusters"][0]
    where = {
        "resourceArn": cluster["DBClusterArn"],
        "secretArn": cluster["MasterUserSecret"]["SecretArn"],
        "database": database,
    }
    records: list[Any] = []
    for statement in statements:
        records = account.cloud.client("rds-data").execute_statement(sql=statement, **where).get("records", [])
    return [next(iter(record[0].values())) for record in records]


def actions(result: Options) -> set[tuple[str, str]]:
    return {(f"{row['kind']} {row['key']}", row["action"]) for row in result["resources"] if row["action"] != "none"}


def test_a_cluster_that_sleeps_is_woken_and_waited_for(account: Account) -> None:
    account.apply("database_users", SHOP)
    account.cloud.clear_calls()
    account.cloud.clock(scale=1e-6)  # it fell asleep a moment after the last call
    account.cloud.faults(
        points=[{"number": 1, "when": "after", "operations": ["rds-data *"], "action": {"pause": True}}]
    )
    with ThreadPoolExecutor() as pool:
        second = pool.submit(account.apply, "database_users", SHOP)
        assert account.cloud.wait_fired()
        account.cloud.clock(scale=1)  # from now on it stays awake for five minutes
        account.cloud.release()
        assert second.result()["changed"] is False
    assert {call["status"] for call in account.cloud.calls() if call["service"] == "rds-data"} == {200, 400}


@pytest.mark.parametrize(
    "left",
    [
        [
            "CREATE ROLE keelson_databases",
            f"COMMENT ON ROLE keelson_databases IS '{OWNED}'",
            "GRANT keelson_databases TO CURRENT_USER",
        ],
        ["CREATE DATABASE shop OWNER keelson_databases"],
    ],
    ids=["after the owner", "after the database"],
)
def test_a_run_that_died_is_finished_by_the_next(account: Account, left: list[str]) -> None:
    owner = [
        "CREATE ROLE keelson_databases",
        f"COMMENT ON ROLE keelson_databases IS '{OWNED}'",
        "GRANT keelson_databases TO CURRENT_USER",
    ]
    run(account, *owner, *(statement for statement in left if statement not in owner))
    done = actions(account.apply("database_users", SHOP))
    assert "OwnerRole keelson_databases" not in {name for name, _action in done}
    assert ("Database shop", "update" if "DATABASE" in left[0] else "create") in done
    assert account.plan("database_users", SHOP)["changed"] is False


def test_a_role_that_somebody_else_has_made_is_refused_and_not_touched(account: Account) -> None:
    run(account, "CREATE ROLE shop LOGIN")
    result = account.run("database_users", SHOP)
    assert "LoginRole shop: exists, and is not this environment's (it carries no keelson tags)" in result["msg"]
    assert run(account, "SELECT rolname::text FROM pg_roles WHERE rolname ~ 'shop|keelson'") == ["shop"]


def test_a_database_that_somebody_else_has_made_is_refused_and_not_touched(account: Account) -> None:
    run(account, "CREATE DATABASE shop")
    assert "Database shop: exists, and is not this environment's" in account.run("database_users", SHOP)["msg"]


def test_absent_removes_the_users_and_retains_the_data_unless_told_otherwise(account: Account) -> None:
    account.apply("database_users", SHOP)
    run(account, "SET ROLE shop_owner", database="shop")
    run(
        account,
        "DO $$ BEGIN SET LOCAL ROLE shop_owner; CREATE TABLE shop.orders AS SELECT 1 AS id; END $$",
        database="shop",
    )
    result = account.apply("database_users", {"state": "absent"})
    retained = {"Database shop", "OwnerRole keelson_databases", "OwnerRole shop_owner", "Schema shop/shop"}
    assert set(result["retained"]) == retained
    assert run(account, "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'shop%'") == ["shop_owner"]
    assert account.apply("database_users", {"state": "absent"})["changed"] is False
    account.apply("database_users", SHOP)
    assert run(account, "SELECT id FROM shop.orders", database="shop") == [1]
    account.apply("database_users", {"state": "absent", "keep_data": False})
    assert run(account, "SELECT datname::text FROM pg_database WHERE datname = 'shop'") == []


def test_what_a_user_owns_that_goes_is_not_lost(account: Account) -> None:
    account.apply("database_users", SHOP)
    run(
        account,
        "GRANT CREATE ON SCHEMA shop TO shop",
        "REVOKE rds_iam FROM shop",
        "GRANT shop TO CURRENT_USER",
        database="shop",
    )
    made = "DO $$ BEGIN SET LOCAL ROLE shop; CREATE TABLE shop.own AS SELECT 7 AS id; END $$"
    run(account, made, "REVOKE shop FROM CURRENT_USER", database="shop")
    account.apply("database_users", {"applications": {}})
    assert run(account, "SELECT id FROM shop.own", database="shop") == [7]
    assert run(
        account, "SELECT (tableowner = current_user) FROM pg_tables WHERE tablename = 'own'", database="shop"
    ) == [True]


def test_the_database_that_came_with_the_cluster_is_only_taken_when_it_is_asked_for(account: Account) -> None:
    account.apply("database_users", SHOP)
    owner = "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'app'"
    assert run(account, owner) == ["postgres"]
    account.apply("database_users", {"applications": {"shop": {}, "web": {"database": "app"}}})
    assert run(account, owner) == ["keelson_databases"]


def test_a_cluster_whose_data_api_is_off_is_named_with_the_way_out(account: Account) -> None:
    cluster = account.cloud.client("rds").describe_db_clusters()["DBClusters"][0]
    account.cloud.client("rds").disable_http_endpoint(ResourceArn=cluster["DBClusterArn"])
    result = account.run("database_users", SHOP)
    assert "HttpEndpointNotEnabledException" in result["msg"]
    assert "Set database_data_api, and run the role database." in result["msg"]


def test_a_cluster_that_takes_no_tokens_is_refused_with_the_way_out(account: Account) -> None:
    account.apply("aurora", {**AURORA, "iam_authentication": False})
    account.watch()
    result = account.run("database_users", SHOP)
    assert "LoginRole shop: acme-test-main takes no tokens of IAM. Set database_iam_authentication" in result["msg"]
    assert account.writes() == []


@pytest.mark.parametrize("number", [6, 9, 13])
def test_an_answer_that_is_lost_makes_nothing_twice_and_nothing_fail(account: Account, number: int) -> None:
    point = {"number": number, "when": "after", "operations": ["rds-data *"], "action": {"drop": True}}
    for options in (SHOP, {"state": "absent", "keep_data": False}):
        account.cloud.faults(points=[point])
        account.apply("database_users", options)
        assert account.cloud.wait_fired()
        assert account.plan("database_users", options)["changed"] is False


def test_the_masters_secret_is_never_read_and_shown_nowhere(account: Account) -> None:
    secrets = account.cloud.client("secretsmanager")
    arn = account.cloud.client("rds").describe_db_clusters()["DBClusters"][0]["MasterUserSecret"]["SecretArn"]
    password = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])["password"]
    account.cloud.clear_calls()
    result = account.apply("database_users", SHOP)
    assert password not in json.dumps(result)
    assert not [call for call in account.cloud.calls() if call["service"] == "secretsmanager"]


def test_a_second_run_asks_once_for_each_kind_and_each_database(account: Account) -> None:
    account.apply("database_users", SHOP)
    account.cloud.clear_calls()
    account.apply("database_users", SHOP)
    operations = [call["operation"] for call in account.cloud.calls()]
    assert sorted(operations) == ["DescribeDBClusters", "DescribeDBInstances"] + 5 * ["ExecuteStatement"]
