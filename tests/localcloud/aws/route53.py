# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Route 53: what a batch of changes may do, all at once or not at all; changes that take their time;
references and VPCs that are taken.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from localcloud.clock import clock
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.route53.exceptions import InvalidInput, InvalidVPCId, NoSuchHostedZone, Route53ClientError
from moto.route53.models import FakeZone, RecordSet, Route53Backend
from moto.route53.responses import Route53

from .acm import look_at_records
from .patching import add, override

_MOST_CHANGES = 1000
_MOST_CHARACTERS = 32000
_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"

Data = dict[str, Any]


def install() -> None:
    override(Route53Backend, "__init__", _make_backend)
    override(Route53Backend, "create_hosted_zone", _create_zone)
    override(Route53Backend, "delete_hosted_zone", _delete_zone)
    override(Route53Backend, "associate_vpc_with_hosted_zone", _associate)
    for name in (
        "create_hosted_zone",
        "delete_hosted_zone",
        "associate_vpc_with_hosted_zone",
        "disassociate_vpc_from_hosted_zone",
    ):
        override(Route53, name, _with_change)
    override(Route53, "change_resource_record_sets", _with_change)
    for name in ("list_tags_for_resource", "list_tags_for_resources"):
        override(Route53, name, _of_zones_that_exist)
    add(Route53, get_change)
    add(Route53Backend, change_resource_record_sets)


def _make_backend(original: Callable[..., Any], self: Any, *args: Any, **names: Any) -> None:
    original(self, *args, **names)
    self.references, self.changes = set(), {}


# Zones


def _create_zone(original: Callable[..., Any], self: Any, name: str, **parameters: Any) -> FakeZone:
    reference = parameters["caller_reference"]
    if reference in self.references:
        message = f"A hosted zone has already been created with the specified caller reference {reference}."
        raise Route53ClientError("HostedZoneAlreadyExists", message)
    if parameters["private_zone"]:
        _check_vpc(self, name, parameters["vpcid"], parameters["vpcregion"])
    zone: FakeZone = original(self, name, **parameters)
    self.references.add(reference)
    _name_servers(zone)
    return zone


def _name_servers(zone: FakeZone) -> None:
    """Other ones than those of any other zone; the records have their final dots."""
    numbers = hashlib.sha256(zone.resource_id.encode()).digest()[:4]
    endings = ("com", "net", "org", "co.uk")
    servers = [
        f"ns-{index * 512 + number}.awsdns-{number % 64:02}.{endings[index]}" for index, number in enumerate(numbers)
    ]
    if zone.delegation_set and not zone.delegation_set.id:
        zone.delegation_set.name_servers = servers
    authority = f"{servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
    for record in zone.rrsets:
        record.records = [f"{server}." for server in servers] if record.type == "NS" else [authority]


def _check_vpc(backend: Route53Backend, name: str, vpc_id: str | None, region: str | None) -> None:
    if vpc_id is None or region is None:
        raise InvalidInput("When you're creating a private hosted zone, you must specify a VPC.")
    if vpc_id not in ec2_backends[backend.account_id][region].vpcs:
        raise InvalidVPCId
    for zone in backend.zones.values():
        if zone.private_zone and zone.name == name and vpc_id in [vpc["vpc_id"] for vpc in zone.vpcs]:
            taken = f"has already been associated with the hosted zone {zone.resource_id} with the same domain name."
            message = f"The VPC {vpc_id} in region {region} {taken}"
            raise Route53ClientError("ConflictingDomainExists", message)


def _associate(original: Callable[..., Any], self: Route53Backend, zone_id: str, vpcid: str, vpcregion: str) -> Any:
    zone = self.get_hosted_zone(zone_id)
    if zone.private_zone:
        _check_vpc(self, zone.name, vpcid, vpcregion)
    return original(self, zone_id, vpcid, vpcregion)


def _delete_zone(original: Callable[..., Any], self: Route53Backend, id_: str) -> Any:
    zone = original(self, id_)
    self.resource_tags.pop(id_.rpartition("/")[2], None)
    return zone


def _of_zones_that_exist(original: Callable[..., Any], self: Route53) -> Any:
    asked = self._get_param("ResourceIds") or [self._get_param("ResourceId")]
    for zone_id in asked if self._get_param("ResourceType") == "hostedzone" else ():
        if zone_id not in self.backend.zones:
            raise NoSuchHostedZone(zone_id)
    return original(self)


# Changes


def _with_change(original: Callable[..., Any], self: Any) -> ActionResult:
    answer: Any = original(self)
    submitted = utcnow()
    change_id = "C" + hashlib.sha256(f"{submitted}{len(self.backend.changes)}".encode()).hexdigest()[:20].upper()
    self.backend.changes[change_id] = (clock.deadline("route53.change"), submitted)
    answer.result["ChangeInfo"] = _change_info(self, change_id)
    return ActionResult(answer.result)


def get_change(self: Any) -> ActionResult:
    change_id = self._get_param("Id").rpartition("/")[2]
    if change_id not in self.backend.changes:
        raise Route53ClientError("NoSuchChange", f"Could not find resource with ID: {change_id}")
    return ActionResult({"ChangeInfo": _change_info(self, change_id)})


