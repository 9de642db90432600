# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""S3: all of a bucket, a call for each of its settings, in the shape of ``Bucket.desired()``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from ...aws.parallel import each
from ...aws.policy import normalised
from ...aws.session import Aws
from ...engine.resource import Owner, Properties


def buckets(api: Aws, owner: Owner) -> Iterator[Properties]:
    """The region's buckets that are named as the environment's: the owner's whole,
    others with ``Name`` and ``Tags`` alone.
    """
    listed = list(api.read("s3", "list_buckets", "Buckets", Prefix=f"{owner.name}-", BucketRegion=api.region))
    names = [bucket["Name"] for bucket in listed]
    tags = dict(zip(names, each(lambda name: _tags(api, name), names), strict=True))
    owned = [name for name in names if owner.scope.items() <= tags[name].items()]
    settings: dict[str, Properties] = {name: {} for name in owned}
    asked = list(product(owned, READS))
    for (name, property_name), value in zip(asked, each(lambda pair: _setting(api, *pair), asked), strict=True):
        settings[name][property_name] = value
    for name in names:
        arn = f"arn:{api.partition}:s3:::{name}"
        yield {"Name": name, "BucketArn": arn, "Tags": tags[name], **settings.get(name, {})}


def _tags(api: Aws, bucket: str) -> dict[str, str]:
    answer = api.find("s3", "get_bucket_tagging", Bucket=bucket) or {"TagSet": []}
    return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}


def _setting(api: Aws, bucket: str, name: str) -> Any:
    operation, shaped = READS[name]
    return shaped(api.find("s3", operation, Bucket=bucket) or {})


def _ownership(answer: dict[str, Any]) -> str | None:
    rules = answer.get("OwnershipControls", {}).get("Rules", [])
    return rules[0]["ObjectOwnership"] if rules else None


def _encryption(answer: dict[str, Any]) -> Properties | None:
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    if not rules:
        return None
    default = rules[0]["ApplyServerSideEncryptionByDefault"]
    is_kms = default["SSEAlgorithm"] != "AES256"
    return {
        "SSEAlgorithm": default["SSEAlgorithm"],
        "KMSMasterKeyID": default.get("KMSMasterKeyID") if is_kms else None,
        "BucketKeyEnabled": is_kms
        and rules[0].get("BucketKeyEnabled", False),  # says nothing where S3's own keys are used
        "BlockedEncryptionTypes": set(rules[0].get("BlockedEncryptionTypes", {}).get("EncryptionType", [])),
    }


def _logging(answer: dict[str, Any]) -> Properties | None:
    enabled = answer.get("LoggingEnabled")
    return {name: enabled[name] for name in ("TargetBucket", "TargetPrefix")} if enabled else None


READS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "PublicAccessBlock": ("get_public_access_block", lambda answer: answer.get("PublicAccessBlockConfiguration")),
    "ObjectOwnership": ("get_bucket_ownership_controls", _ownership),
    "Encryption": ("get_bucket_encryption", _encryption),
    "Versioning": ("get_bucket_versioning", lambda answer: answer.get("Status", "Suspended")),
    "Policy": ("get_bucket_policy", lambda answer: normalised(answer["Policy"]) if "Policy" in answer else None),
    "LifecycleRules": (
        "get_bucket_lifecycle_configuration",
        lambda answer: sorted(answer.get("Rules", []), key=lambda rule: str(rule.get("ID"))),
    ),
    "Logging": ("get_bucket_logging", _logging),
}
"""For each property the call that reads it, and how it follows from the answer, which is empty when there is none."""
