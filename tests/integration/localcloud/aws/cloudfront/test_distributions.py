# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's CloudFront, and the deliveries of its access logs."""

from __future__ import annotations

from typing import Any

import pytest
from localcloud.testing import Cloud
from moto.core import DEFAULT_ACCOUNT_ID

from ..refusals import refusal

FILES = {"Id": "files", "DomainName": "site.s3.us-east-1.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
BEHAVIOUR = {
    "TargetOriginId": "files",
    "ViewerProtocolPolicy": "redirect-to-https",
    "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
}
CONTROL = {
    "Name": "site",
    "SigningProtocol": "sigv4",
    "SigningBehavior": "always",
    "OriginAccessControlOriginType": "s3",
}
FUNCTION = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
TAGS = {"Items": [{"Key": "team", "Value": "shop"}]}


def config(reference: str = "one", **changed: Any) -> dict[str, Any]:
    origins = {"Quantity": 1, "Items": [FILES]}
    return {
        "CallerReference": reference, "Comment": "", "Enabled": True, "Origins": origins,
        "DefaultCacheBehavior": BEHAVIOUR, **changed,
    }  # fmt: skip


@pytest.fixture
def cloudfront(cloud: Cloud) -> Any:
    return cloud.client("cloudfront")


@pytest.fixture
def acm(cloud: Cloud) -> Any:
    return cloud.client("acm")


def make(cloudfront: Any, reference: str = "one", **changed: Any) -> dict[str, Any]:
    """The distribution's id, ARN and ETag, and all of its description."""
    given = {"DistributionConfig": config(reference, **changed), "Tags": TAGS}
    made = cloudfront.create_distribution_with_tags(DistributionConfigWithTags=given)
    return {**made["Distribution"], "ETag": made["ETag"]}


def update(cloudfront: Any, distribution_id: str, **changed: Any) -> dict[str, Any]:
    found = cloudfront.get_distribution_config(Id=distribution_id)
    given = {**found["DistributionConfig"], **changed}
    updated: dict[str, Any] = cloudfront.update_distribution(
        Id=distribution_id, IfMatch=found["ETag"], DistributionConfig=given
    )
    return updated


def function(cloudfront: Any, code: bytes = b"old") -> str:
    """A published one's ARN."""
    made = cloudfront.create_function(Name="f", FunctionConfig=FUNCTION, FunctionCode=code, Tags=TAGS)
    cloudfront.publish_function(Name="f", IfMatch=made["ETag"])
    return str(made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"])


def test_a_distribution_is_deployed_some_time_after_it_was_made_or_changed(cloud: Cloud, cloudfront: Any) -> None:
    cloud.clock(held=True)
    distribution_id = make(cloudfront)["Id"]
    assert cloudfront.get_distribution(Id=distribution_id)["Distribution"]["Status"] == "InProgress"
    cloud.clock(held=False)
    assert cloudfront.get_distribution(Id=distribution_id)["Distribution"]["Status"] == "Deployed"
    cloud.clock(held=True)
    assert update(cloudfront, distribution_id, Comment="changed")["Distribution"]["Status"] == "InProgress"


def test_a_distribution_comes_back_with_what_was_left_out(cloudfront: Any) -> None:
    found = cloudfront.get_distribution_config(Id=make(cloudfront)["Id"])["DistributionConfig"]
    assert found["PriceClass"] == "PriceClass_All"
    assert found["ViewerCertificate"] == {
        "CloudFrontDefaultCertificate": True,
        "SSLSupportMethod": "vip",
        "MinimumProtocolVersion": "TLSv1",
        "CertificateSource": "cloudfront",
    }
    assert found["Origins"]["Items"][0]["ConnectionAttempts"] == 3
    assert found["DefaultCacheBehavior"]["AllowedMethods"]["Quantity"] == 2


def test_the_listing_tells_most_but_neither_tags_nor_the_reference(cloudfront: Any) -> None:
    made = make(cloudfront)
    (summary,) = cloudfront.list_distributions()["DistributionList"]["Items"]
    assert summary["ARN"] == made["ARN"]
    assert not summary.keys() & {"Tags", "CallerReference", "DefaultRootObject", "Logging"}
    assert cloudfront.list_tags_for_resource(Resource=made["ARN"])["Tags"] == TAGS


def test_a_listing_has_pages(cloudfront: Any) -> None:
    for reference in ("one", "two", "three"):
        make(cloudfront, reference)
    first = cloudfront.list_distributions(MaxItems="2")["DistributionList"]
    rest = cloudfront.list_distributions(MaxItems="2", Marker=first["NextMarker"])["DistributionList"]
    assert (first["Quantity"], first["IsTruncated"], rest["Quantity"], rest["IsTruncated"]) == (2, True, 1, False)


def test_one_reference_makes_one_distribution(cloudfront: Any) -> None:
    make(cloudfront)
    assert refusal(cloudfront.create_distribution, DistributionConfig=config()) == "DistributionAlreadyExists"


def test_a_write_needs_the_version_that_was_read(cloudfront: Any) -> None:
    made = make(cloudfront)
    update(cloudfront, made["Id"], Comment="changed")
    stale = {"Id": made["Id"], "IfMatch": made["ETag"]}
    assert refusal(cloudfront.update_distribution, **stale, DistributionConfig=config()) == "PreconditionFailed"
    assert refusal(cloudfront.delete_distribution, **stale) == "PreconditionFailed"
    assert refusal(cloudfront.delete_distribution, Id=made["Id"]) == "InvalidIfMatchVersion"


def test_only_what_is_disabled_at_all_edges_is_deleted(cloud: Cloud, cloudfront: Any) -> None:
    made = make(cloudfront)
    assert refusal(cloudfront.delete_distribution, Id=made["Id"], IfMatch=made["ETag"]) == "DistributionNotDisabled"
    cloud.clock(held=True)
    etag = update(cloudfront, made["Id"], Enabled=False)["ETag"]
    assert refusal(cloudfront.delete_distribution, Id=made["Id"], IfMatch=etag) == "DistributionNotDisabled"
    cloud.clock(held=False)
    cloudfront.delete_distribution(Id=made["Id"], IfMatch=etag)
    assert refusal(cloudfront.get_distribution, Id=made["Id"]) == "NoSuchDistribution"
    assert refusal(cloudfront.list_tags_for_resource, Resource=made["ARN"]) == "NoSuchResource"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Origins": {"Quantity": 2, "Items": [FILES]}}, "InconsistentQuantities"),
        ({"DefaultCacheBehavior": {**BEHAVIOUR, "TargetOriginId": "other"}}, "NoSuchOrigin"),
        (
            {"Origins": {"Quantity": 1, "Items": [{**FILES, "OriginAccessControlId": "E1"}]}},
            "InvalidOriginAccessControl",
        ),
        ({"Origins": {"Quantity": 1, "Items": [{**FILES, "DomainName": "app.example"}]}}, "InvalidArgument"),
        ({"DefaultCacheBehavior": {**BEHAVIOUR, "CachePolicyId": "none"}}, "NoSuchCachePolicy"),
        ({"DefaultCacheBehavior": {**BEHAVIOUR, "OriginRequestPolicyId": "none"}}, "NoSuchOriginRequestPolicy"),
        ({"DefaultCacheBehavior": {**BEHAVIOUR, "ResponseHeadersPolicyId": "none"}}, "NoSuchResponseHeadersPolicy"),
        ({"WebACLId": "arn:aws:wafv2:us-east-1:111111111111:regional/webacl/a/b"}, "InvalidWebACLId"),
        ({"Aliases": {"Quantity": 1, "Items": ["app.example"]}}, "InvalidViewerCertificate"),
    ],
)
def test_what_does_not_fit_together_is_refused(cloudfront: Any, changed: dict[str, Any], code: str) -> None:
    assert refusal(cloudfront.create_distribution, DistributionConfig=config(**changed)) == code


