# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ACM: public certificates, validated by DNS.

ACM changes neither the names nor the key of a certificate, and deletes none that is in use. So a certificate here is
all that ACM has under one key: to change it means to ask for another, the newest counts, and the older ones go as soon
as nobody uses them. https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.errors import EVENTUALLY
from ...aws.session import Aws
from ...engine.ahead import over
from ...engine.errors import Blocked, Underway
from ...engine.resource import Foresight, Lookup, Owner, Properties, Resource, State
from ..route53.reads import RecordSet, change_records, misplaced, public_zone_ids, public_zones, records_of
from ..route53.zone import ZoneLookup
from .reads import ZONE_TAG, certificates, find, sharing_names

ASKED_ANEW = frozenset({"Region", "DomainName", "SubjectAlternativeNames", "KeyAlgorithm", "FailureReason"})
"""What only another certificate can have."""
VALIDATION_TTL = 300
"""Seconds."""


@dataclass(frozen=True)
class Certificate(Resource):
    """A certificate. ``alternatives``: the names beside ``domain``.

    ``zone``: where its validation records are put; None: not by us.
    """

    key: str
    domain: str
    region: str
    alternatives: tuple[str, ...] = ()
    zone: ZoneLookup | None = None
    key_algorithm: str = "RSA_2048"
    transparency_logging: bool = True

    id_name: ClassVar[str] = "CertificateArn"
    arn_name: ClassVar[str] = "CertificateArn"

    @property
    def names(self) -> set[str]:
        return {self.domain, *self.alternatives}

    def desired(self) -> Properties:
        validation = {"ValidationZone": self.zone.ref("Id"), "Tags": {ZONE_TAG: self.zone.key}} if self.zone else {}
        return {
            "Region": self.region,
            "DomainName": self.domain,
            "SubjectAlternativeNames": self.names,
            "KeyAlgorithm": self.key_algorithm,
            "TransparencyLogging": "ENABLED" if self.transparency_logging else "DISABLED",
            "FailureReason": "",
            "Superseded": set(),
            **validation,
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        """``ValidationZone``: the id of its zone, once all validation records are there.

        ``Superseded``: older ones that nobody uses.
        """
        found = dict(certificates(api, owner))
        zone_ids = public_zone_ids(api, owner) if any(ZONE_TAG in one["Tags"] for one in found.values()) else {}
        for key, certificate in found.items():
            zone_id = zone_ids.get(certificate["Tags"].get(ZONE_TAG, ""))
            is_there = zone_id and _all_there(api, zone_id, certificate["ValidationRecords"])
            yield key, {**certificate, "ValidationZone": zone_id if is_there else None}

    def create(self, api: Aws, wanted: Properties) -> Properties:
        arn = self._request(api, wanted["Tags"], wanted["ClientToken"])
        made = {name: value for name, value in wanted.items() if name not in ("ValidationZone", "ClientToken")}
        return {
            **made,
            "CertificateArn": arn,
            "Status": "PENDING_VALIDATION",
            "ValidationRecords": [],
            "ValidationZone": None,
        }

    def update(self, api: Aws, observed: Properties, changes: Properties) -> None:
        if changes.keys() & ASKED_ANEW:
            tags = {**observed["Tags"], **changes.get("Tags", {})}
            # The token is this run's: to ask again while ACM does not show the certificate yet makes no second one.
            arn = self._request(api, tags, str(uuid.uuid5(api.run, f"{self.key} {observed['CertificateArn']}")))
            raise Blocked(f"{arn} has just been asked for, and is not shown yet", patience=EVENTUALLY)
        acm, arn = api.in_region(observed["Region"]), observed["CertificateArn"]
        if "Tags" in changes:
            acm.call("acm", "add_tags_to_certificate", CertificateArn=arn, Tags=_tag_list(changes["Tags"]))
        if "TransparencyLogging" in changes:
            options = {"CertificateTransparencyLoggingPreference": changes["TransparencyLogging"]}
            acm.call("acm", "update_certificate_options", CertificateArn=arn, Options=options)
        if "ValidationZone" in changes:
            if not observed["ValidationRecords"]:
                raise Blocked(f"ACM does not tell the validation records of {arn} yet", patience=EVENTUALLY)
            records = [("UPSERT", _record_set(record)) for record in observed["ValidationRecords"]]
            change_records(api, changes["ValidationZone"], records)
        for old in observed["Superseded"] if "Superseded" in changes else ():
            _delete(api, old)

    def _request(self, api: Aws, tags: dict[str, str], token: str) -> str:
        made = api.in_region(self.region).call(
            "acm",
            "request_certificate",
            DomainName=self.domain,
            SubjectAlternativeNames=sorted(self.names),
            ValidationMethod="DNS",
            KeyAlgorithm=self.key_algorithm,
            Options={
                "CertificateTransparencyLoggingPreference": "ENABLED" if self.transparency_logging else "DISABLED"
            },
            IdempotencyToken=token.replace("-", ""),
            Tags=_tag_list(tags),
        )
        return str(made["CertificateArn"])

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        for arn in observed["Arns"]:
            _delete(api, arn)

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        if observed.get("FailureReason"):
            return (
                State.UNHEALTHY,
                f"{observed['FailureReason']}. Once its reason is gone, the role certificates asks for it anew.",
            )
        if observed["Status"] == "ISSUED":
            return State.READY, ""
        return (
            State.PENDING,
            f"ACM validates {', '.join(sorted(observed['SubjectAlternativeNames']))}{_awaited(observed)}",
        )

    @classmethod
    def is_left_to_others(cls, observed: Properties) -> bool:
        return ZONE_TAG not in observed["Tags"]

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        if self.zone is None or not changes.keys() & (ASKED_ANEW | {"ValidationZone"}):
            return ""
        among = public_zones(api)
        reasons = (misplaced(name.removeprefix("*."), self.zone.key, among) for name in sorted(self.names))
        return next(filter(None, reasons), "")


@dataclass(frozen=True)
class CertificateLookup(Lookup):
    """A certificate of the environment, by the region it has to be in and its key: ``us-east-1/site``.

    Known: ``CertificateArn``, ``Status``, ``SubjectAlternativeNames``.
    """

    key: str

    role: ClassVar[str] = "certificates"
    id_name: ClassVar[str] = "CertificateArn"
    is_waited_for: ClassVar[bool] = False
    """A zone that nobody has delegated to yet keeps it pending for as long as that takes."""

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for key, certificate in certificates(api, owner.of("certificates")):
            yield f"{certificate['Region']}/{key}", certificate

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        planned = ahead.of(owner.of("certificates"), Certificate)
        named = {f"{one['Region']}/{key}": one for key, one in planned.items()} if planned is not None else None
        return over(found, named)

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return Certificate.state(observed)

    @classmethod
    def is_left_to_others(cls, observed: Properties) -> bool:
        return Certificate.is_left_to_others(observed)


def _awaited(observed: Properties) -> str:
    """Where its validation records are, or have to be put."""
    if zone := observed["Tags"].get(ZONE_TAG):
        return f" by the records in the zone {zone}, to which {zone} has to be delegated"
    records = [f"{record['Name']} {record['Type']} {record['Value']}" for record in observed["ValidationRecords"]]
    return f". Put these records into the DNS of these names: {'; '.join(records)}" if records else ""


def _all_there(api: Aws, zone_id: str, records: Iterable[Properties]) -> bool:
    return bool(records) and all(
        any(_says(found, record) for found in records_of(api, zone_id, record["Name"].rstrip(".")))
        for record in records
    )


def _says(found: RecordSet, record: Properties) -> bool:
    values = [item["Value"].rstrip(".") for item in found.get("ResourceRecords", [])]
    return found["Type"] == record["Type"] and values == [record["Value"].rstrip(".")]


def _delete(api: Aws, arn: str) -> None:
    """With its validation records in our zone,
    which another certificate of the account with the same names may share.
    """
    acm = api.in_region(arn.split(":")[3])
    certificate = find(acm, arn)
    if certificate is None:
        return
    if users := certificate["InUseBy"]:
        raise Underway(
            f"{arn} is still used by {', '.join(sorted(users))}: it goes once they have let go of it", started=False
        )
    zone_id = next(
        (zone["Id"] for zone in public_zones(api) if zone["Name"] == certificate["Tags"].get(ZONE_TAG)), None
    )
    if zone_id:
        _remove_validation(api, zone_id, certificate)
    acm.call("acm", "delete_certificate", CertificateArn=arn)


def _remove_validation(api: Aws, zone_id: str, certificate: Properties) -> None:
    shared = sharing_names(api, certificate["CertificateArn"])
    for record in certificate["ValidationRecords"]:
        if not shared & record["For"]:
            found = [one for one in records_of(api, zone_id, record["Name"].rstrip(".")) if _says(one, record)]
            change_records(api, zone_id, [("DELETE", one) for one in found])


def _record_set(record: Properties) -> RecordSet:
    return {
        "Name": record["Name"],
        "Type": record["Type"],
        "TTL": VALIDATION_TTL,
        "ResourceRecords": [{"Value": record["Value"]}],
    }


def _tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]
