# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Subnets, security groups and network interfaces of clusters and node groups, in moto's own EC2.

https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
"""

from __future__ import annotations

import contextlib
import ipaddress

from moto.ec2.exceptions import DependencyViolationError, InvalidSubnetIdError
from moto.ec2.models.subnets import Subnet
from moto.moto_api._internal import mock_random

from .backend import EksBackend
from .errors import InvalidParameterException, UnsupportedAvailabilityZoneException
from .resources import Cluster

# Where EKS has no control planes.
_UNSUPPORTED_ZONES = ("use1-az3", "usw1-az2", "cac1-az3")
_PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
# Addresses that cannot come in over the internet.
_RESERVED = (*_PRIVATE, ipaddress.IPv4Network("127.0.0.0/8"), ipaddress.IPv4Network("169.254.0.0/16"))


def subnets(backend: EksBackend, ids: list[str]) -> list[Subnet]:
    found = []
    for subnet_id in ids:
        try:
            found.append(backend.ec2.get_subnet(subnet_id))
        except InvalidSubnetIdError:
            raise InvalidParameterException(f"The subnet ID '{subnet_id}' does not exist") from None
    return found


def check_cluster_subnets(backend: EksBackend, name: str, ids: list[str]) -> str:
    """The id of the VPC that they are in."""
    if not ids:
        raise InvalidParameterException("subnetIds can't be empty")
    if len(set(ids)) != len(ids):
        raise InvalidParameterException("Subnets specified must be unique")
    found = subnets(backend, ids)
    if len({subnet.vpc_id for subnet in found}) > 1:
        raise InvalidParameterException("Subnets specified must be in the same VPC")
    if len({subnet.availability_zone for subnet in found}) < 2:
        raise InvalidParameterException("Subnets specified must be in at least two different AZs")
    for subnet in found:
        if subnet.availability_zone_id in _UNSUPPORTED_ZONES:
            message = (
                f"Cannot create cluster '{name}' because {subnet.availability_zone}, the targeted availability zone, "
                "does not currently have sufficient capacity to support the cluster. Retry and choose another "
                "availability zone"
            )
            raise UnsupportedAvailabilityZoneException(message, clusterName=name)
    return found[0].vpc_id


def check_security_groups(backend: EksBackend, ids: list[str], vpc_id: str) -> None:
    if len(ids) > 5:
        raise InvalidParameterException("You can specify up to 5 security groups.")
    for group_id in ids:
        group = backend.ec2.get_security_group_from_id(group_id)
        if group is None:
            raise InvalidParameterException(f"The security group '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            message = (
                f"Security group(s) [{group_id}] are not in the same VPC as the subnets. "
                "Please specify the correct VPC."
            )
            raise InvalidParameterException(message)


def vpc_networks(backend: EksBackend, vpc_id: str) -> list[ipaddress.IPv4Network]:
    associations = backend.ec2.get_vpc(vpc_id).cidr_block_association_set
    return [ipaddress.IPv4Network(association["cidr_block"]) for association in associations]


def service_cidr(backend: EksBackend, vpc_id: str, wanted: str | None) -> str:
    """The service CIDR: the one asked for, checked, or EKS's default, which depends on the VPC's own."""
    taken = vpc_networks(backend, vpc_id)
    if wanted is None:
        default = ipaddress.IPv4Network("10.100.0.0/16")
        return "172.20.0.0/16" if any(_PRIVATE[0].overlaps(network) for network in taken) else str(default)
    try:
        network = ipaddress.IPv4Network(wanted)
    except ValueError:
        raise InvalidParameterException(f"The specified serviceIpv4Cidr is not valid: {wanted}") from None
    if not 12 <= network.prefixlen <= 24 or not any(network.subnet_of(block) for block in _PRIVATE):
        message = "serviceIpv4Cidr must be between /24 and /12 and within 10.0.0.0/8, 172.16.0.0/12, or 192.168.0.0/16"
        raise InvalidParameterException(message)
    if any(network.overlaps(other) for other in taken):
        raise InvalidParameterException(f"serviceIpv4Cidr {wanted} overlaps with a CIDR block of VPC {vpc_id}")
    return wanted


def check_public_cidrs(cidrs: list[str]) -> list[str]:
    """The list without the host bits, as EKS keeps it."""
    networks, invalid = [], []
    for cidr in cidrs:
        try:
            networks.append(ipaddress.IPv4Network(cidr, strict=False))
        except ValueError:
            invalid.append(cidr)
    if invalid:
        raise InvalidParameterException(f"The following CIDRs are invalid in publicAccessCidrs: [{','.join(invalid)}]")
    reserved = [str(network) for network in networks if any(network.subnet_of(block) for block in _RESERVED)]
    if reserved:
        raise InvalidParameterException(
            f"The following CIDRs are not allowed in publicAccessCidrs: [{','.join(reserved)}]"
        )
    if len(cidrs) > 40:
        raise InvalidParameterException("You can specify up to 40 publicAccessCidrs.")
    return [str(network) for network in networks]


def create_cluster_security_group(backend: EksBackend, cluster: Cluster) -> str:
    name = f"eks-cluster-sg-{cluster.name}-{mock_random.randint(10**8, 10**10 - 1)}"
    group = backend.ec2.create_security_group(
        name,
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
        "as well as any managed workloads.",
        vpc_id=cluster.data["resourcesVpcConfig"]["vpcId"],
        tags={"Name": name, "aws:eks:cluster-name": cluster.name, f"kubernetes.io/cluster/{cluster.name}": "owned"},
    )
    backend.ec2.authorize_security_group_ingress(
        group.id, "-1", "-1", "-1", [], source_groups=[{"GroupId": group.id}], vpc_id=group.vpc_id
    )
    return str(group.id)


def attach_control_plane(backend: EksBackend, cluster: Cluster) -> None:
    """One network interface of the control plane in each subnet, in place of those that were there."""
    release(backend, cluster.interfaces)
    config = cluster.data["resourcesVpcConfig"]
    groups = [config["clusterSecurityGroupId"], *config["securityGroupIds"]]
    cluster.interfaces = [
        create_interface(backend, subnet, groups, f"Amazon EKS {cluster.name}", cluster.name)
        for subnet in config["subnetIds"]
    ]


def create_interface(backend: EksBackend, subnet: str, groups: list[str], description: str, cluster: str) -> str:
    interface = backend.ec2.create_network_interface(
        backend.ec2.get_subnet(subnet),
        [],
        group_ids=groups,
        description=description,
        tags={"cluster.k8s.amazonaws.com/name": cluster},
    )
    interface.status = "in-use"
    interface.requester_managed = True
    return str(interface.id)


def release(backend: EksBackend, interfaces: list[str]) -> None:
    for interface_id in interfaces:
        interface = backend.ec2.enis.pop(interface_id, None)
        if interface is not None and interface.private_ip_address:
            interface.subnet.del_subnet_ip(interface.private_ip_address)


def delete_cluster_network(backend: EksBackend, cluster: Cluster) -> None:
    """EKS leaves its security group behind when something else still uses it."""
    release(backend, cluster.interfaces)
    with contextlib.suppress(DependencyViolationError):
        backend.ec2.delete_security_group(group_id=cluster.data["resourcesVpcConfig"]["clusterSecurityGroupId"])
