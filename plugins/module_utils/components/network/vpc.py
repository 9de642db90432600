# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The VPC of an environment, with all that is in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ...aws.policy import normalised
from ...aws.session import Aws
from ...engine.converge import Outcome
from ...engine.errors import InvalidArguments
from ...engine.plan import Declaration, look_up
from ...engine.report import plain
from ...engine.resource import UNKNOWN, Owner, Resource, State
from ...resources.ec2.common import filter_by, interfaces
from ...resources.ec2.endpoint import GatewayEndpoint, InterfaceEndpoint
from ...resources.ec2.flow_log import FlowLog, delivery_policy, delivery_trust
from ...resources.ec2.gateway import Eip, InternetGateway, NatGateway
from ...resources.ec2.network_acl import NetworkAcl, entry
from ...resources.ec2.route_table import ANYWHERE, RouteTable
from ...resources.ec2.rules import rule
from ...resources.ec2.security_group import SecurityGroup
from ...resources.ec2.subnet import Subnet
from ...resources.ec2.vpc import Vpc
from ...resources.iam.role import Role
from ...resources.kms.key import KeyLookup
from ...resources.logs.log_group import LogGroup
from ..component import Component, Context
from .vpc_options import OPTIONS
from .vpc_rules import ZONE_LETTERS, problems, subnet_cidr, vpc_cidrs

WITHOUT_EKS = {"use1-az3", "usw1-az2", "cac1-az3"}
"""Zones, by id, in which EKS places no control plane:
https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
"""
LOAD_BALANCER_TAGS = {"public": {"kubernetes.io/role/elb": "1"}, "private": {"kubernetes.io/role/internal-elb": "1"}}
"""How a load balancer controller finds its subnets:
https://docs.aws.amazon.com/eks/latest/userguide/alb-ingress.html
"""
OF_THE_NETWORK = frozenset({"nat_gateway", "natGateway", "vpc_endpoint", "gateway_load_balancer_endpoint"})
"""Types of network interfaces that go with the network itself. EC2 writes the first so, its reference the second:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
"""
PATH_TIERS = ("public", "private")
"""The tiers whose route tables lead somewhere: to a gateway, and to gateway endpoints."""


@dataclass(frozen=True)
class Service:
    """An AWS service that has endpoints. ``zones``: where it has them."""

    name: str
    zones: frozenset[str]
    private_dns: bool


@dataclass(frozen=True)
class Facts:
    """What AWS alone knows. ``nat_zones``: the zones that have a NAT gateway of ours already."""

    zones: tuple[str, ...]
    services: dict[str, Service] = field(default_factory=dict)
    nat_zones: tuple[str, ...] = ()


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(untouched=frozenset({LogGroup}) if context["keep_logs"] else frozenset(), absent=True)
    return Network(context, read_facts(context)).declaration()


# What AWS knows


def read_facts(context: Context) -> Facts:
    """Reads at once what is needed. Raises InvalidArguments for what this region does not have."""
    with ThreadPoolExecutor(4) as pool:
        if context["flow_logs"] != "none":  # their role names the account; it is kept once it is known
            pool.submit(lambda: context.aws.identity)
        zones = pool.submit(zones_of, context)
        services = pool.submit(read_services, context.aws, context["interface_endpoints"] or [])
        nat_zones = pool.submit(read_nat_zones, context.aws, context.owner) if context["nat"] == "single" else None
        chosen = zones.result()
        found = services.result()
        check_services(context, found, chosen)
        check_removed(context, chosen)
        return Facts(chosen, found, nat_zones.result() if nat_zones else ())


def check_removed(context: Context, zones: tuple[str, ...]) -> None:
    """Raises InvalidArguments for a tier or a zone that is to go while somebody else has addresses in it."""
    users: dict[tuple[str, str], set[str]] = {}
    for key, subnet in Subnet.observe(context.aws, context.owner):
        tier, _hyphen, zone = key.partition("-")
        going = ("tiers", tier) if tier not in context["tiers"] else ("zones", zone) if zone not in zones else None
        if going and context.owner.scope.items() <= subnet["Tags"].items():
            found = interfaces(context.aws, OF_THE_NETWORK, **{"subnet-id": subnet["SubnetId"]})
            users.setdefault(going, set()).update(found)
    broken = [
        f"{option}: {name} cannot go, for its subnets are in use by {', '.join(sorted(found))}. "
        f"Put {name} back, or remove first, by a run of its own, what is there."
        for (option, name), found in sorted(users.items())
        if found
    ]
    if broken:
        raise InvalidArguments(*broken)


