# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's RDS Data API: a real PostgreSQL answers, with the roles that RDS makes and AWS's errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from localcloud.testing import Cloud

from ...contract.case import Account, Options
from ...contract.cases.needs import NETWORK

AURORA: Options = {
    "version": "17",
    "initial_database": "app",
    "min_acu": 0,
    "subnet_tier": "private",
    "admit_cluster": False,
    "log_types": [],
    "final_snapshot": False,
}


@dataclass(frozen=True)
class Database:
    cloud: Cloud

    @property
    def cluster(self) -> dict[str, Any]:
        found: dict[str, Any] = self.cloud.client("rds").describe_db_clusters()["DBClusters"][0]
        return found

    @property
    def where(self) -> dict[str, str]:
        cluster = self.cluster
        return {
            "resourceArn": cluster["DBClusterArn"],
            "secretArn": cluster["MasterUserSecret"]["SecretArn"],
            "database": "app",
        }

    def run(self, sql: str, parameters: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        given = [
            {"name": name, **({"value": value} if "value" not in value else value)}
            for name, value in (parameters or {}).items()
        ]
        answer: dict[str, Any] = self.cloud.client("rds-data").execute_statement(
            **{**self.where, "sql": sql, "parameters": given, **more}
        )
        return answer

    def rows(self, sql: str, parameters: dict[str, Any] | None = None, **more: Any) -> list[list[dict[str, Any]]]:
        records: list[list[dict[str, Any]]] = self.run(sql, parameters, **more)["records"]
        return records

    def refused(self, sql: str = "SELECT 1", **more: Any) -> tuple[str, str]:
        """The error's code and message."""
        with pytest.raises(ClientError) as refused:
            self.run(sql, **more)
        error = refused.value.response["Error"]
        return error["Code"], error["Message"]


@pytest.fixture(scope="module")
def clouds() -> Iterator[Database]:
    with Cloud() as cloud:
        account = Account(cloud)
        for module, options in (NETWORK, ("aurora", AURORA)):
            account.apply(module, options)
        yield Database(cloud)


@pytest.fixture
def database(clouds: Database) -> Database:
    clouds.cloud.clock(scale=0, held=False)
    return clouds


def test_the_master_user_is_no_superuser_and_may_make_roles_and_databases(database: Database) -> None:
    attributes = (
        "SELECT rolsuper, rolcreaterole, rolcreatedb, pg_has_role('rds_superuser', 'MEMBER') "
        "FROM pg_roles WHERE rolname = current_user"
    )
    assert database.rows(attributes) == [
        [{"booleanValue": False}, {"booleanValue": True}, {"booleanValue": True}, {"booleanValue": True}]
    ]
    assert "permission denied" in database.refused("SELECT rolpassword FROM pg_authid")[1]


def test_fields_have_the_types_of_their_columns(database: Database) -> None:
    columns = ("1", "2::bigint", "1.5::float8", "true", "'a'", "NULL", "1.50", "DATE '2026-01-31'", "'\\x00ff'::bytea")
    (row,) = database.rows(f"SELECT {', '.join(columns)}, ARRAY['x', 'y'], ARRAY[1, 2], '{{}}'::jsonb")
    assert row == [
        {"longValue": 1},
        {"longValue": 2},
        {"doubleValue": 1.5},
        {"booleanValue": True},
        {"stringValue": "a"},
        {"isNull": True},
        {"stringValue": "1.50"},
        {"stringValue": "2026-01-31"},
        {"blobValue": b"\x00\xff"},
        {"arrayValue": {"stringValues": ["x", "y"]}},
        {"arrayValue": {"longValues": [1, 2]}},
        {"stringValue": "{}"},
    ]


def test_parameters_are_values_and_never_sql(database: Database) -> None:
    evil = "x'; DROP TABLE users; -- %s :no"
    assert database.rows("SELECT :text", {"text": {"stringValue": evil}}) == [[{"stringValue": evil}]]
    sql = (
        "SELECT ':no', :number + 1, CAST(:nothing AS text) IS NULL, CAST(:id AS uuid) = :id, 7 % 4, "
        "now()::date = :day -- :neither"
    )
    parameters = {
        "number": {"longValue": 41},
        "nothing": {"isNull": True},
        "id": {"value": {"stringValue": "6f1c0a50-5d0e-4a46-9f4f-0f5f2a1d9f10"}, "typeHint": "UUID"},
        "day": {"value": {"stringValue": "2000-01-01"}, "typeHint": "DATE"},
    }
    yes, no = {"booleanValue": True}, {"booleanValue": False}
    assert database.rows(sql, parameters) == [
        [{"stringValue": ":no"}, {"longValue": 42}, yes, yes, {"longValue": 3}, no]
    ]


def test_errors_carry_postgresqls_words_and_state(database: Database) -> None:
    assert database.refused("SELEC 1") == (
        "DatabaseErrorException",
        'ERROR: syntax error at or near "SELEC"\n  Position: 1; SQLState: 42601',
    )
    assert database.refused("SELECT * FROM nothing")[1].endswith("SQLState: 42P01")
    assert database.refused("SELECT 1; SELECT 2")[1].startswith(
        "ERROR: cannot insert multiple commands into a prepared statement"
    )
    assert database.refused(database="nothing") == (
        "DatabaseErrorException",
        'FATAL: database "nothing" does not exist; SQLState: 3D000',
    )
    assert database.refused("SELECT acldefault('r', 10)")[0] == "UnsupportedResultException"
    assert database.refused("SELECT repeat('x', 70000)")[0] == "UnsupportedResultException"
    assert database.refused("SELECT :missing")[0] == "BadRequestException"


def test_it_logs_in_with_the_secret_that_it_is_given(database: Database) -> None:
    secrets = database.cloud.client("secretsmanager")
    wrong = {"username": "postgres", "password": "wrong"}
    for content, code, words in (
        (json.dumps(wrong), "DatabaseErrorException", 'password authentication failed for user "postgres"'),
        ("text", "InvalidSecretException", "no username and password"),
    ):
        arn = secrets.create_secret(Name=f"of-{code}", SecretString=content)["ARN"]
        assert database.refused(secretArn=arn)[0] == code
        assert words in database.refused(secretArn=arn)[1]
    assert (
        database.refused(secretArn="arn:aws:secretsmanager:us-east-1:123456789012:secret:none-aaaaaa")[0]
        == "SecretsErrorException"
    )


def test_it_logs_in_with_the_password_that_the_secret_has_now(database: Database) -> None:
    secrets, arn = database.cloud.client("secretsmanager"), database.where["secretArn"]
    secret = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    secrets.put_secret_value(SecretId=arn, SecretString=json.dumps({**secret, "password": "quite-another-one"}))
    assert database.rows("SELECT current_user") == [[{"stringValue": secret["username"]}]]


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    client, where = database.cloud.client("rds-data"), database.where
    database.run("CREATE TABLE IF NOT EXISTS numbers (n int)")
    named = {name: where[name] for name in ("resourceArn", "secretArn")}
    for end, count in ((client.rollback_transaction, 0), (client.commit_transaction, 1)):
        transaction = client.begin_transaction(**where)["transactionId"]
        assert database.run("INSERT INTO numbers VALUES (1)", transactionId=transaction)["numberOfRecordsUpdated"] == 1
        assert database.rows("SELECT count(*) FROM numbers") == [[{"longValue": 0}]]
        end(**named, transactionId=transaction)
        assert database.rows("SELECT count(*) FROM numbers") == [[{"longValue": count}]]
        assert database.refused(transactionId=transaction)[0] == "TransactionNotFoundException"
    batch = [[{"name": "n", "value": {"longValue": number}}] for number in (2, 3)]
    client.batch_execute_statement(**where, sql="INSERT INTO numbers VALUES (:n)", parameterSets=batch)
    assert database.rows("SELECT sum(n) FROM numbers") == [[{"longValue": 6}]]


def test_only_what_reads_is_a_read_in_the_call_log(database: Database) -> None:
    database.cloud.clear_calls()
    database.run("\n select 1")
    database.run("CREATE SCHEMA counted")
    database.run("DO $$ BEGIN PERFORM 1; END $$")
    assert [call["write"] for call in database.cloud.calls() if call["service"] == "rds-data"] == [False, True, True]


def test_the_dump_shows_what_was_made_and_not_what_rds_makes(database: Database) -> None:
    database.run("CREATE ROLE somebody LOGIN")
    database.run("CREATE DATABASE something")
    names = {name for name in database.cloud.dump() if name.startswith("postgres/")}
    assert "postgres/role/us-east-1/acme-test-main/somebody" in names
    assert not any(name.endswith(("/rds_iam", "/postgres", "/template1", "/app")) for name in names)


def test_a_cluster_that_may_scale_to_nothing_sleeps_when_idle_and_is_woken_by_the_first_call(
    database: Database,
) -> None:
    database.cloud.clock(scale=1)
    database.rows("SELECT 1")
    database.cloud.clock(scale=1e-6)  # five minutes are over at once, and so is waking up
    assert database.refused()[0] == "DatabaseResumingException"
    database.cloud.clock(scale=1)
    assert database.rows("SELECT 1") == [[{"longValue": 1}]]


def test_a_cluster_without_the_data_api_or_without_an_instance_says_so(database: Database) -> None:
    rds, where = database.cloud.client("rds"), database.where
    rds.disable_http_endpoint(ResourceArn=where["resourceArn"])
    assert database.refused()[0] == "HttpEndpointNotEnabledException"
    rds.enable_http_endpoint(ResourceArn=where["resourceArn"])
    assert database.refused(resourceArn=where["resourceArn"] + "x")[0] == "BadRequestException"


def test_what_a_cluster_held_goes_with_it(database: Database) -> None:
    rds, cluster = database.cloud.client("rds"), database.cluster
    (name,) = (member["DBInstanceIdentifier"] for member in cluster["DBClusterMembers"])
    database.run("CREATE TABLE IF NOT EXISTS mine (n int)")
    rds.delete_db_instance(DBInstanceIdentifier=name)
    assert database.refused()[0] == "DatabaseNotFoundException"
    where = database.where
    rds.delete_db_cluster(DBClusterIdentifier=cluster["DBClusterIdentifier"], SkipFinalSnapshot=True)
    assert not rds.describe_db_clusters()["DBClusters"]
    assert database.cloud.admin("GET", "health")["databases"] == {}
    assert not list((database.cloud.directory / "postgres").glob("[0-9]*"))
    Account(database.cloud).apply("aurora", AURORA)
    assert database.refused(secretArn=where["secretArn"])[0] == "SecretsErrorException"
    assert database.refused("SELECT * FROM mine")[1].endswith("SQLState: 42P01")
