# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates: how they are validated, changed while they are used, and removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from localcloud.testing import Cloud

from ..contract.case import Account, Result

ZONE = "acme.example"
SITE = {"domain": f"app.{ZONE}", "zone": ZONE}
ABSENT = {"certificates": None, "state": "absent", "wait_timeout": 1}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.clock(held=False)
    cloud.reset()
    account = Account(cloud)
    account.apply("dns_zones", {"zones": {ZONE: {}}})
    return account


@pytest.fixture
def acm(cloud: Cloud) -> Any:
    return cloud.client("acm", clean=True)


def site(**options: Any) -> dict[str, Any]:
    return {"certificates": {"site": {**SITE, **options}}}


def arn_of(result: Result, name: str = "site") -> str:
    return str(result["certificates"][name]["arn"])


def arns(acm: Any) -> set[str]:
    return {one["CertificateArn"] for one in acm.list_certificates()["CertificateSummaryList"]}


def validation_names(account: Account) -> list[str]:
    """The names that records in the zone validate."""
    route53 = account.cloud.client("route53", clean=True)
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    found = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    return sorted(one["Name"].partition(".")[2] for one in found if one["Type"] == "CNAME")


def distribution(cloud: Cloud, arn: str) -> str:
    """One that uses the certificate; its id."""
    origin = {"Id": "api", "DomainName": "api.acme.example"}
    origin["CustomOriginConfig"] = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}  # type: ignore[assignment]
    config = {
        "CallerReference": arn,
        "Comment": "",
        "Enabled": False,
        "Aliases": {"Quantity": 1, "Items": [f"app.{ZONE}"]},
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "api",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        "ViewerCertificate": {
            "ACMCertificateArn": arn,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    }
    return str(
        cloud.client("cloudfront", clean=True).create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    )


def remove_distribution(cloud: Cloud, distribution_id: str) -> None:
    cloudfront = cloud.client("cloudfront", clean=True)
    etag = cloudfront.get_distribution(Id=distribution_id)["ETag"]
    cloudfront.delete_distribution(Id=distribution_id, IfMatch=etag)


def test_without_a_zone_the_run_tells_the_records_and_goes_on(account: Account, cloud: Cloud) -> None:
    options = {**site(zone=None, alternatives=[f"*.app.{ZONE}"]), "wait": False}
    result = account.apply("certificates", options)
    (record,) = result["certificates"]["site"]["validation_records"]
    assert record["type"] == "CNAME" and record["name"].endswith(f".app.{ZONE}.")
    assert (
        f"Put these records into the DNS of these names: {record['name']} CNAME {record['value']}"
        in result["pending"][0]
    )
    assert validation_names(account) == []
    route53 = cloud.client("route53", clean=True)
    zone_id = route53.list_hosted_zones()["HostedZones"][0]["Id"]
    there = {"Name": record["name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": record["value"]}]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": there}]
    route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
    result = account.apply("certificates", options)
    assert (result["changed"], result["certificates"]["site"]["status"], result.get("pending")) == (
        False,
        "ISSUED",
        None,
    )
    account.apply("certificates", ABSENT)
    assert validation_names(account) == [f"app.{ZONE}."], "what somebody else has put there stays"


def test_nobody_waits_for_what_somebody_has_to_do_elsewhere(account: Account) -> None:
    result = account.apply("certificates", site(zone=None))
    assert result["certificates"]["site"]["status"] == "PENDING_VALIDATION"
    assert "Put these records into the DNS" in result["pending"][0]


def test_while_acm_validates_the_run_says_so_and_a_second_one_has_nothing_to_do(account: Account, cloud: Cloud) -> None:
    cloud.clock(held=True)
    result = account.apply("certificates", {**site(), "wait": False})
    assert result["pending"] == [
        f"wait for Certificate site: ACM validates app.{ZONE} by the records in the zone {ZONE}, "
        f"to which {ZONE} has to be delegated"
    ]
    assert account.apply("certificates", {**site(), "wait": False})["changed"] is False
    cloud.clock(held=False)
    assert account.apply("certificates", site())["certificates"]["site"]["status"] == "ISSUED"


def test_a_certificate_for_cloudfront_is_made_in_its_region_and_found_from_another(
    account: Account, cloud: Cloud
) -> None:
    options = {
        "region": "eu-west-1",
        "certificates": {"site": {**SITE, "region": "us-east-1"}, "api": {"domain": f"api.{ZONE}", "zone": ZONE}},
    }
    result = account.apply("certificates", options)
    assert [arn_of(result, name).split(":")[3] for name in ("site", "api")] == ["us-east-1", "eu-west-1"]
    assert account.plan("certificates", options)["changed"] is False
    account.apply("certificates", {**ABSENT, "region": "eu-west-1"})
    assert [arns(cloud.client("acm", region, clean=True)) for region in ("us-east-1", "eu-west-1")] == [set(), set()]
    assert validation_names(account) == []


def test_other_names_make_another_certificate_and_the_old_one_goes_when_nobody_uses_it(
    account: Account, acm: Any, cloud: Cloud
) -> None:
    old = arn_of(account.apply("certificates", site()))
    user = distribution(cloud, old)
    planned = account.plan("certificates", site(alternatives=[ZONE]))
    result = account.apply("certificates", site(alternatives=[ZONE]))
    assert (
        [row["action"] for row in planned["resources"]] == [row["action"] for row in result["resources"]] == ["update"]
    )
    assert arns(acm) == {old, arn_of(result)} and arn_of(result) != old
    assert account.apply("certificates", site(alternatives=[ZONE]))["changed"] is False
    remove_distribution(cloud, user)
    assert account.apply("certificates", site(alternatives=[ZONE]))["changed"] is True
    assert arns(acm) == {arn_of(result)}
    assert validation_names(account) == [f"{ZONE}.", f"app.{ZONE}."], (
        "the new certificate is renewed by the same record"
    )


def test_a_certificate_moves_to_another_region(account: Account, cloud: Cloud) -> None:
    here = {"region": "eu-west-1"}
    account.apply("certificates", {**here, **site()})
    moved = arn_of(account.apply("certificates", {**here, **site(region="us-east-1")}))
    assert account.plan("certificates", {**here, **site(region="us-east-1")})["changed"] is False
    assert [arns(cloud.client("acm", region, clean=True)) for region in ("us-east-1", "eu-west-1")] == [{moved}, set()]


def test_one_that_somebody_uses_is_left_to_a_later_run_with_its_records(
    account: Account, acm: Any, cloud: Cloud
) -> None:
    arn = arn_of(account.apply("certificates", site()))
    user = distribution(cloud, arn)
    result = account.apply("certificates", {"certificates": {}, "wait": False})
    assert result["changed"] is False
    assert f"{arn} is still used by" in result["pending"][0] and user in result["pending"][0]
    told = account.run("certificates", ABSENT)
    assert told["failed"] and f"{arn} is still used by" in told["msg"]
    assert (arns(acm), validation_names(account)) == ({arn}, [f"app.{ZONE}."])
    remove_distribution(cloud, user)
    account.apply("certificates", {"certificates": {}, "wait": False})
    assert (arns(acm), validation_names(account)) == (set(), [])


def test_a_record_that_two_certificates_share_goes_with_the_last(account: Account, cloud: Cloud) -> None:
    both = {"site": {**SITE, "domain": f"*.app.{ZONE}"}, "api": SITE}
    account.apply("certificates", {"certificates": both})
    assert validation_names(account) == [f"app.{ZONE}."]
    account.apply("certificates", {"certificates": {"api": SITE}})
    assert validation_names(account) == [f"app.{ZONE}."]
    account.apply("certificates", ABSENT)
    assert validation_names(account) == []


def test_one_that_acm_could_not_validate_is_told_and_asked_for_anew(account: Account, acm: Any) -> None:
    record = {"type": "CAA", "values": ['0 issue "letsencrypt.org"']}
    account.apply("dns_zones", {"zones": {ZONE: {"records": [record]}}})
    result = account.run("certificates", site())
    assert "Certificate site is unhealthy: ACM reports FAILED (CAA_ERROR)" in result["msg"]
    (failed,) = arns(acm)
    account.apply(
        "dns_zones", {"zones": {ZONE: {"records": [{**record, "values": [*record["values"], '0 issue "amazon.com"']}]}}}
    )
    planned = account.run("certificates", site(), check=True)["diff"]
    assert [(entry["before"]["FailureReason"], entry["after"]["FailureReason"]) for entry in planned] == [
        ("ACM reports FAILED (CAA_ERROR)", "")
    ]
    result = account.apply("certificates", site())
    assert (result["certificates"]["site"]["status"], failed in arns(acm)) == ("ISSUED", False)


def test_lost_answers_make_no_second_certificate(account: Account, acm: Any, cloud: Cloud) -> None:
    cloud.faults(points=[{"number": number, "when": "after", "action": {"drop": True}} for number in (1, 3)])
    arn = arn_of(account.apply("certificates", site()))
    cloud.faults(points=[{"number": 1, "when": "after", "action": {"drop": True}}])
    other = arn_of(account.apply("certificates", site(alternatives=[ZONE])))
    cloud.faults()
    account.apply("certificates", site(alternatives=[ZONE]))
    assert arn != other and arns(acm) == {other}
    assert account.plan("certificates", site(alternatives=[ZONE]))["changed"] is False


def test_a_name_that_a_zone_below_has_is_refused(account: Account) -> None:
    account.apply("dns_zones", {"environment": "prod", "zones": {f"app.{ZONE}": {}}})
    result = account.run("certificates", site(), check=True)
    assert (
        f"app.{ZONE} is asked of the zone app.{ZONE}, which the account has as well, and not of {ZONE}" in result["msg"]
    )


def test_certificates_of_others_are_left_alone(account: Account, acm: Any) -> None:
    theirs = acm.request_certificate(DomainName=f"app.{ZONE}", ValidationMethod="DNS")["CertificateArn"]
    account.apply("certificates", site())
    account.apply("certificates", ABSENT)
    assert arns(acm) == {theirs}
    assert validation_names(account) == [f"app.{ZONE}."], "theirs may be validated by it"


def test_an_unchanged_run_takes_three_calls_a_certificate_and_two_for_all(account: Account) -> None:
    account.apply("certificates", site())
    account.watch()
    account.apply("certificates", site())
    calls = Counter(call["operation"] for call in account.cloud.calls())
    each = {"ListTagsForCertificate": 1, "DescribeCertificate": 1, "ListResourceRecordSets": 1}
    assert calls == {"ListCertificates": 1, "ListHostedZones": 1, **each}
