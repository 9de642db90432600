# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: DB subnet groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...aws.session import Aws
from ...engine.plan import has_unknown
from ...engine.resource import Owner, Properties, Resource
from ..ec2.subnet import SubnetsLookup
from .common import make, named, tag, tag_list


@dataclass(frozen=True)
class DbSubnetGroup(Resource):
    """The subnets that databases may be in; its key is its name."""

    key: str
    description: str
    subnets: SubnetsLookup

    id_name: ClassVar[str] = "DBSubnetGroupName"
    arn_name: ClassVar[str] = "DBSubnetGroupArn"

    def desired(self) -> Properties:
        return {"DBSubnetGroupDescription": self.description, "SubnetIds": {self.subnets.ref("SubnetIds")}}

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        found = api.read("rds", "describe_db_subnet_groups", "DBSubnetGroups")
        for group in named(api, owner, found, "DBSubnetGroupName", "DBSubnetGroupArn"):
            yield (
                group["DBSubnetGroupName"],
                {**group, "SubnetIds": {subnet["SubnetIdentifier"] for subnet in group["Subnets"]}},
            )

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = make(
            api,
            "create_db_subnet_group",
            DBSubnetGroupName=self.key,
            DBSubnetGroupDescription=self.description,
            SubnetIds=sorted(wanted["SubnetIds"]),
            Tags=tag_list(wanted["Tags"]),
        )["DBSubnetGroup"]
        return {**made, **wanted}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        wanted = {**observed, **changes}
        if changes.keys() & {"SubnetIds", "DBSubnetGroupDescription"}:
            api.call(
                "rds",
                "modify_db_subnet_group",
                DBSubnetGroupName=observed["DBSubnetGroupName"],
                DBSubnetGroupDescription=wanted["DBSubnetGroupDescription"],
                SubnetIds=sorted(wanted["SubnetIds"]),
            )
        tag(api, observed["DBSubnetGroupArn"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call("rds", "delete_db_subnet_group", DBSubnetGroupName=observed["DBSubnetGroupName"])

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        if "SubnetIds" not in changes or has_unknown(changes["SubnetIds"]):
            return ""
        if observed and observed["SubnetIds"].isdisjoint(changes["SubnetIds"]):
            return (
                f"subnet_tier: the database is in other subnets than those of the tier {self.subnets.key}, and RDS "
                "does not move it there. Put the old tier back; or restore a snapshot as another database there, and "
                "let the applications move."
            )
        subnets = api.read("ec2", "describe_subnets", "Subnets", SubnetIds=sorted(changes["SubnetIds"]))
        zones = sorted({subnet["AvailabilityZone"] for subnet in subnets})
        if len(zones) > 1:
            return ""
        return (
            "subnet_tier: RDS needs subnets in two availability zones or more; "
            f"the tier {self.subnets.key} has them in {zones[0]} alone."
        )
