# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Schemas in databases, and what may be done with the tables in them, those to come included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.parallel import each
from ...engine.resource import Owner, Properties, Resource
from .api import DataApi, DatabaseCluster, name
from .database import EVERYBODY, Database, Privileges, owned, privileges, regranted
from .role import LoginRole, OwnerRole, marks, tags

USE: Privileges = {"tables": ["DELETE", "INSERT", "SELECT", "UPDATE"], "sequences": ["SELECT", "UPDATE", "USAGE"]}
READ: Privileges = {"tables": ["SELECT"], "sequences": ["SELECT"]}
TYPES = {"tables": "r", "sequences": "S"}
"""What ALTER DEFAULT PRIVILEGES calls types of objects, and their codes in pg_default_acl. Views count as tables."""

# Twenty names of each sort will do for a plan: a row of an answer is short.
SCHEMAS = """
SELECT json_build_object(
    'Name', nspname, 'Owner', pg_get_userbyid(nspowner), 'Comment', shobj_description(nspowner, 'pg_authid'),
    'Acl', CAST(coalesce(nspacl, acldefault('n', nspowner)) AS text[]),
    'Defaults', (SELECT json_object_agg(defaclobjtype, CAST(defaclacl AS text[])) FROM pg_default_acl
        WHERE defaclnamespace = nsp.oid AND defaclrole = nspowner),
    'Objects', ARRAY(SELECT json_build_object('Type', code, 'Acl', acl,
            'Names', trim_array(array_agg(relname ORDER BY relname), greatest(CAST(count(*) AS int) - 20, 0)))
        FROM pg_class
            CROSS JOIN LATERAL (SELECT CASE relkind WHEN 'S' THEN 'S' ELSE 'r' END AS code) coded
            CROSS JOIN LATERAL (
                SELECT CAST(coalesce(relacl, acldefault(CAST(lower(code) AS "char"), relowner)) AS text[]) AS acl
            ) granted
        WHERE relnamespace = nsp.oid AND relowner = nspowner AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        GROUP BY code, acl),
    'PublicAcl', (SELECT CAST(coalesce(nspacl, acldefault('n', nspowner)) AS text[])
        FROM pg_namespace WHERE nspname = 'public'))::text
FROM pg_namespace nsp WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')
"""


@dataclass(frozen=True)
class Schema(Resource):
    """A schema; its key is its database's name and its own (``shop/orders``).

    ``users`` change its tables' rows, ``readers`` read them; nobody but the owner makes or drops anything.
    ``OtherGrants``: objects with other privileges than new ones would have, and what these are.
    """

    schema: str
    cluster: DatabaseCluster
    database: Database
    owner: OwnerRole
    users: tuple[LoginRole, ...]
    readers: tuple[LoginRole, ...] = ()

    stateful: ClassVar[bool] = True
    taggable: ClassVar[bool] = False
    id_name: ClassVar[str] = "Name"

    @property
    def key(self) -> str:
        return f"{self.database.key}/{self.schema}"

    def desired(self) -> Properties:
        return {
            "Owner": self.owner.key,
            "Privileges": {role.key: ["USAGE"] for role in (*self.users, *self.readers)},
            "DefaultPrivileges": self.privileges(),
            "OtherGrants": {},
            "Public": [],
        }

    def privileges(self) -> dict[str, Privileges]:
        """By type of object, then by role."""
        roles = [*((role, USE) for role in self.users), *((role, READ) for role in self.readers)]
        return {kind: {role.key: may[kind] for role, may in roles} for kind in TYPES}

    @classmethod
    def observe(cls, api: DataApi, owner: Owner) -> Iterator[tuple[str, Properties]]:
        names = owned(api, owner)
        for database, rows in zip(names, each(lambda database: api.rows(SCHEMAS, database), names), strict=True):
            for row in rows:
                key = f"{database}/{row['Name']}"
                yield key, {**shaped(row), "Database": database, "Tags": tags(marks(row["Comment"]), key)}

    def create(self, api: DataApi, wanted: Properties) -> Properties:
        """Its owner is its mark."""
        made = f"CREATE SCHEMA {name(self.schema)} AUTHORIZATION {name(self.owner.key)}"
        api.run(made, database=self.database.key, once=True)
        nothing: dict[str, Privileges] = {kind: {} for kind in TYPES}
        known = {"Name": self.schema, "Database": self.database.key, "Owner": self.owner.key, "Tags": wanted["Tags"]}
        return {
            **known,
            "Privileges": {},
            "DefaultPrivileges": nothing,
            "OtherGrants": {},
            "Public": ["USAGE"],
            "Objects": [],
        }

    def update(self, api: DataApi, observed: Properties, changes: Properties) -> None:
        api.run(*self.altered(observed, changes), database=self.database.key)

    def altered(self, observed: Properties, changes: Properties) -> Iterator[str]:
        schema, owner = name(self.schema), name(self.owner.key)
        if "Owner" in changes:
            yield f"ALTER SCHEMA {schema} OWNER TO {owner}"
        yield from regranted(f"SCHEMA {schema}", observed["Privileges"], {**observed, **changes}["Privileges"])
        if "DefaultPrivileges" in changes:
            for kind, wanted in changes["DefaultPrivileges"].items():
                for statement in regranted(kind.upper(), observed["DefaultPrivileges"][kind], wanted):
                    yield f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} {statement}"
        yield from self.aligned(observed)
        if "Public" in changes:
            yield f"REVOKE ALL ON SCHEMA public FROM {EVERYBODY}"

    def aligned(self, observed: Properties) -> Iterator[str]:
        """What brings all objects that there are to what is wanted of new ones."""
        for alike in observed["Objects"]:
            all_of_them = f"ALL {alike['Type'].upper()} IN SCHEMA {name(self.schema)}"
            yield from regranted(all_of_them, alike["Privileges"], self.privileges()[alike["Type"]])

    @classmethod
    def delete(cls, api: DataApi, observed: Properties) -> None:
        api.run(f"DROP SCHEMA IF EXISTS {name(observed['Name'])} CASCADE", database=observed["Database"])


def shaped(row: Properties) -> Properties:
    """A row of SCHEMAS in the shape of ``desired()``; ``Objects``: those with the same privileges together."""
    owner, codes = row["Owner"], {code: kind for kind, code in TYPES.items()}
    defaults = {kind: privileges((row["Defaults"] or {}).get(code, ()), owner) for kind, code in TYPES.items()}
    objects = [
        {**alike, "Type": codes[alike["Type"]], "Privileges": privileges(alike["Acl"], owner)}
        for alike in row["Objects"]
    ]
    return {
        **row,
        "Privileges": privileges(row["Acl"], owner),
        "DefaultPrivileges": defaults,
        "Objects": objects,
        "OtherGrants": {
            f"{alike['Type']} {', '.join(alike['Names'])}": alike["Privileges"]
            for alike in objects
            if alike["Privileges"] != defaults[alike["Type"]]
        },
        "Public": privileges(row["PublicAcl"] or (), "").get(EVERYBODY, []),
    }
