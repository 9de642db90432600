# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Log deliveries of CloudWatch Logs: CloudFront's are in us-east-1, and what a delivery joins cannot go before it.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.cloudfront.models import cloudfront_backends
from moto.logs.exceptions import ConflictException, ResourceNotFoundException, ValidationException
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from .patching import override


def install() -> None:
    override(LogsBackend, "put_delivery_source", _put_source)
    override(LogsBackend, "put_delivery_destination", _put_destination)
    override(LogsBackend, "delete_delivery_source", _delete_source)
    override(LogsBackend, "delete_delivery_destination", _delete_destination)
    override(LogsBackend, "delete_delivery", _delete_delivery)
    override(LogsResponse, "list_tags_for_resource", _tags_of_what_exists)


def _put_source(
    original: Callable[..., Any], self: LogsBackend, name: str, resource_arn: str, log_type: str, tags: Any
) -> Any:
    service = resource_arn.split(":")[2]
    if service == "cloudfront":
        if self.region_name != "us-east-1":
            raise ValidationException("Deliveries of CloudFront's logs are made in us-east-1.")
        distributions = cloudfront_backends[self.account_id]["aws"].distributions.values()
        if not any(distribution.arn == resource_arn for distribution in distributions):
            raise ResourceNotFoundException(msg=f"Cannot access the resource {resource_arn}.")
    return original(self, name, resource_arn, log_type, tags)


def _put_destination(original: Callable[..., Any], self: LogsBackend, name: str, *rest: Any, **given: Any) -> Any:
    """One that is there already keeps its policy and its tags."""
    before = self.delivery_destinations.get(name)
    made = original(self, name, *rest, **given)
    if before:
        made.policy, made.tags = before.policy, before.tags
    return made


def _delete_source(original: Callable[..., Any], self: LogsBackend, name: str) -> None:
    if any(delivery.delivery_source_name == name for delivery in self.deliveries.values()):
        raise ConflictException(msg="Unable to delete a Delivery Source that is associated with a Delivery.")
    _forget(self, self.delivery_sources.get(name))
    original(self, name)


def _delete_destination(original: Callable[..., Any], self: LogsBackend, name: str) -> None:
    found = self.delivery_destinations.get(name)
    if found and any(delivery.delivery_destination_arn == found.arn for delivery in self.deliveries.values()):
        raise ConflictException(msg="Unable to delete a Delivery Destination that is associated with a Delivery.")
    _forget(self, found)
    original(self, name)


def _delete_delivery(original: Callable[..., Any], self: LogsBackend, id: str) -> None:
    _forget(self, self.deliveries.get(id))
    original(self, id)


def _forget(backend: LogsBackend, gone: Any) -> None:
    if gone:
        backend.tagger.delete_all_tags_for_resource(gone.arn)


def _tags_of_what_exists(original: Callable[..., Any], self: LogsResponse) -> Any:
    arn, backend = self._get_param("resourceArn"), self.logs_backend
    kept = [*backend.delivery_sources.values(), *backend.delivery_destinations.values(), *backend.deliveries.values()]
    if ":delivery" in arn and not any(one.arn == arn for one in kept):
        raise ResourceNotFoundException
    return original(self)
