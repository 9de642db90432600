# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""VPC endpoints: states, checks, interfaces in subnets, routes to gateway endpoints.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from localcloud.clock import clock
from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidSecurityGroupNotFoundError, InvalidServiceName, InvalidVpcEndPointIdError
from moto.ec2.models import EC2Backend, vpcs
from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES, COVERED_ENDPOINT_SERVICES, VPCBackend, VPCEndPoint
from moto.ec2.responses import EC2Response

from ..patching import add, override
from .requests import error, settle_with

_GATEWAY_SERVICES = ("s3", "dynamodb")


def install() -> None:
    vpcs.random_private_ip = lambda: ""
    VPCEndPoint.state = property(_state, lambda self, _value: None)
    VPCEndPoint.vpc_endpoint_id = property(lambda self: self.id)
    override(VPCEndPoint, "__init__", _start)
    override(VPCBackend, "create_vpc_endpoint", _create)
    override(VPCBackend, "_filter_endpoint_services", _filter_services)
    add(VPCBackend, _modify_endpoint, _delete_endpoints)
    add(EC2Response, modify_vpc_endpoint, delete_vpc_endpoints)
    settle_with(_settle)


def _start(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> None:
    self.ready, self.gone = 0.0, None
    original(self, *args, **kwargs)


def _state(self: Any) -> str:
    if self.gone is not None:
        return "deleting"
    return "available" if clock.passed(self.ready) or self.vpc_endpoint_type == "Gateway" else "pending"


def _filter_services(
    original: Callable[..., Any], self: EC2Backend, names: Any, filters: list[Any], services: Any
) -> Any:
    """moto looks for a filter's values under another name than they come by."""
    return original(names, [{**each, "Value": each["Values"]} for each in filters or []], services)


def _create(original: Callable[..., Any], self: EC2Backend, **request: Any) -> Any:
    kind = request["endpoint_type"] = request["endpoint_type"] or "Gateway"
    _check_service(self, request["service_name"], kind)
    vpc = self.get_vpc(request["vpc_id"])
    if kind == "Gateway":
        request["private_dns_enabled"] = False
        for table_id in request["route_table_ids"]:
            _check_route(self, vpc.id, table_id, request["service_name"])
    elif kind == "Interface":
        _check_subnets(self, vpc.id, request["subnet_ids"])
        if request["private_dns_enabled"]:
            _check_private_dns(self, vpc, request["service_name"])
        request["security_group_ids"] = request["security_group_ids"] or [self.get_default_security_group(vpc.id).id]
        _groups(self, request["security_group_ids"])
    endpoint = original(self, **request)
    endpoint.ready = clock.deadline("ec2.endpoint.create") if kind == "Interface" else clock.now()
    for interface_id in endpoint.network_interface_ids:
        _own_interface(self, endpoint, interface_id)
    return endpoint


def _check_service(backend: EC2Backend, name: str, kind: str) -> None:
    service = name.removeprefix(f"com.amazonaws.{backend.region_name}.")
    if service == name or service not in {*AWS_ENDPOINT_SERVICES, *COVERED_ENDPOINT_SERVICES}:
        raise InvalidServiceName(name)
    if kind == "Gateway" and service not in _GATEWAY_SERVICES:
        raise error("InvalidParameter", "Endpoint type (Gateway) does not match available service types ([Interface]).")


def _check_route(backend: EC2Backend, vpc_id: str, table_id: str, service_name: str) -> None:
    table = backend.get_route_table(table_id)
    if table.vpc_id != vpc_id:
        raise error("InvalidParameter", f"Route table {table_id} does not belong to network {vpc_id}")
    for route in table.routes:
        if route.destination_prefix_list and route.destination_prefix_list.prefix_list_name == service_name:
            raise error(
                "RouteAlreadyExists",
                f"route table {table_id} already has a route with destination-prefix-list-id "
                f"{route.destination_prefix_list_id}",
            )


def _check_subnets(backend: EC2Backend, vpc_id: str, subnet_ids: list[str]) -> None:
    zones: set[str] = set()
    for subnet_id in subnet_ids:
        subnet = backend.get_subnet(subnet_id)
        if subnet.vpc_id != vpc_id:
            raise error("InvalidParameter", f"Subnet {subnet_id} does not belong to network {vpc_id}")
        if subnet.availability_zone in zones:
            raise error(
                "DuplicateSubnetsInSameZone",
                f"Found another VPC endpoint subnet in the availability zone of subnet {subnet_id}",
            )
        zones.add(subnet.availability_zone)


def _check_private_dns(backend: EC2Backend, vpc: Any, service_name: str) -> None:
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise error(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true",
        )
    for other in backend.vpc_end_points.values():
        if (other.vpc_id, other.service_name, bool(other.private_dns_enabled)) == (vpc.id, service_name, True):
            raise error(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{service_name} in the VPC {vpc.id}",
            )


def _groups(backend: EC2Backend, group_ids: list[str]) -> list[Any]:
    groups = []
    for group_id in group_ids:
        group = backend.get_security_group_from_id(group_id)
        if group is None:
            raise InvalidSecurityGroupNotFoundError(group_id)
        groups.append(group)
    return groups


def _own_interface(backend: EC2Backend, endpoint: Any, interface_id: str) -> None:
    interface = backend.enis[interface_id]
    interface._group_set = _groups(backend, endpoint.security_group_ids)
    interface.description = f"VPC Endpoint Interface {endpoint.id}"
    interface.status, interface.interface_type, interface.requester_managed = "in-use", "vpc_endpoint", True


def modify_vpc_endpoint(self: EC2Response) -> ActionResult:
    backend: Any = self.ec2_backend
    backend._modify_endpoint(self._get_params())
    return ActionResult({"Return": True})


def _modify_endpoint(self: EC2Backend, request: dict[str, Any]) -> None:
    endpoint: Any = self.get_vpc_end_point(request["VpcEndpointId"])
    added, removed = request.get("AddSubnetIds", []), request.get("RemoveSubnetIds", [])
    added_tables, removed_tables = request.get("AddRouteTableIds", []), request.get("RemoveRouteTableIds", [])
    _check_subnets(self, endpoint.vpc_id, [*(i for i in endpoint.subnet_ids or [] if i not in removed), *added])
    _groups(self, request.get("AddSecurityGroupIds", []))
    for table_id in added_tables:
        _check_route(self, endpoint.vpc_id, table_id, endpoint.service_name)
    endpoint.modify(
        json.dumps(VPCEndPoint.DEFAULT_POLICY) if request.get("ResetPolicy") else request.get("PolicyDocument"),
        added,
        removed,
        added_tables,
        removed_tables,
        request.get("AddSecurityGroupIds"),
        request.get("RemoveSecurityGroupIds"),
    )
    if "PrivateDnsEnabled" in request:
        if request["PrivateDnsEnabled"] and not endpoint.private_dns_enabled:
            _check_private_dns(self, self.get_vpc(endpoint.vpc_id), endpoint.service_name)
        endpoint.private_dns_enabled = request["PrivateDnsEnabled"]
    for table_id in added_tables:
        self.create_route(
            table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=endpoint.destination_prefix_list_id
        )
    _drop_routes(self, endpoint, removed_tables)
    _move_interfaces(self, endpoint, added, removed)


def _move_interfaces(backend: EC2Backend, endpoint: Any, added: list[str], removed: list[str]) -> None:
    for interface_id in list(endpoint.network_interface_ids):
        if backend.enis[interface_id].subnet.id in removed:
            endpoint.network_interface_ids.remove(interface_id)
            del backend.enis[interface_id]
    endpoint.network_interface_ids += [backend.create_network_interface(subnet_id, "").id for subnet_id in added]
    for interface_id in endpoint.network_interface_ids:
        _own_interface(backend, endpoint, interface_id)


def _drop_routes(backend: EC2Backend, endpoint: Any, table_ids: list[str]) -> None:
    for table_id in table_ids:
        table = backend.route_tables.get(table_id)
        for route in table.routes if table else []:
            if route.gateway is endpoint:
                del table._routes[route.id]


def delete_vpc_endpoints(self: EC2Response) -> ActionResult:
    backend: Any = self.ec2_backend
    return ActionResult({"Unsuccessful": backend._delete_endpoints(self._get_param("VpcEndpointIds", []))})


def _delete_endpoints(self: EC2Backend, endpoint_ids: list[str]) -> list[dict[str, Any]]:
    """Start deleting; those that could not be, with the reason."""
    unsuccessful = []
    for endpoint_id in endpoint_ids:
        endpoint: Any = self.vpc_end_points.get(endpoint_id)
        if endpoint is None:
            reason = InvalidVpcEndPointIdError(endpoint_id)
            unsuccessful.append(
                {"ResourceId": endpoint_id, "Error": {"Code": "InvalidVpcEndpoint.NotFound", "Message": reason.message}}
            )
        elif endpoint.gone is None:
            endpoint.gone = clock.deadline("ec2.endpoint.delete") if endpoint.vpc_endpoint_type == "Interface" else 0.0
            _drop_routes(self, endpoint, endpoint.route_table_ids)
    _settle(self)
    return unsuccessful


def _settle(backend: EC2Backend) -> None:
    endpoint: Any
    for endpoint in list(backend.vpc_end_points.values()):
        if endpoint.gone is not None and (endpoint.gone == 0 or clock.passed(endpoint.gone)):
            for interface_id in endpoint.network_interface_ids:
                backend.enis.pop(interface_id, None)
            del backend.vpc_end_points[endpoint.id]
            backend.tags.pop(endpoint.id, None)