def zones_of(context: Context) -> tuple[str, ...]:
    """Asks AWS which zones it has unless all that are given have subnets of ours already."""
    given = context["zones"]
    if given and set(given) <= {
        subnet["AvailabilityZone"] for _key, subnet in Subnet.observe(context.aws, context.owner)
    }:
        return tuple(sorted(given))
    return choose_zones(given, read_zones(context.aws), context.aws.region)


def read_zones(aws: Aws) -> dict[str, str]:
    """Id by name of the region's availability zones; zones of other types have other names."""
    listed = aws.read("ec2", "describe_availability_zones", "AvailabilityZones")
    ids = {zone["ZoneName"]: zone["ZoneId"] for zone in listed}
    return {name: zone_id for name, zone_id in ids.items() if name[:-1] == aws.region and name[-1] in ZONE_LETTERS}


def choose_zones(given: list[str] | None, offered: dict[str, str], region: str) -> tuple[str, ...]:
    """Those given, else the first three that a cluster can use.

    Not by their state: a failing zone must move no subnet.
    """
    if given is None:
        return tuple(sorted(name for name, zone_id in offered.items() if zone_id not in WITHOUT_EKS)[:3])
    has = ", ".join(sorted(offered))
    unknown = [
        f"zones[{index}]: {region} has no zone {zone}; it has {has}."
        for index, zone in enumerate(given)
        if zone not in offered
    ]
    if unknown:
        raise InvalidArguments(*unknown)
    return tuple(sorted(given))


def read_services(aws: Aws, short_names: list[str]) -> dict[str, Service]:
    """By short name. In China some services' names begin with ``cn.``."""
    if not short_names:
        return {}
    names = {f"{prefix}com.amazonaws.{aws.region}.{short}": short for short in short_names for prefix in ("", "cn.")}
    listed = aws.read(
        "ec2", "describe_vpc_endpoint_services", "ServiceDetails", Filters=filter_by(**{"service-name": list(names)})
    )
    return {
        names[each["ServiceName"]]: Service(
            each["ServiceName"],
            frozenset(each.get("AvailabilityZones", [])),
            bool(each.get("PrivateDnsNames") or each.get("PrivateDnsName")),
        )
        for each in listed
        if each["ServiceName"] in names
    }


def check_services(context: Context, found: dict[str, Service], zones: tuple[str, ...]) -> None:
    broken: list[str] = []
    for index, short in enumerate(context["interface_endpoints"] or []):
        option = f"interface_endpoints[{index}]"
        if short not in found:
            broken.append(f"{option}: {short!r} is no service with VPC endpoints in {context.aws.region}.")
        elif found[short].zones.isdisjoint(zones) and found[short].zones:
            offered = ", ".join(sorted(found[short].zones))
            broken.append(f"{option}: {short} has endpoints in none of {', '.join(zones)}. It has them in {offered}.")
    if broken:
        raise InvalidArguments(*broken)


def read_nat_zones(aws: Aws, owner: Owner) -> tuple[str, ...]:
    alive = (State.READY, State.PENDING)
    return tuple(
        sorted(key for key, gateway in NatGateway.observe(aws, owner) if NatGateway.state(gateway)[0] in alive)
    )


# What there should be


