# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Roles inside a database cluster: those that own things, as which nobody logs in,
and those that log in with a token of IAM.

A role carries its owner's mark in its comment; databases and schemas are the environment's when a marked role owns
them. Neither reads nor sets a password: a role that is a member of ``rds_iam`` has no use for one.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ...engine.resource import Owner, Properties, Resource
from .api import DataApi, DatabaseCluster, literal, name

IAM = "rds_iam"
UNLIMITED = -1

ROLES = """
SELECT json_build_object(
    'Name', rolname,
    'Comment', shobj_description(role.oid, 'pg_authid'),
    'Attributes', array_remove(ARRAY[
        CASE WHEN rolcanlogin THEN 'LOGIN' END, CASE WHEN rolinherit THEN 'INHERIT' END,
        CASE WHEN rolcreatedb THEN 'CREATEDB' END,
        CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolsuper THEN 'SUPERUSER' END,
        CASE WHEN rolreplication THEN 'REPLICATION' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL),
    'ConnectionLimit', rolconnlimit,
    'MemberOf', ARRAY(SELECT pg_get_userbyid(roleid) FROM pg_auth_members WHERE member = role.oid),
    'UsedByMaster', pg_has_role(role.oid, 'USAGE'),
    'Settings', ARRAY(SELECT json_build_array(coalesce(datname, ''), setting) FROM pg_db_role_setting
        CROSS JOIN LATERAL unnest(setconfig) setting LEFT JOIN pg_database ON pg_database.oid = setdatabase
        WHERE setrole = role.oid))::text
FROM pg_roles role WHERE rolname !~ '^(pg_|rds)'
"""
HELD = """
SELECT to_json(ARRAY(SELECT datname FROM pg_database
    WHERE oid IN (SELECT dbid FROM pg_shdepend
        WHERE refclassid = CAST('pg_authid' AS regclass) AND refobjid = role.oid)))::text
FROM pg_roles role WHERE rolname = :role
"""
"""The databases in which a role owns something or may do something."""


@dataclass(frozen=True)
class OwnerRole(Resource):
    """A role that owns databases or schemas, and as which nobody logs in.

    The master user is a member, and so may manage them.
    """

    key: str
    cluster: DatabaseCluster

    stateful: ClassVar[bool] = True
    taggable: ClassVar[bool] = False
    id_name: ClassVar[str] = "Name"

    def desired(self) -> Properties:
        return {"Attributes": {"INHERIT"}, "MemberOf": set(), "Settings": {}, "UsedByMaster": True}

    @classmethod
    def observe(cls, api: DataApi, owner: Owner) -> Iterable[tuple[str, Properties]]:
        return roles(api, cls.__name__)

    def create(self, api: DataApi, wanted: Properties) -> Properties:
        role = name(self.key)
        comment = f"COMMENT ON ROLE {role} IS {literal(mark(wanted['Tags'], self))}"
        api.run(f"CREATE ROLE {role}", comment, f"GRANT {role} TO CURRENT_USER", once=True)
        return {**self.desired(), "Name": self.key, "Tags": wanted["Tags"]}

    def update(self, api: DataApi, observed: Properties, changes: Properties) -> None:
        api.run(*altered(self.key, observed, changes))

    @classmethod
    def delete(cls, api: DataApi, observed: Properties) -> None:
        remove(api, observed)


@dataclass(frozen=True)
class LoginRole(Resource):
    """A role that logs in with a token of IAM. ``owner``: the role as which it works, for whoever migrates a schema.

    ``connection_limit``: of all its sessions, -1 for none; ``settings``: parameters with which its sessions begin.
    """

    key: str
    cluster: DatabaseCluster
    owner: OwnerRole | None = None
    connection_limit: int = UNLIMITED
    settings: dict[str, str] = field(default_factory=dict)

    taggable: ClassVar[bool] = False
    id_name: ClassVar[str] = "Name"

    def desired(self) -> Properties:
        return {
            "Attributes": {"INHERIT", "LOGIN"},
            "ConnectionLimit": self.connection_limit,
            "MemberOf": {IAM, *([self.owner.key] if self.owner else [])},
            "Settings": self.settings,
        }

    @classmethod
    def observe(cls, api: DataApi, owner: Owner) -> Iterable[tuple[str, Properties]]:
        return roles(api, cls.__name__)

    def create(self, api: DataApi, wanted: Properties) -> Properties:
        comment = f"COMMENT ON ROLE {name(self.key)} IS {literal(mark(wanted['Tags'], self))}"
        api.run(f"CREATE ROLE {name(self.key)} LOGIN", comment, once=True)
        made = {
            "Name": self.key,
            "Attributes": {"INHERIT", "LOGIN"},
            "ConnectionLimit": UNLIMITED,
            "MemberOf": set(),
            "Settings": {},
        }
        return {**made, "Tags": wanted["Tags"]}

    def update(self, api: DataApi, observed: Properties, changes: Properties) -> None:
        api.run(*altered(self.key, observed, changes))

    @classmethod
    def delete(cls, api: DataApi, observed: Properties) -> None:
        remove(api, observed)

    def objection(self, api: DataApi, owner: Owner, observed: Properties, changes: Properties) -> str:
        cluster = api.look()
        if cluster is None or cluster["IAMDatabaseAuthenticationEnabled"]:
            return ""
        return (
            f"{cluster['DBClusterIdentifier']} takes no tokens of IAM. "
            "Set database_iam_authentication, and run the role database."
        )


