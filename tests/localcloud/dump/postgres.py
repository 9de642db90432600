# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the PostgreSQL of a cluster holds, read past everybody's rights: roles, databases, schemas with their tables.

What RDS has made is left out for as long as it is as RDS has made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

Properties = dict[str, Any]

_ROLES = """
    SELECT rolname, json_build_object(
        'Login', rolcanlogin, 'Superuser', rolsuper, 'CreateRole', rolcreaterole, 'CreateDatabase', rolcreatedb,
        'Inherit', rolinherit, 'ConnectionLimit', rolconnlimit,
        'Comment', shobj_description(oid, 'pg_authid'), 'HasPassword', rolpassword IS NOT NULL,
        'MemberOf', (SELECT json_agg(roleid::regrole::text ORDER BY 1) FROM pg_auth_members
                     WHERE member = role.oid AND (inherit_option OR set_option)),
        'Settings', (SELECT json_object_agg(coalesce(datname, '*'), setconfig ORDER BY datname) FROM pg_db_role_setting
                     LEFT JOIN pg_database ON pg_database.oid = setdatabase WHERE setrole = role.oid))
    FROM pg_authid role WHERE rolname !~ '^(pg_|rds)' AND rolname <> %(master)s
"""
_DATABASES = """
    SELECT datname, json_build_object(
        'Owner', datdba::regrole, 'OwnersComment', shobj_description(datdba, 'pg_authid'), 'Acl', datacl::text,
        'ConnectionLimit', datconnlimit, 'Comment', shobj_description(oid, 'pg_database'))
    FROM pg_database
    WHERE NOT datistemplate
        AND NOT (datdba::regrole::text = quote_ident(%(master)s) AND datacl IS NULL
            AND coalesce(shobj_description(oid, 'pg_database'), '')
                IN ('', 'default administrative connection database'))
"""
_SCHEMAS = """
    SELECT nspname, json_build_object(
        'Owner', nspowner::regrole, 'OwnersComment', shobj_description(nspowner, 'pg_authid'), 'Acl', nspacl::text,
        'Comment', obj_description(oid, 'pg_namespace'),
        'DefaultAcl', (SELECT json_agg(json_build_array(defaclrole::regrole, defaclobjtype, defaclacl::text)
                                       ORDER BY 1, 2)
                       FROM pg_default_acl WHERE defaclnamespace = schema.oid),
        'Relations', (SELECT json_object_agg(relname, json_build_array(relkind, relowner::regrole, relacl::text)
                                             ORDER BY relname)
                      FROM pg_class WHERE relnamespace = schema.oid AND relkind IN ('r', 'v', 'm', 'S', 'p')))
    FROM pg_namespace schema
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
        AND NOT (nspname = 'public' AND nspacl::text = '{pg_database_owner=UC/pg_database_owner,=U/pg_database_owner}')
"""


def dump(name: str, database: dict[str, Any]) -> dict[str, Properties]:
    """``name`` is where and what the cluster is; ``database`` is what the local cloud's health tells of it."""
    found: dict[str, Properties] = {}
    master = {"master": database["master"]}
    with _connect(database, "postgres") as connection:
        for role, properties in connection.execute(_ROLES, master):
            found[f"postgres/role/{name}/{role}"] = properties
        for datname, properties in connection.execute(_DATABASES, master):
            found[f"postgres/database/{name}/{datname}"] = properties
        databases = [
            str(row[0]) for row in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
        ]
    for datname in databases:
        found.update(
            {
                f"postgres/schema/{name}/{datname}/{schema}": properties
                for schema, properties in _schemas(database, datname)
            }
        )
    return found


def _schemas(database: dict[str, Any], name: str) -> Iterator[tuple[str, Properties]]:
    with _connect(database, name) as connection:
        yield from connection.execute(_SCHEMAS)


def _connect(database: dict[str, Any], name: str) -> psycopg.Connection[Any]:
    return psycopg.connect(host=database["socket"], port=database["port"], user="rdsadmin", dbname=name)
