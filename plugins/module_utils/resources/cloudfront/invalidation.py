# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Invalidations of a CloudFront distribution: removing from its caches what has changed at the origin.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote

from ...aws.session import Aws, AwsError
from ...engine.errors import Blocked

EVERYTHING = "/*"
DEFAULT_ROOT = "index.html"
MOST_PATHS = 1000
"""As many a month cost nothing; EVERYTHING counts as one: https://aws.amazon.com/cloudfront/pricing/"""
MOST_WILDCARDS = 15
"""As many may be in progress:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/InvalidationLimits.html
"""
LEFT_AS_THEY_ARE = "/!$&'()+,;=:@"
"""Neither beyond ASCII nor unsafe as RFC 1738 has it: encoded, they would name another file.

A question mark would begin a query.
"""


def invalidation_paths(keys: Collection[str]) -> tuple[list[str], str]:
    """The paths to invalidate for objects of these keys, sorted, and where they are EVERYTHING instead, why."""
    paths = {_path(key) for key in keys} | ({"/"} if DEFAULT_ROOT in keys else set())
    if len(paths) > MOST_PATHS:
        return [
            EVERYTHING
        ], f"{len(paths)} paths have changed, more than the {MOST_PATHS} that CloudFront invalidates at no cost"
    wildcards = sum(path.endswith("*") for path in paths)
    if wildcards > MOST_WILDCARDS:
        return [EVERYTHING], f"{wildcards} paths need a wildcard, more than the {MOST_WILDCARDS} that CloudFront takes"
    return sorted(paths), ""


def _path(key: str) -> str:
    """CloudFront takes an asterisk for a wildcard, and no tilde:
    everything that begins as the key does up to there goes.
    """
    start = min((key.index(each) for each in "~*" if each in key), default=None)
    encoded = "/" + quote(key[:start], safe=LEFT_AS_THEY_ARE)
    return encoded if start is None else f"{encoded}*"


def invalidate(api: Aws, distribution_id: str, paths: list[str], reference: str) -> dict[str, str]:
    """Start it: ``Id`` and ``Status``.

    Sent again with the same ``reference`` and paths, it is the same invalidation, not a second.
    """
    batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": reference}
    try:
        made = api.call("cloudfront", "create_invalidation", DistributionId=distribution_id, InvalidationBatch=batch)[
            "Invalidation"
        ]
    except AwsError as error:
        if error.code != "TooManyInvalidationsInProgress":
            raise
        raise Blocked(str(error)) from error
    return {"Id": made["Id"], "Status": made["Status"]}


def invalidation_status(api: Aws, distribution_id: str, invalidation_id: str) -> str:
    """InProgress or Completed; also Completed when it or its distribution is not there any more."""
    found = api.find("cloudfront", "get_invalidation", DistributionId=distribution_id, Id=invalidation_id)
    return str(found["Invalidation"]["Status"]) if found else "Completed"
