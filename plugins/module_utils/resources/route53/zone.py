# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Route 53: hosted zones with the records that they declare.

A zone's CallerReference, which only its making sets and every listing shows, begins with its owner's name: a zone is
known as the owner's before it is tagged, which takes a second call, and the zones of an account need not be asked for
their tags one by one. https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.errors import EVENTUALLY
from ...aws.parallel import each
from ...aws.session import Aws, AwsError
from ...engine.errors import AnswerLost, Blocked
from ...engine.resource import Foresight, Lookup, Owner, Properties, Resource, State
from ..ec2.vpc import VpcLookup
from .reads import all_records, change_records, public_zones, records_of, reference_prefix, zones
from .records import Content, batch, conflicts, content, record_set, values_of

PARENT_TAG = "keelson:parent"
"""Where a zone keeps the name of the zone that delegates to it: whoever deletes it knows nothing but the zone."""
DELEGATION_TTL = 172800
"""Seconds, as AWS's own NS records have it."""
SHOWN = 5
"""Records that a message names."""


@dataclass(frozen=True)
class HostedZone(Resource):
    """A zone. ``vpc``: makes it a private one. ``parent``: the zone that delegates ``domain`` to it.

    ``records``: what they say by type and name, as ``route53_records.shaped`` has it; None leaves them as they are.
    """

    key: str
    domain: str
    comment: str
    vpc: VpcLookup | None = None
    parent: HostedZone | ZoneLookup | None = None
    records: dict[str, Properties] | None = None

    stateful: ClassVar[bool] = True
    replaced_by: ClassVar[frozenset[str]] = frozenset({"Name", "PrivateZone"})
    instead: ClassVar[str] = "Declare the other zone under a name of its own."
    id_name: ClassVar[str] = "Id"

    def desired(self) -> Properties:
        wanted: Properties = {"Name": self.domain, "PrivateZone": self.vpc is not None, "Comment": self.comment}
        if self.vpc:
            wanted["VPCs"] = {self.vpc.ref("VpcId")}
        if self.parent:
            wanted.update(Delegation=self.parent.ref("Id"), Tags={PARENT_TAG: self.parent_domain})
        if self.records is not None:
            wanted["Records"] = self.records
        return wanted

    @property
    def parent_domain(self) -> str:
        return self.parent.domain if isinstance(self.parent, HostedZone) else self.parent.key if self.parent else ""

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        """``NameServers``: sorted. ``Delegation``: the id of the parent that delegates to just these."""
        prefix = f"{reference_prefix(owner)}{owner.component}/"
        account = list(zones(api))
        own = [zone for zone in account if zone["CallerReference"].startswith(prefix)]
        for zone, found in zip(own, each(lambda zone: _zone(api, zone, account), own), strict=True):
            if found is None:
                continue
            found["OwnDelegations"] = {f"NS {other['Name']}" for other in own}
            if not any(name.startswith("keelson:") for name in found["Tags"]):  # a run died before it tagged the zone
                found["Tags"] = {**found["Tags"], **owner.scope}
            yield (
                found["Tags"].get("keelson:key", zone["CallerReference"].removeprefix(prefix).rpartition("/")[0]),
                found,
            )

    def create(self, api: Aws, wanted: Properties) -> Properties:
        tags = wanted["Tags"]
        whose = "/".join(tags[f"keelson:{part}"] for part in ("platform", "environment", "component", "key"))
        vpc = {"VPC": {"VPCRegion": api.region, "VPCId": next(iter(wanted["VPCs"]))}} if self.vpc else {}
        try:
            made = api.call(
                "route53",
                "create_hosted_zone",
                Name=self.domain,
                CallerReference=f"keelson/{whose}/{wanted['ClientToken'][:8]}",
                HostedZoneConfig={"Comment": self.comment, "PrivateZone": wanted["PrivateZone"]},
                **vpc,
            )
        except AwsError as error:
            if error.code == "HostedZoneAlreadyExists":  # by this very request, whose first answer was lost
                raise AnswerLost(str(error)) from error
            raise
        return {
            **{name: wanted[name] for name in wanted.keys() & {"Name", "PrivateZone", "Comment", "VPCs"}},
            "Id": made["HostedZone"]["Id"].rpartition("/")[2],
            "NameServers": sorted(made.get("DelegationSet", {}).get("NameServers", [])),
            "Content": Content(),
            "Records": {},
            "Delegation": None,
            "Tags": {},
        }

    def update(self, api: Aws, observed: Properties, changes: Properties) -> None:
        zone_id = observed["Id"]
        if "Tags" in changes:
            tags = [{"Key": name, "Value": value} for name, value in changes["Tags"].items()]
            api.call("route53", "change_tags_for_resource", ResourceType="hostedzone", ResourceId=zone_id, AddTags=tags)
        if "Comment" in changes:
            api.call("route53", "update_hosted_zone_comment", Id=zone_id, Comment=changes["Comment"])
        if "VPCs" in changes:
            _associate(api, zone_id, changes["VPCs"])
        if "Records" in changes:
            change_records(api, zone_id, batch(self.domain, observed["Content"], changes["Records"]))
        if "Delegation" in changes:
            _undelegate(api, observed)
            _delegate(api, changes["Delegation"], self.domain, observed["NameServers"])

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        """With its own records. One that holds others is left, untouched, after a while in which theirs may go."""
        zone_id, domain = observed["Id"], observed["Name"]
        present = content(domain, all_records(api, zone_id) or [])
        if others := sorted(present.foreign.keys() - observed["OwnDelegations"]):
            more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
            told = f"{domain} ({zone_id}) holds records that are not its own: {', '.join(others[:SHOWN])}{more}"
            raise Blocked(f"{told}. Remove them, or what keeps them there, and run again.", patience=EVENTUALLY)
        change_records(api, zone_id, batch(domain, present, {}))
        _undelegate(api, observed)
        api.call("route53", "delete_hosted_zone", Id=zone_id)

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        if not observed and (taken := self._taken(api, changes)):
            return taken
        others = (
            sorted(set(conflicts(observed["Content"], changes["Records"]))) if observed and "Records" in changes else []
        )
        if others:
            told = "which the zone's records option has not made. Remove them, or leave them out of it"
            return f"{self.domain} ({observed['Id']}) holds {', '.join(others[:SHOWN])}, {told}."
        if isinstance(changes.get("Delegation"), str):
            return self._delegation_taken(api, changes["Delegation"], observed)
        return ""

    def _taken(self, api: Aws, wanted: Properties) -> str:
        """AWS would make a second zone of the name, which nobody asks; or, of a private one in the same VPC, refuse."""
        for zone in zones(api):
            if zone["Name"] != self.domain or bool(zone["Config"].get("PrivateZone")) != wanted["PrivateZone"]:
                continue
            if not self.vpc:
                way_out = "Leave it out here, and give its name where a zone is asked for; or remove it."
                return (
                    f"the account has a public zone {self.domain} ({zone['Id']}) already, "
                    f"which is not this environment's. {way_out}"
                )
            if wanted["VPCs"] & _vpcs(api, zone["Id"]).keys():
                return (
                    f"the VPC has a private zone {self.domain} ({zone['Id']}) already, "
                    "which is not this environment's. Remove it."
                )
        return ""

    def _delegation_taken(self, api: Aws, parent_id: str, observed: Properties) -> str:
        for record in records_of(api, parent_id, self.domain):
            if record["Type"] == "NS" and values_of(record) != set(observed.get("NameServers", [])):
                servers = ", ".join(sorted(values_of(record)))
                return (
                    f"the zone {self.parent_domain} delegates {self.domain} to others ({servers}) already. "
                    "Remove that record there."
                )
        return ""


