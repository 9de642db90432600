# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudFront origin access controls: how CloudFront signs its requests to a private bucket.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.session import Aws
from ...engine.resource import Owner, Properties, Resource
from .ownership import as_text, change, from_text, has_name_of, listed, make

CONFIG = ("Name", "OriginAccessControlOriginType", "SigningBehavior", "SigningProtocol")


@dataclass(frozen=True)
class OriginAccessControl(Resource):
    """For buckets; every request is signed.

    ``name``: begins with ``<platform>-<environment>-``, has at most 64 characters.
    """

    key: str
    name: str

    taggable: ClassVar[bool] = False
    id_name: ClassVar[str] = "Id"

    def desired(self) -> Properties:
        return {
            "Name": self.name,
            "OriginAccessControlOriginType": "s3",
            "SigningBehavior": "always",
            "SigningProtocol": "sigv4",
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for control in listed(api, "list_origin_access_controls", "OriginAccessControlList"):
            tags = from_text(control["Description"])
            if has_name_of(owner, control["Name"]) or owner.scope.items() <= tags.items():
                yield tags.get("keelson:key", control["Name"].removeprefix(f"{owner.name}-")), {**control, "Tags": tags}

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = make(api, "create_origin_access_control", OriginAccessControlConfig=_config(wanted))
        return {**wanted, "Id": made["OriginAccessControl"]["Id"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        found = api.call("cloudfront", "get_origin_access_control", Id=observed["Id"])
        config = _config({**observed, **changes, "Tags": {**observed["Tags"], **changes.get("Tags", {})}})
        change(
            api,
            "update_origin_access_control",
            Id=observed["Id"],
            IfMatch=found["ETag"],
            OriginAccessControlConfig=config,
        )

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        if found := api.find("cloudfront", "get_origin_access_control", Id=observed["Id"]):
            change(api, "delete_origin_access_control", Id=observed["Id"], IfMatch=found["ETag"])


def _config(properties: Properties) -> Properties:
    return {**{name: properties[name] for name in CONFIG}, "Description": as_text(properties["Tags"])}
