# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A pod of an application at its database: psql, a token of IAM, TLS, and what the application's users may do there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import boto3
import pytest
from localcloud.aws.eks.access.authentication import PresignedURL
from localcloud.postgres.server import programs
from localcloud.testing import REGION, Cloud

from ..contract.case import Account, Options, Result
from ..contract.cases.needs import NETWORK

AURORA: Options = {
    "version": "17",
    "initial_database": "shared",
    "subnet_tier": "private",
    "admit_cluster": False,
    "log_types": [],
    "backup_retention_days": 1,
}
APPLICATIONS: Options = {
    "shop": {"read_only": True, "statement_timeout": 30},
    "worker": {"database": "shop"},
    "other": {"migrations": False},
}
NOT_LET_IN = 'FATAL:  PAM authentication failed for user "{}"'


@dataclass(frozen=True)
class Pod:
    """Who has the IAM role that the policy of a user of the database was given to."""

    cloud: Cloud
    host: str
    port: int
    session: boto3.Session

    def token(self, user: str) -> str:
        token: str = self.session.client("rds", region_name=REGION).generate_db_auth_token(self.host, self.port, user)
        return token

    def psql(
        self, user: str, database: str, sql: str, password: str | None = None, sslmode: str = "verify-full"
    ) -> str:
        """What psql prints of the statements, or of the error."""
        environment = {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": user,
            "PGDATABASE": database,
            "PGPASSWORD": self.token(user) if password is None else password,
            "PGSSLMODE": sslmode,
            "PGSSLROOTCERT": str(self.cloud.directory / "rds-ca.pem"),
        }
        command = [
            str(programs() / "psql"),
            "--no-psqlrc",
            "--no-align",
            "--tuples-only",
            "--set=ON_ERROR_STOP=1",
            f"--command={sql}",
        ]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        return (done.stdout if done.returncode == 0 else done.stderr).strip()


@dataclass(frozen=True)
class Database:
    cloud: Cloud
    applications: Result

    def pod(self, application: str, purpose: str = "application") -> Pod:
        """A pod whose role may log in as this user: its credentials are those of a session,
        as Pod Identity hands them out.
        """
        where = self.applications[application]
        name = f"{application}-{purpose}"
        iam, arn = self.cloud.client("iam"), f"arn:aws:iam::123456789012:role/{name}"
        if not any(role["RoleName"] == name for role in iam.list_roles()["Roles"]):
            trust = {
                "Effect": "Allow",
                "Principal": {"Service": "pods.eks.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
            }
            iam.create_role(
                RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
            )
            iam.put_role_policy(
                RoleName=name, PolicyName="database", PolicyDocument=json.dumps(where["users"][purpose]["policy"])
            )
        given = self.cloud.client("sts").assume_role(RoleArn=arn, RoleSessionName="pod")["Credentials"]
        session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        return Pod(self.cloud, where["host"], where["port"], session)

    def operator(self) -> Pod:
        """Somebody who may log in as anybody."""
        env = self.cloud.env
        where = self.applications["shop"]
        return Pod(
            self.cloud,
            where["host"],
            where["port"],
            boto3.Session(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]),
        )


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with Cloud() as cloud:
        account = Account(cloud)
        for module, options in (NETWORK, ("aurora", AURORA)):
            account.apply(module, options)
        yield Database(cloud, account.apply("database_users", {"applications": APPLICATIONS})["applications"])


@pytest.fixture
def tables(database: Database) -> Database:
    """The schema of shop has a table with a row, made by a migration."""
    migration = database.pod("shop", "migrations")
    made = (
        "DROP TABLE IF EXISTS orders; CREATE TABLE orders (id serial PRIMARY KEY, item text); "
        "INSERT INTO orders (item) VALUES ('tea')"
    )
    assert migration.psql("shop_migrate", "shop", made).endswith("INSERT 0 1")
    return database


