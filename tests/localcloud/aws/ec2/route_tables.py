# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Route tables: one association a subnet, routes whose target must be there and which turn black when it goes.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.route_tables import Route, RouteBackend

from ..patching import override
from .requests import dependency, error


def install() -> None:
    Route.state = property(_state)
    override(RouteBackend, "create_route", _create_route)
    override(RouteBackend, "replace_route", _replace_route)
    override(RouteBackend, "associate_route_table", _associate)
    override(RouteBackend, "delete_route_table", _delete)


def _state(self: Any) -> str:
    backend: EC2Backend = self.route_table.ec2_backend
    if self.nat_gateway and self.nat_gateway.state in ("deleted", "failed"):
        return "blackhole"
    if self.gateway and self.gateway.id.startswith("igw-"):
        attached = getattr(backend.internet_gateways.get(self.gateway.id), "vpc", None)
        return "active" if attached and attached.id == self.route_table.vpc_id else "blackhole"
    if self.interface and self.interface.id not in backend.enis:
        return "blackhole"
    return "active"


def _create_route(
    original: Callable[..., Any], self: EC2Backend, route_table_id: str, *args: Any, **kwargs: Any
) -> Any:
    if not kwargs.get("local"):
        _check_target(self, route_table_id, kwargs.get("gateway_id"), kwargs.get("nat_gateway_id"))
    return original(self, route_table_id, *args, **kwargs)


def _replace_route(
    original: Callable[..., Any],
    self: EC2Backend,
    route_table_id: str,
    cidr: str | None,
    ipv6_cidr: str | None = None,
    prefix_list_id: str | None = None,
    nat_gateway_id: str | None = None,
    *args: Any,
    **kwargs: Any,
) -> Any:
    _check_target(self, route_table_id, kwargs.get("gateway_id"), nat_gateway_id)
    return original(self, route_table_id, cidr, ipv6_cidr, prefix_list_id, nat_gateway_id, *args, **kwargs)


def _check_target(backend: EC2Backend, table_id: str, gateway_id: str | None, nat_gateway_id: str | None) -> None:
    vpc_id = backend.get_route_table(table_id).vpc_id
    if nat_gateway_id is not None:
        gateway = backend.nat_gateways.get(nat_gateway_id)
        if gateway is None or gateway.state in ("deleting", "deleted"):
            raise error("InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat_gateway_id}' does not exist")
        if gateway.vpc_id != vpc_id:
            raise _other_network(table_id, nat_gateway_id)
    if gateway_id and gateway_id.startswith("igw-"):
        attached = backend.get_internet_gateway(gateway_id).vpc
        if attached is None or attached.id != vpc_id:
            raise _other_network(table_id, gateway_id)


def _other_network(table_id: str, gateway_id: str) -> Exception:
    return error(
        "InvalidParameterValue", f"route table {table_id} and network gateway {gateway_id} belong to different networks"
    )


def _associate(
    original: Callable[..., Any],
    self: EC2Backend,
    route_table_id: str,
    gateway_id: str | None = None,
    subnet_id: str | None = None,
) -> str:
    table = self.get_route_table(route_table_id)
    if subnet_id and self.get_subnet(subnet_id).vpc_id != table.vpc_id:
        raise _other_network(route_table_id, subnet_id)
    for other in self.route_tables.values():
        if other is not table and (gateway_id or subnet_id) in other._associations.values():
            raise error(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {route_table_id} conflicts with an existing association",
            )
    return str(original(self, route_table_id, gateway_id, subnet_id))


def _delete(original: Callable[..., Any], self: EC2Backend, route_table_id: str) -> None:
    if self.get_route_table(route_table_id).main_association_id:
        raise dependency("routeTable", route_table_id)
    original(self, route_table_id)
