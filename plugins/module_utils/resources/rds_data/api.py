# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SQL through the RDS Data API: what the kinds inside a database cluster are handed instead of the bare AWS account.

The Data API logs in with the master user's secret, which nobody here ever reads. It takes one statement a call, answers
with at most 1 MiB, and 64 KiB a row:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...aws.errors import EVENTUALLY
from ...aws.session import Aws, AwsError
from ...engine.errors import AnswerLost, Blocked, KeelsonError
from ...engine.resource import Foresight, Lookup, Owner, Properties, State
from ..rds.lookup import ClusterLookup

HOME = "postgres"
"""The database that every cluster has: statements about roles and databases are sent there."""
RECENT = 0.5
RESUMES_WITHIN = 120.0
RESUME_INTERVAL = 2.0
"""Seconds: how old a look may be, how long a cluster takes that was paused, and between two tries."""

# https://www.postgresql.org/docs/current/errcodes-appendix.html
EXISTS = {"42710", "42P04", "42P06"}
PASSING = {"40001", "40P01", "55006", "55P03", "57P03"}
"""Lost to another session: a conflict, a deadlock, something in use, a lock, a server that just starts."""
COLLISION = "tuple concurrently updated"
"""What one of two gets who change the rights on one thing at the same moment."""
QUOTE = "$keelson$"


class DataApi:
    """One cluster by its identifier. Thread-safe."""

    def __init__(self, aws: Aws, owner: Owner, identifier: str, adopts: frozenset[str] = frozenset()) -> None:
        """``adopts``: databases that become the environment's even if they are the one that came with the cluster."""
        self.aws, self.owner, self.identifier, self.adopts = aws, owner, identifier, adopts
        self.lock = threading.Lock()
        self.known: Properties | None = None
        self.looked_at = float("-inf")

    @property
    def ahead(self) -> Foresight | None:
        return self.aws.ahead

    def look(self) -> Properties | None:
        """The cluster as AWS shows it now; as it was, once it serves.

        All kinds ask at the same time: one look answers them.
        """
        with self.lock:
            serves = self.known is not None and ClusterLookup.state(self.known)[0] is State.READY
            if not serves and time.monotonic() - self.looked_at > RECENT:
                self.looked_at = time.monotonic()
                self.known = dict(ClusterLookup.observe(self.aws, self.owner)).get(self.identifier)
            return self.known

    @property
    def answers(self) -> bool:
        """Whether there is a database to ask: the cluster and its writer are past their creation."""
        found = self.look()
        return found is not None and not {found["Status"], found.get("WriterStatus", "creating")} & {
            "creating",
            "deleting",
        }

    @property
    def found(self) -> Properties:
        if (found := self.look()) is None:
            raise KeelsonError(
                f"the database cluster {self.identifier} is not there. The role {ClusterLookup.role} makes it."
            )
        return found

    def rows(self, sql: str, database: str = HOME, **texts: str) -> list[Any]:
        """The rows of a query whose one column is JSON. ``texts`` are its parameters."""
        parameters = [{"name": name, "value": {"stringValue": text}} for name, text in texts.items()]
        records = self.execute(sql, database, False, parameters=parameters)["records"]
        return [json.loads(record[0]["stringValue"]) for record in records]

    def run(self, *statements: str, database: str = HOME, once: bool = False) -> None:
        """All of the statements or none, in one call. ``once``: not sent again when its answer is lost."""
        if statements:
            self.execute(statements[0] if len(statements) == 1 else block(statements), database, once)

    def execute(self, sql: str, database: str, once: bool, **more: Any) -> dict[str, Any]:
        deadline = time.monotonic() + RESUMES_WITHIN
        call = self.aws.call_once if once else self.aws.call
        where = {"resourceArn": self.found["DBClusterArn"], "secretArn": self.secret, "database": database}
        while True:
            try:
                return call("rds-data", "execute_statement", sql=sql, **where, **more)
            except AwsError as error:
                if error.code != "DatabaseResumingException" or time.monotonic() > deadline:
                    raise told(error) from error
                time.sleep(RESUME_INTERVAL)

    @property
    def secret(self) -> str:
        arn = self.found.get("MasterUserSecret", {}).get("SecretArn")
        if not arn:
            raise KeelsonError(
                f"the database cluster {self.identifier} does not keep its master password in Secrets Manager"
            )
        return str(arn)


@dataclass(frozen=True)
class DatabaseCluster(Lookup):
    """The Aurora cluster that databases and roles are in, by its identifier; known is what ClusterLookup tells."""

    key: str

    role: ClassVar[str] = ClusterLookup.role

    @classmethod
    def observe(cls, api: DataApi, owner: Owner) -> Iterator[tuple[str, Properties]]:
        if (found := api.look()) is not None:
            yield api.identifier, found

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return ClusterLookup.planned(ahead, owner, found)

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return ClusterLookup.state(observed)


def name(text: str) -> str:
    """An identifier, quoted."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def block(statements: tuple[str, ...]) -> str:
    """Statements as one, which are carried out all or not at all.

    No colon in it: the Data API takes those for parameters.
    """
    body = ";\n".join(statements)
    if QUOTE in body or ":" in body:
        raise ValueError(f"a statement holds {QUOTE} or a colon: {body}")
    return f"DO {QUOTE} BEGIN\n{body};\nEND {QUOTE}"


def told(error: AwsError) -> KeelsonError:
    """What the engine should make of it."""
    code = re.search(r"SQLState: (\w{5})", error.message)
    state = code[1] if code else ""
    if state in EXISTS:  # made by a request whose answer was lost, or it came with a snapshot: look before trying again
        return AnswerLost(str(error), patience=EVENTUALLY)
    if state in PASSING or COLLISION in error.message or error.code == "StatementTimeoutException":
        return Blocked(str(error))
    if error.code == "HttpEndpointNotEnabledException":
        return KeelsonError(f"{error}. Set database_data_api, and run the role {ClusterLookup.role}.")
    if error.code == "DatabaseNotFoundException":
        return Blocked(f"{error}. Its first instance is still being made.")
    return error
