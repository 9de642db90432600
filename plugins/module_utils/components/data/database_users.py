# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Database users: for each application a schema, the role that owns it, and roles that log in with tokens of IAM."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...engine.converge import Outcome
from ...engine.plan import Declaration, look_up
from ...engine.report import plain
from ...engine.resource import UNKNOWN
from ...resources.rds_data.api import DataApi, DatabaseCluster
from ...resources.rds_data.database import Database
from ...resources.rds_data.role import UNLIMITED, LoginRole, OwnerRole
from ...resources.rds_data.schema import Schema
from ..component import Arguments, Component, Context
from ..entries import entries, entry_problems
from .database_users_options import OPTIONS

APPLICATION = OPTIONS["applications"]["entries"]

APPLICATION_NAME = re.compile(r"[a-z]([a-z0-9_-]{0,48}[a-z0-9])?")
CLUSTER_NAME = re.compile(r"[a-z]([a-z0-9]|-(?!-))*(?<!-)")
IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")
"""What needs no quotes in SQL:
https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
"""
DATABASES_OWNER = "keelson_databases"
RESERVED = re.compile(
    r"pg_.*|rds.*|keelson_.*|postgres|public|template[01]|information_schema|none|user|current_user|session_user"
)
MOST_CONNECTIONS = 262142
"""https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS"""
LONGEST_TIMEOUT = 86400


@dataclass(frozen=True)
class Application:
    """One entry of ``applications``, with the names that follow from its own."""

    name: str
    given: Mapping[str, Any]

    @property
    def word(self) -> str:
        return self.name.replace("-", "_")

    @property
    def database(self) -> str:
        return self.given["database"] or self.word

    @property
    def schema(self) -> str:
        return self.given["schema"] or self.word

    @property
    def owner(self) -> str:
        return f"{self.word}_owner"

    @property
    def users(self) -> dict[str, str]:
        """What each user is for, and its name."""
        found = {"application": self.word}
        if self.given["migrations"]:
            found["migrations"] = f"{self.word}_migrate"
        if self.given["read_only"]:
            found["read_only"] = f"{self.word}_read"
        return found


def applications(arguments: Arguments) -> list[Application]:
    return [Application(name, given) for name, given in entries(arguments["applications"], APPLICATION).items()]


def problems(arguments: Arguments) -> Iterator[str]:
    if not CLUSTER_NAME.fullmatch(arguments["cluster"]):
        yield (
            f"cluster: {arguments['cluster']!r} must be lower-case letters, digits and single hyphens, "
            "beginning with a letter."
        )
    yield from entry_problems("applications", arguments["applications"], APPLICATION)
    roles: dict[str, str] = {}
    schemas: dict[tuple[str, str], str] = {}
    for application in applications(arguments):
        path = f"applications.{application.name}"
        if not APPLICATION_NAME.fullmatch(application.name) or RESERVED.fullmatch(application.word):
            yield (
                f"{path}: a name has at most 50 lower-case letters, digits, hyphens and underscores and begins with a "
                "letter: it names roles. Those of PostgreSQL, RDS and Keelson are reserved."
            )
            continue
        yield from _places(path, application)
        yield from _limits(path, application.given)
        for role in (application.owner, *application.users.values()):
            if roles.setdefault(role, application.name) != application.name:
                yield f"{path}: its role {role} is also one of applications.{roles[role]}. Choose another name."
        place = application.database, application.schema
        if schemas.setdefault(place, application.name) != application.name:
            yield (
                f"{path}.schema: {place[1]} in the database {place[0]} is that of "
                f"applications.{schemas[place]} already."
            )


def _places(path: str, application: Application) -> Iterator[str]:
    for option, value in (("database", application.database), ("schema", application.schema)):
        if not IDENTIFIER.fullmatch(value):
            yield (
                f"{path}.{option}: {value!r} must be at most 63 lower-case letters, digits and underscores, "
                "not beginning with a digit."
            )
        elif RESERVED.fullmatch(value):
            yield f"{path}.{option}: {value} is reserved. Choose another name."


