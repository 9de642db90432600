# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DNS zones: Route 53's public and private hosted zones, and records in them."""

from __future__ import annotations

from typing import Any

from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...engine.report import known
from ...engine.resource import Properties
from ...resources.ec2.vpc import VpcLookup
from ...resources.route53.records import plain_value, text_value
from ...resources.route53.zone import HostedZone, ZoneLookup
from ..component import Component, Context
from ..entries import entries
from .dns_zone_rules import ZONE, Entry, domain_of, name_of, problems
from .dns_zones_options import OPTIONS


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    given = entries(context["zones"], ZONE)
    public = {domain_of(name, zone): name for name, zone in given.items() if not zone["private"]}

    def hosted(name: str) -> HostedZone:
        zone = given[name]
        domain, parent = domain_of(name, zone), zone["parent"]
        return HostedZone(
            key=name,
            domain=domain,
            comment=zone["comment"] or f"{domain} of {context.owner.name}",
            vpc=VpcLookup() if zone["private"] else None,
            parent=None if parent is None else hosted(public[parent]) if parent in public else ZoneLookup(parent),
            records=None if zone["records"] is None else dict(_record(domain, record) for record in zone["records"]),
        )

    return Declaration(tuple(map(hosted, given)))


def _record(domain: str, record: Entry) -> tuple[str, Properties]:
    kind, alias = record["type"], record["alias"]
    key = f"{kind} {name_of(domain, record)}"
    if alias:
        target = {"HostedZoneId": alias["zone_id"], "DNSName": alias["dns_name"].rstrip(".").lower()}
        return key, {"AliasTarget": {**target, "EvaluateTargetHealth": alias["evaluate_target_health"]}}
    values = {text_value(value) if kind == "TXT" else plain_value(kind, value) for value in record["values"]}
    return key, {"TTL": record["ttl"], "Values": values}


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    paths = {"id": "Id", "name_servers": "NameServers"}
    zones = [zone for zone in declare(context).resources if isinstance(zone, HostedZone)]
    return {
        "zones": {
            zone.key: {"domain": zone.domain, **{output: known(outcome, zone, path) for output, path in paths.items()}}
            for zone in zones
        }
    }


COMPONENT = Component(
    name="dns_zones",
    options=OPTIONS,
    kinds=(HostedZone,),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("zones",),
)
