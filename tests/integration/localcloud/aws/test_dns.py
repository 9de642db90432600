# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's Route 53 and ACM where they go beyond moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from localcloud.testing import Cloud

DOMAIN = "acme.example"

Record = dict[str, Any]


@pytest.fixture
def route53(cloud: Cloud) -> Any:
    return cloud.client("route53")


@pytest.fixture
def acm(cloud: Cloud) -> Any:
    return cloud.client("acm")


@pytest.fixture
def zone(route53: Any) -> str:
    return str(route53.create_hosted_zone(Name=DOMAIN, CallerReference="one")["HostedZone"]["Id"])


def refusal(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def record(name: str, kind: str = "A", *values: str) -> Record:
    return {
        "Name": name,
        "Type": kind,
        "TTL": 60,
        "ResourceRecords": [{"Value": value} for value in values or ["192.0.2.1"]],
    }


def changes(*pairs: tuple[str, Record]) -> dict[str, Any]:
    return {"Changes": [{"Action": action, "ResourceRecordSet": one} for action, one in pairs]}


def change(route53: Any, zone: str, *pairs: tuple[str, Record]) -> None:
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes(*pairs))


def refused_change(route53: Any, zone: str, *pairs: tuple[str, Record]) -> str:
    return refusal(route53.change_resource_record_sets, HostedZoneId=zone, ChangeBatch=changes(*pairs))


def names(route53: Any, zone: str) -> list[str]:
    found = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [f"{one['Type']} {one['Name']}" for one in found if one["Type"] not in ("NS", "SOA")]


# Route 53


def test_a_record_is_created_once_and_deleted_as_it_is(route53: Any, zone: str) -> None:
    www = record("www.acme.example")
    change(route53, zone, ("CREATE", www))
    assert "it already exists" in refused_change(route53, zone, ("CREATE", www))
    change(route53, zone, ("UPSERT", record("www.acme.example", "A", "192.0.2.2")))
    assert "the values provided do not match the current values" in refused_change(route53, zone, ("DELETE", www))
    change(route53, zone, ("DELETE", record("WWW.acme.example.", "A", "192.0.2.2")))
    assert (
        "InvalidChangeBatch: [Tried to delete" in (told := refused_change(route53, zone, ("DELETE", www)))
        and "was not found" in told
    )


def test_a_batch_changes_everything_or_nothing(route53: Any, zone: str) -> None:
    good, bad = ("CREATE", record("www.acme.example")), ("DELETE", record("old.acme.example"))
    assert "was not found" in refused_change(route53, zone, good, bad)
    assert names(route53, zone) == []


def test_a_cname_stands_alone_and_below_the_zones_name(route53: Any, zone: str) -> None:
    assert "not permitted at apex" in refused_change(route53, zone, ("CREATE", record(DOMAIN, "CNAME", "x.example")))
    change(route53, zone, ("CREATE", record("www.acme.example", "CNAME", "x.example")))
    assert "conflicts with other records" in refused_change(route53, zone, ("CREATE", record("www.acme.example")))
    change(
        route53,
        zone,
        ("DELETE", record("www.acme.example", "CNAME", "x.example")),
        ("CREATE", record("www.acme.example")),
    )
    assert names(route53, zone) == ["A www.acme.example."]


def test_a_zone_keeps_its_own_records_and_takes_no_others_names(route53: Any, zone: str) -> None:
    own = next(
        one for one in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"] if one["Type"] == "NS"
    )
    assert "at least one NS record" in refused_change(route53, zone, ("DELETE", own))
    assert "is not permitted in zone" in refused_change(route53, zone, ("CREATE", record("www.notacme.example")))


