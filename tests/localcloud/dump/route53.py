# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hosted zones with their record sets."""

from __future__ import annotations

from typing import Any

from .collectors import Found, every, reads


@reads("route53", regional=False)
def _hosted_zones(route53: Any) -> Found:
    for zone in every(route53, "list_hosted_zones", "HostedZones"):
        zone_id = zone["Id"].rpartition("/")[2]
        tags = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)["ResourceTagSet"]["Tags"]
        yield (
            "hosted-zone",
            zone_id,
            {**zone, "VPCs": route53.get_hosted_zone(Id=zone_id).get("VPCs", []), "Tags": tags},
        )
        for one in every(route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id):
            if not (one["Name"] == zone["Name"] and one["Type"] in ("NS", "SOA")):
                yield (
                    "record-set",
                    "/".join(filter(None, (zone_id, one["Type"], one["Name"], one.get("SetIdentifier")))),
                    one,
                )
