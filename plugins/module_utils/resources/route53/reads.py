# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Route 53: the account's public hosted zones, and the records that other kinds have in them.

Records carry no tags: each is a property of what it belongs to. What a name has already that points elsewhere is
somebody's, and is never overwritten. Names are written here without the final dot, in lower case.

Route 53 takes five requests a second from an account:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...aws.errors import EVENTUALLY
from ...aws.parallel import each
from ...aws.session import Aws, AwsError
from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties

ALIAS_TYPES = ("A", "AAAA")
RECORD_PLACE = ("RecordName", "RecordType", "RecordIdentifier")
SEVERAL = "100"
"""More than one name has of record sets: a type has several by routing policies."""

RecordSet = dict[str, Any]
Change = tuple[str, RecordSet]
"""``UPSERT`` or ``DELETE``, and the record set in AWS's own shape."""


def reference_prefix(owner: Owner) -> str:
    """What the CallerReference of every zone of the environment begins with: set once, when a zone is made."""
    return f"keelson/{owner.platform}/{owner.environment}/"


def public_zones(api: Aws) -> list[Properties]:
    return [zone for zone in zones(api) if not zone["Config"].get("PrivateZone")]


def public_zone_ids(api: Aws, owner: Owner) -> dict[str, str]:
    """By their names; of two the environment's own."""
    prefix = reference_prefix(owner)
    return {
        zone["Name"]: zone["Id"]
        for zone in sorted(public_zones(api), key=lambda zone: zone["CallerReference"].startswith(prefix))
    }


def zones(api: Aws) -> Iterator[Properties]:
    """All zones of the account, as ListHostedZones has them: their ids and names plain."""
    for zone in api.read("route53", "list_hosted_zones", "HostedZones"):
        yield {"Config": {}, **zone, "Id": zone["Id"].rpartition("/")[2], "Name": plain_name(zone["Name"])}


def zone_of(name: str, among: Iterable[Properties]) -> Properties | None:
    """The zone whose records the world is told of a name: the one with the longest matching name."""
    matching = [zone for zone in among if is_within(name, zone["Name"])]
    return max(matching, key=lambda zone: len(zone["Name"]), default=None)


def is_within(name: str, zone_name: str) -> bool:
    return name == zone_name or name.endswith(f".{zone_name}")


def plain_name(name: str) -> str:
    """Route 53 escapes an asterisk: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html"""
    return name.rstrip(".").replace("\\052", "*").lower()


def records_of(api: Aws, zone_id: str, name: str) -> list[RecordSet]:
    """The record sets of one name, of all types."""
    found = api.find(
        "route53", "list_resource_record_sets", HostedZoneId=zone_id, StartRecordName=name, MaxItems=SEVERAL
    )
    return [record for record in (found or {}).get("ResourceRecordSets", []) if plain_name(record["Name"]) == name]


def all_records(api: Aws, zone_id: str) -> list[RecordSet] | None:
    """All record sets of a zone, 300 a call; None when there is no such zone."""
    found: list[RecordSet] = []
    start: dict[str, str] = {}
    while True:
        page = api.find("route53", "list_resource_record_sets", HostedZoneId=zone_id, **start)
        if page is None:
            return None
        found += page["ResourceRecordSets"]
        if not page["IsTruncated"]:
            return found
        start = {f"Start{name}": page[f"Next{name}"] for name in RECORD_PLACE if page.get(f"Next{name}")}


def change_records(api: Aws, zone_id: str, changes: list[Change]) -> None:
    """All of them at once, or none."""
    if not changes:
        return
    batch = [{"Action": action, "ResourceRecordSet": record} for action, record in changes]
    try:
        api.call("route53", "change_resource_record_sets", HostedZoneId=zone_id, ChangeBatch={"Changes": batch})
    except AwsError as error:
        # What is to be deleted has gone or has changed since it was read: to look again settles it.
        if error.code == "InvalidChangeBatch" and any(part in error.message for part in ("not found", "do not match")):
            raise Blocked(str(error), patience=EVENTUALLY) from error
        raise


# Aliases: the A and AAAA records of names that a distribution or a load balancer serves.


def aliased(api: Aws, names: Iterable[str], target: str) -> dict[str, str]:
    """Of these names those that are aliases of the target (``d111111abcdef8.cloudfront.net``),
    and the id of the zone that says so.
    """
    among = public_zones(api)
    placed = [(name, zone["Id"]) for name in names if (zone := zone_of(name, among))]
    found = each(lambda place: records_of(api, place[1], place[0]), placed)
    return {
        name: zone_id
        for (name, zone_id), records in zip(placed, found, strict=True)
        if {record["Type"] for record in records if points_at(record, target)} == set(ALIAS_TYPES)
    }


def put_aliases(api: Aws, zone_id: str, names: Iterable[str], target: str, target_zone_id: str) -> None:
    """``target_zone_id``: AWS's own zone of the target's service. Ask ``alias_objection`` first."""
    where = {"HostedZoneId": target_zone_id, "DNSName": target, "EvaluateTargetHealth": False}
    change_records(
        api,
        zone_id,
        [("UPSERT", {"Name": name, "Type": kind, "AliasTarget": where}) for name in names for kind in ALIAS_TYPES],
    )


def remove_aliases(api: Aws, zone_id: str, names: Iterable[str], target: str) -> None:
    """What still points at the target, and nothing else."""
    found = [record for records in each(lambda name: records_of(api, zone_id, name), names) for record in records]
    change_records(api, zone_id, [("DELETE", record) for record in found if points_at(record, target)])


def alias_objection(api: Aws, zone_name: str, names: Iterable[str], target: str | None) -> str:
    """Why these names cannot become aliases in that zone; empty when they can.

    ``target``: None while it does not exist yet.
    """
    among = public_zones(api)
    zone_id = next((zone["Id"] for zone in among if zone["Name"] == zone_name), None)
    for name in names:
        if reason := misplaced(name, zone_name, among):
            return reason
        for record in records_of(api, zone_id, name) if zone_id else ():
            if record["Type"] in (*ALIAS_TYPES, "CNAME") and not (target and points_at(record, target)):
                return (
                    f"the zone {zone_name} has a record {record['Type']} {name} already, which points elsewhere. "
                    "Remove it there."
                )
    return ""


def misplaced(name: str, zone_name: str, among: Iterable[Properties]) -> str:
    """Why the world would not see a record that the name had in that zone; empty when it would."""
    right = zone_of(name, among)
    if right is None or len(right["Name"]) <= len(zone_name):
        return ""
    return (
        f"{name} is asked of the zone {right['Name']}, which the account has as well, and not of {zone_name}. "
        "Name that zone."
    )


def points_at(record: RecordSet, target: str) -> bool:
    return record["Type"] in ALIAS_TYPES and plain_name(record.get("AliasTarget", {}).get("DNSName", "")) == plain_name(
        target
    )