def certificate(acm: Any, *names: str) -> dict[str, Any]:
    """Issued, as one is that was imported or validated."""
    arn = acm.request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS")[
        "CertificateArn"
    ]
    return {"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}


def validate(cloud: Cloud, zone: str, viewer_certificate: dict[str, Any]) -> None:
    """Put its records into a new zone."""
    route53, acm = cloud.client("route53"), cloud.client("acm", "us-east-1")
    zone_id = route53.create_hosted_zone(Name=zone, CallerReference=zone)["HostedZone"]["Id"]
    described = acm.describe_certificate(CertificateArn=viewer_certificate["ACMCertificateArn"])["Certificate"]
    for option in described["DomainValidationOptions"]:
        record = option["ResourceRecord"]
        given = {
            "Name": record["Name"],
            "Type": record["Type"],
            "TTL": 60,
            "ResourceRecords": [{"Value": record["Value"]}],
        }
        route53.change_resource_record_sets(
            HostedZoneId=zone_id, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": given}]}
        )


def aliases(*names: str) -> dict[str, Any]:
    return {"Quantity": len(names), "Items": list(names)}


def test_a_name_of_ones_own_needs_an_issued_certificate_that_covers_it(cloud: Cloud, cloudfront: Any, acm: Any) -> None:
    own = certificate(acm, "example.org", "*.example.org")
    given = config(Aliases=aliases("app.example.org"), ViewerCertificate=own)
    assert refusal(cloudfront.create_distribution, DistributionConfig=given) == "InvalidViewerCertificate"
    validate(cloud, "example.org", own)
    uncovered = {**given, "Aliases": aliases("a.app.example.org")}
    assert refusal(cloudfront.create_distribution, DistributionConfig=uncovered) == "InvalidViewerCertificate"
    made = cloudfront.create_distribution(DistributionConfig=given)["Distribution"]
    used = acm.describe_certificate(CertificateArn=own["ACMCertificateArn"])["Certificate"]
    assert used["InUseBy"] == [made["ARN"]]


def test_certificates_of_other_regions_are_none(cloud: Cloud, cloudfront: Any) -> None:
    own = certificate(cloud.client("acm", "eu-west-1"), "app.example.org")
    given = config(Aliases=aliases("app.example.org"), ViewerCertificate=own)
    assert refusal(cloudfront.create_distribution, DistributionConfig=given) == "InvalidViewerCertificate"


def test_a_name_belongs_to_one_distribution(cloud: Cloud, cloudfront: Any, acm: Any) -> None:
    own = certificate(acm, "app.example.org")
    validate(cloud, "example.org", own)
    named = {"Aliases": aliases("app.example.org"), "ViewerCertificate": own}
    made = make(cloudfront, **named)
    assert refusal(cloudfront.create_distribution, DistributionConfig=config("two", **named)) == "CNAMEAlreadyExists"
    update(cloudfront, made["Id"], Comment="its own name is not taken")


def test_what_a_distribution_uses_stays(cloudfront: Any) -> None:
    control = cloudfront.create_origin_access_control(OriginAccessControlConfig=CONTROL)
    policy = cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig={"Name": "site"})
    arn = function(cloudfront)
    runs = {"Quantity": 1, "Items": [{"EventType": "viewer-request", "FunctionARN": arn}]}
    control_id, policy_id = control["OriginAccessControl"]["Id"], policy["ResponseHeadersPolicy"]["Id"]
    made = make(
        cloudfront,
        Origins={"Quantity": 1, "Items": [{**FILES, "OriginAccessControlId": control_id}]},
        DefaultCacheBehavior={**BEHAVIOUR, "ResponseHeadersPolicyId": policy_id, "FunctionAssociations": runs},
    )
    etag = cloudfront.describe_function(Name="f")["ETag"]
    deletes = [
        (
            cloudfront.delete_origin_access_control,
            {"Id": control_id, "IfMatch": control["ETag"]},
            "OriginAccessControlInUse",
        ),
        (
            cloudfront.delete_response_headers_policy,
            {"Id": policy_id, "IfMatch": policy["ETag"]},
            "ResponseHeadersPolicyInUse",
        ),
        (cloudfront.delete_function, {"Name": "f", "IfMatch": etag}, "FunctionInUse"),
    ]
    assert [refusal(delete, **given) for delete, given, _code in deletes] == [code for _delete, _given, code in deletes]
    cloudfront.delete_distribution(Id=made["Id"], IfMatch=update(cloudfront, made["Id"], Enabled=False)["ETag"])
    for delete, given, _code in deletes:
        delete(**given)


