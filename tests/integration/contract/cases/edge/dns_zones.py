# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module dns_zones."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw
from ..needs import NETWORK

RECORDS: list[Options] = [
    {"type": "MX", "values": ["10 mail.acme.example."]},
    {"type": "TXT", "values": ["v=spf1 -all", "x" * 300]},
    {"type": "CAA", "values": ['0 issue "amazon.com"']},
    {"name": "status.acme.example", "type": "CNAME", "values": ["status.provider.example"], "ttl": 60},
    {"name": "*.acme.example", "type": "A", "values": ["192.0.2.10", "192.0.2.11"]},
    {
        "name": "cdn.acme.example",
        "type": "AAAA",
        "alias": {"dns_name": "d1.cloudfront.net", "zone_id": "Z2FDTNDATAQYW2"},
    },
    {"name": "shop.acme.example", "type": "NS", "values": ["ns1.shop.example", "ns2.shop.example"]},
]
ZONES: Options = {
    "acme.example": {"comment": "The company", "records": RECORDS},
    "dev": {"domain": "dev.acme.example", "parent": "acme.example", "records": []},
    "inside": {"domain": "acme.example", "private": True},
}


def zone_id(raw: Raw, key: str = "acme.example") -> str:
    return str(raw.found("HostedZone", key)["Id"])


def change(raw: Raw, zone: str, action: str, **record: Any) -> None:
    changes = [{"Action": action, "ResourceRecordSet": record}]
    raw.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def redirect(raw: Raw) -> None:
    """One of the zone's records says something else, and one has gone."""
    zone = zone_id(raw)
    change(raw, zone, "UPSERT", Name="*.acme.example", Type="A", TTL=300, ResourceRecords=[{"Value": "198.51.100.66"}])
    there = raw.found("HostedZone", "acme.example")["Content"].own["CNAME status.acme.example"]
    change(raw, zone, "DELETE", **there)


def undelegate(raw: Raw) -> None:
    there = raw.found("HostedZone", "acme.example")["Content"].foreign["NS dev.acme.example"]
    change(raw, zone_id(raw), "DELETE", **there)


def move_to_another_vpc(raw: Raw) -> None:
    other = raw.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    zone, ours = zone_id(raw, "inside"), next(iter(raw.found("HostedZone", "inside")["VPCs"]))
    where = {"VPCRegion": "us-east-1"}
    raw.client("route53").associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC={**where, "VPCId": other})
    raw.client("route53").disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC={**where, "VPCId": ours})


def tag(raw: Raw) -> None:
    tags = [{"Key": "team", "Value": "someone else"}]
    raw.client("route53").change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id(raw), AddTags=tags)


def broken(**options: Any) -> Options:
    return {"zones": {"acme.example": options}}


def record(kind: str, *values: str, **options: Any) -> Options:
    return broken(records=[{"type": kind, "values": list(values), **options}])


AT = r"^zones\.acme\.example\.records\[0\]"
MANY: list[Options] = [
    {"name": f"a{index}.acme.example", "type": "A", "values": [f"192.0.2.{index}", f"198.51.100.{index}"]}
    for index in range(151)
]