def roles(api: DataApi, kind: str) -> Iterator[tuple[str, Properties]]:
    """The marked roles of one kind, and all roles that are nobody's here."""
    for row in api.rows(ROLES) if api.answers else ():
        marked = marks(row["Comment"])
        if marked.pop("kind", kind) == kind:
            sets = {part: set(row[part]) for part in ("Attributes", "MemberOf")}
            yield row["Name"], {**row, **sets, "Settings": settings(row["Settings"]), "Tags": tags(marked, row["Name"])}


def mark(tags: Mapping[str, str], resource: Resource) -> str:
    """The owner's tags as a comment."""
    words = {**{tag.removeprefix("keelson:"): value for tag, value in tags.items()}, "kind": type(resource).__name__}
    return " ".join(f"keelson.dev/{word}={value}" for word, value in words.items() if word != "key")


def marks(comment: str | None) -> dict[str, str]:
    words = (
        word.removeprefix("keelson.dev/").partition("=")
        for word in (comment or "").split()
        if word.startswith("keelson.dev/")
    )
    return {word: value for word, _equals, value in words}


def tags(marked: Mapping[str, str], key: str) -> dict[str, str]:
    return (
        {**{f"keelson:{word}": value for word, value in marked.items() if word != "kind"}, "keelson:key": key}
        if marked
        else {}
    )


def settings(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By parameter; those for one database only by ``<database>/<parameter>``.

    Names in a search path need no quotes here.
    """
    result = {}
    for database, setting in found:
        parameter, _equals, value = setting.partition("=")
        result[f"{database}/{parameter}" if database else parameter] = (
            value.replace('"', "") if parameter == "search_path" else value
        )
    return result


def altered(role: str, observed: Properties, changes: Properties) -> Iterator[str]:
    """Statements that make it so. Only the attributes that differ: to name SUPERUSER at all takes a superuser."""
    quoted = name(role)
    if "Attributes" in changes:
        there, wanted = observed["Attributes"], changes["Attributes"]
        yield (
            f"ALTER ROLE {quoted} "
            f"{' '.join([*sorted(wanted - there), *(f'NO{word}' for word in sorted(there - wanted))])}"
        )
    if "ConnectionLimit" in changes:
        yield f"ALTER ROLE {quoted} CONNECTION LIMIT {int(changes['ConnectionLimit'])}"
    if "UsedByMaster" in changes:
        yield f"GRANT {quoted} TO CURRENT_USER"
    if "MemberOf" in changes:
        there, wanted = observed["MemberOf"], changes["MemberOf"]
        yield from (f"GRANT {name(group)} TO {quoted}" for group in sorted(wanted - there))
        yield from (f"REVOKE {name(group)} FROM {quoted}" for group in sorted(there - wanted))
    if "Settings" in changes:
        there, wanted = observed["Settings"], changes["Settings"]
        yield from (
            f"ALTER ROLE {quoted}{place(key)} RESET {parameter(key)}" for key in sorted(there.keys() - wanted.keys())
        )
        for key, value in sorted(wanted.items()):
            if there.get(key) != value:
                yield (
                    f"ALTER ROLE {quoted} SET {parameter(key)} = "
                    f"{name(value) if key == 'search_path' else literal(value)}"
                )


def place(key: str) -> str:
    database = key.rpartition("/")[0]
    return f" IN DATABASE {name(database)}" if database else ""


def parameter(key: str) -> str:
    return ".".join(name(word) for word in key.rpartition("/")[2].split("."))


def remove(api: DataApi, observed: Properties) -> None:
    """Its sessions end, its rights go, and what it owns becomes the master user's: nothing is lost.

    It leaves ``rds_iam`` first: the master user becomes its member for a moment, and could not log in by password as
    a member of that.
    """
    role = name(observed["Name"])
    groups = [f"REVOKE {name(group)} FROM {role}" for group in sorted(observed["MemberOf"])]
    freed = [f"GRANT {role} TO CURRENT_USER", f"REASSIGN OWNED BY {role} TO CURRENT_USER", f"DROP OWNED BY {role}"]
    end = f"PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = {literal(observed['Name'])}"
    for databases in api.rows(HELD, role=observed["Name"]):  # none when the role is gone
        for database in databases:
            api.run(*groups, *freed, database=database)
        api.run(*groups, end, *freed, f"DROP ROLE {role}", once=True)