def test_names_are_taken_once(cloudfront: Any) -> None:
    cloudfront.create_origin_access_control(OriginAccessControlConfig=CONTROL)
    cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig={"Name": "site"})
    function(cloudfront)
    again = [
        refusal(cloudfront.create_origin_access_control, OriginAccessControlConfig=CONTROL),
        refusal(cloudfront.create_response_headers_policy, ResponseHeadersPolicyConfig={"Name": "site"}),
        refusal(cloudfront.create_function, Name="f", FunctionConfig=FUNCTION, FunctionCode=b""),
    ]
    assert again == ["OriginAccessControlAlreadyExists", "ResponseHeadersPolicyAlreadyExists", "FunctionAlreadyExists"]


def test_what_runs_is_what_was_published(cloudfront: Any) -> None:
    made = cloudfront.create_function(Name="f", FunctionConfig=FUNCTION, FunctionCode=b"old")
    runs = {
        "Quantity": 1,
        "Items": [
            {"EventType": "viewer-request", "FunctionARN": made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]}
        ],
    }
    given = config(DefaultCacheBehavior={**BEHAVIOUR, "FunctionAssociations": runs})
    assert refusal(cloudfront.get_function, Name="f", Stage="LIVE") == "NoSuchFunctionExists"
    assert refusal(cloudfront.create_distribution, DistributionConfig=given) == "InvalidFunctionAssociation"
    cloudfront.publish_function(Name="f", IfMatch=made["ETag"])
    cloudfront.create_distribution(DistributionConfig=given)
    cloudfront.update_function(Name="f", IfMatch=made["ETag"], FunctionConfig=FUNCTION, FunctionCode=b"new")
    assert cloudfront.get_function(Name="f", Stage="LIVE")["FunctionCode"].read() == b"old"
    assert refusal(cloudfront.publish_function, Name="f", IfMatch=made["ETag"]) == "PreconditionFailed"
    cloudfront.publish_function(Name="f", IfMatch=cloudfront.describe_function(Name="f")["ETag"])
    assert cloudfront.get_function(Name="f", Stage="LIVE")["FunctionCode"].read() == b"new"
    stages = [one["FunctionMetadata"]["Stage"] for one in cloudfront.list_functions()["FunctionList"]["Items"]]
    assert stages == ["DEVELOPMENT", "LIVE"]


