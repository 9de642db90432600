# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""VPCs and subnets: what they hold keeps them from being deleted, and what came with them goes with them.

https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend

from ..patching import add, override
from .requests import dependency


def install() -> None:
    add(VPCBackend, delete_vpc)
    override(SubnetBackend, "create_subnet", _create_subnet)
    override(SubnetBackend, "delete_subnet", _delete_subnet)


def delete_vpc(self: EC2Backend, vpc_id: str) -> Any:
    vpc = self.get_vpc(vpc_id)
    if any(_holds(self, vpc_id)):
        raise dependency("vpc", vpc_id)
    for table in [table for table in self.route_tables.values() if table.vpc_id == vpc_id]:
        _forget(self, self.route_tables, table.id)
    for acl in [acl for acl in self.network_acls.values() if acl.vpc_id == vpc_id]:
        _forget(self, self.network_acls, acl.id)
    for log in [log for log in self.flow_logs.values() if log.resource_id == vpc_id]:
        _forget(self, self.flow_logs, log.id)
    for group in self.groups.pop(vpc_id, {}).values():
        self.tags.pop(group.id, None)
    return self.vpcs.pop(vpc.id)


def _holds(backend: EC2Backend, vpc_id: str) -> list[bool]:
    """What AWS makes with a VPC goes with it; everything else holds it."""
    return [
        bool(backend.describe_subnets(filters={"vpc-id": [vpc_id]})),
        any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in backend.internet_gateways.values()),
        any(gateway.vpc_id == vpc_id for gateway in backend.egress_only_internet_gateways.values()),
        any(table.vpc_id == vpc_id and not table.main_association_id for table in backend.route_tables.values()),
        any(acl.vpc_id == vpc_id and not acl.default for acl in backend.network_acls.values()),
        any(not group.is_default for group in backend.groups[vpc_id].values()),
        any(endpoint.vpc_id == vpc_id for endpoint in backend.vpc_end_points.values()),
        any(gateway.attachments.get(vpc_id) for gateway in backend.vpn_gateways.values()),
        any(
            vpc_id in (peering.vpc.id, peering.peer_vpc.id) and peering._status.code in ("active", "pending-acceptance")
            for peering in backend.vpc_pcxs.values()
        ),
    ]


def _forget(backend: EC2Backend, held: dict[str, Any], resource_id: str) -> None:
    del held[resource_id]
    backend.tags.pop(resource_id, None)


def _create_subnet(original: Callable[..., Any], self: EC2Backend, *args: Any, **kwargs: Any) -> Any:
    """moto takes the first subnet of a zone for the zone's default one, which only a default VPC has."""
    subnet = original(self, *args, **kwargs)
    if not self.get_vpc(subnet.vpc_id).is_default:
        subnet.default_for_az = subnet.map_public_ip_on_launch = False
    return subnet


def _delete_subnet(original: Callable[..., Any], self: EC2Backend, subnet_id: str) -> Any:
    if any(interface.subnet.id == subnet_id for interface in self.enis.values()):
        raise dependency("subnet", subnet_id)
    subnet = original(self, subnet_id)
    for table in self.route_tables.values():
        table._associations = {key: target for key, target in table._associations.items() if target != subnet_id}
    for acl in self.network_acls.values():
        acl._associations = {key: held for key, held in acl._associations.items() if held.subnet_id != subnet_id}
    for log in [log for log in self.flow_logs.values() if log.resource_id == subnet_id]:
        _forget(self, self.flow_logs, log.id)
    return subnet
