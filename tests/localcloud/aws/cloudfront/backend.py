# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudFront of one account: what it holds, and what all of its operations do alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any

import moto.cloudfront.urls
from localcloud.clock import clock
from moto.cloudfront import models
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

Data = dict[str, Any]
Operation = Callable[["CloudFrontBackend", Data], Data | None]
OPERATIONS: dict[str, Operation] = {}


@dataclass
class Versioned:
    """Something with a configuration, whose version (ETag) every write must name."""

    config: Data
    id: str = field(default_factory=random_id)
    etag: str = field(default_factory=random_id)
    modified: datetime = field(default_factory=utcnow)

    def write(self, config: Data) -> None:
        self.config, self.etag, self.modified = config, random_id(), utcnow()

    def check(self, asked: Data) -> None:
        """Refuse a write that names no version, or not this one."""
        if not asked.get("IfMatch"):
            raise CloudFrontException(
                "InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource."
            )
        if asked["IfMatch"] != self.etag:
            message = (
                "The request failed because it didn't meet the preconditions in one or more request-header fields."
            )
            raise CloudFrontException("PreconditionFailed", message)


@dataclass
class Distribution(Versioned):
    """``deployed``: when all edges have its latest configuration, a Unix time."""

    account: str = ""
    deployed: float = field(default_factory=lambda: clock.deadline("cloudfront.deploy"))
    domain_name: str = field(default_factory=lambda: f"{random_id(uppercase=False)}.cloudfront.net")

    def write(self, config: Data) -> None:
        super().write(config)
        self.deployed = clock.deadline("cloudfront.deploy")

    @property
    def arn(self) -> str:
        return f"arn:aws:cloudfront::{self.account}:distribution/{self.id}"

    @property
    def status(self) -> str:
        return "Deployed" if clock.passed(self.deployed) else "InProgress"

    @property
    def distribution_id(self) -> str:
        return self.id

    @property
    def location(self) -> str:
        return f"https://cloudfront.amazonaws.com/2020-05-31/distribution/{self.id}"


@dataclass
class Function(Versioned):
    """``config`` and ``code`` are the DEVELOPMENT stage's, ``live`` the published ones."""

    name: str = ""
    arn: str = ""
    code: bytes = b""
    live: tuple[Data, bytes] | None = None


class CloudFrontBackend(models.CloudFrontBackend):
    distributions: dict[str, Distribution]
    functions: dict[str, Function]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.access_controls: dict[str, Versioned] = {}
        self.headers_policies: dict[str, Versioned] = {}

    @property
    def _url_module(self) -> ModuleType:
        """moto looks for urls.py beside the class, which is moto's here."""
        return moto.cloudfront.urls

    def get_distribution(self, distribution_id: str) -> tuple[Any, str]:
        """moto's invalidations ask for it."""
        found = one_of(
            self.distributions, distribution_id, "NoSuchDistribution", "The specified distribution does not exist."
        )
        return found, found.etag


def operation(function: Operation) -> Operation:
    """Registers what answers the operation of the function's name."""
    OPERATIONS[function.__name__] = function
    return function


def answer(function: Operation) -> Callable[[CloudFrontResponse], ActionResult]:
    def respond(self: CloudFrontResponse) -> ActionResult:
        result = function(self.backend, {name: value for name, value in dict(self.params).items() if value is not None})
        return ActionResult(result) if result else EmptyResult()

    respond.__name__ = function.__name__
    return respond


def one_of(held: dict[str, Any], key: str, code: str, message: str) -> Any:
    if key not in held:
        raise CloudFrontException(code, message)
    return held[key]


def page(asked: Data, items: Iterable[Data], result: str, marked: bool = False) -> Data:
    """A page of a listing; its marker is a number.

    ``marked``: whether the answer tells also that it is cut, and where it began.
    """
    everything, size, first = list(items), int(asked.get("MaxItems", 100)), int(asked.get("Marker") or 0)
    shown = everything[first : first + size]
    more = {"NextMarker": str(first + size)} if first + size < len(everything) else {}
    told = {"Marker": asked.get("Marker", ""), "IsTruncated": bool(more)} if marked else {}
    return {result: {"MaxItems": size, "Quantity": len(shown), "Items": shown, **told, **more}}


def in_use(backend: CloudFrontBackend, uses: Callable[[Data], bool]) -> bool:
    """Whether some distribution's configuration does."""
    return any(uses(distribution.config) for distribution in backend.distributions.values())


def behaviours(config: Data) -> list[Data]:
    """The default behaviour and the others."""
    return [config["DefaultCacheBehavior"], *config["CacheBehaviors"].get("Items", [])]
