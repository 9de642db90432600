# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""NAT gateways with their states, internet gateways and Elastic IP addresses that cannot go while they are in use.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.clock import clock
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError, InvalidSubnetIdError
from moto.ec2.models import EC2Backend, nat_gateways
from moto.ec2.models.elastic_ip_addresses import ElasticAddress, ElasticAddressBackend
from moto.ec2.models.internet_gateways import InternetGatewayBackend
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.utils import generic_filter

from ..patching import add, override
from .requests import error, settle_with

# Seconds for which a gateway that is gone is still described.
_SHOWN_AFTER_DELETE = 3600.0


def install() -> None:
    # Without an address moto's interfaces take one of their subnet's; with moto's own choice they take any.
    nat_gateways.random_private_ip = lambda: ""
    override(NatGateway, "__init__", _start)
    NatGateway.state = property(_state, lambda self, _value: None)
    NatGateway.nat_gateway_id = property(lambda self: self.id)
    add(NatGatewayBackend, describe_nat_gateways, delete_nat_gateway)
    override(InternetGatewayBackend, "attach_internet_gateway", _attach)
    override(InternetGatewayBackend, "detach_internet_gateway", _detach)
    override(ElasticAddressBackend, "disassociate_address", _disassociate)
    override(ElasticAddressBackend, "release_address", _release)
    settle_with(_settle)


def _start(
    original: Callable[..., Any],
    self: Any,
    backend: EC2Backend,
    subnet_id: str,
    allocation_id: str | None,
    tags: dict[str, str] | None = None,
    connectivity_type: str | None = None,
) -> None:
    public = connectivity_type != "private"
    if public and not allocation_id:
        raise error("MissingParameter", "The request must contain the parameter AllocationId")
    subnet = backend.get_subnet(subnet_id)
    self.failure_code, self.failure_message = (
        _failure(backend, subnet.vpc_id, allocation_id) if public else (None, None)
    )
    self.ready = clock.deadline("ec2.natgateway.create")
    self.gone = None
    original(
        self, backend, subnet_id, None if self.failure_code else allocation_id, tags, "public" if public else "private"
    )
    self._eni.description = f"Interface for NAT Gateway {self.id}"
    self._eni.status, self._eni.interface_type, self._eni.requester_managed = "in-use", "nat_gateway", True


def _failure(backend: EC2Backend, vpc_id: str, allocation_id: str | None) -> tuple[str | None, str | None]:
    """AWS takes such a gateway and lets it fail a moment later."""
    address = backend.address_by_allocation([allocation_id or ""])[0]
    if address.association_id:
        return "Resource.AlreadyAssociated", f"Elastic IP address [{allocation_id}] is already associated"
    if not any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in backend.internet_gateways.values()):
        return "Gateway.NotAttached", f"Network {vpc_id} has no Internet gateway attached"
    return None, None


def _state(self: Any) -> str:
    if self.gone is not None:
        return "deleted" if clock.passed(self.gone) else "deleting"
    if not clock.passed(self.ready):
        return "pending"
    return "failed" if self.failure_code else "available"


def describe_nat_gateways(self: EC2Backend, filters: Any, nat_gateway_ids: list[str] | None) -> list[Any]:
    for gateway_id in nat_gateway_ids or []:
        if gateway_id not in self.nat_gateways:
            raise _not_found(gateway_id)
    wanted = [gateway for gateway in self.nat_gateways.values() if not nat_gateway_ids or gateway.id in nat_gateway_ids]
    return generic_filter(filters, wanted)


def delete_nat_gateway(self: EC2Backend, nat_gateway_id: str) -> Any:
    gateway: Any = self.nat_gateways.get(nat_gateway_id)
    if gateway is None:
        raise _not_found(nat_gateway_id)
    if gateway.gone is None:
        gateway.gone = clock.deadline("ec2.natgateway.delete")
        gateway.delete_time = utcnow()
    return gateway


def _not_found(gateway_id: str) -> EC2ClientError:
    return error("NatGatewayNotFound", f"The Nat Gateway {gateway_id} was not found")


def _settle(backend: EC2Backend) -> None:
    gateway: Any
    for gateway in list(backend.nat_gateways.values()):
        if gateway.state in ("deleted", "failed"):
            backend.enis.pop(gateway._eni.id, None)
            for address in backend.addresses:
                if address.eni is gateway._eni:
                    address.eni, address.association_id = None, None
            if clock.now() > (gateway.gone or gateway.ready) + _SHOWN_AFTER_DELETE:
                del backend.nat_gateways[gateway.id]
                backend.tags.pop(gateway.id, None)


def _attach(original: Callable[..., Any], self: EC2Backend, internet_gateway_id: str, vpc_id: str) -> Any:
    if any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in self.internet_gateways.values()):
        raise error("InvalidParameterValue", f"Network {vpc_id} already has an internet gateway attached")
    return original(self, internet_gateway_id, vpc_id)


def _detach(original: Callable[..., Any], self: EC2Backend, internet_gateway_id: str, vpc_id: str) -> None:
    if any(address.eni and _vpc_of(address) == vpc_id for address in self.addresses):
        raise error(
            "DependencyViolation",
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway.",
        )
    original(self, internet_gateway_id, vpc_id)


def _vpc_of(address: ElasticAddress) -> str | None:
    try:
        return address.eni.vpc_id if address.eni else None
    except InvalidSubnetIdError:
        return None


def _disassociate(
    original: Callable[..., Any], self: EC2Backend, address: str | None = None, association_id: str | None = None
) -> None:
    found = self.address_by_ip([address]) if address else self.address_by_association([association_id or ""])
    _refuse_managed(found[0])
    original(self, address, association_id)


def _release(
    original: Callable[..., Any], self: EC2Backend, address: str | None = None, allocation_id: str | None = None
) -> None:
    found = (self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id or ""]))[0]
    _refuse_managed(found)
    if found.association_id:
        raise error("InvalidIPAddress.InUse", f"Address {found.public_ip} is in use.")
    original(self, address, allocation_id)


def _refuse_managed(address: ElasticAddress) -> None:
    if address.eni and address.eni.requester_managed:
        raise error("AuthFailure", "You do not have permission to access the specified resource.")
