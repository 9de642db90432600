# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The network interfaces of instances: they hold their subnet and their security groups."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend, ec2_backends
from moto.rds.models import DBInstance, RDSBackend

from .life import refuse


def ec2_of(backend: RDSBackend) -> EC2Backend:
    found: EC2Backend = ec2_backends[backend.account_id][backend.region_name]
    return found


def check_security_groups(backend: RDSBackend, ids: list[str], vpc_id: str) -> None:
    for group_id in ids:
        group = ec2_of(backend).get_security_group_from_id(group_id)
        if group is None:
            raise refuse("InvalidParameterValue", f"Invalid security group , groupId= {group_id}, groupName=.")
        if group.vpc_id != vpc_id:
            raise refuse(
                "InvalidVPCNetworkStateFault",
                f"The DB instance and EC2 security group are in different VPCs: {group_id}.",
            )


def attach(instance: DBInstance, zones: list[str]) -> None:
    """An interface in each of these zones, of which the first is the instance's; a second one is its standby's."""
    ec2 = ec2_of(instance.backend)
    by_zone = {subnet.availability_zone: subnet for subnet in reversed(instance.db_subnet_group._subnets)}
    instance.interfaces = []
    for zone in zones:
        groups = list(instance.vpc_security_group_ids)
        interface = ec2.create_network_interface(by_zone[zone], [], group_ids=groups, description="RDSNetworkInterface")
        interface.status, interface.requester_managed = "in-use", True
        instance.interfaces.append(interface.id)


def release(instance: DBInstance) -> None:
    ec2 = ec2_of(instance.backend)
    for interface_id in instance.__dict__.pop("interfaces", []):
        interface = ec2.enis.pop(interface_id, None)
        if interface is not None and interface.private_ip_address:
            interface.subnet.del_subnet_ip(interface.private_ip_address)


def zones_of(instance: DBInstance, multi_az: bool) -> list[str]:
    others = {subnet.availability_zone for subnet in instance.db_subnet_group._subnets} - {instance.availability_zone}
    return [instance.availability_zone, *(sorted(others)[:1] if multi_az else [])]


def subnets_of(instance: DBInstance) -> list[str]:
    return [each.subnet.id for each in _interfaces(instance)]


def regroup(instance: DBInstance) -> None:
    """Its interfaces get the security groups that it has by now."""
    ec2 = ec2_of(instance.backend)
    for interface in _interfaces(instance):
        interface._group_set[:] = [
            ec2.get_security_group_from_id(group_id) for group_id in instance.vpc_security_group_ids
        ]


def _interfaces(instance: DBInstance) -> list[Any]:
    ec2 = ec2_of(instance.backend)
    return [ec2.enis[each] for each in getattr(instance, "interfaces", []) if each in ec2.enis]
