# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Log groups, and deliveries of logs."""

from __future__ import annotations

from typing import Any

from .collectors import Found, every, reads

# Kind, operation, result, name.
_DELIVERIES = (
    ("delivery-source", "describe_delivery_sources", "deliverySources", "name"),
    ("delivery-destination", "describe_delivery_destinations", "deliveryDestinations", "name"),
    ("delivery", "describe_deliveries", "deliveries", "id"),
)


@reads("logs")
def _log_groups(logs: Any) -> Found:
    for one in every(logs, "describe_log_groups", "logGroups"):
        del one["storedBytes"]
        yield (
            "log-group",
            one["logGroupName"],
            {**one, "tags": logs.list_tags_for_resource(resourceArn=one["logGroupArn"])["tags"]},
        )


@reads("logs")
def _deliveries(logs: Any) -> Found:
    for kind, operation, key, name in _DELIVERIES:
        for one in every(logs, operation, key):
            yield kind, one[name], {**one, "tags": logs.list_tags_for_resource(resourceArn=one["arn"])["tags"]}
