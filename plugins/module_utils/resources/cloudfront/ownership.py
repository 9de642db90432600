# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the kinds of CloudFront share: its listings, and whose a resource is.

Distributions and functions carry tags. Origin access controls and response headers policies have nothing but a name and
a line of text (https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_TagResource.html takes neither): the
owner's tags are written into that line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...aws.errors import EVENTUALLY
from ...aws.session import Aws, AwsError
from ...engine.errors import AnswerLost, Blocked
from ...engine.resource import Owner

LONGEST_TEXT = 128
"""Characters of a comment:
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html
"""

PASSING = {
    "PreconditionFailed",  # somebody else has changed it since it was read
    "InvalidIfMatchVersion",
    "InvalidOriginAccessControl",  # made a moment ago, and not known everywhere yet
    "InvalidFunctionAssociation",
    "DistributionNotDisabled",
    "OriginAccessControlInUse",  # by the distribution that was just deleted
    "FunctionInUse",
    "ResponseHeadersPolicyInUse",
}
"""What another look, or a moment, settles."""


def listed(api: Aws, operation: str, result: str, **parameters: str) -> Iterator[dict[str, Any]]:
    """All items of a listing. They all have one form; ``result``: the member that holds marker and items."""
    marker: dict[str, str] = {}
    while True:
        page = api.call("cloudfront", operation, **parameters, **marker)[result]
        yield from page.get("Items") or []
        if not page.get("NextMarker"):
            return
        marker = {"Marker": page["NextMarker"]}


def tags_of(api: Aws, arn: str) -> dict[str, str] | None:
    """None when it vanished meanwhile."""
    found = api.find("cloudfront", "list_tags_for_resource", Resource=arn)
    return None if found is None else {tag["Key"]: tag.get("Value", "") for tag in found["Tags"].get("Items") or []}


def tag_items(tags: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """As the API takes tags."""
    return {"Items": [{"Key": name, "Value": value} for name, value in tags.items()]}


def tag(api: Aws, arn: str, changes: dict[str, Any]) -> None:
    """Write the tags that ``changes`` holds, if it holds any."""
    if "Tags" in changes:
        api.call("cloudfront", "tag_resource", Resource=arn, Tags=tag_items(changes["Tags"]))


def has_name_of(owner: Owner, name: str) -> bool:
    return name.startswith(f"{owner.name}-")


def as_text(tags: dict[str, str]) -> str:
    """The owner's tags as a line of text, of at most LONGEST_TEXT characters."""
    return " ".join(f"{name}={value}" for name, value in tags.items() if name.startswith("keelson:"))


def from_text(text: str) -> dict[str, str]:
    """The tags that such a line holds; none when it says anything else."""
    pairs = [part.partition("=") for part in text.split()]
    return {name: value for name, _equals, value in pairs if name.startswith("keelson:")}


def make(api: Aws, operation: str, **parameters: Any) -> dict[str, Any]:
    """A create by name, sent once.

    A name that is taken may be so by our own request whose answer was lost: no other was seen before.
    """
    try:
        return api.call_once("cloudfront", operation, **parameters)
    except AwsError as error:
        if error.code.endswith("AlreadyExists") and error.code != "CNAMEAlreadyExists":
            raise AnswerLost(str(error), EVENTUALLY) from error
        raise _passing(error) from error


def change(api: Aws, operation: str, **parameters: Any) -> dict[str, Any]:
    """An update or a delete, which names the version that was read (``IfMatch``)."""
    try:
        return api.call("cloudfront", operation, **parameters)
    except AwsError as error:
        raise _passing(error) from error


def _passing(error: AwsError) -> Exception:
    return Blocked(str(error), EVENTUALLY) if error.code in PASSING else error
