# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Access logs of CloudFront: what AWS calls standard logging (v2), delivered to a bucket by CloudWatch Logs.

It needs no ACLs, as its predecessor did, and lives in us-east-1 whatever the bucket's region:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...aws.errors import EVENTUALLY
from ...aws.parallel import each
from ...aws.policy import Document
from ...aws.session import Aws, AwsError
from ...engine.errors import AnswerLost
from ...engine.resource import Owner, Properties, Resource
from ..s3.bucket import Bucket
from .distribution import Distribution

REGION = "us-east-1"
FORMAT = "w3c"


def delivery_statement(account_id: str, partition: str, bucket_arn: str) -> Document:
    """What the bucket's policy lets CloudWatch Logs do.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
    """
    return {
        "Sid": "AccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{bucket_arn}/AWSLogs/{account_id}/CloudFront/*",
        "Condition": {
            "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": f"arn:{partition}:logs:{REGION}:{account_id}:delivery-source:*"},
        },
    }


@dataclass(frozen=True)
class LogDelivery(Resource):
    """The delivery of a distribution's access logs to a bucket, under ``AWSLogs/<account>/CloudFront/``.

    A delivery source, which carries the tags; a destination and the delivery that joins them are its parts. None of
    the three can be changed but by making it anew. ``name`` is the source's and the destination's: at most 60
    letters, digits and hyphens.
    """

    key: str
    name: str
    distribution: Distribution
    bucket: Bucket

    id_name: ClassVar[str] = "name"
    arn_name: ClassVar[str] = "arn"

    def desired(self) -> Properties:
        return {
            "name": self.name,
            "resourceArn": self.distribution.ref("ARN"),
            "destinationResourceArn": self.bucket.arn,
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        """``destinationResourceArn``: where the logs go; None when nothing delivers them."""
        logs = api.in_region(REGION)
        sources = logs.read("logs", "describe_delivery_sources", "deliverySources")
        found = [source for source in sources if source["name"].startswith(f"{owner.name}-")]
        deliveries = list(logs.read("logs", "describe_deliveries", "deliveries")) if found else []
        for source in each(lambda one: _described(logs, one, deliveries), found):
            if source is not None:
                yield source["Tags"].get("keelson:key", source["name"].removeprefix(f"{owner.name}-")), source

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = _put_source(api.in_region(REGION), self.name, wanted["resourceArn"], wanted["Tags"])
        return {**wanted, "arn": made["arn"], "destinationResourceArn": None, "deliveryId": None}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> Properties | None:
        logs, name, wanted = api.in_region(REGION), observed["name"], {**observed, **changes}
        if "Tags" in changes:
            logs.call("logs", "tag_resource", resourceArn=observed["arn"], tags=changes["Tags"])
        if not changes.keys() & {"resourceArn", "destinationResourceArn"}:
            return None
        _delete_delivery(logs, observed)
        if "resourceArn" in changes:  # the distribution was made anew
            logs.call("logs", "delete_delivery_source", name=name)
            _put_source(logs, name, wanted["resourceArn"], {**observed["Tags"], **changes.get("Tags", {})})
        target = wanted["destinationResourceArn"]
        place = {"destinationResourceArn": target}
        destination = logs.call(
            "logs", "put_delivery_destination", name=name, outputFormat=FORMAT, deliveryDestinationConfiguration=place
        )
        arn = destination["deliveryDestination"]["arn"]
        made = _make(logs, "create_delivery", deliverySourceName=name, deliveryDestinationArn=arn)["delivery"]
        return {"deliveryId": made["id"], "destinationResourceArn": target}

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        """The source last: by its tags the rest is found again."""
        logs = api.in_region(REGION)
        _delete_delivery(logs, observed)
        logs.call("logs", "delete_delivery_destination", name=observed["name"])
        logs.call("logs", "delete_delivery_source", name=observed["name"])

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        if observed:
            return ""
        found = api.in_region(REGION).find("logs", "get_delivery_destination", name=self.name)
        place = (
            found["deliveryDestination"]["deliveryDestinationConfiguration"]["destinationResourceArn"]
            if found
            else self.bucket.arn
        )
        if place == self.bucket.arn:
            return ""
        return (
            f"the delivery destination {self.name} exists in {REGION}, and delivers to {place}. "
            "Remove it, or rename it."
        )


def _described(logs: Aws, source: dict[str, Any], deliveries: list[dict[str, Any]]) -> Properties | None:
    """None when it has gone meanwhile."""
    tags = logs.find("logs", "list_tags_for_resource", resourceArn=source["arn"])
    if tags is None:
        return None
    mine = next((one for one in deliveries if one["deliverySourceName"] == source["name"]), None)
    destination = (
        logs.find("logs", "get_delivery_destination", name=mine["deliveryDestinationArn"].rpartition(":")[2])
        if mine
        else None
    )
    place = destination["deliveryDestination"]["deliveryDestinationConfiguration"] if destination else {}
    return {
        "name": source["name"],
        "arn": source["arn"],
        "resourceArn": next(iter(source["resourceArns"]), None),
        "destinationResourceArn": place.get("destinationResourceArn"),
        "deliveryId": mine["id"] if mine else None,
        "Tags": tags["tags"],
    }


def _put_source(logs: Aws, name: str, resource_arn: str, tags: dict[str, str]) -> dict[str, Any]:
    source: dict[str, Any] = _make(
        logs, "put_delivery_source", name=name, resourceArn=resource_arn, logType="ACCESS_LOGS", tags=tags
    )
    return dict(source["deliverySource"])


def _delete_delivery(logs: Aws, observed: Properties) -> None:
    if observed["deliveryId"]:
        logs.call("logs", "delete_delivery", id=observed["deliveryId"])


def _make(logs: Aws, operation: str, **parameters: Any) -> dict[str, Any]:
    """There is only ever one of it, so that a request may be sent again.

    What exists already may be our own, whose answer was lost.
    """
    try:
        return logs.call("logs", operation, **parameters)
    except AwsError as error:
        if error.code == "ConflictException":
            raise AnswerLost(str(error), EVENTUALLY) from error
        raise
