# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Control planes without a cloud, and a cluster that most tests share."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from localcloud.controlplane import ControlPlanes, Endpoint

from .clusters import ISSUER, Answers, node


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers()


@pytest.fixture(scope="module")
def cloud(answers: Answers) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            review["status"] = answers.status(self.path.partition("?")[0], review["spec"])
            body = json.dumps(review).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def planes(tmp_path_factory: pytest.TempPathFactory, cloud: str) -> Iterator[ControlPlanes]:
    planes = ControlPlanes(tmp_path_factory.mktemp("control-planes"), cloud)
    yield planes
    planes.close()


@pytest.fixture(scope="module")
def demo(planes: ControlPlanes) -> Endpoint:
    """A cluster with two nodes that most tests share."""
    endpoint = planes.create("demo", "1.35", ISSUER, eager=True)
    planes.set_nodes("demo", [node(1), node(2)])
    return endpoint