def test_a_pod_reaches_the_database_as_its_application_over_tls(database: Database) -> None:
    pod = database.pod("shop")
    assert (
        pod.psql("shop", "shop", "SELECT current_user, current_schema, current_setting('statement_timeout')")
        == "shop|shop|30s"
    )
    assert pod.psql("shop", "shop", "SELECT version()").startswith("PostgreSQL ")


def test_the_application_reads_and_writes_rows(tables: Database) -> None:
    pod = tables.pod("shop")
    assert pod.psql("shop", "shop", "INSERT INTO orders (item) VALUES ('milk') RETURNING id").startswith("2")
    assert pod.psql(
        "shop", "shop", "UPDATE orders SET item = 'coffee' WHERE id = 1; SELECT item FROM orders ORDER BY id"
    ).endswith("coffee\nmilk")
    assert pod.psql("shop", "shop", "DELETE FROM orders") == "DELETE 2"


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("CREATE TABLE mine (id int)", "permission denied for schema shop"),
        ("DROP TABLE orders", "must be owner of table orders"),
        ("ALTER TABLE orders ADD COLUMN x int", "must be owner of table orders"),
        ("TRUNCATE orders", "permission denied for table orders"),
        ("CREATE TABLE public.mine (id int)", "permission denied for schema public"),
        ("CREATE TEMPORARY TABLE mine (id int)", 'permission denied to create temporary tables in database "shop"'),
        ("CREATE SCHEMA mine", "permission denied for database shop"),
        ("SELECT * FROM worker.jobs", "permission denied for schema worker"),
        ("CREATE ROLE friend", "permission denied to create role"),
        ("CREATE DATABASE mine", "permission denied to create database"),
        ("SET ROLE shop_owner", 'permission denied to set role "shop_owner"'),
        ("SET ROLE postgres", 'permission denied to set role "postgres"'),
        ("GRANT shop_owner TO shop", 'permission denied to grant role "shop_owner"'),
        ("SELECT rolpassword FROM pg_authid", "permission denied for table pg_authid"),
        ("COPY orders TO '/tmp/orders'", "permission denied to COPY to a file"),
        ("COPY orders TO PROGRAM 'cat'", "permission denied to COPY to or from an external program"),
    ],
)
def test_the_application_may_do_nothing_else(tables: Database, statement: str, refusal: str) -> None:
    assert refusal in tables.pod("shop").psql("shop", "shop", statement)


def test_the_application_does_not_get_into_anothers_database(database: Database) -> None:
    pod = database.pod("shop")
    assert 'permission denied for database "other"' in pod.psql("shop", "other", "SELECT 1")
    for name in (
        "shared",
        "postgres",
        "template1",
    ):  # RDS's own: there is nothing in them, and nothing can be made there
        assert "permission denied" in pod.psql("shop", name, "CREATE TABLE public.mine (id int)")


def test_the_reader_reads_and_cannot_be_talked_into_writing(tables: Database) -> None:
    pod = tables.pod("shop", "read_only")
    assert pod.psql("shop_read", "shop", "SELECT item FROM orders") == "tea"
    writing = "INSERT INTO orders (item) VALUES ('x')"
    assert "cannot execute INSERT in a read-only transaction" in pod.psql("shop_read", "shop", writing)
    answer = pod.psql("shop_read", "shop", f"BEGIN READ WRITE; {writing}")
    assert "permission denied for table orders" in answer


def test_what_a_migration_makes_is_the_owners_and_not_its_own(tables: Database) -> None:
    pod = tables.pod("shop", "migrations")
    owners = "SELECT tableowner FROM pg_tables WHERE schemaname = 'shop'"
    assert pod.psql("shop_migrate", "shop", f"SELECT current_user; {owners}") == "shop_owner\nshop_owner"
    assert "permission denied for schema worker" in pod.psql(
        "shop_migrate", "shop", "CREATE TABLE worker.mine (id int)"
    )


