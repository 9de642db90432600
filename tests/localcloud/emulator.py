# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""moto behind one lock: AWS's APIs, loud where they end.

moto is not thread-safe, so one call is answered at a time. What moto does not implement, and what breaks inside it, is
an error in its own name that botocore does not retry.
"""

from __future__ import annotations

import json
import os
import threading
import traceback
from functools import cache, lru_cache
from typing import Any

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "1")
os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")

import moto.core.responses as moto_responses
import moto.iam.models as iam_models
import werkzeug.exceptions
from localcloud import aws
from localcloud.aws import eks, rds
from localcloud.calls import Call
from localcloud.wire import Request, Response
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.iam.models import IAMBackend, iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

OPERATOR = "operator"
ACCOUNTS = ("111111111111", "222222222222", "333333333333")
ROLES = ("keelson-deploy", "platform", "break-glass")


class _Apps(DomainDispatcherApplication):
    """moto's dispatcher, with its search through every service's pattern remembered."""

    def __init__(self) -> None:
        super().__init__(_app)
        self.get_backend_for_host = cache(super().get_backend_for_host)


def _app(service: Any) -> Any:
    if service is None:
        raise NotImplementedError
    app = create_backend_app(service)
    app.register_error_handler(404, _no_route)
    return app


def _no_route(error: werkzeug.exceptions.NotFound) -> Any:
    """A path no service knows would look like a resource that is not there."""
    raise NotImplementedError from error


def _iam_backends() -> list[tuple[str, IAMBackend]]:
    """Those in use, with their accounts.

    To look one up makes it, with AWS's 1,500 policies, once for every partition.
    """
    return [
        (account, backend) for account, backends in list(iam_backends.items()) for backend in list(backends.values())
    ]


def account_of(access_key: str) -> str:
    """The account of the user or of the session of a role to whom the key was given."""
    return next(
        (account for account, backend in _iam_backends() if access_key in backend.access_keys), DEFAULT_ACCOUNT_ID
    )


class Emulator:
    """The AWS account. ``access_key`` and ``secret_key`` belong to its IAM user ``operator``, an administrator."""

    def __init__(self, access_key: str, secret_key: str) -> None:
        self.lock = threading.RLock()
        self.regions: set[str] = set()
        self._access_key = access_key
        self._secret_key = secret_key
        # moto reads a class's methods anew for every call, which costs more than most calls.
        moto_responses.method_names_from_class = lru_cache(maxsize=None)(moto_responses.method_names_from_class)
        iam_models.get_account_id_from = account_of
        aws.install()
        self._apps = _Apps()
        self._make_operator()
        self._make_landing_zone()

    def reset(self) -> None:
        """Back to the empty account."""
        with self.lock:
            for backends in BackendDict._instances:
                backends.clear()
            BackendDict._instances.clear()
            reset_model_data()
            self.regions.clear()
            self._make_operator()
            self._make_landing_zone()

    def knows(self, access_key: str) -> bool:
        """Whether the key belongs to a user or to a session of a role, in any account."""
        return any(access_key in backend.access_keys for _account, backend in _iam_backends())

    def accounts(self) -> list[str]:
        """The operator's account, and those whose roles were assumed."""
        return [DEFAULT_ACCOUNT_ID, *sorted({account for account, _backend in _iam_backends()} - {DEFAULT_ACCOUNT_ID})]

    def answer(self, request: Request, call: Call) -> Response:
        """Carry the call out."""
        if not call.operation:
            return call.error(
                "NotImplementedByLocalCloud", f"{call.service} has no {request.method} {request.path}", 501
            )
        try:
            with self.lock:
                if call.write:
                    self.regions.add(call.region)
                if call.service != "eks":
                    eks.settle()  # a cluster that is gone has left its network interfaces
                rds.settle()
                if call.service != "rds-data":
                    return self._run(request)
            return self._run(request)  # SQL takes no part of moto's, and statements may wait for one another
        except NotImplementedError as error:
            reason = f": {error}" if str(error) else ""
            return call.error(
                "NotImplementedByLocalCloud", f"the local cloud does not implement {call.name}{reason}", 501
            )
        except Exception as error:  # whatever breaks inside moto must reach the caller as an error with a name
            traceback.print_exc()
            return call.error(
                "LocalCloudFailure", f"the local cloud broke on {call.name}: {type(error).__name__}: {error}", 501
            )

    def _run(self, request: Request) -> Response:
        started: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            started.update(status=int(status.split()[0]), headers=headers)

        body = self._apps(request.environ(), start_response)
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        return Response(started["status"], content, started["headers"])

    def _make_landing_zone(self) -> None:
        """What an organization's accounts have before any environment is made: who may work on them."""
        for account in ACCOUNTS:
            trust = {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root"},
                "Action": "sts:AssumeRole",
            }
            for name in ROLES:
                iam_backends[account]["aws"].create_role(
                    role_name=name,
                    assume_role_policy_document=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
                    path="/",
                    permissions_boundary=None,
                    description="Made with the account",
                    tags=[],
                    max_session_duration="3600",
                )

    def _make_operator(self) -> None:
        iam: IAMBackend = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
        iam.create_user("us-east-1", OPERATOR)
        iam.attach_user_policy("arn:aws:iam::aws:policy/AdministratorAccess", OPERATOR)
        key = iam.create_access_key(OPERATOR, prefix="AKIA")
        del iam.access_keys[key.access_key_id]
        key.access_key_id, key.secret_access_key = self._access_key, self._secret_key
        iam.access_keys[self._access_key] = key
