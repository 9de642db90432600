# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clients and calls. The one file that imports botocore, together with ``errors``."""

from __future__ import annotations

import copy
import gc
import hashlib
import os
import random
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from ..engine.errors import KeelsonError
from ..engine.resource import Foresight
from .answers import Answers
from .errors import THROTTLED, AwsError, is_not_found, translated, unanswered
from .run_memory import RunMemory

try:
    import botocore.session
    from botocore import xform_name
    from botocore.config import Config
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError as error:
    IMPORT_ERROR: ImportError | None = error
else:
    IMPORT_ERROR = None

PAUSES = 4
"""How often a throttled request is sent again before the engine hears of it, all in all after about ten seconds."""
SHARED = ("describe_", "list_")
"""Reads whose answers are plain data; what some others answer can be read only once."""


@cache
def botocore_session() -> botocore.session.Session:
    return botocore.session.get_session()


def own_session(profile: str | None) -> botocore.session.Session:
    """One with credentials of its own, and the models that are parsed already."""
    if profile is None:
        session = copy.copy(botocore_session())
        session._credentials = None
        return session
    session = botocore.session.Session(profile=profile)
    session.register_component("data_loader", botocore_session().get_component("data_loader"))
    return session


def preload(services: Iterable[str]) -> None:
    """Parse botocore's models of these services once, in the controller: every worker then has them in memory.

    Makes no client or socket.
    """
    loader = botocore_session().get_component("data_loader")
    for service in services:
        for part in ("paginators-1", "endpoint-rule-set-1"):
            loader.load_service_model(service, part)
        for operation in loader.load_service_model(service, "service-2")["operations"]:
            xform_name(operation)  # which botocore remembers: a client asks for all of its names
    for name in ("endpoints", "partitions", "sdk-default-configuration", "_retry"):
        loader.load_data(name)
    gc.freeze()  # a collection in a worker would touch, and so copy, all that it shares with the controller


def known_regions() -> frozenset[str]:
    """Of all partitions; empty without botocore."""
    if IMPORT_ERROR is not None:
        return frozenset()
    session = botocore_session()
    partitions = session.get_available_partitions()
    return frozenset(region for name in partitions for region in session.get_available_regions("ec2", name))


@dataclass(frozen=True)
class Connection:
    """How to reach AWS, named as amazon.aws names its options. What is None is left to botocore's own configuration."""

    region: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    session_token: str | None = None
    endpoint_url: str | None = None
    validate_certs: bool = True
    aws_ca_bundle: str | None = None
    aws_config: Mapping[str, Any] | None = None
    assume_role_arn: str | None = None


