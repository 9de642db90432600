# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Buckets with all their settings, and the objects in them."""

from __future__ import annotations

import json
from typing import Any

from .collectors import Found, every, reads, setting


@reads("s3")
def _buckets(s3: Any) -> Found:
    for one in every(s3, "list_buckets", "Buckets", BucketRegion=s3.meta.region_name):
        name = one["Name"]
        settings = {
            "Tags": setting(s3.get_bucket_tagging, Bucket=name).get("TagSet", []),
            "Policy": json.loads(setting(s3.get_bucket_policy, Bucket=name).get("Policy", "null")),
            "PublicAccessBlock": setting(s3.get_public_access_block, Bucket=name).get("PublicAccessBlockConfiguration"),
            "OwnershipControls": setting(s3.get_bucket_ownership_controls, Bucket=name).get("OwnershipControls"),
            "Encryption": s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"],
            "Versioning": s3.get_bucket_versioning(Bucket=name).get("Status"),
            "Lifecycle": setting(s3.get_bucket_lifecycle_configuration, Bucket=name).get("Rules", []),
            "Logging": s3.get_bucket_logging(Bucket=name).get("LoggingEnabled"),
        }
        yield "bucket", name, {**one, **settings}
        for item in every(s3, "list_objects_v2", "Contents", Bucket=name):
            head = s3.head_object(Bucket=name, Key=item["Key"])
            kept = {member: head[member] for member in ("CacheControl", "ContentType", "Metadata") if member in head}
            tags = s3.get_object_tagging(Bucket=name, Key=item["Key"])["TagSet"]
            yield "object", f"{name}/{item['Key']}", {**item, **kept, "Tags": tags}