def _change_info(response: Any, change_id: str) -> Data:
    deadline, submitted = response.backend.changes[change_id]
    return {
        "Id": f"/change/{change_id}",
        "Status": "INSYNC" if clock.passed(deadline) else "PENDING",
        "SubmittedAt": submitted,
    }


# Record sets


def change_resource_record_sets(self: Any, zoneid: str, change_list: list[Data]) -> None:
    """On a copy of the zone's record sets, which becomes the zone's once every change was allowed."""
    zone = self.get_hosted_zone(zoneid)
    _check_size(change_list)
    records = {_identity(record): record for record in zone.rrsets}
    for change in change_list:
        wanted = _record(change["ResourceRecordSet"])
        if not _is_within(wanted.name, zone.name):
            _refuse(f"RRSet with DNS name {wanted.name} is not permitted in zone {zone.name}")
        _ACTIONS[change["Action"]](records, wanted)
    for record in records.values():
        _check_neighbours(zone, record, list(records.values()))
    zone.rrsets = list(records.values())
    look_at_records(self.account_id)


def _check_size(changes: list[Data]) -> None:
    characters = sum(
        len(value["Value"]) * (2 if change["Action"] == "UPSERT" else 1)
        for change in changes
        for value in change["ResourceRecordSet"].get("ResourceRecords") or []
    )
    if len(changes) > _MOST_CHANGES:
        _refuse(f"Number of changes limit of {_MOST_CHANGES} exceeded.")
    if characters > _MOST_CHARACTERS:
        _refuse(f"Number of characters limit of {_MOST_CHARACTERS} exceeded.")


def _record(given: Data) -> RecordSet:
    alias, values = given.get("AliasTarget"), [value["Value"] for value in given.get("ResourceRecords") or []]
    if bool(alias) == bool(values and given.get("TTL") is not None):
        found = "found none" if not alias else "found more than one"
        raise InvalidInput(
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], "
            f"or TrafficPolicyInstanceId], but {found} in Change with [Name={given['Name']}, Type={given['Type']}]"
        )
    if (
        alias
        and alias["HostedZoneId"] == _CLOUDFRONT_ZONE
        and not alias["DNSName"].rstrip(".").endswith(".cloudfront.net")
    ):
        told = f"{alias['DNSName']}, type {given['Type']} in zone {_CLOUDFRONT_ZONE}"
        _refuse(
            f"Tried to create an alias that targets {told}, "
            "but the alias target name does not lie within the target zone"
        )
    return RecordSet({**given, "Name": _full(given["Name"]), "ResourceRecords": values})


def _create(records: dict[Any, RecordSet], wanted: RecordSet) -> None:
    if _identity(wanted) in records:
        _refuse(
            f"Tried to create resource record set [name='{wanted.name}', type='{wanted.type}'] but it already exists"
        )
    records[_identity(wanted)] = wanted


def _upsert(records: dict[Any, RecordSet], wanted: RecordSet) -> None:
    records[_identity(wanted)] = wanted


def _delete(records: dict[Any, RecordSet], wanted: RecordSet) -> None:
    told = f"Tried to delete resource record set [name='{wanted.name}', type='{wanted.type}']"
    there = records.get(_identity(wanted))
    if there is None:
        return _refuse(f"{told} but it was not found")
    if _says(there) != _says(wanted):
        return _refuse(f"{told} but the values provided do not match the current values")
    del records[_identity(wanted)]
    return None


_ACTIONS = {"CREATE": _create, "UPSERT": _upsert, "DELETE": _delete}


def _check_neighbours(zone: FakeZone, record: RecordSet, records: list[RecordSet]) -> None:
    if record.type == "CNAME" and record.name == zone.name:
        _refuse(f"RRSet of type CNAME with DNS name {record.name} is not permitted at apex in zone {zone.name}")
    if record.type == "CNAME" and any(other.name == record.name and other.type != "CNAME" for other in records):
        told = f"is not permitted as it conflicts with other records with the same DNS name in zone {zone.name}"
        _refuse(f"RRSet of type CNAME with DNS name {record.name} {told}")
    if not any(other.type == "SOA" for other in records):
        _refuse("A HostedZone must contain exactly one SOA record.")
    if not any(other.type == "NS" and other.name == zone.name for other in records):
        _refuse("A HostedZone must contain at least one NS record for the zone itself.")


def _refuse(message: str) -> None:
    raise Route53ClientError("InvalidChangeBatch", f"[{message}]")


def _identity(record: RecordSet) -> tuple[str, str | None, str | None]:
    return _full(record.name), record.type, record.set_identifier


def _says(record: RecordSet) -> tuple[Any, ...]:
    alias = record.alias_target and {**record.alias_target, "DNSName": _full(record.alias_target["DNSName"])}
    return alias, None if alias else int(record.ttl or 0), sorted(record.records or [])


def _full(name: str) -> str:
    """As Route 53 keeps names: in lower case, with the final dot, an asterisk escaped."""
    return name.lower().rstrip(".").replace("*", "\\052") + "."


def _is_within(name: str, zone: str) -> bool:
    return name == zone or name.endswith(f".{zone}")
