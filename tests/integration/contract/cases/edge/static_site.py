# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module static_site."""

from __future__ import annotations

import json
from typing import Any

from ...case import Case, Options, Raw

SITE: Options = {
    "domain": "app.acme.example",
    "alternative_domains": ["www.acme.example"],
    "certificate": "site",
    "zone": "acme.example",
    "api_domain": "api.acme.example",
    "content_security_policy": "default-src 'self'",
    "web_acl_arn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/acme/0d990263-018e-4e65-a703-eff731de951e",
    "kms_key": "site",
    "on_removal": "empty",
}
CERTIFICATE = {
    "domain": "app.acme.example",
    "alternatives": ["www.acme.example", "taken.acme.example"],
    "region": "us-east-1",
}
TAKEN = {"name": "taken.acme.example", "type": "A", "values": ["192.0.2.1"]}
OTHERS_TAG = {"Items": [{"Key": "team", "Value": "someone else"}]}


def bucket(raw: Raw) -> str:
    return str(raw.found("Bucket", "site")["Name"])


def open_bucket(raw: Raw) -> None:
    """All of a bucket but its name and its tags."""
    s3, name = raw.client("s3"), bucket(raw)
    allow = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject"}
    policy = {"Version": "2012-10-17", "Statement": [{**allow, "Resource": f"arn:aws:s3:::{name}/*"}]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    s3.delete_public_access_block(Bucket=name)
    s3.delete_bucket_encryption(Bucket=name)
    s3.delete_bucket_lifecycle(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    s3.put_bucket_logging(
        Bucket=name, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": name, "TargetPrefix": ""}}
    )


def tag_bucket(raw: Raw) -> None:
    s3, name = raw.client("s3"), bucket(raw)
    tags = {each["Key"]: each["Value"] for each in s3.get_bucket_tagging(Bucket=name)["TagSet"]} | {
        "keelson:on-removal": "retain"
    }
    s3.put_bucket_tagging(
        Bucket=name, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}
    )


def sign_nothing(raw: Raw) -> None:
    cloudfront, control = raw.client("cloudfront"), raw.found("OriginAccessControl")
    found = cloudfront.get_origin_access_control(Id=control["Id"])
    given = found["OriginAccessControl"]["OriginAccessControlConfig"]
    other = {
        "Name": "other",
        "SigningBehavior": "never",
        "SigningProtocol": "sigv4a",
        "OriginAccessControlOriginType": "lambda",
    }
    cloudfront.update_origin_access_control(
        Id=control["Id"], IfMatch=found["ETag"], OriginAccessControlConfig={**given, **other}
    )


def add_no_headers(raw: Raw) -> None:
    cloudfront, policy = raw.client("cloudfront"), raw.found("ResponseHeadersPolicy")
    found = cloudfront.get_response_headers_policy(Id=policy["Id"])
    given = found["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
    other = {**given, "Name": "other", "SecurityHeadersConfig": {}}
    cloudfront.update_response_headers_policy(Id=policy["Id"], IfMatch=found["ETag"], ResponseHeadersPolicyConfig=other)


def answer_nothing(raw: Raw) -> None:
    cloudfront, name = raw.client("cloudfront"), raw.found("Function")["Name"]
    etag = cloudfront.describe_function(Name=name)["ETag"]
    config = {"Comment": "other", "Runtime": "cloudfront-js-1.0"}
    cloudfront.update_function(Name=name, IfMatch=etag, FunctionConfig=config, FunctionCode=b"other")
    cloudfront.publish_function(Name=name, IfMatch=cloudfront.describe_function(Name=name)["ETag"])


def change(raw: Raw, **changed: Any) -> None:
    cloudfront, distribution_id = raw.client("cloudfront"), raw.found("Distribution")["Id"]
    found = cloudfront.get_distribution_config(Id=distribution_id)
    cloudfront.update_distribution(
        Id=distribution_id, IfMatch=found["ETag"], DistributionConfig={**found["DistributionConfig"], **changed}
    )


def spoil(raw: Raw) -> None:
    """All of a distribution but its comment and its origins: by one of the two it is found."""
    distribution = raw.client("cloudfront").get_distribution_config(Id=raw.found("Distribution")["Id"])[
        "DistributionConfig"
    ]
    page = {"ErrorCode": 404, "ResponsePagePath": "/index.html", "ResponseCode": "200", "ErrorCachingMinTTL": 0}
    change(
        raw,
        Enabled=False,
        DefaultRootObject="other.html",
        HttpVersion="http1.1",
        IsIPV6Enabled=False,
        PriceClass="PriceClass_All",
        WebACLId="",
        Aliases={"Quantity": 0},
        ViewerCertificate={"CloudFrontDefaultCertificate": True},
        DefaultCacheBehavior={**distribution["DefaultCacheBehavior"], "FunctionAssociations": {"Quantity": 0}},
        CacheBehaviors={"Quantity": 0},
        CustomErrorResponses={"Quantity": 1, "Items": [page]},
    )


def change_origins(raw: Raw) -> None:
    distribution = raw.client("cloudfront").get_distribution_config(Id=raw.found("Distribution")["Id"])[
        "DistributionConfig"
    ]
    changed = [{**origin, "OriginAccessControlId": ""} for origin in distribution["Origins"]["Items"]]
    change(raw, Origins={"Quantity": len(changed), "Items": changed})


def remove_records(raw: Raw) -> None:
    """One of the two of a name."""
    route53, (zone_id, *_more) = raw.client("route53"), raw.found("Distribution")["AliasRecords"].values()
    records = route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    gone = next(record for record in records if record["Type"] == "AAAA")
    route53.change_resource_record_sets(
        HostedZoneId=zone_id, ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": gone}]}
    )


def stop_logs(raw: Raw) -> None:
    raw.client("logs").delete_delivery(id=raw.found("LogDelivery")["deliveryId"])


def log_another(raw: Raw) -> None:
    """The source, under its name and with its tags, of another distribution."""
    logs, cloudfront, source = raw.client("logs"), raw.client("cloudfront"), raw.found("LogDelivery")
    config = cloudfront.get_distribution_config(Id=raw.found("Distribution")["Id"])["DistributionConfig"]
    config |= {"CallerReference": "another", "Comment": "another", "Aliases": {"Quantity": 0}}
    another = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]
    logs.delete_delivery(id=source["deliveryId"])
    logs.delete_delivery_source(name=source["name"])
    logs.put_delivery_source(
        name=source["name"], resourceArn=another["ARN"], logType="ACCESS_LOGS", tags=source["Tags"]
    )


def tag(kind: str) -> Any:
    def change_tag(raw: Raw) -> None:
        raw.client("cloudfront").tag_resource(Resource=raw.found(kind)[raw.kinds[kind].arn_name], Tags=OTHERS_TAG)

    return change_tag


def tag_source(raw: Raw) -> None:
    raw.client("logs").tag_resource(resourceArn=raw.found("LogDelivery")["arn"], tags={"team": "someone else"})


SETTINGS = ("PublicAccessBlock", "ObjectOwnership", "Encryption", "Versioning", "Policy", "LifecycleRules", "Logging")
CONFIGURATION = (
    "Enabled", "DefaultRootObject", "HttpVersion", "IsIPV6Enabled", "PriceClass", "WebACLId", "Aliases",
    "ViewerCertificate", "DefaultCacheBehavior", "CacheBehaviors", "CustomErrorResponses",
)  # fmt: skip
SIGNING = ("Name", "OriginAccessControlOriginType", "SigningBehavior", "SigningProtocol")
WRITTEN = "they are written into its description: what says anything else is not the owner's"


CASE = Case(
    module="static_site",
    needs=(
        ("encryption_keys", {"keys": {"site": {}}}),
        ("dns_zones", {"zones": {"acme.example": {"records": [TAKEN]}}}),
        ("certificates", {"certificates": {"site": {**CERTIFICATE, "zone": "acme.example"}}}),
    ),
    options=SITE,
    changes={
        **{("Bucket", name): open_bucket for name in SETTINGS},
        ("Bucket", "Tags"): tag_bucket,
        **{("OriginAccessControl", name): sign_nothing for name in SIGNING},
        ("ResponseHeadersPolicy", "Name"): add_no_headers,
        ("ResponseHeadersPolicy", "SecurityHeadersConfig"): add_no_headers,
        ("Function", "FunctionConfig"): answer_nothing,
        ("Function", "FunctionCode"): answer_nothing,
        ("Function", "Tags"): tag("Function"),
        **{("Distribution", name): spoil for name in CONFIGURATION},
        ("Distribution", "Comment"): lambda raw: change(raw, Comment="other"),
        ("Distribution", "Origins"): change_origins,
        ("Distribution", "AliasRecords"): remove_records,
        ("Distribution", "Tags"): tag("Distribution"),
        ("LogDelivery", "destinationResourceArn"): stop_logs,
        ("LogDelivery", "resourceArn"): log_another,
        ("LogDelivery", "Tags"): tag_source,
    },
    unchangeable={
        ("OriginAccessControl", "Tags"): WRITTEN,
        ("ResponseHeadersPolicy", "Tags"): WRITTEN,
        ("Function", "Name"): "a function has one name for its life",
        ("LogDelivery", "name"): "a delivery source has one name for its life",
    },
    smaller={"spa_fallback": False, "access_logs_retention_days": 0, "api_domain": None},
    purged=frozenset({"Function", "LogDelivery"}),
    side_effects=frozenset({"logs/delivery", "logs/delivery-destination", "route53/record-set"}),
    bad={
        "a domain without a certificate": ({"certificate": None}, r"^certificate: is required for app\.acme\.example"),
        "a certificate without a domain": ({"domain": None}, r"^certificate: is of no use without domain"),
        "a domain that is none": ({"domain": "https://app.acme.example"}, r"^domain: .* is no domain name"),
        "another name that is none": (
            {"alternative_domains": ["www"]},
            r"^alternative_domains\[0\]: 'www' is no domain name",
        ),
        "a name twice": ({"alternative_domains": ["app.acme.example"]}, r"^alternative_domains: a name is there twice"),
        "a domain of another zone": (
            {"domain": "app.other.example"},
            r"^domain: app\.other\.example does not belong to the zone",
        ),
        "an API that is no domain": ({"api_domain": "https://api.acme.example/"}, r"^api_domain: .* is no domain name"),
        "an API without paths": ({"api_paths": []}, r"^api_paths: is empty"),
        "a path that is none": ({"api_paths": ["api/*"]}, r"^api_paths\[0\]: 'api/\*' must begin with /"),
        "a path for everything": ({"api_paths": ["/*"]}, r"^api_paths\[0\]: /\* would leave nothing to the site"),
        "a path twice": ({"api_paths": ["/a", "/a"]}, r"^api_paths: a path is there twice"),
        "a regional web ACL": (
            {"web_acl_arn": SITE["web_acl_arn"].replace("global", "regional")},
            r"^web_acl_arn: .* is not the ARN of a web ACL for CloudFront",
        ),
        "a policy of two lines": (
            {"content_security_policy": "default-src 'self'\nSet-Cookie: x"},
            r"^content_security_policy: must be one line",
        ),
        "days that are negative": (
            {"access_logs_retention_days": -1},
            r"^access_logs_retention_days: -1 must be 1 or more days",
        ),
        "a price class that is none": ({"price_class": "PriceClass_300"}, r"price_class"),
        "a removal that is none": ({"on_removal": "burn"}, r"on_removal"),
        "an environment whose buckets have no name": (
            {"platform": "a-platform-with-twenty", "environment": "e"},
            r"^platform: 'a-platform-with-twenty' is longer than 20",
        ),
        "a component too long": ({"component": "c" * 60}, r"^component: 'c+' is too long"),
        "a domain that the certificate lacks": (
            {"domain": "shop.acme.example"},
            r"^Distribution site: the certificate covers .*, and not shop\.acme\.example",
        ),
        "a record that points elsewhere": (
            {"domain": "taken.acme.example"},
            r"^Distribution site: the zone acme\.example has a record A taken\.acme\.example already",
        ),
    },
    bad_when_made={
        "names that another component has": (
            {"component": "other"},
            r"^Function site: exists, and is not this environment's",
        ),
    },
)
