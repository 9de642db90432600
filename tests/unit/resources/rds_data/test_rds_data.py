# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SQL for roles, databases and schemas: quoting, privileges as PostgreSQL writes them, statements for what differs."""

from __future__ import annotations

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import AwsError
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import AnswerLost, Blocked
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner
from ansible_collections.keelson.eks.plugins.module_utils.resources.rds_data.api import (
    DatabaseCluster,
    block,
    literal,
    name,
    told,
)
from ansible_collections.keelson.eks.plugins.module_utils.resources.rds_data.database import privileges, regranted
from ansible_collections.keelson.eks.plugins.module_utils.resources.rds_data.role import (
    LoginRole,
    OwnerRole,
    altered,
    mark,
    marks,
    settings,
    tags,
)

OWNER = Owner("innovate", "prod", "database_users")
ROLE = LoginRole("api", DatabaseCluster("innovate-prod-main"))


def test_names_and_texts_are_quoted() -> None:
    assert name('a"b') == '"a""b"'
    assert literal("it's") == "'it''s'"


def test_a_block_takes_no_colon_and_not_its_own_end() -> None:
    assert (
        block(("CREATE ROLE a", "CREATE ROLE b")) == "DO $keelson$ BEGIN\nCREATE ROLE a;\nCREATE ROLE b;\nEND $keelson$"
    )
    for statement in ("COMMENT ON ROLE a IS 'x:y'", "SELECT '$keelson$'"):
        with pytest.raises(ValueError, match="colon"):
            block((statement, "SELECT 1"))


def test_a_mark_gives_back_the_owners_tags_and_has_no_colon() -> None:
    comment = mark(OWNER.tags("api"), ROLE)
    assert ":" not in comment
    assert tags(marks(comment), "api") == OWNER.tags("api")
    assert marks(comment)["kind"] == "LoginRole"


def test_a_comment_of_somebody_elses_is_no_mark() -> None:
    assert tags(marks("the role of keelson.dev, made by hand"), "api") == {}
    assert tags(marks(None), "api") == {}


def test_privileges_are_read_as_postgresql_writes_them() -> None:
    acl = ["owner=UC/owner", "=U/owner", "api=arw*/owner", '"order ""x"""=r/owner', "api=d/other"]
    assert privileges(acl, "owner") == {
        "PUBLIC": ["USAGE"],
        "api": ["DELETE", "INSERT", "SELECT", "UPDATE*"],
        'order "x"': ["SELECT"],
    }


def test_what_may_be_handed_on_is_taken_and_given_again_without_that() -> None:
    statements = list(regranted("TABLE t", {"api": ["SELECT*"], "PUBLIC": ["SELECT"]}, {"api": ["SELECT"]}))
    assert statements == [
        "REVOKE SELECT ON TABLE t FROM PUBLIC",
        'REVOKE SELECT ON TABLE t FROM "api"',
        'GRANT SELECT ON TABLE t TO "api"',
    ]


def test_an_alteration_names_only_the_attributes_that_differ() -> None:
    observed = {"Attributes": {"INHERIT", "CREATEDB"}}
    assert list(altered("api", observed, {"Attributes": {"INHERIT", "LOGIN"}})) == ['ALTER ROLE "api" LOGIN NOCREATEDB']


def test_settings_of_one_database_only_are_reset_there() -> None:
    found = settings([("", 'search_path="order"'), ("app", "work_mem=1GB"), ("", "my.own=1")])
    assert found == {"search_path": "order", "app/work_mem": "1GB", "my.own": "1"}
    assert list(
        altered("api", {"Settings": found}, {"Settings": {"search_path": "api", "statement_timeout": "30s"}})
    ) == [
        'ALTER ROLE "api" IN DATABASE "app" RESET "work_mem"',
        'ALTER ROLE "api" RESET "my"."own"',
        'ALTER ROLE "api" SET "search_path" = "api"',
        """ALTER ROLE "api" SET "statement_timeout" = '30s'""",
    ]


def test_roles_that_own_are_stateful_and_users_are_not() -> None:
    assert OwnerRole.stateful and not LoginRole.stateful


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("DatabaseErrorException", 'ERROR: role "api" already exists; SQLState: 42710', AnswerLost),
        ("DatabaseErrorException", "ERROR: deadlock detected; SQLState: 40P01", Blocked),
        ("DatabaseErrorException", "ERROR: tuple concurrently updated; SQLState: XX000", Blocked),
        ("StatementTimeoutException", "Request timed out", Blocked),
        ("DatabaseNotFoundException", "no instance", Blocked),
        ("DatabaseErrorException", "ERROR: permission denied; SQLState: 42501", AwsError),
    ],
)
def test_errors_are_what_the_engine_should_make_of_them(code: str, message: str, kind: type[Exception]) -> None:
    assert told(AwsError("rds-data", "ExecuteStatement", code, message)).__class__ is kind