def _limits(path: str, given: Mapping[str, Any]) -> Iterator[str]:
    limit, timeout = given["connection_limit"], given["statement_timeout"]
    if limit != UNLIMITED and not 1 <= limit <= MOST_CONNECTIONS:
        yield f"{path}.connection_limit: must be from 1 to {MOST_CONNECTIONS}, or -1 for none, not {limit}."
    if timeout is not None and not 1 <= timeout <= LONGEST_TIMEOUT:
        yield f"{path}.statement_timeout: must be from 1 to {LONGEST_TIMEOUT} seconds, not {timeout}."


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(
            untouched=frozenset({Schema, Database, OwnerRole} if context["keep_data"] else ()), absent=True
        )
    cluster = DatabaseCluster(identifier(context))
    declared = applications(context.arguments)
    users = {application.name: _users(cluster, application) for application in declared}
    databases = {
        name: Database(
            name,
            cluster,
            OwnerRole(DATABASES_OWNER, cluster),
            tuple(
                user
                for application in declared
                if application.database == name
                for user in users[application.name].values()
            ),
        )
        for name in {application.database: None for application in declared}
    }
    schemas = (
        _schema(databases[application.database], application, users[application.name]) for application in declared
    )
    return Declaration(tuple(schemas))


def _users(cluster: DatabaseCluster, application: Application) -> dict[str, LoginRole]:
    path = {"search_path": application.schema}
    seconds = application.given["statement_timeout"]
    patience = {"statement_timeout": f"{seconds}s"} if seconds else {}
    owner = OwnerRole(application.owner, cluster)
    roles = {
        "application": lambda name: LoginRole(
            name, cluster, None, application.given["connection_limit"], {**path, **patience}
        ),
        "migrations": lambda name: LoginRole(name, cluster, owner, UNLIMITED, {**path, "role": owner.key}),
        "read_only": lambda name: LoginRole(
            name, cluster, None, UNLIMITED, {**path, **patience, "default_transaction_read_only": "on"}
        ),
    }
    return {purpose: roles[purpose](name) for purpose, name in application.users.items()}


def _schema(database: Database, application: Application, users: Mapping[str, LoginRole]) -> Schema:
    return Schema(
        schema=application.schema,
        cluster=database.cluster,
        database=database,
        owner=OwnerRole(application.owner, database.cluster),
        users=(users["application"],),
        readers=(users["read_only"],) if "read_only" in users else (),
    )


def identifier(context: Context) -> str:
    return f"{context.owner.name}-{context['cluster']}"


def api(context: Context) -> DataApi:
    adopts = frozenset(application.database for application in applications(context.arguments))
    return DataApi(context.aws, context.owner, identifier(context), adopts)


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    """Where each application connects, and as whom: ``policy`` is what a pod's IAM role needs."""
    cluster = outcome.world.get((DatabaseCluster, identifier(context)), {})
    where = {output: plain(look_up(cluster, name, UNKNOWN)) for output, name in PLACES.items()}
    return {"applications": {each.name: _output(cluster, where, each) for each in applications(context.arguments)}}


PLACES = {"host": "Endpoint", "reader_host": "ReaderEndpoint", "port": "Port"}


def _output(cluster: Mapping[str, Any], where: Mapping[str, Any], application: Application) -> dict[str, Any]:
    users = {}
    for purpose, name in application.users.items():
        statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": _user_arn(cluster, name)}
        users[purpose] = {"name": name, "policy": {"Version": "2012-10-17", "Statement": [statement]}}
    return {**where, "database": application.database, "schema": application.schema, "users": users}


def _user_arn(cluster: Mapping[str, Any], user: str) -> str:
    """https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html"""
    if "DbClusterResourceId" not in cluster:
        return str(UNKNOWN)
    prefix = cluster["DBClusterArn"].partition(":cluster:")[0].replace(":rds:", ":rds-db:")
    return f"{prefix}:dbuser:{cluster['DbClusterResourceId']}/{user}"


COMPONENT = Component(
    name="database_users",
    options=OPTIONS,
    kinds=(LoginRole, OwnerRole, Database, Schema),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("applications",),
    api=api,
)
