# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Buckets: private, encrypted, reached by TLS only, with what else their policies,
lifecycles and access logs should say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...aws.policy import Document
from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...engine.report import known
from ...resources.ec2.vpc import VpcLookup
from ...resources.kms.key import KeyLookup
from ...resources.s3.bucket import Bucket, bucket_arn, bucket_name
from ..component import Component, Context
from ..entries import entries
from .bucket_rules import BUCKET, RULE, problems
from .buckets_options import OPTIONS


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    return Declaration(tuple(buckets(context).values()))


def buckets(context: Context) -> dict[str, Bucket]:
    """By name; those that take access logs first, as the others hold them."""
    given = entries(context["buckets"], BUCKET)
    sources: dict[str, list[str]] = {}
    for name, bucket in given.items():
        if bucket["access_logs"]:
            sources.setdefault(bucket["access_logs"], []).append(name)
    targets = {name: _bucket(context, name, given[name], None, tuple(sources[name])) for name in sources}
    return {
        name: targets.get(name) or _bucket(context, name, bucket, targets.get(bucket["access_logs"]), ())
        for name, bucket in given.items()
    }


def _bucket(
    context: Context, key: str, given: dict[str, Any], access_logs: Bucket | None, sources: tuple[str, ...]
) -> Bucket:
    """``sources``: the buckets of which it takes the access logs."""
    name = bucket_name(context.aws, context.owner, key)
    arn = bucket_arn(context.aws, name)
    own = ({"Resource": [arn, f"{arn}/*"], **statement} for statement in given["policy_statements"])
    return Bucket(
        key=key,
        name=name,
        arn=arn,
        statements=(*own, *([_logs_statement(context, arn, sources)] if sources else [])),
        versioned=given["versioned"],
        kms_key=KeyLookup(given["kms_key"]) if given["kms_key"] else None,
        lifecycle=tuple(_lifecycle(given)),
        access_logs=access_logs,
        vpc=VpcLookup() if given["vpc_only"] else None,
        on_removal=given["on_removal"],
    )


def _logs_statement(context: Context, arn: str, sources: tuple[str, ...]) -> Document:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html"""
    from_buckets = [bucket_arn(context.aws, bucket_name(context.aws, context.owner, source)) for source in sources]
    return {
        "Sid": "AccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{arn}/*",
        "Condition": {
            "ArnLike": {"aws:SourceArn": from_buckets},
            "StringEquals": {"aws:SourceAccount": context.aws.account_id},
        },
    }


def _lifecycle(bucket: dict[str, Any]) -> Iterator[Document]:
    """S3's own shape. Delete markers that hide nothing any more go with the last version that they hid."""
    if bucket["abort_uploads_days"]:
        abort = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": bucket["abort_uploads_days"]}}
        yield {"ID": "abort-uploads", "Status": "Enabled", "Filter": {"Prefix": ""}, **abort}
    for name, given in entries(bucket["lifecycle"], RULE).items():
        rule: Document = {"ID": name, "Status": "Enabled", "Filter": {"Prefix": given["prefix"]}}
        if given["expire_days"]:
            rule["Expiration"] = {"Days": given["expire_days"]}
        elif given["noncurrent_expire_days"]:
            rule["Expiration"] = {"ExpiredObjectDeleteMarker": True}
        if given["noncurrent_expire_days"]:
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": given["noncurrent_expire_days"]}
        if given["transitions"]:
            by_days = sorted(given["transitions"].items(), key=lambda item: int(item[1]))
            rule["Transitions"] = [
                {"Days": int(days), "StorageClass": storage_class} for storage_class, days in by_days
            ]
        yield rule


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    paths = {"name": "Name", "arn": "BucketArn"}
    return {
        "buckets": {
            key: {name: known(outcome, bucket, path) for name, path in paths.items()}
            for key, bucket in buckets(context).items()
        }
    }


COMPONENT = Component(
    name="buckets",
    options=OPTIONS,
    kinds=(Bucket,),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("buckets",),
)
