# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DNS zones: whose a record is, and what becomes of zones that others have put something into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from localcloud.testing import Cloud

from ..contract.case import Account, Result

DOMAIN = "acme.example"
ABSENT = {"zones": None, "state": "absent", "wait_timeout": 1}

Record = dict[str, Any]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.reset()
    return Account(cloud)


@pytest.fixture
def route53(cloud: Cloud) -> Any:
    return cloud.client("route53", clean=True)


def zone(*records: Record, **options: Any) -> dict[str, Any]:
    return {"zones": {DOMAIN: {"records": list(records), **options}}}


def address(name: str, value: str) -> Record:
    return {"name": f"{name}.{DOMAIN}", "type": "A", "values": [value]}


def put(route53: Any, zone_id: str, name: str, kind: str, value: str, action: str = "UPSERT") -> None:
    record = {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]}
    route53.change_resource_record_sets(
        HostedZoneId=zone_id, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    )


def said(route53: Any, zone_id: str) -> dict[str, list[str]]:
    """What the zone says, by type and name, but for what every zone has and the list of its own records."""
    found = route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    records = {f"{one['Type']} {one['Name']}": [item["Value"] for item in one["ResourceRecords"]] for one in found}
    every = {f"NS {DOMAIN}.", f"SOA {DOMAIN}.", f"TXT _keelson.{DOMAIN}."}
    return {key: values for key, values in records.items() if key not in every}


def made(account: Account, options: dict[str, Any]) -> str:
    return str(account.apply("dns_zones", options)["zones"][DOMAIN]["id"])


def refused(account: Account, options: dict[str, Any]) -> str:
    """The message, the same in a check, with no write."""
    account.watch()
    results: list[Result] = [account.run("dns_zones", options, check) for check in (True, False)]
    assert all(result.get("failed") for result in results)
    assert results[0]["msg"] == results[1]["msg"]
    assert account.writes() == []
    return str(results[0]["msg"])


def test_a_record_that_is_no_longer_listed_goes_and_those_of_others_stay(account: Account, route53: Any) -> None:
    zone_id = made(account, zone(address("www", "192.0.2.1"), address("old", "192.0.2.2")))
    put(route53, zone_id, f"app.{DOMAIN}", "CNAME", "ingress.example")
    put(route53, zone_id, f"app.{DOMAIN}".replace("app", "a-app"), "TXT", '"heritage=external-dns"')
    account.apply("dns_zones", zone(address("www", "192.0.2.1")))
    assert said(route53, zone_id) == {
        f"A www.{DOMAIN}.": ["192.0.2.1"],
        f"CNAME app.{DOMAIN}.": ["ingress.example"],
        f"TXT a-app.{DOMAIN}.": ['"heritage=external-dns"'],
    }
    account.apply("dns_zones", zone())
    assert f"A www.{DOMAIN}." not in said(route53, zone_id) and len(said(route53, zone_id)) == 2


def test_without_a_list_the_records_stay_as_they_are(account: Account, route53: Any) -> None:
    zone_id = made(account, zone(address("www", "192.0.2.1")))
    assert account.apply("dns_zones", {"zones": {DOMAIN: {}}})["changed"] is False
    assert said(route53, zone_id) == {f"A www.{DOMAIN}.": ["192.0.2.1"]}


def test_a_record_that_says_something_else_is_refused_and_one_that_says_the_same_is_taken_over(
    account: Account, route53: Any
) -> None:
    zone_id = made(account, zone())
    put(route53, zone_id, f"www.{DOMAIN}", "A", "192.0.2.66")
    assert f"holds A www.{DOMAIN}, which the zone's records option has not made" in refused(
        account, zone(address("www", "192.0.2.1"))
    )
    cname = {"name": f"www.{DOMAIN}", "type": "CNAME", "values": ["other.example"]}
    assert f"holds A www.{DOMAIN}" in refused(account, zone(cname))
    assert account.apply("dns_zones", zone(address("www", "192.0.2.66")))["changed"] is True
    assert account.plan("dns_zones", zone(address("www", "192.0.2.66")))["changed"] is False
    account.apply("dns_zones", zone())
    assert said(route53, zone_id) == {}


def test_a_cname_becomes_an_address_in_one_step(account: Account, route53: Any) -> None:
    zone_id = made(account, zone({"name": f"www.{DOMAIN}", "type": "CNAME", "values": ["other.example"]}))
    account.apply("dns_zones", zone(address("www", "192.0.2.1")))
    assert said(route53, zone_id) == {f"A www.{DOMAIN}.": ["192.0.2.1"]}


def test_who_makes_a_lost_record_anew_keeps_it(account: Account, route53: Any) -> None:
    zone_id = made(account, zone(address("www", "192.0.2.1")))
    put(route53, zone_id, f"www.{DOMAIN}", "A", "192.0.2.1", action="DELETE")
    assert account.apply("dns_zones", zone())["changed"] is True
    put(route53, zone_id, f"www.{DOMAIN}", "A", "192.0.2.66")
    assert account.apply("dns_zones", zone())["changed"] is False
    assert said(route53, zone_id) == {f"A www.{DOMAIN}.": ["192.0.2.66"]}


