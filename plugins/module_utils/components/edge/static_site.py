# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A static site: a private bucket, and a distribution that alone may read it, with its logs, headers,
names and an API beside it.
"""

from __future__ import annotations

from typing import Any

from ...aws.policy import Document
from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...engine.report import known
from ...engine.resource import UNKNOWN, Ref
from ...resources.acm.certificate import CertificateLookup
from ...resources.cloudfront.access_control import OriginAccessControl
from ...resources.cloudfront.distribution import Distribution
from ...resources.cloudfront.function import Function
from ...resources.cloudfront.headers_policy import ResponseHeadersPolicy
from ...resources.cloudfront.logs import LogDelivery, delivery_statement
from ...resources.cloudfront.reads import COMPONENT as NAME
from ...resources.cloudfront.reads import KEY
from ...resources.cloudfront.site_manifest import RECORDS
from ...resources.kms.key import KeyLookup
from ...resources.route53.zone import ZoneLookup
from ...resources.s3.bucket import Bucket, bucket_arn, bucket_name
from ..component import Component, Context
from .spa_fallback import SPA_FALLBACK
from .static_site_options import OPTIONS
from .static_site_rules import LOGS_KEY, problems

CERTIFICATES_REGION = "us-east-1"
"""Where CloudFront looks for certificates, whatever the environment's region."""
OLD_VERSIONS_DAYS = 30
"""For which files that were replaced or removed can be brought back."""


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    distribution = _distribution(context)
    return Declaration((distribution, *_logs(context, distribution)))


def _distribution(context: Context) -> Distribution:
    name = f"{context.owner.name}-{KEY}"
    bucket = _files(context)
    function = (
        Function(KEY, name, f"Answers the paths of {name} with its index.html", SPA_FALLBACK)
        if context["spa_fallback"]
        else None
    )
    return Distribution(
        key=KEY,
        name=name,
        bucket=bucket,
        bucket_domain=f"{bucket.name}.s3.{context.aws.region}.amazonaws.com",
        access_control=OriginAccessControl(KEY, name),
        headers_policy=ResponseHeadersPolicy(KEY, name, context["content_security_policy"]),
        function=function,
        domains=(context["domain"], *context["alternative_domains"]) if context["domain"] else (),
        certificate=CertificateLookup(f"{CERTIFICATES_REGION}/{context['certificate']}")
        if context["certificate"]
        else None,
        zone=ZoneLookup(context["zone"]) if context["zone"] else None,
        api_domain=context["api_domain"],
        api_paths=tuple(context["api_paths"]) if context["api_domain"] else (),
        price_class=context["price_class"],
        web_acl_arn=context["web_acl_arn"] or "",
    )


def _files(context: Context) -> Bucket:
    name = bucket_name(context.aws, context.owner, KEY)
    arn = bucket_arn(context.aws, name)
    return Bucket(
        key=KEY,
        name=name,
        arn=arn,
        statements=(_reading(arn), _hiding(arn)),
        kms_key=KeyLookup(context["kms_key"]) if context["kms_key"] else None,
        lifecycle=(
            {
                "ID": "old-versions",
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "Expiration": {"ExpiredObjectDeleteMarker": True},
                "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSIONS_DAYS},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            },
        ),
        on_removal=context["on_removal"],
    )


def _reading(arn: str) -> Document:
    """Of all distributions in the world this one alone."""
    return {
        "Sid": "Distribution",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"{arn}/*",
        "Condition": {"StringEquals": {"aws:SourceArn": Ref((Distribution, KEY), "ARN")}},
    }


def _hiding(arn: str) -> Document:
    """What is on record of the content, the names of old files among it, is none of the viewers' business."""
    return {
        "Sid": "Records",
        "Effect": "Deny",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"{arn}/{RECORDS}*",
    }


def _logs(context: Context, distribution: Distribution) -> tuple[LogDelivery, ...]:
    """The bucket is encrypted with S3's own keys: the service that delivers would need a place in a key's policy."""
    days = context["access_logs_retention_days"]
    if not days:
        return ()
    aws, name = context.aws, bucket_name(context.aws, context.owner, LOGS_KEY)
    arn = bucket_arn(aws, name)
    expiry = {"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": days}}
    bucket = Bucket(
        key=LOGS_KEY,
        name=name,
        arn=arn,
        statements=(delivery_statement(aws.account_id, aws.partition, arn),),
        versioned=False,
        lifecycle=(expiry,),
        on_removal=context["on_removal"],
    )
    return (LogDelivery(KEY, distribution.name, distribution, bucket),)


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    distribution = _distribution(context)
    host = context["domain"] or known(outcome, distribution, "DomainName")
    return {
        "distribution_id": known(outcome, distribution, "Id"),
        "domain_name": known(outcome, distribution, "DomainName"),
        "url": host if host == repr(UNKNOWN) else f"https://{host}/",
        "bucket": distribution.bucket.name,
    }


SOURCES = {
    "Distribution.Aliases": "domain",
    "Distribution.AliasRecords": "zone",
    "Distribution.ViewerCertificate": "certificate",
    "Distribution.PriceClass": "price_class",
    "Distribution.WebACLId": "web_acl_arn",
    "Distribution.CacheBehaviors": "api_paths",
    "ResponseHeadersPolicy": "content_security_policy",
    "LogDelivery": "access_logs_retention_days",
}
COMPONENT = Component(
    name=NAME,
    options=OPTIONS,
    kinds=(Bucket, OriginAccessControl, ResponseHeadersPolicy, Function, Distribution, LogDelivery),
    sources=SOURCES,
    declare=declare,
    outputs=outputs,
    problems=problems,
)
