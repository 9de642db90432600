# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module database_users."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ...case import Case, Options, Raw
from ..needs import NETWORK

AURORA: tuple[str, Options] = (
    "aurora",
    {"version": "17", "initial_database": "app", "subnet_tier": "private", "admit_cluster": False, "log_types": []},
)
SHOP: Options = {"database": "app", "read_only": True, "connection_limit": 20, "statement_timeout": 30}
OWNERS = "what bears another mark, or none, is somebody else's"


def sql(raw: Raw, *statements: str) -> None:
    """Whatever the master user does by hand in the database ``app``."""
    cluster = raw.client("rds").describe_db_clusters()["DBClusters"][0]
    where = {
        "resourceArn": cluster["DBClusterArn"],
        "secretArn": cluster["MasterUserSecret"]["SecretArn"],
        "database": "app",
    }
    for statement in statements:
        raw.client("rds-data").execute_statement(sql=statement, **where)


def by_hand(*statements: str) -> Callable[[Raw], None]:
    return partial(_run, statements)


def _run(statements: tuple[str, ...], raw: Raw) -> None:
    sql(raw, *statements)


def grant_on_a_table(raw: Raw) -> None:
    """A migration has given more than it should on one table, and taken something on a sequence."""
    body = (
        "SET LOCAL ROLE shop_owner",
        "CREATE TABLE IF NOT EXISTS shop.orders (id serial)",
        "CREATE TABLE IF NOT EXISTS shop.items (id int)",
        "GRANT ALL ON shop.orders TO shop_read",
        "GRANT SELECT ON shop.items TO PUBLIC",
        "REVOKE ALL ON SEQUENCE shop.orders_id_seq FROM shop",
    )
    sql(raw, f"DO $$ BEGIN {'; '.join(body)}; END $$")


def applications(name: str = "shop", **options: Any) -> Options:
    return {"applications": {name: options}}


def two(first: dict[str, Any], second: dict[str, Any], name: str = "web") -> Options:
    return {"applications": {"shop": first, name: second}}