@dataclass(frozen=True)
class ZoneLookup(Lookup):
    """A public zone by its domain name: the environment's own, or any other of the account. Known: ``Id``, ``Name``."""

    key: str

    role = "dns_zones"
    id_name = "Id"

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        found = public_zones(api)
        for zone in found:
            twins = [other["Id"] for other in found if other["Name"] == zone["Name"]]
            is_own = zone["CallerReference"].startswith(reference_prefix(owner))
            yield zone["Name"], {**zone, "IsOwn": is_own, "Twins": [] if is_own else twins}

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        zones = ahead.of(owner.of("dns_zones"), HostedZone) or {}
        public = {
            zone["Name"]: {"IsOwn": True, "Twins": [], **zone} for zone in zones.values() if not zone["PrivateZone"]
        }
        return {**found, **{name: {**found.get(name, {}), **zone} for name, zone in public.items()}}

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        if len(twins := observed["Twins"]) > 1:
            told = "Remove the ones that the domain is not delegated to."
            return State.UNHEALTHY, f"the account has several public zones of this name, {', '.join(twins)}. {told}"
        return State.READY, ""

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        return bool(observed["IsOwn"])


def _zone(api: Aws, zone: Properties, account: list[Properties]) -> Properties | None:
    """All of a zone in the shape of ``desired()``; None when it has gone."""
    zone_id, is_private = zone["Id"], bool(zone["Config"].get("PrivateZone"))
    answer = api.find("route53", "list_tags_for_resource", ResourceType="hostedzone", ResourceId=zone_id)
    records = all_records(api, zone_id)
    if answer is None or records is None:
        return None
    tags = {tag["Key"]: tag["Value"] for tag in answer["ResourceTagSet"]["Tags"]}
    present = content(zone["Name"], records)
    return {
        "Id": zone_id,
        "Name": zone["Name"],
        "PrivateZone": is_private,
        "Comment": zone["Config"].get("Comment", ""),
        "VPCs": set(_vpcs(api, zone_id)) if is_private else set(),
        "NameServers": present.name_servers,
        "Content": present,
        "Records": present.says,
        "Delegation": _delegation(api, zone["Name"], present.name_servers, tags.get(PARENT_TAG), account),
        "Tags": tags,
    }