def test_policies_of_aws_are_listed_apart(cloudfront: Any) -> None:
    cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig={"Name": "site"})

    def listed(**given: str) -> set[str]:
        found = cloudfront.list_response_headers_policies(**given)["ResponseHeadersPolicyList"]["Items"]
        return {one["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]["Name"] for one in found}

    assert listed(Type="custom") == {"site"}
    assert "Managed-SecurityHeadersPolicy" in listed(Type="managed")
    assert listed() == listed(Type="custom") | listed(Type="managed")


def deliver(logs: Any, resource_arn: str) -> tuple[str, str]:
    """A delivery's id, and the ARN of its destination."""
    logs.put_delivery_source(name="s", resourceArn=resource_arn, logType="ACCESS_LOGS", tags={"team": "shop"})
    place = {"destinationResourceArn": "arn:aws:s3:::logs"}
    made = logs.put_delivery_destination(name="d", outputFormat="w3c", deliveryDestinationConfiguration=place)
    arn = made["deliveryDestination"]["arn"]
    return str(logs.create_delivery(deliverySourceName="s", deliveryDestinationArn=arn)["delivery"]["id"]), str(arn)


def test_access_logs_are_delivered_from_us_east_1_and_of_distributions_that_exist(
    cloud: Cloud, cloudfront: Any
) -> None:
    arn = make(cloudfront)["ARN"]
    source = {"name": "s", "logType": "ACCESS_LOGS"}
    assert (
        refusal(cloud.client("logs", "eu-west-1").put_delivery_source, resourceArn=arn, **source)
        == "ValidationException"
    )
    unknown = f"arn:aws:cloudfront::{DEFAULT_ACCOUNT_ID}:distribution/E1"
    assert (
        refusal(cloud.client("logs").put_delivery_source, resourceArn=unknown, **source) == "ResourceNotFoundException"
    )
    deliver(cloud.client("logs"), arn)


def test_a_delivery_goes_before_what_it_joins(cloud: Cloud, cloudfront: Any) -> None:
    logs = cloud.client("logs")
    delivery_id, destination = deliver(logs, make(cloudfront)["ARN"])
    source = logs.get_delivery_source(name="s")["deliverySource"]["arn"]
    assert refusal(logs.delete_delivery_source, name="s") == "ConflictException"
    assert refusal(logs.delete_delivery_destination, name="d") == "ConflictException"
    logs.delete_delivery(id=delivery_id)
    logs.delete_delivery_source(name="s")
    logs.delete_delivery_destination(name="d")
    for arn in (source, destination):
        assert refusal(logs.list_tags_for_resource, resourceArn=arn) == "ResourceNotFoundException"