RESERVED = "a name has at most 50 lower-case letters"
CASE = Case(
    module="database_users",
    options={"applications": {"shop": SHOP, "order-reports": None}, "keep_data": False},
    needs=(NETWORK, AURORA),
    changes={
        ("LoginRole", "Attributes"): by_hand("ALTER ROLE shop CREATEDB NOINHERIT"),
        ("LoginRole", "ConnectionLimit"): by_hand("ALTER ROLE shop CONNECTION LIMIT 500"),
        ("LoginRole", "MemberOf"): by_hand("REVOKE rds_iam FROM shop", "GRANT pg_monitor TO shop"),
        ("LoginRole", "Settings"): by_hand(
            "ALTER ROLE shop RESET search_path",
            "ALTER ROLE shop IN DATABASE app SET statement_timeout = 0",
            "ALTER ROLE shop SET work_mem = '1GB'",
        ),
        ("OwnerRole", "Attributes"): by_hand("ALTER ROLE shop_owner LOGIN"),
        ("OwnerRole", "MemberOf"): by_hand("GRANT pg_monitor TO shop_owner"),
        ("OwnerRole", "Settings"): by_hand("ALTER ROLE shop_owner SET role = 'none'"),
        ("OwnerRole", "UsedByMaster"): by_hand("REVOKE order_reports_owner FROM CURRENT_USER"),
        ("Database", "Owner"): by_hand("ALTER DATABASE app OWNER TO shop_owner"),
        ("Database", "Privileges"): by_hand(
            "GRANT CONNECT, TEMPORARY ON DATABASE app TO PUBLIC", "REVOKE CONNECT ON DATABASE app FROM shop"
        ),
        ("Schema", "Owner"): by_hand("ALTER SCHEMA shop OWNER TO keelson_databases"),
        ("Schema", "Privileges"): by_hand(
            "GRANT CREATE ON SCHEMA shop TO shop", "REVOKE USAGE ON SCHEMA shop FROM shop_read"
        ),
        ("Schema", "DefaultPrivileges"): by_hand(
            "ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA shop GRANT TRUNCATE ON TABLES TO shop",
            "ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA shop REVOKE SELECT ON TABLES FROM shop_read",
        ),
        ("Schema", "OtherGrants"): grant_on_a_table,
        ("Schema", "Public"): by_hand("GRANT CREATE, USAGE ON SCHEMA public TO PUBLIC"),
    },
    unchangeable={(kind, "Tags"): OWNERS for kind in ("LoginRole", "OwnerRole", "Database", "Schema")},
    smaller={"applications": {"shop": SHOP}},  # the data of the other stays, with its owner
    purged=frozenset({"LoginRole"}),
    side_effects=frozenset(
        {"postgres/schema"}
    ),  # the schema public of each database, in which nobody may do anything now
    bad={
        "applications no dictionary": ({"applications": [1]}, r"applications"),
        "an application that is no dictionary": (
            {"applications": {"shop": "yes"}},
            r"^applications\.shop: 'yes' is not a dictionary",
        ),
        "an option that applications do not have": (applications(password="x"), r"^applications\.shop\.password: "),
        "a cluster that is no name": ({"cluster": "Main!"}, r"^cluster: 'Main!' must be lower-case letters"),
        "a cluster with two hyphens": (
            {"cluster": "a--b"},
            r"^cluster: 'a--b' must be lower-case letters, digits and single hyphens",
        ),
        "an empty name": (applications(""), rf"^applications\.: {RESERVED}"),
        "a name in capitals": (applications("Shop"), rf"^applications\.Shop: {RESERVED}"),
        "a name too long": (applications("s" * 51), rf"^applications\.s+: {RESERVED}"),
        "a name that is SQL": (applications('x"; DROP ROLE shop; --'), rf"^applications\..*: {RESERVED}"),
        "a name of PostgreSQL's": (applications("pg_monitor"), rf"^applications\.pg_monitor: {RESERVED}"),
        "a name of RDS's": (applications("rds-iam"), rf"^applications\.rds-iam: {RESERVED}"),
        "a name of Keelson's": (applications("keelson-databases"), rf"^applications\.keelson-databases: {RESERVED}"),
        "a database that is no name": (
            applications(database="a b"),
            r"^applications\.shop\.database: 'a b' must be at most 63 lower-case",
        ),
        "a database that is reserved": (
            applications(database="postgres"),
            r"^applications\.shop\.database: postgres is reserved",
        ),
        "a schema that is SQL": (
            applications(schema="x;y"),
            r"^applications\.shop\.schema: 'x;y' must be at most 63 lower-case",
        ),
        "a schema that is reserved": (
            applications(schema="public"),
            r"^applications\.shop\.schema: public is reserved",
        ),
        "no connections": (
            applications(connection_limit=0),
            r"^applications\.shop\.connection_limit: must be from 1 to 262142, or -1",
        ),
        "too many connections": (
            applications(connection_limit=262143),
            r"^applications\.shop\.connection_limit: must be from 1 to 262142",
        ),
        "a timeout of nothing": (
            applications(statement_timeout=0),
            r"^applications\.shop\.statement_timeout: must be from 1 to 86400 seconds",
        ),
        "a timeout too long": (
            applications(statement_timeout=86401),
            r"^applications\.shop\.statement_timeout: must be from 1 to 86400",
        ),
        "two with one role": (
            two({"read_only": True}, {}, "shop_read"),
            r"^applications\.shop_read: its role shop_read is also one of",
        ),
        "two that become one": (
            two({}, {}, "sh-op") | {"applications": {"sh-op": {}, "sh_op": {}}},
            r"its role sh_op_owner is also one of",
        ),
        "two with one schema": (
            two({"database": "app", "schema": "x"}, {"database": "app", "schema": "x"}),
            r"^applications\.web\.schema: x in the database app is that of applications\.shop already",
        ),
    },
    bad_when_made={
        "roles of another component": (
            {"component": "other"},
            r"^LoginRole shop: exists, and is not this environment's",
        )
    },
)
