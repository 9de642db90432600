# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The few calls that the local cloud itself makes to its API servers and to etcd."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

TIMEOUT = 30  # seconds


class ApiError(Exception):
    """The server refused a call; the message has its words."""

    def __init__(self, call: str, status: int, answer: str) -> None:
        super().__init__(f"{call}: {status} {answer}")
        self.status = status


class Api:
    """JSON over HTTP to a server of ours; never through a proxy. Where it does not answer, the error is an OSError."""

    def __init__(self, url: str, authority: Path | None = None, client: Path | None = None) -> None:
        """``client`` is a certificate, ``<client>.crt`` with ``<client>.key``."""
        self._url = url
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
        if authority:
            context = ssl.create_default_context(cafile=str(authority))
            if client:
                context.load_cert_chain(client.with_suffix(".crt"), client.with_suffix(".key"))
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def call(self, method: str, path: str, body: Any = None, content_type: str = "application/json") -> Any:
        """Raises ApiError."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": content_type}, method=method)
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise ApiError(f"{method} {path}", error.code, error.read().decode(errors="replace")) from None

    def answers(self, path: str) -> bool:
        """Whether GET of ``path`` is answered with success."""
        try:
            with self._opener.open(self._url + path, timeout=TIMEOUT):
                return True
        except OSError:
            return False