class Network:
    """Turns the options into resources."""

    def __init__(self, context: Context, facts: Facts) -> None:
        self.context, self.facts = context, facts
        self.zones = facts.zones
        self.tiers: list[str] = context["tiers"]
        secondary = context["secondary_cidrs"]
        self.vpc = Vpc(context.owner.name, context["cidr"], None if secondary is None else tuple(sorted(secondary)))
        self.internet_gateway = InternetGateway(self.vpc, self.name("internet"))
        self.subnets = {(tier, zone): self.subnet(tier, zone) for tier in self.tiers for zone in self.zones}
        self.nat_gateways = {zone: self.nat_gateway(zone) for zone in self.nat_zones()}
        self.route_tables = self.all_route_tables()

    def name(self, what: str) -> str:
        return f"{self.context.owner.name}-{what}"

    def declaration(self) -> Declaration:
        internet = (self.internet_gateway,) if "public" in self.tiers else ()
        resources: tuple[Resource, ...] = (self.vpc, *internet, *self.subnets.values(), *self.nat_gateways.values())
        resources += (*self.route_tables, *(self.network_acl(tier) for tier in self.tiers))
        untouched: set[type[Resource]] = set()
        if self.context["gateway_endpoints"] is None:
            untouched |= {GatewayEndpoint}
        if self.context["interface_endpoints"] is None:
            untouched |= {InterfaceEndpoint, SecurityGroup}
        return Declaration(
            (*resources, *self.gateway_endpoints(), *self.interface_endpoints(), *self.flow_logs()),
            frozenset(untouched),
        )

    def subnet(self, tier: str, zone: str) -> Subnet:
        name = {"Name": self.name(f"{tier}-{zone}")}
        tags = {**name, **LOAD_BALANCER_TAGS.get(tier, {}), **self.context["subnet_tags"].get(tier, {})}
        return Subnet(self.vpc, tier, zone, subnet_cidr(self.context.arguments, tier, zone), tags)

    def tier(self, tier: str) -> tuple[Subnet, ...]:
        return tuple(self.subnets[tier, zone] for zone in self.zones)

    def nat_zones(self) -> tuple[str, ...]:
        """A single gateway stays in the zone in which it is, as long as that zone is wanted."""
        if self.context["nat"] == "single":
            staying = [zone for zone in self.facts.nat_zones if zone in self.zones]
            return ((staying or list(self.zones))[0],)
        return self.zones if self.context["nat"] == "per_zone" else ()

    def nat_gateway(self, zone: str) -> NatGateway:
        address = Eip(zone, self.name(f"nat-{zone}"))
        return NatGateway(zone, self.subnets["public", zone], address, self.internet_gateway, self.name(f"nat-{zone}"))

    def all_route_tables(self) -> tuple[RouteTable, ...]:
        """Private subnets have a table a zone from the start,
        so that another choice of ``nat`` changes routes alone.
        """
        tables = []
        if "public" in self.tiers:
            tables.append(
                RouteTable("public", self.vpc, self.name("public"), self.tier("public"), self.internet_gateway)
            )
        if "private" in self.tiers:
            single = next(iter(self.nat_gateways.values()), None)
            for zone in self.zones:
                key, subnet = f"private-{zone}", self.subnets["private", zone]
                tables.append(RouteTable(key, self.vpc, self.name(key), (subnet,), self.nat_gateways.get(zone, single)))
        if "database" in self.tiers:
            tables.append(RouteTable("database", self.vpc, self.name("database"), self.tier("database"), None))
        return tuple(tables)

    def network_acl(self, tier: str) -> NetworkAcl:
        rules = {direction: self.acl_rules(tier, direction) for direction in ("ingress", "egress")}
        return NetworkAcl(tier, self.vpc, self.name(tier), self.tier(tier), rules["ingress"], rules["egress"])

    def acl_rules(self, tier: str, direction: str) -> dict[int, dict[str, Any]]:
        """The user's, or if there are none for this tier and direction: databases within the VPC, all else anywhere."""
        given = [each for each in self.context["acl_rules"] if (each["tier"], each["direction"]) == (tier, direction)]
        if given:
            names = ("protocol", "cidr", "from_port", "to_port", "action")
            return {each["number"]: entry(*(each[name] for name in names)) for each in given}
        peers = vpc_cidrs(self.context.arguments) if tier == "database" else [ANYWHERE]
        return {100 + 10 * index: entry("all", cidr) for index, cidr in enumerate(peers)}

    def gateway_endpoints(self) -> list[GatewayEndpoint]:
        tables = tuple(table for table in self.route_tables if table.key.partition("-")[0] in PATH_TIERS)
        region = self.context.aws.region
        names = {short: f"com.amazonaws.{region}.{short}" for short in self.context["gateway_endpoints"] or []}
        return [GatewayEndpoint(*self.endpoint(short, name), tables) for short, name in names.items()]

    def interface_endpoints(self) -> list[InterfaceEndpoint]:
        """Each in the zones in which its service has endpoints: not all do in all."""
        found = []
        for short in self.context["interface_endpoints"] or []:
            service = self.facts.services[short]
            subnets = tuple(
                subnet for subnet in self.tier("private") if not service.zones or subnet.zone in service.zones
            )
            found.append(
                InterfaceEndpoint(
                    *self.endpoint(short, service.name), subnets, (self.endpoint_group(),), service.private_dns
                )
            )
        return found

    def endpoint(self, short: str, service_name: str) -> tuple[str, Vpc, str, str, dict[str, Any] | None]:
        policy = self.context["endpoint_policies"].get(short)
        return short, self.vpc, self.name(short), service_name, normalised(policy) if policy else None

    def endpoint_group(self) -> SecurityGroup:
        ingress = {
            rule("tcp", 443, 443, cidr): "HTTPS from within the VPC" for cidr in vpc_cidrs(self.context.arguments)
        }
        return SecurityGroup(
            "endpoints", self.vpc, self.name("endpoints"), "Interface endpoints of AWS services", ingress, {}
        )

    def flow_logs(self) -> list[FlowLog]:
        context = self.context
        if context["flow_logs"] == "none":
            return []
        key = KeyLookup(context["flow_logs_kms_key"]) if context["flow_logs_kms_key"] else None
        group = LogGroup(
            "flow-logs", f"/aws/vpc/{context.owner.name}/flow-logs", context["flow_logs_retention_days"], key
        )
        place = context.aws.partition, context.aws.region, context.aws.account_id
        role = Role(
            "flow-logs",
            self.name("flow-logs"),
            delivery_trust(*place),
            inline_policies={"write": delivery_policy(*place, group.name)},
            description="Writes the VPC's flow logs to CloudWatch Logs",
        )
        return [
            FlowLog(
                self.vpc,
                group,
                role,
                context["flow_logs"].upper(),
                context["flow_logs_interval"],
                self.name("flow-logs"),
            )
        ]