def test_a_pod_is_let_in_only_as_the_user_that_its_role_may_be(database: Database) -> None:
    pod = database.pod("shop")
    for user in ("shop_migrate", "shop_read", "worker", "other"):
        assert NOT_LET_IN.format(user) in pod.psql(user, "shop", "SELECT 1")
    assert NOT_LET_IN.format("shop_migrate") in pod.psql("shop_migrate", "shop", "SELECT 1", password=pod.token("shop"))


def test_without_tls_nobody_is_let_in(database: Database) -> None:
    answer = database.pod("shop").psql("shop", "shop", "SELECT 1", sslmode="disable")
    assert "no pg_hba.conf entry for host" in answer
    assert "no encryption" in answer


def test_passwords_and_empty_tokens_do_not_let_anybody_in(database: Database) -> None:
    for password in ("password", "", "shop"):
        answer = database.pod("shop").psql("shop", "shop", "SELECT 1", password=password)
        assert NOT_LET_IN.format("shop") in answer or "no password supplied" in answer


def test_a_token_lives_fifteen_minutes(database: Database) -> None:
    operator = database.operator()
    for age, is_let_in in ((timedelta(minutes=14), True), (timedelta(minutes=16), False)):
        token = signed_anew(
            database, operator.token("shop"), **{"X-Amz-Date": f"{datetime.now(UTC) - age:%Y%m%dT%H%M%SZ}"}
        )
        assert (operator.psql("shop", "shop", "SELECT 1", password=token) == "1") is is_let_in


@pytest.mark.parametrize("change", [{"DBUser": "worker"}, {"Action": "disconnect"}, {"X-Amz-Expires": "86400"}])
def test_a_token_for_something_else_does_not_let_in_even_rightly_signed(
    database: Database, change: dict[str, str]
) -> None:
    operator = database.operator()
    assert operator.psql("shop", "shop", "SELECT 1", password=signed_anew(database, operator.token("shop"))) == "1"
    answer = operator.psql("shop", "shop", "SELECT 1", password=signed_anew(database, operator.token("shop"), **change))
    assert NOT_LET_IN.format("shop") in answer


def test_a_forged_signature_does_not_let_in(database: Database) -> None:
    operator = database.operator()
    token = operator.token("shop")
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert NOT_LET_IN.format("shop") in operator.psql("shop", "shop", "SELECT 1", password=forged)


def test_a_user_that_is_no_longer_listed_is_not_let_in_and_its_data_stays(database: Database) -> None:
    pod, account = database.operator(), Account(database.cloud)
    migration = "CREATE TABLE IF NOT EXISTS jobs (id int); INSERT INTO jobs VALUES (1)"
    assert "INSERT" in pod.psql("worker_migrate", "shop", migration)
    account.apply("database_users", {"applications": {name: APPLICATIONS[name] for name in ("shop", "other")}})
    assert "password authentication failed" in pod.psql("worker", "shop", "SELECT 1")
    account.apply("database_users", {"applications": APPLICATIONS})
    assert pod.psql("worker", "shop", "SELECT id FROM jobs") == "1"


def signed_anew(database: Database, token: str, **changes: Any) -> str:
    """The token with other parameters, signed by whoever has the operator's keys."""
    host, _slash, query = token.partition("/?")
    parameters = {**dict(parse_qsl(query)), **changes}
    key, _date, *scope = parameters["X-Amz-Credential"].split("/")
    parameters["X-Amz-Credential"] = "/".join([key, parameters["X-Amz-Date"][:8], *scope])
    del parameters["X-Amz-Signature"]
    url = PresignedURL(f"https://{host}/?{urlencode(parameters)}")
    signature = url.signature(database.cloud.env["AWS_SECRET_ACCESS_KEY"], {"host": host})
    return f"{host}/?{urlencode({**parameters, 'X-Amz-Signature': signature})}"