CASE = Case(
    module="dns_zones",
    options={"zones": ZONES},
    needs=(NETWORK,),
    changes={
        ("HostedZone", "Comment"): lambda raw: raw.client("route53").update_hosted_zone_comment(
            Id=zone_id(raw), Comment="theirs"
        ),
        ("HostedZone", "Delegation"): undelegate,
        ("HostedZone", "Records"): redirect,
        ("HostedZone", "Tags"): tag,
        ("HostedZone", "VPCs"): move_to_another_vpc,
    },
    smaller={"zones": {}},  # another zone of the name would have other name servers: zones are not purged
    side_effects=frozenset({"route53/record-set"}),
    bad={
        "zones no dictionary": ({"zones": ["acme.example"]}, r"zones"),
        "a zone that is no dictionary": (
            {"zones": {"acme.example": 1}},
            r"^zones\.acme\.example: 1 is not a dictionary of options",
        ),
        "an option that zones do not have": (broken(vpc="x"), r"^zones\.acme\.example\.vpc: "),
        "a domain with its final dot": (
            broken(domain="acme.example."),
            r"^zones\.acme\.example\.domain: .* without its final dot",
        ),
        "a domain in upper case": (broken(domain="Acme.example"), r"^zones\.acme\.example\.domain: .* in lower case"),
        "a public zone for a whole top-level domain": (
            broken(domain="example"),
            r"^zones\.acme\.example\.domain: 'example' is no domain",
        ),
        "a name too long": (
            {"zones": {"x" * 64: {"domain": "acme.example"}}},
            r"^zones\.x+: a name has at most 63 characters",
        ),
        "two zones of one domain": (
            {"zones": {"acme.example": {}, "other": {"domain": "acme.example"}}},
            r"^zones\.other: zones\.acme\.example has the domain acme\.example as well",
        ),
        "a comment too long": (broken(comment="x" * 257), r"^zones\.acme\.example\.comment: must be at most 256"),
        "a private zone with a parent": (
            broken(private=True, parent="example"),
            r"^zones\.acme\.example\.parent: nobody delegates",
        ),
        "a parent that is none": (
            broken(parent="other.example"),
            r"^zones\.acme\.example\.parent: acme\.example is not below other\.example",
        ),
        "a type there is not": (record("SPF", "x"), r"^zones\.acme\.example\.records\[0\]\.type: .*SPF"),
        "a record outside": (
            record("A", "192.0.2.1", name="www.other.example"),
            AT + r"\.name: 'www\.other\.example' is no full name in",
        ),
        "a record with a final dot": (
            record("A", "192.0.2.1", name="www.acme.example."),
            AT + r"\.name: .* without its final dot",
        ),
        "the place of the list": (
            record("TXT", "x", name="_keelson.acme.example"),
            AT + r"\.name: .* keeps which records",
        ),
        "a CNAME of the domain": (
            record("CNAME", "other.example"),
            AT + r"\.type: acme\.example itself can have no CNAME .* Use an alias",
        ),
        "name servers of the domain": (
            record("NS", "ns1.other.example"),
            AT + r"\.type: acme\.example itself can have no NS",
        ),
        "two CNAMEs": (
            record("CNAME", "a.example", "b.example", name="w.acme.example"),
            AT + r"\.values: a CNAME record has one value, not 2",
        ),
        "no content": (broken(records=[{"type": "A"}]), AT + r": takes either values or alias"),
        "an alias of the wrong type": (
            broken(
                records=[
                    {
                        "name": "w.acme.example",
                        "type": "CNAME",
                        "alias": {"dns_name": "d.cloudfront.net", "zone_id": "Z"},
                    }
                ]
            ),
            AT + r"\.alias: is for records of the types A and AAAA, not CNAME",
        ),
        "a value twice": (record("A", "192.0.2.1", "192.0.2.1"), AT + r"\.values: names one twice"),
        "a TTL below nothing": (record("A", "192.0.2.1", ttl=-1), AT + r"\.ttl: must be from 0"),
        "an address that is none": (
            record("A", "192.0.2.300"),
            AT + r"\.values: '192\.0\.2\.300' is no value .* such as 192\.0\.2\.10",
        ),
        "an IPv4 address for IPv6": (record("AAAA", "192.0.2.1"), AT + r"\.values: '192\.0\.2\.1' is no value"),
        "mail without a priority": (record("MX", "mail.acme.example"), AT + r"\.values: .* such as 10 mail"),
        "an authority without a tag": (record("CAA", "amazon.com"), AT + r"\.values: .* such as 0 issue"),
        "text that is not ASCII": (record("TXT", "größer"), AT + r"\.values: .* in ASCII"),
        "a host that is none": (
            record("CNAME", "https://x", name="w.acme.example"),
            AT + r"\.values: 'https://x' is no value",
        ),
        "one record in two": (
            broken(records=[{"type": "TXT", "values": ["a"]}, {"type": "TXT", "values": ["b"]}]),
            r"^zones\.acme\.example\.records\[1\]: there is another TXT record",
        ),
        "something beside a CNAME": (
            broken(
                records=[
                    {"name": "w.acme.example", "type": "CNAME", "values": ["a.example"]},
                    {"name": "w.acme.example", "type": "A", "values": ["192.0.2.1"]},
                ]
            ),
            r"^zones\.acme\.example\.records: w\.acme\.example has a CNAME record, and so can have no other \(A\)",
        ),
        "more records than one batch takes": (
            broken(records=MANY),
            r"^zones\.acme\.example\.records: has more than 300 values",
        ),
    },
    bad_when_made={
        "a domain that changes": (
            broken(domain="other.example"),
            r"^HostedZone acme\.example: cannot change Name in place",
        ),
        "a zone that another component has": (
            {"component": "other"},
            r"^HostedZone acme\.example: the account has a public zone acme\.example \(\w+\) already",
        ),
    },
)