def test_an_alias_of_cloudfront_names_a_distribution_and_has_no_time_to_live(route53: Any, zone: str) -> None:
    target = {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": "d1.cloudfront.net", "EvaluateTargetHealth": False}
    alias = {"Name": DOMAIN, "Type": "A", "AliasTarget": target}
    wrong = {**alias, "AliasTarget": {**target, "DNSName": "x.example"}}
    assert "does not lie within the target zone" in refused_change(route53, zone, ("CREATE", wrong))
    assert refused_change(route53, zone, ("CREATE", {**record(DOMAIN), **alias})).startswith(
        "InvalidInput: Invalid request: Expected exactly"
    )
    change(route53, zone, ("CREATE", alias))
    change(route53, zone, ("DELETE", {**alias, "AliasTarget": {**target, "DNSName": "d1.cloudfront.net."}}))


def test_a_batch_has_its_size(route53: Any, zone: str) -> None:
    many = [("UPSERT", record(f"a{index}.acme.example")) for index in range(501)]
    assert refused_change(route53, zone, *many).startswith("InvalidChangeBatch")
    long = [("UPSERT", record(f"a{index}.acme.example", "TXT", '"' + "x" * 250 + '"')) for index in range(64)]
    assert "characters limit of 32000" in refused_change(route53, zone, *long)


def test_a_wildcard_comes_back_escaped(route53: Any, zone: str) -> None:
    change(route53, zone, ("CREATE", record("*.acme.example")))
    assert names(route53, zone) == ["A \\052.acme.example."]


def test_a_change_takes_its_time(cloud: Cloud, route53: Any, zone: str) -> None:
    cloud.clock(held=True)
    answer = route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch=changes(("CREATE", record("www.acme.example")))
    )
    assert answer["ChangeInfo"]["Status"] == "PENDING"
    cloud.clock(held=False)
    assert route53.get_change(Id=answer["ChangeInfo"]["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    assert refusal(route53.get_change, Id="/change/C123").startswith("NoSuchChange")


def test_a_reference_makes_one_zone_whatever_becomes_of_it(route53: Any, zone: str) -> None:
    assert refusal(route53.create_hosted_zone, Name=DOMAIN, CallerReference="one").startswith("HostedZoneAlreadyExists")
    route53.delete_hosted_zone(Id=zone)
    assert refusal(route53.create_hosted_zone, Name=DOMAIN, CallerReference="one").startswith("HostedZoneAlreadyExists")


def test_zones_of_one_name_have_other_name_servers(route53: Any, zone: str) -> None:
    other = route53.create_hosted_zone(Name=DOMAIN, CallerReference="two")["DelegationSet"]["NameServers"]
    assert set(other) != set(route53.get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"])


def test_a_vpc_asks_one_private_zone_of_a_name(cloud: Cloud, route53: Any) -> None:
    vpc = {"VPCRegion": "us-east-1", "VPCId": cloud.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]}
    private = {"Name": DOMAIN, "HostedZoneConfig": {"PrivateZone": True}}
    route53.create_hosted_zone(**private, CallerReference="one", VPC=vpc)
    assert refusal(route53.create_hosted_zone, **private, CallerReference="two", VPC=vpc).startswith(
        "ConflictingDomainExists"
    )
    unknown = {**vpc, "VPCId": "vpc-12345678"}
    assert refusal(route53.create_hosted_zone, **private, CallerReference="two", VPC=unknown).startswith("InvalidVPCId")


def test_tags_go_with_their_zone(route53: Any, zone: str) -> None:
    zone_id = zone.rpartition("/")[2]
    route53.delete_hosted_zone(Id=zone)
    assert refusal(route53.list_tags_for_resource, ResourceType="hostedzone", ResourceId=zone_id).startswith(
        "NoSuchHostedZone"
    )


# ACM


def ask(acm: Any, *others: str, **parameters: Any) -> str:
    answer = acm.request_certificate(
        DomainName="app.acme.example",
        SubjectAlternativeNames=["app.acme.example", *others],
        ValidationMethod="DNS",
        **parameters,
    )
    return str(answer["CertificateArn"])


def described(acm: Any, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    return found


def validation(acm: Any, arn: str) -> list[Record]:
    options = described(acm, arn)["DomainValidationOptions"]
    return [record(one["ResourceRecord"]["Name"], "CNAME", one["ResourceRecord"]["Value"]) for one in options]


def test_a_certificate_is_issued_when_all_its_records_are_there_and_acm_has_seen_them(
    cloud: Cloud, acm: Any, route53: Any, zone: str
) -> None:
    arn = ask(acm, "acme.example")
    first, second = validation(acm, arn)
    change(route53, zone, ("CREATE", first))
    assert described(acm, arn)["Status"] == "PENDING_VALIDATION"
    cloud.clock(held=True)
    change(route53, zone, ("CREATE", second))
    assert described(acm, arn)["Status"] == "PENDING_VALIDATION"
    cloud.clock(held=False)
    assert described(acm, arn)["Status"] == "ISSUED"
    change(route53, zone, ("DELETE", second))
    assert described(acm, arn)["Status"] == "ISSUED"


def test_records_in_a_zone_that_nobody_asks_validate_nothing(acm: Any, route53: Any, zone: str) -> None:
    route53.create_hosted_zone(Name="app.acme.example", CallerReference="below")
    arn = ask(acm)
    change(route53, zone, *(("CREATE", one) for one in validation(acm, arn)))
    assert described(acm, arn)["Status"] == "PENDING_VALIDATION"


def test_the_records_are_told_after_a_while(cloud: Cloud, acm: Any) -> None:
    cloud.clock(scale=1000)
    arn = ask(acm)
    cloud.clock(scale=0)
    assert "ResourceRecord" not in described(acm, arn)["DomainValidationOptions"][0]
    assert "ResourceRecord" in described(acm, ask(acm))["DomainValidationOptions"][0]


def test_a_domain_has_one_record_its_wildcard_included_in_every_region(cloud: Cloud, acm: Any) -> None:
    elsewhere = cloud.client("acm", "eu-west-1")
    records = validation(acm, ask(acm, "*.app.acme.example")) + validation(elsewhere, ask(elsewhere))
    assert len({str(one) for one in records}) == 1


def test_a_domain_that_keeps_amazon_out_gets_no_certificate(acm: Any, route53: Any, zone: str) -> None:
    change(route53, zone, ("CREATE", record(DOMAIN, "CAA", '0 issue "letsencrypt.org"')))
    arn = ask(acm)
    change(route53, zone, *(("CREATE", one) for one in validation(acm, arn)))
    found = described(acm, arn)
    assert (found["Status"], found["FailureReason"]) == ("FAILED", "CAA_ERROR")


def test_elliptic_keys_are_listed_only_when_asked_for(acm: Any) -> None:
    arn = ask(acm, KeyAlgorithm="EC_prime256v1")
    assert described(acm, arn)["KeyAlgorithm"] == "EC-prime256v1"
    assert acm.list_certificates()["CertificateSummaryList"] == []
    (found,) = acm.list_certificates(Includes={"keyTypes": ["EC_prime256v1"]})["CertificateSummaryList"]
    assert (found["CertificateArn"], found["SubjectAlternativeNameSummaries"]) == (arn, ["app.acme.example"])


def test_one_token_is_one_certificate_until_that_is_gone(acm: Any) -> None:
    first = ask(acm, IdempotencyToken="abc", Tags=[{"Key": "a", "Value": "b"}])
    assert ask(acm, IdempotencyToken="abc", Tags=[{"Key": "a", "Value": "b"}]) == first
    acm.delete_certificate(CertificateArn=first)
    assert ask(acm, IdempotencyToken="abc") != first


def test_transparency_logging_can_be_changed(acm: Any) -> None:
    arn = ask(acm)
    acm.update_certificate_options(CertificateArn=arn, Options={"CertificateTransparencyLoggingPreference": "DISABLED"})
    assert described(acm, arn)["Options"]["CertificateTransparencyLoggingPreference"] == "DISABLED"


def test_the_dump_shows_zones_records_and_certificates(cloud: Cloud, acm: Any, route53: Any, zone: str) -> None:
    zone_id, arn = (
        zone.rpartition("/")[2],
        ask(acm, KeyAlgorithm="EC_prime256v1", Tags=[{"Key": "team", "Value": "shop"}]),
    )
    change(route53, zone, ("CREATE", record("www.acme.example")))
    found = cloud.dump()
    assert {f"route53/hosted-zone/{zone_id}", f"route53/record-set/{zone_id}/A/www.acme.example."} <= found.keys()
    assert found[f"acm/certificate/us-east-1/{arn.rpartition('/')[2]}"]["Tags"] == {"team": "shop"}
