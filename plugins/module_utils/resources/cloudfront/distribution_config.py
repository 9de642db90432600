# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A distribution's configuration: from AWS's form, which is full of counts and defaults,
to what Keelson declares, and back.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...engine.resource import Properties

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html"""
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html"""

PLAIN = ("Comment", "DefaultRootObject", "Enabled", "HttpVersion", "IsIPV6Enabled", "PriceClass", "WebACLId")
POLICIES = ("CachePolicyId", "OriginRequestPolicyId", "ResponseHeadersPolicyId")
CACHED = ["GET", "HEAD"]


def shaped(config: dict[str, Any]) -> Properties:
    """The properties that are declared.

    Sets and dictionaries stand for lists whose order means nothing; that of behaviours does.
    """
    return {
        **{name: config.get(name, "") for name in PLAIN},
        "Aliases": set(items(config, "Aliases")),
        "Origins": {origin["Id"]: _origin(origin) for origin in items(config, "Origins")},
        "DefaultCacheBehavior": _behaviour(config["DefaultCacheBehavior"]),
        "CacheBehaviors": [
            {"PathPattern": one["PathPattern"], **_behaviour(one)} for one in items(config, "CacheBehaviors")
        ],
        "CustomErrorResponses": {one["ErrorCode"] for one in items(config, "CustomErrorResponses")},
        "ViewerCertificate": _certificate(config.get("ViewerCertificate", {})),
    }


def merged(config: dict[str, Any], changes: Properties) -> dict[str, Any]:
    """The configuration with the changes in it.

    What is not declared stays as it is, within origins and behaviours too.
    """
    result = {**config, **{name: value for name, value in changes.items() if name in PLAIN}}
    if "Aliases" in changes:
        result["Aliases"] = counted(sorted(changes["Aliases"]))
    if "Origins" in changes:
        present = {origin["Id"]: origin for origin in items(config, "Origins")}
        result["Origins"] = counted(
            _merged_origin(id_, present.get(id_, {}), wanted) for id_, wanted in sorted(changes["Origins"].items())
        )
    if "DefaultCacheBehavior" in changes:
        result["DefaultCacheBehavior"] = _merged_behaviour(
            config.get("DefaultCacheBehavior", {}), changes["DefaultCacheBehavior"]
        )
    if "CacheBehaviors" in changes:
        present = {behaviour["PathPattern"]: behaviour for behaviour in items(config, "CacheBehaviors")}
        result["CacheBehaviors"] = counted(
            _merged_behaviour(present.get(one["PathPattern"], {}), one) for one in changes["CacheBehaviors"]
        )
    if "CustomErrorResponses" in changes:
        kept = [
            one for one in items(config, "CustomErrorResponses") if one["ErrorCode"] in changes["CustomErrorResponses"]
        ]
        result["CustomErrorResponses"] = counted(kept)
    if "ViewerCertificate" in changes:
        result["ViewerCertificate"] = changes["ViewerCertificate"]
    return result


def items(config: dict[str, Any], name: str) -> list[Any]:
    return config.get(name, {}).get("Items") or []


def counted(values: Iterable[Any]) -> dict[str, Any]:
    """A list as CloudFront wants it, which takes no empty one."""
    listed = list(values)
    return {"Quantity": len(listed), "Items": listed} if listed else {"Quantity": 0}


def _origin(origin: dict[str, Any]) -> Properties:
    custom = None
    if given := origin.get("CustomOriginConfig"):
        protocols = set(items(given, "OriginSslProtocols"))
        custom = {"OriginProtocolPolicy": given["OriginProtocolPolicy"], "OriginSslProtocols": protocols}
    return {
        "DomainName": origin["DomainName"],
        "OriginAccessControlId": origin.get("OriginAccessControlId", ""),
        "CustomOriginConfig": custom,
    }


def _merged_origin(id_: str, present: dict[str, Any], wanted: Properties) -> dict[str, Any]:
    custom = wanted["CustomOriginConfig"]
    if custom is None:
        kind = {"S3OriginConfig": {"OriginAccessIdentity": "", **present.get("S3OriginConfig", {})}}
    else:
        ports = {"HTTPPort": 80, "HTTPSPort": 443, **present.get("CustomOriginConfig", {})}
        kind = {
            "CustomOriginConfig": {
                **ports,
                **custom,
                "OriginSslProtocols": counted(sorted(custom["OriginSslProtocols"])),
            }
        }
    rest = {name: value for name, value in present.items() if name not in ("S3OriginConfig", "CustomOriginConfig")}
    return {
        **rest,
        "Id": id_,
        "DomainName": wanted["DomainName"],
        "OriginAccessControlId": wanted["OriginAccessControlId"],
        **kind,
    }


def _behaviour(behaviour: dict[str, Any]) -> Properties:
    return {
        "TargetOriginId": behaviour["TargetOriginId"],
        "ViewerProtocolPolicy": behaviour["ViewerProtocolPolicy"],
        "AllowedMethods": set(items(behaviour, "AllowedMethods")),
        "Compress": behaviour.get("Compress", False),
        **{name: behaviour.get(name, "") for name in POLICIES},
        "FunctionAssociations": {
            one["EventType"]: one["FunctionARN"] for one in items(behaviour, "FunctionAssociations")
        },
    }


def _merged_behaviour(present: dict[str, Any], wanted: Properties) -> dict[str, Any]:
    functions = [
        {"EventType": event, "FunctionARN": arn} for event, arn in sorted(wanted["FunctionAssociations"].items())
    ]
    result = {
        **{name: value for name, value in present.items() if name not in POLICIES},
        **{name: value for name, value in wanted.items() if name not in POLICIES},
        **{name: wanted[name] for name in POLICIES if wanted[name]},
        "AllowedMethods": {**counted(sorted(wanted["AllowedMethods"])), "CachedMethods": counted(CACHED)},
        "FunctionAssociations": counted(functions),
    }
    # What went before cache policies and does not go with them:
    # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CacheBehavior.html
    return {
        name: value
        for name, value in result.items()
        if name not in ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL")
    }


def _certificate(certificate: dict[str, Any]) -> Properties:
    """With its own certificate, CloudFront decides the rest."""
    if not certificate.get("ACMCertificateArn") and not certificate.get("IAMCertificateId"):
        return {"CloudFrontDefaultCertificate": True}
    return {name: certificate.get(name) for name in ("ACMCertificateArn", "MinimumProtocolVersion", "SSLSupportMethod")}
