# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's one process: AWS's APIs on a socket, and beside them ``/_localcloud/`` to steer and ask it.

| under ``/_localcloud/`` | |
|---|---|
| ``clean/...`` | AWS's APIs without faults, lag and call log |
| GET ``health`` | ``{"pid", "regions", "accounts", "clusters": {<name>: {"kubeconfig", ...}}, "databases": ...}`` |
| GET ``calls?since=N``, DELETE ``calls`` | the call log, see middleware.CallLog |
| GET, POST, DELETE ``faults`` | ``{"latency", "lag", "errors": [], "points": []}``, see middleware; POST replaces all |
| POST ``faults/release``, GET ``faults/fired?seconds=N`` | let paused calls go on; wait until all points were reached |
| GET, POST ``clock`` | ``{"scale": ..., "held": ...}``; POST changes those given |
| GET ``clock/begun`` | all that takes time and was started: what, when, and when it is done |
| POST ``reset`` | back to the empty account: faults, call log and clusters go too |
| GET ``dump`` | see dump |
| POST ``clusters/<name>/authenticate``, ``.../authorize`` | TokenReview and SubjectAccessReview, for API servers |
| GET ``oidc/<id>/...`` | each cluster's OIDC issuer |
"""

from __future__ import annotations

import json
import os
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from localcloud import errors
from localcloud.aws import eks, rds_data
from localcloud.calls import Call, identify
from localcloud.clock import clock
from localcloud.dump import dump
from localcloud.emulator import Emulator
from localcloud.kubeconfigs import PublishedControlPlanes
from localcloud.lag import Lag
from localcloud.middleware import CallLog, Faults
from localcloud.postgres.databases import Databases
from localcloud.wire import HTTPServer, Request, Response

ADMIN = "/_localcloud/"
CLEAN = "/_localcloud/clean"


class NotThere(Exception):
    """No such path."""


class Server:
    """Listens as soon as it is made; ``serve`` answers until ``stop``.

    ``directory`` is where the control planes of clusters live, and the databases; without
    ``control_plane`` clusters have none.
    """

    def __init__(self, directory: Path, port: int, access_key: str, secret_key: str, control_plane: bool) -> None:
        self._emulator = Emulator(access_key, secret_key)
        self._log = CallLog()
        self._faults = Faults()
        self._lag = Lag(self._emulator)
        self._http = HTTPServer(port, self._handle)
        self.url = self._http.url
        self._credentials = (access_key, secret_key)
        self._control_planes = PublishedControlPlanes(directory, self.url) if control_plane else None
        eks.use_control_planes(self._control_planes)
        self._databases = Databases(directory)
        rds_data.use_databases(self._databases)

    def serve(self) -> None:
        self._http.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """From another thread than the one that serves."""
        self._http.shutdown()

    def close(self) -> None:
        """Stop everything that was started: the past, the control planes, the databases, the socket."""
        self._lag.close()
        eks.use_control_planes(None)
        if self._control_planes is not None:
            self._control_planes.close()
        rds_data.use_databases(None)
        self._databases.end()
        self._http.server_close()

    def _handle(self, request: Request) -> Response:
        if request.path.startswith(CLEAN):
            request.target = request.target.removeprefix(CLEAN) or "/"
            return self._authenticated(request, identify(request), self._emulator.answer)
        if request.path.startswith(ADMIN):
            return self._admin(request)
        call = identify(request)
        return self._log.record(request, call, self._with_faults)

    def _with_faults(self, request: Request, call: Call) -> Response:
        def proceed(request: Request, call: Call) -> Response:
            return self._authenticated(request, call, self._lag.answer)

        return self._faults.pass_through(request, call, proceed)

    def _authenticated(self, request: Request, call: Call, proceed: Any) -> Response:
        if call.operation not in ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"):
            if not call.access_key:
                return errors.error("unsigned", call)
            if not self._emulator.knows(call.access_key):
                return errors.error("unknown_key", call)
        return proceed(request, call)

    def _admin(self, request: Request) -> Response:
        try:
            answer = self._route(request, request.path.removeprefix(ADMIN).split("/"))
        except NotThere:
            return _json({"error": f"no {request.method} {request.path}"}, 404)
        except (ValueError, TypeError) as error:
            return _json({"error": str(error)}, 400)
        except Exception as error:  # the caller is a test or an API server: it must hear what broke
            traceback.print_exc()
            return _json({"error": f"{type(error).__name__}: {error}"}, 500)
        return _json(answer)

    def _route(self, request: Request, path: list[str]) -> Any:
        match (request.method, *path):
            case ("POST", "clusters", name, "authenticate"):
                return eks.review_token(unquote(name), json.loads(request.body))
            case ("POST", "clusters", name, "authorize"):
                return eks.review_access(unquote(name), json.loads(request.body))
            case ("GET", "oidc", *rest):
                document = eks.oidc_document("/".join(rest))
                if document is None:
                    raise NotThere
                return document
            case ("GET", "calls"):
                return self._log.since(int(request.query.get("since", "0")))
            case ("DELETE", "calls"):
                return self._log.clear()
            case (_, "faults", *rest):
                return self._route_faults(request, rest)
            case _:
                return self._route_cloud(request, path)

    def _route_faults(self, request: Request, path: list[str]) -> Any:
        match (request.method, *path):
            case ("GET",):
                pass
            case ("POST",):
                wanted = json.loads(request.body)
                lag = float(wanted.pop("lag", 0))
                self._faults.set(**wanted)
                self._set_lag(lag)
            case ("DELETE",):
                self._faults.set()
                self._set_lag(0)
            case ("POST", "release"):
                self._faults.release()
            case ("GET", "fired"):
                return {"fired": self._faults.wait_fired(float(request.query.get("seconds", "60")))}
            case _:
                raise NotThere
        return {**self._faults.state(), "lag": self._lag.seconds}

    def _route_cloud(self, request: Request, path: list[str]) -> Any:
        match (request.method, *path):
            case ("GET", "health"):
                return self._health()
            case ("GET", "clock"):
                pass
            case ("GET", "clock", "begun"):
                return clock.begun
            case ("POST", "clock"):
                for name, value in json.loads(request.body).items():
                    _set_clock(name, value)
            case ("POST", "reset"):
                return self._reset()
            case ("GET", "dump"):
                return dump(self.url, *self._credentials)
            case _:
                raise NotThere
        return {"scale": clock.scale, "held": clock.held}

    def _health(self) -> dict[str, Any]:
        """Who serves, and where there is something to find: regions and accounts in which something was written."""
        return {
            "pid": os.getpid(),
            "regions": sorted({"us-east-1", *self._emulator.regions}),
            "accounts": self._emulator.accounts(),
            "clusters": self._control_planes.clusters() if self._control_planes else {},
            "databases": rds_data.running(),
        }

    def _set_lag(self, seconds: float) -> None:
        self._lag.seconds = seconds
        if not seconds:
            self._lag.close()

    def _reset(self) -> None:
        self._faults.set()
        self._set_lag(0)
        clock.begun.clear()
        eks.reset()
        rds_data.reset()
        self._emulator.reset()
        self._log.clear()


def _set_clock(name: str, value: Any) -> None:
    match name, value:
        case "scale", float() | int():
            clock.scale = float(value)
        case "held", bool():
            clock.held = value
        case _:
            raise ValueError(f"the clock has scale (a number) and held (true or false), not {name}: {value!r}")


def _json(answer: Any, status: int = 200) -> Response:
    return Response(status, json.dumps(answer).encode(), [("Content-Type", "application/json")])
