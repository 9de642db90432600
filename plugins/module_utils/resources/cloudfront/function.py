# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudFront functions: JavaScript that runs at the edges.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/managing-functions.html. A function has two stages;
distributions run what is published to LIVE.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.resource import Owner, Properties, Resource
from .ownership import change, has_name_of, listed, make, tag, tag_items, tags_of


@dataclass(frozen=True)
class Function(Resource):
    """A function.

    ``name``: begins with ``<platform>-<environment>-``, has at most 64 characters; ``code``: JavaScript, 10 KB.
    """

    key: str
    name: str
    comment: str
    code: str

    id_name: ClassVar[str] = "Name"
    arn_name: ClassVar[str] = "FunctionARN"

    def desired(self) -> Properties:
        return {
            "Name": self.name,
            "FunctionConfig": {"Comment": self.comment, "Runtime": "cloudfront-js-2.0"},
            "FunctionCode": self.code,
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        """As published: ``FunctionCode`` is None while it never was."""
        summaries = [one for one in listed(api, "list_functions", "FunctionList") if has_name_of(owner, one["Name"])]
        live_last = sorted(
            summaries, key=lambda one: one["FunctionMetadata"].get("Stage") == "LIVE"
        )  # each is listed once a stage
        for function in each(lambda one: _described(api, one), {one["Name"]: one for one in live_last}.values()):
            if function is not None:
                yield function["Tags"].get("keelson:key", function["Name"].removeprefix(f"{owner.name}-")), function

    def create(self, api: Aws, wanted: Properties) -> Properties:
        """Published by the update that follows."""
        made = make(
            api,
            "create_function",
            Name=wanted["Name"],
            FunctionConfig=wanted["FunctionConfig"],
            FunctionCode=wanted["FunctionCode"].encode(),
            Tags=tag_items(wanted["Tags"]),
        )["FunctionSummary"]
        return {**wanted, "FunctionARN": made["FunctionMetadata"]["FunctionARN"], "FunctionCode": None}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        tag(api, observed["FunctionARN"], changes)
        if not changes.keys() & {"FunctionConfig", "FunctionCode"}:
            return
        name, wanted = observed["Name"], {**observed, **changes}
        draft = api.call("cloudfront", "get_function", Name=name, Stage="DEVELOPMENT")
        etag = draft["ETag"]
        if "FunctionConfig" in changes or draft["FunctionCode"].read().decode() != wanted["FunctionCode"]:
            code, config = wanted["FunctionCode"].encode(), wanted["FunctionConfig"]
            change(api, "update_function", Name=name, IfMatch=etag, FunctionConfig=config, FunctionCode=code)
            etag = api.call("cloudfront", "describe_function", Name=name, Stage="DEVELOPMENT")["ETag"]
        change(api, "publish_function", Name=name, IfMatch=etag)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        if found := api.find("cloudfront", "describe_function", Name=observed["Name"], Stage="DEVELOPMENT"):
            change(api, "delete_function", Name=observed["Name"], IfMatch=found["ETag"])


def _described(api: Aws, summary: Properties) -> Properties | None:
    """With tags and the code that is live; None when it has gone meanwhile."""
    name, arn, config = summary["Name"], summary["FunctionMetadata"]["FunctionARN"], summary["FunctionConfig"]
    if (tags := tags_of(api, arn)) is None:
        return None
    live = api.find("cloudfront", "get_function", Name=name, Stage="LIVE")
    return {
        "Name": name,
        "FunctionARN": arn,
        "FunctionConfig": {member: config[member] for member in ("Comment", "Runtime")},
        "FunctionCode": live["FunctionCode"].read().decode() if live else None,
        "Tags": tags,
    }
