# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The databases behind all clusters of one local cloud: each with an endpoint at once,
and a server when somebody first asks.
"""

from __future__ import annotations

import shutil
import ssl
import threading
from pathlib import Path
from typing import Protocol

from localcloud.controlplane.certificates import Authority
from localcloud.postgres.endpoint import Endpoint, certificate
from localcloud.postgres.server import Server, Servers

AUTHORITY = "rds-ca.pem"


class Cluster(Protocol):
    """What a database asks its cluster. What can change is asked whenever it matters."""

    port: int
    master: str
    database: str | None
    """The database that it was made with."""

    def password(self) -> str:
        """The master user's."""

    def check_serving(self) -> None:
        """Raises Denied while the cluster does not serve."""

    def forces_tls(self) -> bool:
        """Whether ``rds.force_ssl`` is on."""

    def check_token(self, token: str, address: str, user: str) -> None:
        """Raises Denied unless this token of IAM lets its bearer log in at this address as that user."""


class Database:
    """Behind one cluster. Thread-safe."""

    def __init__(self, cluster: Cluster, servers: Servers, authority: Authority) -> None:
        self._cluster, self._servers, self._authority = cluster, servers, authority
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._password = ""
        try:
            self._endpoint: Endpoint | None = Endpoint(cluster.port, self, self._certify)
        except OSError:
            self._endpoint = None

    @property
    def address(self) -> str | None:
        """Where clients reach it; None where this machine has no address left for it."""
        return self._endpoint.address if self._endpoint else None

    @property
    def running(self) -> Server | None:
        return self._server

    def server(self) -> Server:
        """Started if need be, and with the master user's present password. Raises Denied."""
        self._cluster.check_serving()
        with self._lock:
            password = self._cluster.password()
            if self._server is None:
                self._server = self._servers.start()
                self._server.set_up(self._cluster.master, password, self._cluster.database)
            elif password != self._password:
                self._server.set_password(self._cluster.master, password)
            self._password = password
            return self._server

    def forces_tls(self) -> bool:
        return self._cluster.forces_tls()

    def check_token(self, token: str, user: str) -> None:
        assert self.address is not None
        self._cluster.check_token(token, self.address, user)

    def close(self) -> None:
        if self._endpoint:
            self._endpoint.close()
        with self._lock:
            if self._server:
                self._server.stop()
                self._server = None

    def _certify(self, address: str) -> ssl.SSLContext:
        self._authority.issue_server(address, address)
        return certificate(self._authority.directory, address)


class Databases:
    """By the name under which each was opened. Thread-safe."""

    def __init__(self, directory: Path) -> None:
        """``<directory>/rds-ca.pem`` is what clients trust, as RDS's ``global-bundle.pem``."""
        self._directory = directory
        self._lock = threading.Lock()
        self._open: dict[str, Database] = {}
        self._servers = Servers(directory)
        self._authority: Authority | None = None

    def open(self, name: str, cluster: Cluster) -> Database:
        with self._lock:
            if self._authority is None:
                home = self._directory / "rds"
                home.mkdir(parents=True, exist_ok=True)
                self._authority = Authority(home, "Local cloud RDS root CA")
                (self._directory / AUTHORITY).write_text(self._authority.pem)
            self._open[name] = Database(cluster, self._servers, self._authority)
            return self._open[name]

    def get(self, name: str) -> Database:
        return self._open[name]

    def names(self) -> list[str]:
        return list(self._open)

    def close(self, *names: str) -> None:
        """Close these, with all their data."""
        with self._lock:
            closing = [self._open.pop(name) for name in names if name in self._open]
        for database in closing:
            database.close()

    def end(self) -> None:
        """Close all, and leave no file behind."""
        self.close(*self.names())
        self._servers.close()
        if self._authority:
            shutil.rmtree(self._authority.directory)
            (self._directory / AUTHORITY).unlink()
