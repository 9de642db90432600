# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Database users: names, who may do what, and that nothing but a name gets into SQL. No database is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.components.data.database_users import (
    COMPONENT,
    declare,
    problems,
)
from ansible_collections.keelson.eks.plugins.module_utils.engine.graph import in_order
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner, Resource
from ansible_collections.keelson.eks.plugins.module_utils.resources.rds_data.database import Database
from ansible_collections.keelson.eks.plugins.module_utils.resources.rds_data.role import LoginRole
from ansible_collections.keelson.eks.plugins.module_utils.resources.rds_data.schema import Schema
from hypothesis import given
from hypothesis import strategies as st


def arguments(**options: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", "region": "us-east-1", **options}


def declared(**options: Any) -> dict[str, Resource]:
    context = Context(
        arguments(**options), Owner("innovate", "dev", "database_users"), Aws(Connection(region="us-east-1"))
    )
    return {f"{type(each).__name__} {each.key}": each for each in in_order(declare(context).resources)}


def test_an_application_has_a_database_a_schema_and_two_users_by_default() -> None:
    assert sorted(declared(applications={"order-service": None})) == [
        "Database order_service",
        "DatabaseCluster innovate-dev-main",
        "LoginRole order_service",
        "LoginRole order_service_migrate",
        "OwnerRole keelson_databases",
        "OwnerRole order_service_owner",
        "Schema order_service/order_service",
    ]


def test_only_the_user_that_migrates_works_as_the_owner() -> None:
    found = declared(applications={"api": {"read_only": True}})
    members = {name: role.desired()["MemberOf"] for name, role in found.items() if isinstance(role, LoginRole)}
    assert members == {
        "LoginRole api": {"rds_iam"},
        "LoginRole api_migrate": {"rds_iam", "api_owner"},
        "LoginRole api_read": {"rds_iam"},
    }


def test_the_users_of_all_applications_of_a_database_may_connect_and_nobody_else() -> None:
    found = declared(
        applications={"api": {"database": "shared"}, "worker": {"database": "shared", "migrations": False}, "web": None}
    )
    shared, web = found["Database shared"], found["Database web"]
    assert isinstance(shared, Database) and isinstance(web, Database)
    assert shared.desired()["Privileges"] == {"api": ["CONNECT"], "api_migrate": ["CONNECT"], "worker": ["CONNECT"]}
    assert web.desired()["Privileges"] == {"web": ["CONNECT"], "web_migrate": ["CONNECT"]}


def test_the_reader_gets_nothing_but_select() -> None:
    schema = declared(applications={"api": {"read_only": True}})["Schema api/api"]
    assert isinstance(schema, Schema)
    assert {kind: may["api_read"] for kind, may in schema.desired()["DefaultPrivileges"].items()} == {
        "tables": ["SELECT"],
        "sequences": ["SELECT"],
    }
    assert schema.desired()["Public"] == []


@given(st.text(max_size=70), st.text(max_size=70), st.text(max_size=70))
def test_whatever_is_not_refused_is_a_plain_name(name: str, database: str, schema: str) -> None:
    options = {"applications": {name: {"database": database, "schema": schema}}}
    if not list(problems(arguments(**options))):
        for resource in declared(**options).values():
            assert re.fullmatch(r"[a-z0-9_/-]+", resource.key)


@pytest.mark.parametrize(
    "name", ["pg-monitor", "rdsadmin", "rds_iam", "postgres", "public", "keelson-databases", "user", "none"]
)
def test_names_of_others_are_reserved(name: str) -> None:
    assert "reserved" in "".join(problems(arguments(applications={name: None})))


def test_a_name_may_be_as_long_as_its_longest_role_allows() -> None:
    assert not list(problems(arguments(applications={"a" * 50: None})))
    assert all(
        len(key.partition(" ")[2]) <= 63
        for key in declared(applications={"a" * 50: {"read_only": True, "schema": "s"}})
        if "Role" in key
    )
