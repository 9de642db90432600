# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A distribution's configuration between AWS's form and ours."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import changes
from ansible_collections.keelson.eks.plugins.module_utils.resources.cloudfront.distribution_config import merged, shaped

BEHAVIOUR: dict[str, Any] = {
    "TargetOriginId": "files",
    "ViewerProtocolPolicy": "redirect-to-https",
    "AllowedMethods": {"GET", "HEAD"},
    "Compress": True,
    "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "OriginRequestPolicyId": "",
    "ResponseHeadersPolicyId": "H1",
    "FunctionAssociations": {"viewer-request": "arn:aws:cloudfront::111111111111:function/f"},
}
API_BEHAVIOUR = {**BEHAVIOUR, "PathPattern": "/api/*", "TargetOriginId": "api", "FunctionAssociations": {}}
WANTED: dict[str, Any] = {
    "Comment": "acme-test-site",
    "Enabled": True,
    "DefaultRootObject": "index.html",
    "HttpVersion": "http2and3",
    "IsIPV6Enabled": True,
    "PriceClass": "PriceClass_100",
    "WebACLId": "",
    "Aliases": {"b.example", "a.example"},
    "ViewerCertificate": {
        "ACMCertificateArn": "arn:1",
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SSLSupportMethod": "sni-only",
    },
    "Origins": {
        "files": {
            "DomainName": "b.s3.us-east-1.amazonaws.com",
            "OriginAccessControlId": "O1",
            "CustomOriginConfig": None,
        },
        "api": {
            "DomainName": "api.example",
            "OriginAccessControlId": "",
            "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSslProtocols": {"TLSv1.2"}},
        },
    },
    "DefaultCacheBehavior": BEHAVIOUR,
    "CacheBehaviors": [API_BEHAVIOUR, {**API_BEHAVIOUR, "PathPattern": "/ws/*"}],
    "CustomErrorResponses": set(),
}


def test_what_is_written_is_what_is_read():
    assert changes(WANTED, shaped(merged({}, WANTED))) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Aliases", set()),
        ("ViewerCertificate", {"CloudFrontDefaultCertificate": True}),
        ("Origins", {"files": {**WANTED["Origins"]["files"], "DomainName": "c.s3.us-east-1.amazonaws.com"}}),
        ("DefaultCacheBehavior", {**BEHAVIOUR, "ResponseHeadersPolicyId": "", "FunctionAssociations": {}}),
        ("CacheBehaviors", [WANTED["CacheBehaviors"][1], WANTED["CacheBehaviors"][0]]),
        ("CacheBehaviors", []),
        ("PriceClass", "PriceClass_All"),
    ],
)
def test_a_change_is_read_back_and_touches_nothing_else(name, value):
    before = merged({}, WANTED)
    after = merged(before, {name: value})
    assert changes({**WANTED, name: value}, shaped(after)) == {}
    assert {other for other in before if before[other] != after[other]} == {name}


def test_what_is_not_declared_stays_also_within_origins_and_behaviours():
    config = merged({}, WANTED)
    config["Restrictions"] = {"GeoRestriction": {"RestrictionType": "whitelist", "Quantity": 1, "Items": ["DE"]}}
    origin = next(origin for origin in config["Origins"]["Items"] if origin["Id"] == "api")
    origin["ConnectionAttempts"], origin["CustomOriginConfig"]["OriginReadTimeout"] = 1, 60
    config["DefaultCacheBehavior"]["SmoothStreaming"] = True
    assert merged(config, WANTED) == config


def test_a_configuration_is_not_changed_in_place():
    config = merged({}, WANTED)
    before = copy.deepcopy(config)
    merged(config, {"Aliases": set(), "CacheBehaviors": [], "DefaultCacheBehavior": {**BEHAVIOUR, "Compress": False}})
    assert config == before


def test_a_custom_error_response_counts_as_one_too_many_and_is_taken_out():
    page = {"ErrorCode": 404, "ResponsePagePath": "/index.html", "ResponseCode": "200"}
    config = {**merged({}, WANTED), "CustomErrorResponses": {"Quantity": 1, "Items": [page]}}
    wanted = {"CustomErrorResponses": set()}
    assert changes(wanted, shaped(config)) == wanted
    assert merged(config, wanted)["CustomErrorResponses"] == {"Quantity": 0}


def test_what_went_before_cache_policies_goes_when_one_is_set():
    old = {**merged({}, WANTED)["DefaultCacheBehavior"], "ForwardedValues": {"QueryString": True}, "MinTTL": 0}
    config = merged({"DefaultCacheBehavior": old}, {"DefaultCacheBehavior": BEHAVIOUR})
    assert not config["DefaultCacheBehavior"].keys() & {"ForwardedValues", "MinTTL"}


def test_the_security_policy_of_cloudfronts_own_certificate_is_cloudfronts():
    own = {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1", "SSLSupportMethod": "vip"}
    assert shaped({**merged({}, WANTED), "ViewerCertificate": own})["ViewerCertificate"] == {
        "CloudFrontDefaultCertificate": True
    }
