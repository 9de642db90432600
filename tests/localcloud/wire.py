# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""HTTP/1.1 over real sockets: a threaded server that gives each request to one function and writes what it returns."""

from __future__ import annotations

import contextlib
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote


@dataclass
class Request:
    """A request as it came in. ``target`` is the path with its query, percent-encoded; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    host: str = "localhost"

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query_string(self) -> str:
        return self.target.partition("?")[2]

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.query_string, keep_blank_values=True).items()}

    def environ(self) -> dict[str, Any]:
        """The WSGI environment of this request."""
        hostname, _separator, port = self.host.partition(":")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(self.path, "latin-1"),
            "RAW_URI": self.target,
            "REQUEST_URI": self.target,
            "QUERY_STRING": self.query_string,
            "SERVER_NAME": hostname,
            "SERVER_PORT": port or "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": self.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            if name not in ("content-type", "content-length", "transfer-encoding"):
                environ["HTTP_" + name.upper().replace("-", "_")] = value
        return environ


@dataclass
class Response:
    """An answer; headers that occur twice are two entries. Length and date are added on the way out."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Dropped(Exception):
    """The connection is to be closed without an answer, as when a network or a peer dies."""


Handle = Callable[[Request], Response]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body leave in one packet
    server: HTTPServer

    def handle_any(self) -> None:
        request = Request(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self._read_body(),
            host=self.headers.get("Host", "localhost"),
        )
        try:
            response = self.server.handle(request)
        except Dropped:
            self._drop()
            return
        except Exception as error:  # an answer that says so beats a connection that closes
            traceback.print_exc()
            response = Response(501, f"the local cloud broke: {type(error).__name__}: {error}".encode())
        self._write(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = handle_any

    def handle_expect_100(self) -> bool:
        """Said at once: botocore waits for it a second before it sends a file."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        length = response.header("Content-Length") if self.command == "HEAD" else str(len(response.body))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()

    def _drop(self) -> None:
        """Shuts the connection itself down: closing would not do while a child process shares it."""
        self.close_connection = True
        with contextlib.suppress(OSError):  # the peer was faster
            self.connection.shutdown(socket.SHUT_RDWR)

    def version_string(self) -> str:
        return "localcloud"

    def log_message(self, format: str, *args: object) -> None:
        """The call log is kept by the middleware."""


class HTTPServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, handle: Handle) -> None:
        self.handle = handle
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().process_request(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A peer that was killed in the middle of a call is ordinary here; anything else is printed."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, BrokenPipeError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"
