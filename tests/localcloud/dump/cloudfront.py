# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Distributions with their tags, and what they are put together from."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from .collectors import Found, reads


@reads("cloudfront", regional=False)
def _distributions(cloudfront: Any) -> Found:
    for one in cloudfront.list_distributions()["DistributionList"].get("Items", []):
        tags = cloudfront.list_tags_for_resource(Resource=one["ARN"])["Tags"].get("Items", [])
        yield "distribution", one["Id"], {**cloudfront.get_distribution(Id=one["Id"])["Distribution"], "Tags": tags}
    for one in cloudfront.list_origin_access_controls()["OriginAccessControlList"].get("Items", []):
        yield "origin-access-control", one["Name"], one
    for one in cloudfront.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"].get("Items", []):
        yield (
            "response-headers-policy",
            one["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]["Name"],
            one["ResponseHeadersPolicy"],
        )
    for one in cloudfront.list_functions(Stage="DEVELOPMENT")["FunctionList"].get("Items", []):
        tags = cloudfront.list_tags_for_resource(Resource=one["FunctionMetadata"]["FunctionARN"])["Tags"].get(
            "Items", []
        )
        codes = {stage: _code(cloudfront, one["Name"], stage) for stage in ("DEVELOPMENT", "LIVE")}
        yield "function", one["Name"], {**one, "Code": codes, "Tags": tags}


def _code(cloudfront: Any, name: str, stage: str) -> str | None:
    try:
        code: str = cloudfront.get_function(Name=name, Stage=stage)["FunctionCode"].read().decode()
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchFunctionExists":
            raise
        return None
    return code