class Aws:
    """The AWS account and region that a component works on. Thread-safe; never made before a fork.

    Until ``look_anew``, the same describing or listing read asked again has the first one's answer: kinds look at the
    account independently of one another, and much of what they look at is the same.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.lock = threading.Lock()
        self.clients: dict[tuple[str, bool], Any] = {}
        self.elsewhere: dict[str, Aws] = {}
        self.answers: Answers | None = Answers()
        self.ahead: Foresight | None = None
        self.parent = os.getppid()
        self.run = uuid.uuid4()
        """Tells this run's requests from those of others, in client tokens."""

    @cached_property
    def region(self) -> str:
        region = self.connection.region or self.session.get_config_variable("region")
        if not region:
            raise KeelsonError("region: no AWS region is given. Set keelson_region, the option region, or AWS_REGION.")
        return region

    @cached_property
    def identity(self) -> dict[str, str]:
        """``Account``, ``Arn`` and ``UserId`` of the caller."""
        if "identity" in self.memory:
            return self.memory["identity"]
        self.memory["identity"] = identity = self.call("sts", "get_caller_identity")
        return identity

    @cached_property
    def memory(self) -> RunMemory:
        """The run's, of this caller, whom the connection and the environment decide."""
        variables = sorted(item for item in os.environ.items() if item[0].startswith("AWS_"))
        caller = repr((replace(self.connection, region=None), variables))
        return RunMemory(hashlib.sha256(caller.encode()).hexdigest())

    @property
    def account_id(self) -> str:
        return self.identity["Account"]

    @property
    def partition(self) -> str:
        return self.session.get_partition_for_region(self.region)

    def in_region(self, region: str) -> Aws:
        """The same account, credentials and run in another region: for what AWS keeps in one only,
        such as CloudFront's certificates.
        """
        if region == self.region:
            return self
        session = self.session
        with self.lock:
            if region not in self.elsewhere:
                other = Aws(replace(self.connection, region=region))
                other.session, other.run, other.lock = (
                    session,
                    self.run,
                    self.lock,
                )  # a session makes one client at a time
                other.answers, other.ahead = self.answers and Answers(), self.ahead
                self.elsewhere[region] = other
            return self.elsewhere[region]

    def look_anew(self) -> None:
        """From here on every read is sent: what is looked at may change by now."""
        with self.lock:
            for aws in (self, *self.elsewhere.values()):
                aws.answers = None

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """One call, with botocore's retries. Raises Blocked, AnswerLost or AwsError.

        A delete of what is gone already answers ``{}``.
        """
        return self._call(service, operation, False, parameters)

    def call_once(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """For creates that know no client token: sent once, so that a lost answer cannot become a second resource.

        A request that was throttled has done nothing, and is sent again some times.
        """
        return self._call(service, operation, True, parameters)

    def find(self, service: str, operation: str, **parameters: Any) -> dict[str, Any] | None:
        """A read of one thing by its name: None when there is none."""
        found: dict[str, Any] | None = self._asked(service, operation, "", parameters, self._found)
        return found

    def read(self, service: str, operation: str, items: str, **parameters: Any) -> Iterator[Any]:
        """All items of a listing, over all its pages.

        ``items``: the answer's member that holds them, such as ``Vpcs``.
        """
        yield from self._asked(service, operation, items, parameters, self._listed)

    def client(self, service: str, once: bool = False) -> Any:
        with self.lock:
            if (service, once) not in self.clients:
                retries = (
                    {"mode": "standard", "total_max_attempts": 1} if once else {"mode": "adaptive", "max_attempts": 8}
                )
                config = Config(retries=retries, max_pool_connections=40).merge(
                    Config(**self.connection.aws_config or {})
                )
                client = self.session.create_client(
                    service,
                    region_name=self.region,
                    endpoint_url=self.connection.endpoint_url,
                    verify=self.connection.validate_certs and (self.connection.aws_ca_bundle or None),
                    config=config,
                )
                client.meta.events.register_first(
                    "before-send", self.exit_if_orphaned
                )  # before each attempt, pages and retries included
                if once:
                    client.meta.events.register("needs-retry", pause_when_throttled)
                self.clients[service, once] = client
            return self.clients[service, once]

    @cached_property
    def session(self) -> botocore.session.Session:
        given = self.connection
        shared = given.profile is None and given.access_key is None and given.assume_role_arn is None
        session = botocore_session() if shared else own_session(given.profile)
        if given.access_key:
            session.set_credentials(given.access_key, given.secret_key, given.session_token)
        if given.assume_role_arn:
            fetcher = AssumeRoleCredentialFetcher(
                client_creator=lambda service, **arguments: session.create_client(
                    service, region_name=self.region, endpoint_url=given.endpoint_url, **arguments
                ),
                source_credentials=session.get_credentials(),
                role_arn=given.assume_role_arn,
                extra_args={"RoleSessionName": "keelson"},
                cache=self.memory,
            )
            assumed = own_session(given.profile)
            assumed._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
            return assumed
        return session

    def _asked(
        self, service: str, operation: str, items: str, parameters: dict[str, Any], ask: Callable[..., Any]
    ) -> Any:
        answers = self.answers
        if answers is None or not operation.startswith(SHARED):
            return ask(service, operation, items, parameters)
        question = repr((service, operation, items, sorted(parameters.items())))
        return answers.get(question, lambda: ask(service, operation, items, parameters))

    def _found(self, service: str, operation: str, _items: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
        with self._translating(service, operation):
            try:
                return self._send(service, operation, False, parameters)
            except ClientError as error:
                if not is_not_found(error.response["Error"].get("Code", "")):
                    raise
                return None

    def _listed(self, service: str, operation: str, items: str, parameters: dict[str, Any]) -> list[Any]:
        with self._translating(service, operation):
            client = self.client(service)
            if client.can_paginate(operation):
                return [
                    item
                    for page in client.get_paginator(operation).paginate(**parameters)
                    for item in page.get(items, [])
                ]
            return list(self._send(service, operation, False, parameters).get(items, []))

    def _call(self, service: str, operation: str, once: bool, parameters: dict[str, Any]) -> dict[str, Any]:
        with self._translating(service, operation):
            try:
                return self._send(service, operation, once, parameters)
            except ClientError as error:
                removing = operation.startswith(
                    ("delete", "release", "detach", "disassociate", "remove", "revoke", "schedule")
                )
                if not removing or not is_not_found(error.response["Error"].get("Code", "")):
                    raise
                return {}

    @contextmanager
    def _translating(self, service: str, operation: str) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            client = self.clients.get((service, False)) or self.clients.get((service, True))
            name = client.meta.method_to_api_mapping[operation] if client else operation
            raise (translated if isinstance(error, ClientError) else unanswered)(service, name, error) from error

    def _send(self, service: str, operation: str, once: bool, parameters: dict[str, Any]) -> dict[str, Any]:
        return getattr(self.client(service, once), operation)(**parameters)

    def exit_if_orphaned(self, **_event: Any) -> None:
        """A worker survives its controller's death; the next run must not meet it writing."""
        if os.getppid() != self.parent:
            os._exit(1)


def pause_when_throttled(response: tuple[Any, dict[str, Any]] | None, attempts: int, **_event: Any) -> float | None:
    """botocore's event needs-retry: after how many seconds to try again, a little later each time;
    None for not at all.
    """
    code = response[1].get("Error", {}).get("Code") if response else None
    if code not in THROTTLED or attempts > PAUSES:
        return None
    return random.uniform(0.5, 1) * 2 ** (attempts - 1)  # noqa: S311  # it spreads requests, and guards nothing


__all__ = ["IMPORT_ERROR", "Aws", "AwsError", "Connection", "known_regions", "preload"]