def test_a_zone_that_holds_what_others_put_there_stays_and_tells_what_it_is(account: Account, route53: Any) -> None:
    zone_id = made(account, zone(address("www", "192.0.2.1")))
    put(route53, zone_id, f"app.{DOMAIN}", "A", "192.0.2.9")
    result = account.run("dns_zones", ABSENT)
    assert f"{DOMAIN} ({zone_id}) holds records that are not its own: A app.{DOMAIN}. Remove them" in result["msg"]
    assert said(route53, zone_id).keys() == {f"A app.{DOMAIN}.", f"A www.{DOMAIN}."}
    put(route53, zone_id, f"app.{DOMAIN}", "A", "192.0.2.9", action="DELETE")
    account.apply("dns_zones", ABSENT)
    assert route53.list_hosted_zones()["HostedZones"] == []


def test_a_second_zone_of_a_domain_that_the_account_has_is_refused(account: Account, route53: Any) -> None:
    route53.create_hosted_zone(Name=DOMAIN, CallerReference="somebody's")
    assert "the account has a public zone acme.example" in refused(account, zone())


def test_a_zone_whose_making_was_cut_short_is_taken_up(account: Account, route53: Any) -> None:
    reference = f"keelson/acme/test/dns_zones/{DOMAIN}/12345678"
    zone_id = route53.create_hosted_zone(Name=DOMAIN, CallerReference=reference)["HostedZone"]["Id"].rpartition("/")[2]
    assert [(row["key"], row["action"]) for row in account.plan("dns_zones", zone())["resources"]] == [
        (DOMAIN, "update")
    ]
    assert made(account, zone()) == zone_id
    tags = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)["ResourceTagSet"]["Tags"]
    assert {"Key": "keelson:key", "Value": DOMAIN} in tags
    assert len(route53.list_hosted_zones()["HostedZones"]) == 1


def test_lost_answers_make_no_second_zone_and_lose_no_record(account: Account, route53: Any) -> None:
    # The zone, its tags, its records: each is done, and the answer does not arrive.
    account.cloud.faults(points=[{"number": number, "when": "after", "action": {"drop": True}} for number in (1, 3, 5)])
    zone_id = made(account, zone(address("www", "192.0.2.1")))
    account.cloud.faults()
    assert [one["Id"] for one in route53.list_hosted_zones()["HostedZones"]] == [f"/hostedzone/{zone_id}"]
    assert said(route53, zone_id) == {f"A www.{DOMAIN}.": ["192.0.2.1"]}
    assert account.plan("dns_zones", zone(address("www", "192.0.2.1")))["changed"] is False


def test_a_zone_that_was_given_to_another_environment_is_not_ours(account: Account, route53: Any) -> None:
    zone_id = made(account, zone())
    tags = [{"Key": "keelson:environment", "Value": "prod"}]
    route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id, AddTags=tags)
    assert f"HostedZone {DOMAIN}: exists, and is not this environment's" in refused(account, zone())
    account.apply("dns_zones", ABSENT)
    assert len(route53.list_hosted_zones()["HostedZones"]) == 1


def test_a_parent_of_another_environment_delegates_as_long_as_the_zone_is_there(account: Account, route53: Any) -> None:
    parent = made(account, {"environment": "prod", "zones": {DOMAIN: {"records": []}}})
    dev = {"zones": {"dev": {"domain": f"dev.{DOMAIN}", "parent": DOMAIN}}}
    servers = account.apply("dns_zones", dev)["zones"]["dev"]["name_servers"]
    assert sorted(said(route53, parent)[f"NS dev.{DOMAIN}."]) == servers
    assert account.plan("dns_zones", {"environment": "prod", "zones": {DOMAIN: {"records": []}}})["changed"] is False
    account.apply("dns_zones", ABSENT)
    assert said(route53, parent) == {}


def test_a_parent_that_delegates_to_others_is_left_alone(account: Account, route53: Any) -> None:
    parent = made(account, {"environment": "prod", "zones": {DOMAIN: {"records": []}}})
    put(route53, parent, f"dev.{DOMAIN}", "NS", "ns1.elsewhere.example")
    told = refused(account, {"zones": {"dev": {"domain": f"dev.{DOMAIN}", "parent": DOMAIN}}})
    assert f"the zone {DOMAIN} delegates dev.{DOMAIN} to others (ns1.elsewhere.example) already" in told


def test_an_unchanged_run_takes_two_calls_a_zone_and_one_more(account: Account) -> None:
    options = {"zones": {name: {"records": [{"type": "TXT", "values": [name]}]} for name in ("a.example", "b.example")}}
    account.apply("dns_zones", options)
    account.watch()
    account.apply("dns_zones", options)
    calls = Counter(call["operation"] for call in account.cloud.calls())
    assert calls == {"ListHostedZones": 1, "ListTagsForResource": 2, "ListResourceRecordSets": 2}
