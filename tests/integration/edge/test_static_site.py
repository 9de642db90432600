# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Static sites over time: what takes CloudFront's minutes, answers that are lost, other regions,
and what others have.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from localcloud.testing import Cloud

from ..contract.case import Account, Result

SITE: dict[str, Any] = {"on_removal": "empty"}
ABSENT = {"state": "absent"}
LATER = {"wait": False}
CERTIFICATE = {"domain": "app.acme.example", "zone": "acme.example", "region": "us-east-1"}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.faults()
    cloud.clock(scale=0, held=False)
    cloud.reset()
    return Account(cloud)


@pytest.fixture
def cloudfront(cloud: Cloud) -> Any:
    return cloud.client("cloudfront", clean=True)


def distributions(cloudfront: Any) -> list[dict[str, Any]]:
    return list(cloudfront.list_distributions()["DistributionList"].get("Items", []))


def refused(account: Account, options: dict[str, Any]) -> str:
    """The message, the same in a check, with no write."""
    account.watch()
    results: list[Result] = [account.run("static_site", options, check) for check in (True, False)]
    assert all(result.get("failed") for result in results)
    assert results[0]["msg"] == results[1]["msg"]
    assert account.writes() == []
    return str(results[0]["msg"])


def test_a_site_that_is_not_waited_for_is_finished_by_the_next_run(account: Account, cloudfront: Any) -> None:
    account.hold(True)
    started = account.apply("static_site", {**SITE, **LATER})
    assert any(line.startswith("wait for Distribution site: CloudFront is deploying it") for line in started["pending"])
    assert any(line.startswith("create LogDelivery site") for line in started["pending"])
    policy = account.cloud.client("s3").get_bucket_policy(Bucket=started["bucket"])["Policy"]
    assert distributions(cloudfront)[0]["ARN"] in policy, "files can be read as soon as an edge has the distribution"
    account.hold(False)
    finished = account.apply("static_site", {**SITE, **LATER})
    assert "pending" not in finished
    assert [row["kind"] for row in finished["resources"] if row["action"] == "create"] == ["LogDelivery"]


def test_a_removal_that_is_not_waited_for_goes_on_with_each_run(account: Account, cloudfront: Any) -> None:
    account.apply("static_site", SITE)
    account.hold(True)
    first = account.apply("static_site", {**ABSENT, **LATER})
    assert first["changed"] is True
    assert first["gone"] == ["LogDelivery site"]
    assert not distributions(cloudfront)[0]["Enabled"]
    second = account.apply("static_site", {**ABSENT, **LATER})
    assert second["changed"] is False
    assert any("is disabling the distribution" in line for line in second["pending"])
    account.hold(False)
    account.apply("static_site", {**ABSENT, **LATER})
    assert distributions(cloudfront) == []
    assert account.apply("static_site", ABSENT)["changed"] is False


