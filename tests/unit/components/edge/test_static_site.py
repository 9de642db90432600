# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A static site: what its options become, and which are refused. AWS is not asked."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.components.edge.static_site import COMPONENT, declare
from ansible_collections.keelson.eks.plugins.module_utils.components.edge.static_site_rules import problems
from ansible_collections.keelson.eks.plugins.module_utils.engine.graph import in_order, later
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner, Properties, Ref, Resource
from ansible_collections.keelson.eks.plugins.module_utils.resources.cloudfront.distribution import Distribution
from ansible_collections.keelson.eks.plugins.module_utils.resources.cloudfront.ownership import (
    LONGEST_TEXT,
    as_text,
    from_text,
)

ACCOUNT = "111111111111"
OWN_DOMAIN = {"domain": "app.innovate.example", "certificate": "site"}


def arguments(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", "region": "eu-west-1", **given}


def declared(**given: Any) -> dict[str, Resource]:
    """The site's resources by kind, the bucket of its logs as ``Logs``."""
    aws = Aws(Connection(region="eu-west-1"))
    aws.identity = {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/operator"}
    resources = in_order(declare(Context(arguments(**given), Owner("innovate", "dev", "static_site"), aws)).resources)
    return {"Logs" if one.key == "site-logs" else type(one).__name__: one for one in resources}


def distribution(**given: Any) -> Properties:
    return declared(**given)["Distribution"].desired()


def statement(bucket: Resource, sid: str) -> dict[str, Any]:
    (found,) = [one for one in bucket.desired()["Policy"]["Statement"] if one.get("Sid") == sid]
    return dict(found)


def test_the_bucket_admits_this_distribution_alone_once_it_is_there() -> None:
    bucket = declared()["Bucket"]
    allowed = [one for one in bucket.desired()["Policy"]["Statement"] if one["Effect"] == "Allow"]
    assert allowed == [
        {
            "Sid": "Distribution",
            "Effect": "Allow",
            "Principal": {"Service": {"cloudfront.amazonaws.com"}},
            "Action": {"s3:GetObject"},
            "Resource": {f"arn:aws:s3:::innovate-dev-site-{ACCOUNT}-eu-west-1/*"},
            "Condition": {"StringEquals": {"aws:SourceArn": {Ref((Distribution, "site"), "ARN")}}},
        }
    ]
    assert later(bucket) == {(Distribution, "site")}


def test_viewers_do_not_see_what_is_on_record_of_the_content() -> None:
    hidden = statement(declared()["Bucket"], "Records")
    assert (hidden["Effect"], hidden["Principal"]) == ("Deny", {"Service": {"cloudfront.amazonaws.com"}})
    assert hidden["Resource"] == {f"arn:aws:s3:::innovate-dev-site-{ACCOUNT}-eu-west-1/.keelson/*"}


def test_without_options_it_is_a_site_at_cloudfronts_own_name() -> None:
    assert {
        "Bucket",
        "Logs",
        "Distribution",
        "OriginAccessControl",
        "ResponseHeadersPolicy",
        "Function",
        "LogDelivery",
    } == declared().keys()
    site = distribution()
    assert site["Aliases"] == set()
    assert site["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}
    assert site["Origins"]["files"]["DomainName"] == f"innovate-dev-site-{ACCOUNT}-eu-west-1.s3.eu-west-1.amazonaws.com"
    assert "AliasRecords" not in site


def test_the_function_sees_requests_for_files_and_never_the_apis() -> None:
    """An answer 404 of the API stays one: nothing rewrites its paths, and no error is answered with a page."""
    site = distribution(api_domain="api.innovate.example", api_paths=["/api/*", "/socket/*"])
    assert list(site["DefaultCacheBehavior"]["FunctionAssociations"]) == ["viewer-request"]
    assert [one["PathPattern"] for one in site["CacheBehaviors"]] == ["/api/*", "/socket/*"]
    assert all(one["FunctionAssociations"] == {} for one in site["CacheBehaviors"])
    assert site["CustomErrorResponses"] == set()


def test_a_site_of_plain_pages_has_no_function() -> None:
    assert "Function" not in declared(spa_fallback=False)
    assert distribution(spa_fallback=False)["DefaultCacheBehavior"]["FunctionAssociations"] == {}


def test_the_api_is_reached_by_tls_and_never_cached() -> None:
    site = distribution(api_domain="api.innovate.example")
    assert site["Origins"]["api"] == {
        "DomainName": "api.innovate.example",
        "OriginAccessControlId": "",
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSslProtocols": {"TLSv1.2"}},
    }
    (behaviour,) = site["CacheBehaviors"]
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behaviour["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert "POST" in behaviour["AllowedMethods"]


def test_paths_of_an_api_that_there_is_none_of_go_nowhere() -> None:
    assert distribution()["CacheBehaviors"] == []
    assert list(distribution()["Origins"]) == ["files"]


def test_a_domain_of_its_own_comes_with_a_certificate_of_us_east_1() -> None:
    site = declared(**OWN_DOMAIN, alternative_domains=["www.innovate.example"], zone="innovate.example")
    certificate, wanted = site["CertificateLookup"], site["Distribution"].desired()
    assert certificate.key == "us-east-1/site"
    assert wanted["ViewerCertificate"] == {
        "ACMCertificateArn": certificate.ref("CertificateArn"),
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SSLSupportMethod": "sni-only",
    }
    assert wanted["Aliases"] == wanted["AliasRecords"].keys() == {"app.innovate.example", "www.innovate.example"}


def test_access_logs_come_from_the_accounts_own_deliveries_in_us_east_1_and_expire() -> None:
    logs = declared(access_logs_retention_days=7)["Logs"].desired()
    (deliveries,) = [one for one in logs["Policy"]["Statement"] if one["Effect"] == "Allow"]
    assert deliveries["Principal"] == {"Service": {"delivery.logs.amazonaws.com"}}
    assert deliveries["Condition"]["StringEquals"]["aws:SourceAccount"] == {ACCOUNT}
    assert deliveries["Condition"]["ArnLike"] == {
        "aws:SourceArn": {f"arn:aws:logs:us-east-1:{ACCOUNT}:delivery-source:*"}
    }
    assert logs["LifecycleRules"][0]["Expiration"] == {"Days": 7}


def test_without_access_logs_there_is_neither_bucket_nor_delivery_for_them() -> None:
    assert not declared(access_logs_retention_days=0).keys() & {"Logs", "LogDelivery"}


def test_every_answer_carries_security_headers() -> None:
    headers = declared(content_security_policy="default-src 'self'")["ResponseHeadersPolicy"].desired()[
        "SecurityHeadersConfig"
    ]
    assert headers.keys() == {
        "StrictTransportSecurity", "ContentTypeOptions", "FrameOptions", "ReferrerPolicy", "ContentSecurityPolicy"
    }  # fmt: skip
    assert all(header["Override"] for header in headers.values())
    site = distribution(api_domain="api.innovate.example")
    assert all(one["ResponseHeadersPolicyId"] for one in [site["DefaultCacheBehavior"], *site["CacheBehaviors"]])


def test_the_owners_tags_survive_as_text_at_their_longest() -> None:
    tags = Owner("p" * 20, "e" * 12, "static_site").tags("site")
    assert from_text(as_text({"team": "not ours", **tags})) == tags
    assert len(as_text(tags)) <= LONGEST_TEXT
    assert from_text("Made by hand, a=b") == {}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"domain": "app.innovate.example"}, "certificate: is required for app.innovate.example"),
        ({"certificate": "site"}, "certificate: is of no use without domain"),
        ({"zone": "innovate.example"}, "zone: is of no use without domain"),
        ({"alternative_domains": ["www.innovate.example"]}, "alternative_domains: is of no use without domain"),
        (
            {**OWN_DOMAIN, "domain": "App.innovate.example"},
            "domain: 'App.innovate.example' is no domain name in lower case",
        ),
        ({**OWN_DOMAIN, "domain": "*.innovate.example"}, "domain: '*.innovate.example' is no domain name"),
        ({**OWN_DOMAIN, "alternative_domains": ["www."]}, "alternative_domains[0]: 'www.' is no domain name"),
        (
            {**OWN_DOMAIN, "zone": "other.example"},
            "domain: app.innovate.example does not belong to the zone other.example",
        ),
        ({**OWN_DOMAIN, "alternative_domains": ["app.innovate.example"]}, "alternative_domains: a name is there twice"),
        ({"api_domain": "api.innovate.example/v1"}, "api_domain: 'api.innovate.example/v1' is no domain name"),
        ({"api_domain": "api.innovate.example", "api_paths": []}, "api_paths: is empty"),
        ({"api_paths": ["api"]}, "api_paths[0]: 'api' must begin with /"),
        ({"api_paths": ["/*"]}, "api_paths[0]: /* would leave nothing to the site"),
        ({"api_paths": ["/api/*", "/api/*"]}, "api_paths: a path is there twice"),
        ({"web_acl_arn": "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b"}, "web_acl_arn: "),
        ({"content_security_policy": "default-src\n'self'"}, "content_security_policy: must be one line"),
        ({"access_logs_retention_days": -1}, "access_logs_retention_days: -1 must be 1 or more days"),
        ({"component": "c" * 50}, "component: 'ccc"),
        (
            {"platform": "p" * 20, "environment": "e" * 12},
            "platform: with environment, account and region its name has 66 characters",
        ),
    ],
)
def test_a_broken_rule_is_told_with_the_options_path(given: dict[str, Any], problem: str) -> None:
    (found,) = problems(arguments(**given))
    assert found.startswith(problem)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {**OWN_DOMAIN, "alternative_domains": ["*.innovate.example"], "zone": "innovate.example"},
        {"api_domain": "api.innovate.example", "api_paths": ["/api/*", "/graphql"]},
        {"access_logs_retention_days": 0, "spa_fallback": False},
        {"state": "absent"},
    ],
)
def test_what_keeps_the_rules_is_taken(given: dict[str, Any]) -> None:
    assert list(problems(arguments(**given))) == []