def _delegation(api: Aws, domain: str, servers: list[str], parent: str | None, account: list[Properties]) -> str | None:
    """The id of the parent zone, if it delegates to these servers."""
    for zone in account if parent else ():
        if zone["Name"] == parent and not zone["Config"].get("PrivateZone"):
            found = [record for record in records_of(api, zone["Id"], domain) if record["Type"] == "NS"]
            return str(zone["Id"]) if any(values_of(record) == set(servers) for record in found) else None
    return None


def _delegate(api: Aws, parent_id: str, domain: str, servers: list[str]) -> None:
    record = record_set(f"NS {domain}", {"TTL": DELEGATION_TTL, "Values": set(servers)})
    change_records(api, parent_id, [("UPSERT", record)])


def _undelegate(api: Aws, zone: Properties) -> None:
    if zone["Delegation"]:
        found = [record for record in records_of(api, zone["Delegation"], zone["Name"]) if record["Type"] == "NS"]
        ours = [record for record in found if values_of(record) == set(zone["NameServers"])]
        change_records(api, zone["Delegation"], [("DELETE", record) for record in ours])


def _vpcs(api: Aws, zone_id: str) -> dict[str, str]:
    """The regions of the VPCs that a private zone is for, by id."""
    found = api.find("route53", "get_hosted_zone", Id=zone_id) or {}
    return {vpc["VPCId"]: vpc["VPCRegion"] for vpc in found.get("VPCs", [])}


def _associate(api: Aws, zone_id: str, wanted: set[str]) -> None:
    """New ones first: Route 53 leaves no private zone without a VPC."""
    present = _vpcs(api, zone_id)
    for vpc_id in sorted(wanted - present.keys()):
        api.call(
            "route53",
            "associate_vpc_with_hosted_zone",
            HostedZoneId=zone_id,
            VPC={"VPCRegion": api.region, "VPCId": vpc_id},
        )
    for vpc_id in sorted(present.keys() - wanted):
        vpc = {"VPCRegion": present[vpc_id], "VPCId": vpc_id}
        api.call("route53", "disassociate_vpc_from_hosted_zone", HostedZoneId=zone_id, VPC=vpc)
