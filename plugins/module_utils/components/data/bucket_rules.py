# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a bucket, and the rules for them that can be checked without AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ...resources.s3.bucket import LONGEST_NAME
from ..component import Arguments
from ..entries import entries, entry_problems
from ..policy_rules import statement_problems
from .buckets_options import OPTIONS

BUCKET = OPTIONS["buckets"]["entries"]
RULE = BUCKET["lifecycle"]["entries"]

NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
REGION_LENGTH = 14
"""Characters of the longest region's name, such as ap-northeast-1:
counted where the region is left to AWS's own configuration.
"""
COLDER = {
    "STANDARD_IA": 30,
    "ONEZONE_IA": 30,
    "INTELLIGENT_TIERING": 0,
    "GLACIER_IR": 0,
    "GLACIER": 0,
    "DEEP_ARCHIVE": 0,
}
"""Storage classes, each colder than those before, and the days before which an object cannot move there.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""
MOST_RULES = 1000


def problems(arguments: Arguments) -> Iterator[str]:
    yield from entry_problems("buckets", arguments["buckets"], BUCKET)
    buckets = entries(arguments["buckets"], BUCKET)
    for name, bucket in buckets.items():
        path = f"buckets.{name}"
        yield from name_problems(path, name, arguments)
        yield from statement_problems(f"{path}.policy_statements", bucket["policy_statements"])
        yield from _access_logs(path, name, bucket, buckets)
        yield from _lifecycle(path, bucket)


def name_problems(path: str, name: str, arguments: Arguments) -> Iterator[str]:
    """A bucket's full name has the environment, the account and the region in it."""
    if not NAME.fullmatch(name):
        yield (
            f"{path}: a bucket's name has lower-case letters, digits and hyphens, with a letter or digit at both ends."
        )
        return
    region = len(arguments["region"] or "") or REGION_LENGTH
    length = len(f"{arguments['platform']}-{arguments['environment']}-{name}--") + 12 + region
    if length > LONGEST_NAME:
        yield (
            f"{path}: with environment, account and region its name has {length} characters; "
            f"S3 allows {LONGEST_NAME}. Shorten it."
        )


def _access_logs(path: str, name: str, bucket: dict[str, Any], buckets: dict[str, dict[str, Any]]) -> Iterator[str]:
    target = bucket["access_logs"]
    if target is None:
        return
    here = f"{path}.access_logs"
    if target not in buckets:
        yield f"{here}: {target!r} is not among the buckets: {', '.join(sorted(buckets))}."
    elif target == name or buckets[target]["access_logs"]:
        yield (
            f"{here}: {target} takes access logs and has access_logs itself, so that each log would be logged again. "
            "Leave that out."
        )
    elif buckets[target]["kms_key"]:
        yield f"{here}: {target} has a kms_key, and S3 delivers access logs only to buckets that S3's own keys encrypt."


def _lifecycle(path: str, bucket: dict[str, Any]) -> Iterator[str]:
    if bucket["abort_uploads_days"] < 0:
        yield (
            f"{path}.abort_uploads_days: {bucket['abort_uploads_days']} must be 1 or more days, "
            "or 0 to keep unfinished uploads."
        )
    rules = entries(bucket["lifecycle"], RULE)
    if len(rules) >= MOST_RULES:
        yield f"{path}.lifecycle: {len(rules)} rules; S3 takes {MOST_RULES}, one of which aborts unfinished uploads."
    for name, rule in rules.items():
        here = f"{path}.lifecycle.{name}"
        if name == "abort-uploads" or not name or len(name) > 255:
            yield f"{here}: a rule's name has 1 to 255 characters, and abort-uploads is taken by abort_uploads_days."
        if not rule["expire_days"] and not rule["noncurrent_expire_days"] and not rule["transitions"]:
            yield f"{here}: does nothing. Give expire_days, noncurrent_expire_days or transitions."
        for option in ("expire_days", "noncurrent_expire_days"):
            if rule[option] is not None and rule[option] < 1:
                yield f"{here}.{option}: {rule[option]} must be 1 or more days."
        if rule["noncurrent_expire_days"] and not bucket["versioned"]:
            yield f"{here}.noncurrent_expire_days: the bucket keeps no versions. Set versioned, or leave this out."
        yield from _transitions(here, rule)


def _transitions(path: str, rule: dict[str, Any]) -> Iterator[str]:
    days: dict[str, int] = {}
    for storage_class, value in rule["transitions"].items():
        here = f"{path}.transitions.{storage_class}"
        if storage_class not in COLDER:
            yield f"{here}: is not one of {', '.join(COLDER)}."
        elif isinstance(value, bool) or not str(value).isdigit():
            yield f"{here}: {value!r} is not a number of days."
        elif int(value) < COLDER[storage_class]:
            yield f"{here}: {value} days; S3 moves objects there after {COLDER[storage_class]} days at the earliest."
        else:
            days[storage_class] = int(value)
    in_order = [(each, days[each]) for each in COLDER if each in days]
    for (warmer, first), (colder, second) in pairwise(in_order):
        if second <= first:
            yield (
                f"{path}.transitions.{colder}: {second} days is not after {warmer}, at {first} days, "
                "which is the warmer one."
            )
    if in_order and rule["expire_days"] and rule["expire_days"] <= max(days.values()):
        yield (
            f"{path}.expire_days: {rule['expire_days']} is not after the last transition, at {max(days.values())} days."
        )
