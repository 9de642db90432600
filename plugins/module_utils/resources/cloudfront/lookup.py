# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The environment's static site, as other components find it: its distribution and its bucket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.session import Aws
from ...engine.ahead import over
from ...engine.resource import Foresight, Lookup, Owner, Properties, State
from ..s3.bucket import Bucket, bucket_name
from .distribution import Distribution
from .reads import COMPONENT, KEY, distributions


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
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return over(found, ahead.of(owner.of(COMPONENT), Distribution))

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        if observed["Enabled"]:
            return State.READY, ""
        return State.UNHEALTHY, "it is disabled. Run the role site: it enables its distribution."


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

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        buckets = ahead.of(owner.of(COMPONENT), Bucket)
        return found if buckets is None else {key: bucket for key, bucket in buckets.items() if key == KEY}
