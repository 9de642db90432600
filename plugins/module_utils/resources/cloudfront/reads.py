# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudFront: whose distributions there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.resource import Owner
from .ownership import has_name_of, listed, tags_of

COMPONENT = "static_site"
"""The component that makes the site."""
KEY = "site"


def distributions(api: Aws, owner: Owner) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """The owner's distributions as ListDistributions summarizes them, and their tags.

    The listing has no filter and no tags: only where a name of the environment shows, in the comment or in an origin,
    is it asked for tags. The Resource Groups Tagging API would need one call, but lags behind what was just made.
    """
    candidates = [each for each in listed(api, "list_distributions", "DistributionList") if _may_be_of(owner, each)]
    for summary, tags in zip(candidates, each(lambda one: tags_of(api, one["ARN"]), candidates), strict=True):
        if tags is not None and owner.scope.items() <= tags.items():
            yield summary, tags


def _may_be_of(owner: Owner, summary: dict[str, Any]) -> bool:
    origins = summary["Origins"].get("Items") or []
    return any(has_name_of(owner, name) for name in (summary["Comment"], *(origin["DomainName"] for origin in origins)))
