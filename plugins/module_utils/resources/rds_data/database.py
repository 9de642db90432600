# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Databases in a cluster, and who may connect to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ...engine.resource import Owner, Properties, Resource
from .api import DataApi, DatabaseCluster, name
from .role import LoginRole, OwnerRole, marks, tags

Privileges = dict[str, list[str]]

CONNECT = "CONNECT"
EVERYBODY = "PUBLIC"
ACL_ITEM = re.compile(r'("(?:[^"]|"")*"|[^="]*)=([A-Za-z*]*)/')
LETTER = re.compile(r"[A-Za-z]\*?")
PRIVILEGES = {
    "a": "INSERT",
    "r": "SELECT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "m": "MAINTAIN",
    "C": "CREATE",
    "c": CONNECT,
    "T": "TEMPORARY",
    "U": "USAGE",
    "X": "EXECUTE",
}


DATABASES = """
SELECT json_build_object(
    'Name', datname, 'Owner', pg_get_userbyid(datdba), 'Comment', shobj_description(datdba, 'pg_authid'),
    'IsMasters', pg_get_userbyid(datdba) = current_user,
    'Acl', CAST(coalesce(datacl, acldefault('d', datdba)) AS text[]))::text
FROM pg_database WHERE NOT datistemplate AND datname NOT IN ('postgres', 'rdsadmin')
"""


@dataclass(frozen=True)
class Database(Resource):
    """A database to which only ``users`` may connect. Its owner is a role as which nobody logs in."""

    key: str
    cluster: DatabaseCluster
    owner: OwnerRole
    users: tuple[LoginRole, ...]

    stateful: ClassVar[bool] = True
    taggable: ClassVar[bool] = False
    id_name: ClassVar[str] = "Name"

    def desired(self) -> Properties:
        return {"Owner": self.owner.key, "Privileges": {user.key: [CONNECT] for user in self.users}}

    @classmethod
    def observe(cls, api: DataApi, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for row in databases(api):
            yield row["Name"], row

    def create(self, api: DataApi, wanted: Properties) -> Properties:
        """Its owner is its mark: there is no moment in which it is nobody's."""
        api.run(f"CREATE DATABASE {name(self.key)} OWNER {name(self.owner.key)}", once=True)
        return {
            "Name": self.key,
            "Owner": self.owner.key,
            "Privileges": {EVERYBODY: [CONNECT, "TEMPORARY"]},
            "Tags": wanted["Tags"],
        }

    def update(self, api: DataApi, observed: Properties, changes: Properties) -> None:
        what = f"DATABASE {name(self.key)}"
        owner = [f"ALTER {what} OWNER TO {name(changes['Owner'])}"] if "Owner" in changes else []
        api.run(*owner, *regranted(what, observed["Privileges"], {**observed, **changes}["Privileges"]))

    @classmethod
    def delete(cls, api: DataApi, observed: Properties) -> None:
        api.run(f"DROP DATABASE IF EXISTS {name(observed['Name'])} WITH (FORCE)")


def databases(api: DataApi) -> Iterator[Properties]:
    """All there are. The one that came with the cluster is the environment's, too, once it is to be used."""
    for row in api.rows(DATABASES) if api.answers else ():
        came_with_it = row["IsMasters"] and row["Name"] == api.found.get("DatabaseName") and row["Name"] in api.adopts
        marked = api.owner.tags(row["Name"]) if came_with_it else tags(marks(row["Comment"]), row["Name"])
        yield {**row, "Privileges": privileges(row["Acl"], row["Owner"]), "Tags": marked}


def privileges(acl: Iterable[str], owner: str) -> Privileges:
    """By role, the owner left out. A privilege that may be handed on ends with an asterisk, and so is another one.

    https://www.postgresql.org/docs/current/ddl-priv.html#PRIVILEGE-ABBREVS-TABLE
    """
    found: dict[str, set[str]] = {}
    for item in acl:
        grantee, letters = ACL_ITEM.match(item).groups()  # type: ignore[union-attr]  # as PostgreSQL writes them
        role = grantee[1:-1].replace('""', '"') if grantee.startswith('"') else grantee or EVERYBODY
        if role != owner:
            found.setdefault(role, set()).update(
                PRIVILEGES.get(letter[0], letter[0]) + letter[1:] for letter in LETTER.findall(letters)
            )
    return {role: sorted(names) for role, names in found.items()}


def regranted(what: str, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    """Statements that take and give the privileges that differ."""
    for grantee in sorted(there.keys() | wanted.keys()):
        taken = sorted(set(there.get(grantee, ())) - set(wanted.get(grantee, ())))
        given = sorted(set(wanted.get(grantee, ())) - set(there.get(grantee, ())))
        whom = EVERYBODY if grantee == EVERYBODY else name(grantee)
        if taken:
            yield f"REVOKE {', '.join(word.rstrip('*') for word in taken)} ON {what} FROM {whom}"
        if given:
            yield f"GRANT {', '.join(given)} ON {what} TO {whom}"


def owned(api: DataApi, owner: Owner) -> Iterable[str]:
    """The names of the environment's databases."""
    return [row["Name"] for row in databases(api) if owner.scope.items() <= row["Tags"].items()]