def test_files_are_not_published_to_a_site_that_is_being_removed(account: Account, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Shop</title>")
    account.apply("static_site", SITE)
    account.hold(True)
    account.apply("static_site", {**ABSENT, **LATER})
    result = account.run("site_content", {"folder": str(tmp_path)})
    assert "Distribution site (made by the role site) is unhealthy: it is disabled. Run the role site" in result["msg"]


def test_a_removal_can_be_called_off_while_it_lasts(account: Account, cloudfront: Any) -> None:
    account.apply("static_site", SITE)
    account.hold(True)
    account.apply("static_site", {**ABSENT, **LATER})
    account.hold(False)
    account.apply("static_site", SITE)
    assert distributions(cloudfront)[0]["Enabled"]
    assert account.plan("static_site", SITE)["changed"] is False


@pytest.mark.parametrize(
    "operation",
    [
        "CreateDistributionWithTags",
        "CreateFunction",
        "CreateOriginAccessControl",
        "CreateResponseHeadersPolicy",
        "PutDeliverySource",
    ],
)
def test_an_answer_that_is_lost_makes_nothing_twice_while_reads_lag(account: Account, operation: str) -> None:
    account.cloud.faults(
        lag=1, points=[{"number": 1, "when": "after", "action": {"drop": True}, "operations": [f"* {operation}"]}]
    )
    account.apply("static_site", SITE)
    account.cloud.faults()
    kinds = [name.split("/")[:2] for name in account.cloud.dump() if name.startswith(("cloudfront/", "logs/"))]
    assert len(kinds) == len({tuple(kind) for kind in kinds}) == 7
    assert account.plan("static_site", SITE)["changed"] is False


def test_what_somebody_else_changes_at_the_same_time_is_read_anew_and_kept(account: Account, cloudfront: Any) -> None:
    account.apply("static_site", SITE)
    account.cloud.faults(
        points=[
            {"number": 1, "when": "before", "action": {"pause": True}, "operations": ["cloudfront UpdateDistribution"]}
        ]
    )
    with ThreadPoolExecutor(1) as pool:
        applied = pool.submit(account.apply, "static_site", {**SITE, "price_class": "PriceClass_All"})
        assert account.cloud.wait_fired()
        found = cloudfront.get_distribution_config(Id=distributions(cloudfront)[0]["Id"])
        restricted = {"GeoRestriction": {"RestrictionType": "blacklist", "Quantity": 1, "Items": ["AQ"]}}
        config = {**found["DistributionConfig"], "Restrictions": restricted}
        cloudfront.update_distribution(
            Id=distributions(cloudfront)[0]["Id"], IfMatch=found["ETag"], DistributionConfig=config
        )
        account.cloud.release()
        applied.result()
    (left,) = distributions(cloudfront)
    assert (left["PriceClass"], left["Restrictions"]) == ("PriceClass_All", restricted)


def test_in_another_region_certificate_and_access_logs_are_in_us_east_1_all_the_same(
    account: Account, cloudfront: Any
) -> None:
    there = {"region": "eu-west-1"}
    account.apply("dns_zones", {"zones": {"acme.example": {}}, **there})
    account.apply("certificates", {"certificates": {"site": CERTIFICATE}, **there})
    options = {**SITE, **there, "domain": "app.acme.example", "certificate": "site", "zone": "acme.example"}
    made = account.apply("static_site", options)
    assert made["url"] == "https://app.acme.example/"
    (found,) = distributions(cloudfront)
    assert found["Origins"]["Items"][0]["DomainName"] == f"{made['bucket']}.s3.eu-west-1.amazonaws.com"
    assert len(account.cloud.client("logs", "us-east-1").describe_delivery_sources()["deliverySources"]) == 1
    assert account.apply("static_site", options)["changed"] is False
    account.apply("static_site", {**ABSENT, **there})
    route53 = account.cloud.client("route53")
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    types = {
        record["Type"] for record in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    }
    assert types == {"NS", "SOA", "CNAME"}, "its names are gone, what validates its certificate is not"


def test_two_environments_have_a_site_each(account: Account, cloudfront: Any) -> None:
    for environment in ("test", "test-2"):
        account.apply("static_site", {**SITE, "environment": environment})
    assert len(distributions(cloudfront)) == 2
    account.apply("static_site", ABSENT)
    (left,) = distributions(cloudfront)
    assert left["Comment"] == "acme-test-2-site"
    assert account.plan("static_site", {**SITE, "environment": "test-2"})["changed"] is False


def test_names_that_somebody_has_taken_are_told_before_anything_is_made(account: Account, cloudfront: Any) -> None:
    config = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
    cloudfront.create_function(Name="acme-test-site", FunctionConfig=config, FunctionCode=b"function handler(event) {}")
    cloudfront.create_response_headers_policy(
        ResponseHeadersPolicyConfig={"Name": "acme-test-site", "Comment": "made by hand"}
    )
    message = refused(account, SITE)
    assert "Function site: exists, and is not this environment's" in message
    assert "ResponseHeadersPolicy site: exists, and is not this environment's" in message


def test_logs_that_somebody_delivers_under_the_name_are_left_alone(account: Account) -> None:
    place = {"destinationResourceArn": "arn:aws:s3:::somebodys"}
    account.cloud.client("logs").put_delivery_destination(name="acme-test-site", deliveryDestinationConfiguration=place)
    assert "LogDelivery site: the delivery destination acme-test-site exists in us-east-1" in refused(account, SITE)


def test_a_domain_of_another_distribution_is_told_with_its_id(account: Account, cloudfront: Any) -> None:
    other = {"platform": "other"}
    account.apply("dns_zones", {"zones": {"acme.example": {}}})
    for owner in ({}, other):
        account.apply("certificates", {"certificates": {"site": CERTIFICATE}, **owner})
    options = {**SITE, "domain": "app.acme.example", "certificate": "site"}
    account.apply("static_site", options)
    message = refused(account, {**options, **other})
    assert (
        f"Distribution site: app.acme.example belongs to the distribution {distributions(cloudfront)[0]['Id']} already"
        in message
    )
