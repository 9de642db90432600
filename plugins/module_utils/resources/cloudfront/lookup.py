# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The environment's static site, as other components find it: its distribution and its bucket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.resource import Lookup, Owner, Properties, State
from ..s3.bucket import bucket_name
from .ownership import has_name_of, listed, tags_of

COMPONENT = "static_site"
"""The component that makes the site."""
KEY = "site"


@dataclass(frozen=True)
class DistributionLookup(Lookup):
    """The site's distribution. Known: ``Id``, ``ARN``, ``DomainName``, ``Status``.

    Invalidations do not wait until it is deployed: it is ready as long as it is enabled.
    """

    key: str = KEY

    role: ClassVar[str] = "site"
    id_name: ClassVar[str] = "Id"
    arn_name: ClassVar[str] = "ARN"

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for summary, tags in distributions(api, owner.of(COMPONENT)):
            yield tags["keelson:key"], {**summary, "Tags": tags}

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        if observed["Enabled"]:
            return State.READY, ""
        return State.UNHEALTHY, "it is disabled. Run the role site: it enables its distribution."


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


@dataclass(frozen=True)
class SiteBucketLookup(Lookup):
    """The bucket that holds the site's files. Known: ``Name``."""

    key: str = KEY

    role: ClassVar[str] = "site"
    id_name: ClassVar[str] = "Name"

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        name = bucket_name(api, owner, KEY)
        found = api.find("s3", "get_bucket_tagging", Bucket=name)
        tags = {tag["Key"]: tag["Value"] for tag in found["TagSet"]} if found else {}
        if owner.of(COMPONENT).scope.items() <= tags.items():
            yield KEY, {"Name": name, "Tags": tags}
