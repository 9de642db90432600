# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cluster's endpoint: TLS, the tokens of IAM, and behind it the server.

It speaks PostgreSQL's protocol until the client is known, and then passes bytes on. What it says no to, it says in
RDS's words. https://www.postgresql.org/docs/current/protocol-flow.html
"""

from __future__ import annotations

import contextlib
import random
import selectors
import socket
import ssl
import struct
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from localcloud.postgres.server import Server

_SSL_REQUEST, _GSS_REQUEST, _CANCEL_REQUEST = 80877103, 80877104, 80877102
_CLEARTEXT_PASSWORD = 3
_CHUNK = 1 << 16
_PATIENCE = 60.0  # seconds that a client may take to log in
_LONGEST = 1 << 16  # bytes of a message before somebody is logged in
_ATTEMPTS = 50

Connection = socket.socket | ssl.SSLSocket


class Denied(Exception):
    """What the client is told. ``code``: an SQLSTATE."""

    def __init__(self, message: str, code: str = "28000") -> None:
        super().__init__(message)
        self.code = code


class Gate(Protocol):
    """What an endpoint asks its cluster."""

    def server(self) -> Server:
        """The cluster's server, started if need be. Raises Denied when the cluster does not serve."""

    def forces_tls(self) -> bool:
        """Whether ``rds.force_ssl`` is on."""

    def check_token(self, token: str, user: str) -> None:
        """Raises Denied unless this token of IAM lets its bearer log in as that user."""


class Endpoint:
    """Listens on an address of its own in 127.0.0.0/8, so that each cluster has the port that it was made with."""

    def __init__(self, port: int, gate: Gate, certify: Callable[[str], ssl.SSLContext]) -> None:
        """``certify`` makes the certificate for an address."""
        self._gate = gate
        self._socket = _listen(port)
        self.address: str = self._socket.getsockname()[0]
        self._tls = certify(self.address)
        threading.Thread(target=self._accept, name=f"endpoint {self.address}", daemon=True).start()

    def close(self) -> None:
        """Sessions end with the server."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _peer = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.ExitStack() as stack:
            try:
                self._log_in_and_pass_on(connection, stack)
            except (OSError, EOFError):
                pass  # one of the two ends is gone
            except Exception:  # a thread has nobody else to tell
                traceback.print_exc()

    def _log_in_and_pass_on(self, connection: Connection, stack: contextlib.ExitStack) -> None:
        stack.enter_context(connection)
        connection.settimeout(_PATIENCE)
        code, startup = _read_startup(connection)
        while code in (_SSL_REQUEST, _GSS_REQUEST):
            connection.sendall(b"S" if code == _SSL_REQUEST else b"N")
            if code == _SSL_REQUEST:
                connection = stack.enter_context(self._tls.wrap_socket(connection, server_side=True))
            code, startup = _read_startup(connection)
        if code == _CANCEL_REQUEST:
            _reach(self._gate.server(), stack).sendall(startup)
            return
        try:
            server = self._admit(connection, _parameters(startup), stack)
        except Denied as denied:
            connection.sendall(_fatal(denied))
            return
        server.sendall(startup)
        connection.settimeout(None)
        _pass_on(connection, server)

    def _admit(self, connection: Connection, parameters: dict[str, str], stack: contextlib.ExitStack) -> socket.socket:
        """A connection to the server: past its question for a password for whoever has shown a token."""
        user, database = parameters.get("user", ""), parameters.get("database") or parameters.get("user", "")
        server = self._gate.server()
        if not isinstance(connection, ssl.SSLSocket) and (self._gate.forces_tls() or server.uses_iam(user)):
            host = connection.getpeername()[0]
            raise Denied(f'no pg_hba.conf entry for host "{host}", user "{user}", database "{database}", no encryption')
        if not server.uses_iam(user):
            return _reach(server, stack)
        connection.sendall(struct.pack("!cII", b"R", 8, _CLEARTEXT_PASSWORD))
        self._gate.check_token(_read_password(connection), user)
        return _reach(server, stack, known=True)


def _listen(port: int) -> socket.socket:
    """On some address that is free.

    Raises OSError where a machine has no addresses but 127.0.0.1, and where none is free.
    """
    for _attempt in range(_ATTEMPTS):
        address = f"127.{random.randint(64, 127)}.{random.randint(0, 255)}.{random.randint(1, 254)}"
        try:
            return socket.create_server((address, port), backlog=128)
        except OSError as error:
            problem = error
    raise problem


def _reach(server: Server, stack: contextlib.ExitStack, known: bool = False) -> socket.socket:
    if not known:
        return stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
    connection = stack.enter_context(socket.socket(socket.AF_UNIX))
    connection.connect(str(server.socket / f".s.PGSQL.{server.port}"))
    return connection


def _read_startup(connection: Connection) -> tuple[int, bytes]:
    """The message's code, and all of it: the first messages of a client have no type."""
    head = _read(connection, 8)
    length, code = struct.unpack("!II", head)
    if not 8 <= length <= _LONGEST:
        raise EOFError
    return code, head + _read(connection, length - 8)


def _parameters(startup: bytes) -> dict[str, str]:
    words = startup[8:].rstrip(b"\0").decode().split("\0")
    return dict(zip(words[::2], words[1::2], strict=False))


def _read_password(connection: Connection) -> str:
    kind, length = struct.unpack("!cI", _read(connection, 5))
    if kind != b"p" or not 4 <= length <= _LONGEST:
        raise EOFError
    return _read(connection, length - 4).rstrip(b"\0").decode()


def _read(connection: Connection, size: int) -> bytes:
    read = b""
    while len(read) < size:
        if not (part := connection.recv(size - len(read))):
            raise EOFError
        read += part
    return read


def _fatal(denied: Denied) -> bytes:
    fields = {"S": "FATAL", "V": "FATAL", "C": denied.code, "M": str(denied)}
    body = b"".join(f"{kind}{value}\0".encode() for kind, value in fields.items()) + b"\0"
    return struct.pack("!cI", b"E", len(body) + 4) + body


def _pass_on(client: Connection, server: socket.socket) -> None:
    """Until one of the two hangs up. In one thread, because TLS takes no reading and writing at once."""
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_READ, server)
        selector.register(server, selectors.EVENT_READ, client)
        while True:
            for key, _events in selector.select():
                source, other = (client, server) if key.data is server else (server, client)
                while True:
                    data = source.recv(_CHUNK)
                    if not data:
                        return
                    other.sendall(data)
                    if not (
                        isinstance(source, ssl.SSLSocket) and source.pending()
                    ):  # decrypted already: no select tells of it
                        break


def certificate(directory: Path, name: str) -> ssl.SSLContext:
    """A server's TLS, with ``<name>.crt`` and ``<name>.key``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(directory / f"{name}.crt", directory / f"{name}.key")
    return context
