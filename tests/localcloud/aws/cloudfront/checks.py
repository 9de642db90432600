# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What CloudFront refuses in a distribution's configuration.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html#API_CreateDistribution_Errors
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from moto.acm.models import acm_backends
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import cloudfront_backends

from .backend import CloudFrontBackend, Data, behaviours
from .functions import function_arns
from .headers_policies import MANAGED

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
_CACHE_POLICIES = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6", "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "08627262-05a9-4f76-9ded-b50ca2e3a84f",
    "2e54312d-136d-493c-8eb9-b001f22f67d2", "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
}  # fmt: skip
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
_ORIGIN_REQUEST_POLICIES = {
    "acba4595-bd28-49b8-b9fe-13317c0390fa", "59781a5b-3903-41f3-afcb-af62929ccde1",
    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "33f36d7e-f396-46d9-90e0-52428a34d9dc", "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "775133bc-15f2-49f9-abea-afb2e0bf67d2", "bf0718e1-ba1e-49d1-88b1-f726733018ae",
}  # fmt: skip
_METHODS = ({"GET", "HEAD"}, {"GET", "HEAD", "OPTIONS"}, {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]+\.s3([.-][a-z0-9-]+)?\.amazonaws\.com(\.cn)?")
_WEB_ACL = re.compile(r"arn:aws:wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[0-9a-f-]{36}")


def check(backend: CloudFrontBackend, config: Data, id_: str) -> None:
    """``id_``: the distribution's, whose own names are not taken."""
    if len(config["Comment"]) > 128:
        raise CloudFrontException("InvalidArgument", "The comment cannot be longer than 128 characters.")
    if config["WebACLId"] and not _WEB_ACL.fullmatch(config["WebACLId"]):
        raise CloudFrontException(
            "InvalidWebACLId", "A web ACL ID specified is not valid: use the ARN of a global web ACL."
        )
    origins = {origin["Id"] for origin in config["Origins"]["Items"]}
    for origin in config["Origins"]["Items"]:
        _check_origin(backend, origin)
    for behaviour in behaviours(config):
        if behaviour["TargetOriginId"] not in origins:
            raise CloudFrontException("NoSuchOrigin", "One or more of your origins or origin groups do not exist.")
        _check_behaviour(backend, behaviour)
    for arn in function_arns(config):
        if not any(function.arn == arn and function.live for function in backend.functions.values()):
            message = f"The function ARN {arn} is not associated with a function that is published to the LIVE stage."
            raise CloudFrontException("InvalidFunctionAssociation", message)
    _check_aliases(backend, config, id_)


def _check_origin(backend: CloudFrontBackend, origin: Data) -> None:
    if ("S3OriginConfig" in origin) == ("CustomOriginConfig" in origin):
        raise CloudFrontException("InvalidOrigin", "An origin is either an S3 bucket or a custom origin.")
    if "S3OriginConfig" in origin and not _BUCKET.fullmatch(origin["DomainName"]):
        raise CloudFrontException(
            "InvalidArgument", "The parameter Origin DomainName does not refer to a valid S3 bucket."
        )
    control = origin["OriginAccessControlId"]
    if control and control not in backend.access_controls:
        raise CloudFrontException("InvalidOriginAccessControl", "The origin access control is not valid.")


def _check_behaviour(backend: CloudFrontBackend, behaviour: Data) -> None:
    cache = behaviour.get("CachePolicyId")
    if not cache and "ForwardedValues" not in behaviour:
        raise CloudFrontException("InvalidArgument", "The parameter ForwardedValues is required.")
    if cache and cache not in _CACHE_POLICIES:
        raise CloudFrontException("NoSuchCachePolicy", f"The cache policy does not exist: {cache}")
    request = behaviour.get("OriginRequestPolicyId")
    if request and request not in _ORIGIN_REQUEST_POLICIES:
        raise CloudFrontException("NoSuchOriginRequestPolicy", f"The origin request policy does not exist: {request}")
    headers = behaviour.get("ResponseHeadersPolicyId")
    if headers and headers not in MANAGED and headers not in backend.headers_policies:
        raise CloudFrontException(
            "NoSuchResponseHeadersPolicy", f"The response headers policy does not exist: {headers}"
        )
    if set(behaviour["AllowedMethods"]["Items"]) not in _METHODS:
        raise CloudFrontException("InvalidArgument", "The parameter AllowedMethods is not valid.")


def _check_aliases(backend: CloudFrontBackend, config: Data, id_: str) -> None:
    aliases = config["Aliases"].get("Items", [])
    names = _certificate_names(backend, config["ViewerCertificate"].get("ACMCertificateArn"))
    if aliases and not names:
        raise _bad_certificate(
            "To add an alternate domain name (CNAME) to a CloudFront distribution, "
            "you must attach a trusted certificate that validates your authorization to use the domain name."
        )
    if not all(any(_covers(name, alias) for name in names) for alias in aliases):
        raise _bad_certificate(
            "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) "
            "that you're trying to add."
        )
    if set(aliases) & {alias for other in _others(id_) for alias in other["Aliases"].get("Items", [])}:
        message = "One or more of the CNAMEs you provided are already associated with a different resource."
        raise CloudFrontException("CNAMEAlreadyExists", message)


def _certificate_names(backend: CloudFrontBackend, arn: str | None) -> list[str]:
    """The names that an issued certificate of us-east-1 covers."""
    if not arn:
        return []
    found = acm_backends[backend.account_id]["us-east-1"]._certificates.get(arn)
    certificate = found.describe()["Certificate"] if found else {"Status": "none"}
    if certificate["Status"] != "ISSUED":
        raise _bad_certificate(
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, "
            "or doesn't include a valid certificate chain."
        )
    return [certificate["DomainName"], *certificate["SubjectAlternativeNames"]]


def _bad_certificate(message: str) -> CloudFrontException:
    return CloudFrontException("InvalidViewerCertificate", message)


def _covers(name: str, alias: str) -> bool:
    """A wildcard stands for one label."""
    return name == alias or (name.startswith("*.") and alias.partition(".")[2] == name[2:])


def _others(id_: str) -> Iterator[Data]:
    """The configurations of all other distributions, in all accounts: a name belongs to one."""
    for backends in cloudfront_backends.values():
        for backend in backends.values():
            for distribution in backend.distributions.values():
                if distribution.id != id_:
                    yield distribution.config