# What there is then


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    subnets: dict[str, dict[str, Any]] = {}
    for key, subnet_id in listed(outcome, Subnet, "SubnetId").items():
        tier, _separator, zone = key.partition("-")
        subnets.setdefault(tier, {})[zone] = subnet_id
    endpoints = {
        **listed(outcome, GatewayEndpoint, "VpcEndpointId"),
        **listed(outcome, InterfaceEndpoint, "VpcEndpointId"),
    }
    return {
        "vpc_id": listed(outcome, Vpc, "VpcId").get("main"),
        "cidr": context["cidr"],
        "subnets": subnets,
        "nat_gateway_ips": listed(outcome, Eip, "PublicIp"),
        "route_tables": listed(outcome, RouteTable, "RouteTableId"),
        "endpoints": endpoints,
        "security_groups": listed(outcome, SecurityGroup, "GroupId"),
        "flow_log_group": listed(outcome, LogGroup, "logGroupName").get("flow-logs"),
    }


def listed(outcome: Outcome, kind: type[Resource], path: str) -> dict[str, Any]:
    """A property of all of a kind that will be there, by key: ``(known after apply)`` while it is not known."""
    going = {step.address for step in outcome.plan.steps if step.action in ("delete", "wait")}
    coming = [step.address for step in outcome.plan.steps if step.action in ("create", "replace")]
    keys = sorted({address[1] for address in [*outcome.world, *coming] if address[0] is kind and address not in going})
    return {key: plain(look_up(outcome.world.get((kind, key), {}), path, UNKNOWN)) for key in keys}


SOURCES = {
    "Vpc.CidrBlock": "cidr",
    "Vpc.SecondaryCidrBlocks": "secondary_cidrs",
    "Subnet": "zones",
    "NatGateway": "nat",
    "Eip": "nat",
    "RouteTable.Routes": "nat",
    "GatewayEndpoint": "gateway_endpoints",
    "InterfaceEndpoint": "interface_endpoints",
    "FlowLog": "flow_logs",
    "LogGroup": "flow_logs_retention_days",
}
COMPONENT = Component(
    name="vpc",
    options=OPTIONS,
    sources=SOURCES,
    kinds=(
        Vpc,
        InternetGateway,
        Subnet,
        Eip,
        NatGateway,
        RouteTable,
        NetworkAcl,
        SecurityGroup,
        GatewayEndpoint,
        InterfaceEndpoint,
        LogGroup,
        Role,
        FlowLog,
    ),
    declare=declare,
    outputs=outputs,
    problems=problems,
)
