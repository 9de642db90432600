# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A distribution's configuration as CloudFront gives it back: with everything that was left out at its default.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
"""

from __future__ import annotations

import copy

from moto.cloudfront.exceptions import CloudFrontException

from .backend import Data

_NONE = {"Quantity": 0}
_NOBODY = {"Enabled": False, "Quantity": 0}
_READING = ["HEAD", "GET"]


def completed(given: Data) -> Data:
    config = copy.deepcopy(given)
    _check_quantities(config)
    config["Origins"]["Items"] = [_origin(origin) for origin in config["Origins"]["Items"]]
    config["DefaultCacheBehavior"] = _behaviour(config["DefaultCacheBehavior"])
    if config.get("CacheBehaviors", _NONE)["Quantity"]:
        config["CacheBehaviors"]["Items"] = [_behaviour(behaviour) for behaviour in config["CacheBehaviors"]["Items"]]
    return {
        "Aliases": dict(_NONE),
        "DefaultRootObject": "",
        "OriginGroups": dict(_NONE),
        "CacheBehaviors": dict(_NONE),
        "CustomErrorResponses": dict(_NONE),
        "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
        "PriceClass": "PriceClass_All",
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        "WebACLId": "",
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
        "ContinuousDeploymentPolicyId": "",
        "Staging": False,
        **config,
        "ViewerCertificate": _certificate(config.get("ViewerCertificate", {})),
    }


def _check_quantities(value: object) -> None:
    """Every list stands beside its length."""
    if isinstance(value, dict):
        if "Quantity" in value and value["Quantity"] != len(value.get("Items") or []):
            raise CloudFrontException(
                "InconsistentQuantities", "The value of Quantity and the size of Items don't match."
            )
        for member in value.values():
            _check_quantities(member)
    elif isinstance(value, list):
        for member in value:
            _check_quantities(member)


def _origin(origin: Data) -> Data:
    custom: Data = {"OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5, "IpAddressType": "ipv4"}
    configs: dict[str, Data] = {"CustomOriginConfig": custom, "S3OriginConfig": {"OriginReadTimeout": 30}}
    return {
        "OriginPath": "",
        "CustomHeaders": dict(_NONE),
        "ConnectionAttempts": 3,
        "ConnectionTimeout": 10,
        "OriginShield": {"Enabled": False},
        "OriginAccessControlId": "",
        **origin,
        **{name: {**defaults, **origin[name]} for name, defaults in configs.items() if name in origin},
    }


def _behaviour(behaviour: Data) -> Data:
    methods = behaviour.get("AllowedMethods") or {"Quantity": 2, "Items": _READING}
    return {
        "TrustedSigners": dict(_NOBODY),
        "TrustedKeyGroups": dict(_NOBODY),
        "SmoothStreaming": False,
        "Compress": False,
        "LambdaFunctionAssociations": dict(_NONE),
        "FunctionAssociations": dict(_NONE),
        "FieldLevelEncryptionId": "",
        "GrpcConfig": {"Enabled": False},
        **behaviour,
        "AllowedMethods": {"CachedMethods": {"Quantity": 2, "Items": _READING}, **methods},
    }


def _certificate(given: Data) -> Data:
    """With CloudFront's own certificate the security policy is TLSv1 whatever is asked for."""
    if given.get("ACMCertificateArn"):
        source = {
            "Certificate": given["ACMCertificateArn"],
            "CertificateSource": "acm",
            "CloudFrontDefaultCertificate": False,
        }
        return {"MinimumProtocolVersion": "TLSv1", **given, **source}
    return {
        "CloudFrontDefaultCertificate": True,
        "SSLSupportMethod": "vip",
        "MinimumProtocolVersion": "TLSv1",
        "CertificateSource": "cloudfront",
    }
