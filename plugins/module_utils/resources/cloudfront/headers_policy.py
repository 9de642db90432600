# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudFront response headers policies: the headers that a distribution adds to every answer.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.session import Aws
from ...engine.resource import Owner, Properties, Resource
from .ownership import as_text, change, from_text, has_name_of, listed, make

HSTS_SECONDS = 365 * 24 * 3600
"""As AWS's own policy SecurityHeadersPolicy has it, and browsers' preload lists ask for at least."""


@dataclass(frozen=True)
class ResponseHeadersPolicy(Resource):
    """Security headers.

    ``name``: begins with ``<platform>-<environment>-``; ``content_security_policy``: that header's value.
    """

    key: str
    name: str
    content_security_policy: str | None = None

    taggable: ClassVar[bool] = False
    id_name: ClassVar[str] = "Id"

    def desired(self) -> Properties:
        """HSTS speaks for this host alone: the site does not know what its domain's other hosts can do."""
        policy = self.content_security_policy
        content = {"ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": policy}} if policy else {}
        return {
            "Name": self.name,
            "SecurityHeadersConfig": {
                "StrictTransportSecurity": {
                    "Override": True,
                    "AccessControlMaxAgeSec": HSTS_SECONDS,
                    "IncludeSubdomains": False,
                    "Preload": False,
                },
                "ContentTypeOptions": {"Override": True},
                "FrameOptions": {"Override": True, "FrameOption": "DENY"},
                "ReferrerPolicy": {"Override": True, "ReferrerPolicy": "strict-origin-when-cross-origin"},
                **content,
            },
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for item in listed(api, "list_response_headers_policies", "ResponseHeadersPolicyList", Type="custom"):
            policy, config = item["ResponseHeadersPolicy"], item["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
            tags = from_text(config.get("Comment", ""))
            if has_name_of(owner, config["Name"]) or owner.scope.items() <= tags.items():
                yield (
                    tags.get("keelson:key", config["Name"].removeprefix(f"{owner.name}-")),
                    {**config, "Id": policy["Id"], "Tags": tags},
                )

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = make(api, "create_response_headers_policy", ResponseHeadersPolicyConfig=_config(wanted))
        return {**wanted, "Id": made["ResponseHeadersPolicy"]["Id"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        """What this kind does not declare, such as CORS headers, stays."""
        found = api.call("cloudfront", "get_response_headers_policy", Id=observed["Id"])
        present = found["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
        config = {
            **present,
            **_config({**observed, **changes, "Tags": {**observed["Tags"], **changes.get("Tags", {})}}),
        }
        change(
            api,
            "update_response_headers_policy",
            Id=observed["Id"],
            IfMatch=found["ETag"],
            ResponseHeadersPolicyConfig=config,
        )

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        if found := api.find("cloudfront", "get_response_headers_policy", Id=observed["Id"]):
            change(api, "delete_response_headers_policy", Id=observed["Id"], IfMatch=found["ETag"])


def _config(properties: Properties) -> Properties:
    return {
        "Name": properties["Name"],
        "Comment": as_text(properties["Tags"]),
        "SecurityHeadersConfig": properties["SecurityHeadersConfig"],
    }
