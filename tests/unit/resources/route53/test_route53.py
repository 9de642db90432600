# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Route 53's records: whose they are, which changes make them so, and which zone the world asks. AWS is not asked."""

from __future__ import annotations

from typing import Any

from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Properties
from ansible_collections.keelson.eks.plugins.module_utils.resources.route53.reads import (
    RecordSet,
    misplaced,
    plain_name,
    points_at,
    zone_of,
)
from ansible_collections.keelson.eks.plugins.module_utils.resources.route53.records import (
    Content,
    batch,
    conflicts,
    content,
    digest,
    record_set,
    shaped,
    text_value,
)
from hypothesis import given
from hypothesis import strategies as st

DOMAIN = "acme.example"
WWW = {"TTL": 300, "Values": {"192.0.2.1"}}
ZONES: list[Properties] = [{"Name": name} for name in ("acme.example", "dev.acme.example", "other.example")]


def after(present: list[RecordSet], changes: list[tuple[str, RecordSet]]) -> list[RecordSet]:
    """The zone's records as a batch leaves them; a delete must name what is there."""
    there = {(one["Type"], one["Name"]): one for one in present}
    for action, record in changes:
        if action == "DELETE":
            assert there.pop((record["Type"], record["Name"])) == record
        else:
            there[record["Type"], record["Name"]] = record
    return list(there.values())


def read(records: list[RecordSet]) -> Content:
    return content(DOMAIN, records)


def test_a_name_belongs_to_the_zone_with_the_longest_matching_name() -> None:
    assert zone_of("a.dev.acme.example", ZONES) == {"Name": "dev.acme.example"}
    assert zone_of("acme.example", ZONES) == {"Name": "acme.example"}
    assert zone_of("notacme.example", ZONES) is None


def test_a_record_that_nobody_would_ask_for_is_told_and_a_zone_that_is_yet_to_come_is_no_reason() -> None:
    assert "is asked of the zone dev.acme.example" in misplaced("a.dev.acme.example", "acme.example", ZONES)
    assert misplaced("a.acme.example", "acme.example", ZONES) == ""
    assert misplaced("a.new.acme.example", "new.acme.example", ZONES) == ""


def test_names_are_compared_without_final_dot_case_and_escapes() -> None:
    assert plain_name("\\052.Acme.example.") == "*.acme.example"
    target = {"HostedZoneId": "Z", "DNSName": "D1.cloudfront.net.", "EvaluateTargetHealth": False}
    assert points_at({"Type": "A", "Name": DOMAIN, "AliasTarget": target}, "d1.cloudfront.net")
    assert not points_at({"Type": "A", "Name": DOMAIN, "ResourceRecords": []}, "d1.cloudfront.net")


def test_what_every_zone_has_is_nobodys() -> None:
    records = [
        record_set(f"NS {DOMAIN}", {"TTL": 1, "Values": {"ns1.x."}}),
        record_set(f"SOA {DOMAIN}", {"TTL": 1, "Values": {"x"}}),
    ]
    found = read(records)
    assert (found.own, found.foreign, found.name_servers) == ({}, {}, ["ns1.x"])


def test_a_record_is_taken_over_without_a_change_to_it() -> None:
    there = [record_set(f"A www.{DOMAIN}", WWW)]
    (change,) = batch(DOMAIN, read(there), {f"A www.{DOMAIN}": WWW})
    assert change[1]["Name"] == f"_keelson.{DOMAIN}"
    assert list(conflicts(read(there), {f"A www.{DOMAIN}": WWW})) == []


def test_a_record_conflicts_with_another_of_its_type_and_with_a_cname_of_its_name() -> None:
    def of(kind: str, **more: Any) -> list[str]:
        theirs = {**record_set(f"{kind} www.{DOMAIN}", {"TTL": 60, "Values": {"x.example"}}), **more}
        return list(conflicts(read([theirs]), {f"A www.{DOMAIN}": WWW}))

    assert of("A") == [f"A www.{DOMAIN}"]
    assert of("A", SetIdentifier="blue", Weight=1) == [f"A www.{DOMAIN} blue"]
    assert of("CNAME") == [f"CNAME www.{DOMAIN}"]
    assert of("TXT") == []


def test_the_list_tells_nobody_which_names_there_are() -> None:
    ((_action, _record), (_unused, registry)) = batch(DOMAIN, Content(), {f"A secret.{DOMAIN}": WWW})
    assert "secret" not in str(registry)


def test_text_is_quoted_escaped_and_cut_into_strings() -> None:
    assert text_value('say "hi"\\') == '"say \\"hi\\"\\\\"'
    assert text_value('"as it is"') == '"as it is"'
    assert [len(part) for part in text_value("x" * 300).split(" ")] == [257, 47]


KEYS = st.builds(
    lambda kind, name: f"{kind} {name}.{DOMAIN}", st.sampled_from(["A", "TXT", "MX"]), st.sampled_from("abcdefgh")
)
SAYS = st.builds(
    lambda ttl, values: {"TTL": ttl, "Values": values},
    st.sampled_from([60, 300]),
    st.sets(st.sampled_from("xyz"), min_size=1),
)
DECLARED = st.dictionaries(KEYS, SAYS, max_size=30)


@given(DECLARED, DECLARED, DECLARED)
def test_whatever_was_declared_a_batch_makes_what_is_and_leaves_what_others_have(
    theirs: dict[str, Properties], before: dict[str, Properties], wanted: dict[str, Properties]
) -> None:
    theirs = {key: says for key, says in theirs.items() if key not in before and key not in wanted}
    records = [record_set(key, says) for key, says in theirs.items()]
    records = after(records, batch(DOMAIN, read(records), before))
    records = after(records, batch(DOMAIN, read(records), wanted))
    found = read(records)
    assert found.says == wanted
    assert {key: shaped(record) for key, record in found.foreign.items()} == theirs
    assert batch(DOMAIN, found, wanted) == []
    assert after(records, batch(DOMAIN, found, {})) == [record_set(key, says) for key, says in theirs.items()]


@given(st.sets(st.integers(0, 10**6), max_size=300))
def test_the_list_of_as_many_records_as_there_may_be_is_read_as_it_was_written(numbers: set[int]) -> None:
    wanted = {f"A a{number}.{DOMAIN}": WWW for number in numbers}
    records = after([], batch(DOMAIN, Content(), wanted))
    assert read(records).own.keys() == wanted.keys()
    assert all(len(item["Value"]) <= 4000 for record in records for item in record["ResourceRecords"])


def test_a_listed_record_that_is_lost_is_told_and_no_longer_listed() -> None:
    records = after([], batch(DOMAIN, Content(), {f"A www.{DOMAIN}": WWW}))
    lost = read([record for record in records if record["Type"] == "TXT"])
    assert lost.says == {f"lost {digest(f'A www.{DOMAIN}')}": {}}
    assert [action for action, _record in batch(DOMAIN, lost, {})] == ["DELETE"]
