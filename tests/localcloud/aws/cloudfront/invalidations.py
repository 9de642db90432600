# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Invalidations: in progress for a while, one for each caller reference, and only so many at a time.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html, API_InvalidationBatch.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/InvalidationLimits.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from localcloud.clock import clock
from moto.cloudfront.exceptions import CloudFrontException, NoSuchInvalidation
from moto.cloudfront.models import random_id
from moto.core.utils import utcnow

from .backend import CloudFrontBackend, Data, operation, page

_MOST_FILES = 3000
_MOST_WILDCARDS = 15
_LONGEST_PATH = 4000
# Beyond ASCII, or unsafe as RFC 1738 has it: these stand URL-encoded in a path. A wildcard stands at its end.
_PATH = re.compile(r"/([!$&'()+,;=:@/?._A-Za-z0-9-]|%[0-9A-Fa-f]{2})*\*?")


@dataclass
class Invalidation:
    paths: list[str]
    caller_reference: str
    id: str = field(default_factory=random_id)
    created: datetime = field(default_factory=utcnow)
    done: float = field(default_factory=lambda: clock.deadline("cloudfront.invalidation"))

    @property
    def is_done(self) -> bool:
        return clock.passed(self.done)

    def summary(self) -> Data:
        return {"Id": self.id, "CreateTime": self.created, "Status": "Completed" if self.is_done else "InProgress"}

    def described(self) -> Data:
        batch = {"Paths": {"Quantity": len(self.paths), "Items": self.paths}, "CallerReference": self.caller_reference}
        return {**self.summary(), "InvalidationBatch": batch}


@operation
def create_invalidation(backend: CloudFrontBackend, asked: Data) -> Data:
    distribution, batch = backend.get_distribution(asked["DistributionId"])[0], asked["InvalidationBatch"]
    paths, reference = batch["Paths"].get("Items") or [], batch["CallerReference"]
    _check_paths(paths, int(batch["Paths"]["Quantity"]))
    held = _of(backend, distribution.id)
    found = next((one for one in held if one.caller_reference == reference), None)
    if found is None:
        _check_limits([path for one in held if not one.is_done for path in one.paths] + paths)
        found = Invalidation(paths, reference)
        held.append(found)
    elif sorted(found.paths) != sorted(paths):
        message = "The caller reference that you are using belongs to another invalidation batch. Use a different one."
        raise CloudFrontException("InvalidationBatchAlreadyExists", message)
    return {"Location": f"{distribution.location}/invalidation/{found.id}", "Invalidation": found.described()}


@operation
def get_invalidation(backend: CloudFrontBackend, asked: Data) -> Data:
    backend.get_distribution(asked["DistributionId"])
    for one in _of(backend, asked["DistributionId"]):
        if one.id == asked["Id"]:
            return {"Invalidation": one.described()}
    raise NoSuchInvalidation


@operation
def list_invalidations(backend: CloudFrontBackend, asked: Data) -> Data:
    backend.get_distribution(asked["DistributionId"])
    latest_first = reversed(_of(backend, asked["DistributionId"]))
    return page(asked, (one.summary() for one in latest_first), "InvalidationList", marked=True)


def _of(backend: CloudFrontBackend, distribution_id: str) -> list[Invalidation]:
    held: dict[str, list[Invalidation]] = backend.invalidations
    return held.setdefault(distribution_id, [])


def _check_paths(paths: list[str], quantity: int) -> None:
    if quantity != len(paths):
        raise CloudFrontException("InconsistentQuantities", "The value of Quantity and the size of Items don't match.")
    if not paths or not all(_PATH.fullmatch(path) and len(path) <= _LONGEST_PATH for path in paths):
        raise CloudFrontException("InvalidArgument", "Your request contains one or more invalid invalidation paths.")
    if len(paths) > _MOST_FILES:
        raise CloudFrontException("BatchTooLarge", "Your request contains too many invalidation paths.")


def _check_limits(in_progress: list[str]) -> None:
    wildcards = sum(path.endswith("*") for path in in_progress)
    if wildcards > _MOST_WILDCARDS or len(in_progress) - wildcards > _MOST_FILES:
        message = "Processing your request will cause you to exceed the maximum number of in-progress invalidations."
        raise CloudFrontException("TooManyInvalidationsInProgress", message)
