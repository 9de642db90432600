# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DB subnet groups: two zones at least, of one VPC, and a group in use stays.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import ec2_backends
from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse

from ..patching import add, override
from . import network
from .life import refuse


def install() -> None:
    add(RDSResponse, create_db_subnet_group, modify_db_subnet_group)
    override(RDSBackend, "delete_subnet_group", _delete)


def create_db_subnet_group(self: RDSResponse) -> ActionResult:
    name = self.params["DBSubnetGroupName"]
    if name in self.backend.subnet_groups:
        raise refuse("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.")
    subnets = _subnets(self.backend, self.params.get("SubnetIds", []))
    group = self.backend.create_subnet_group(
        name, self.params["DBSubnetGroupDescription"], subnets, self.params.get("Tags", [])
    )
    return ActionResult({"DBSubnetGroup": group})


def modify_db_subnet_group(self: RDSResponse) -> ActionResult:
    group = self.backend.describe_db_subnet_groups(self.params["DBSubnetGroupName"])[0]
    subnets = _subnets(self.backend, self.params.get("SubnetIds", []))
    if subnets[0].vpc_id != group.vpc_id:
        raise refuse("InvalidSubnet", "The new subnets are not in the same VPC as the subnet group.")
    used = {subnet for instance in self.backend.databases.values() for subnet in network.subnets_of(instance)}
    if lost := used & {subnet.id for subnet in group._subnets} - {subnet.id for subnet in subnets}:
        raise refuse("SubnetAlreadyInUse", f"The specified subnet {sorted(lost)[0]} is already in use.")
    group.subnets = subnets
    group.description = self.params.get("DBSubnetGroupDescription") or group.description
    return ActionResult({"DBSubnetGroup": group})


def _subnets(backend: RDSBackend, ids: list[str]) -> list[Any]:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    try:
        found = [ec2.get_subnet(subnet_id) for subnet_id in ids]
    except InvalidSubnetIdError as error:
        raise refuse("InvalidSubnet", f"Some input subnets in :{ids} are invalid.") from error
    if len({subnet.vpc_id for subnet in found}) != 1:
        raise refuse("InvalidSubnet", "Subnets are not all in the same VPC.")
    if len({subnet.availability_zone for subnet in found}) < 2:
        message = (
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            "Add subnets to cover at least 2 AZs."
        )
        raise refuse("DBSubnetGroupDoesNotCoverEnoughAZs", message)
    return found


def _delete(original: Callable[..., Any], self: RDSBackend, name: str) -> Any:
    group = self.describe_db_subnet_groups(name)[0]
    users = [each.db_cluster_identifier for each in self.clusters.values() if each.db_subnet_group_name == group.name]
    users += [
        each.db_instance_identifier
        for each in self.databases.values()
        if getattr(each, "_db_subnet_group_name", None) and each.db_subnet_group.name == group.name
    ]
    if users:
        message = (
            f"Cannot delete the subnet group '{name}' because at least one database instance: "
            f"{users[0]} is still using it."
        )
        raise refuse("InvalidDBSubnetGroupStateFault", message)
    return original(self, name)
