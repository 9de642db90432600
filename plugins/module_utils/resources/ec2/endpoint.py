# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: VPC endpoints, the private ways to AWS services."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...aws.policy import Document, as_json, normalised
from ...aws.session import Aws
from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties, Resource, State
from .common import owned, tag, tagging
from .route_table import RouteTable
from .security_group import SecurityGroup
from .subnet import Subnet
from .vpc import Vpc

FULL_ACCESS = normalised({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
"""The policy of an endpoint that was given none. AWS shows it with a version or without."""


@dataclass(frozen=True)
class VpcEndpoint(Resource):
    """What both types share. The key is the service's short name (``ecr.api``); ``policy``: None allows all."""

    key: str
    vpc: Vpc
    name: str
    service_name: str
    policy: Document | None

    replaced_by = frozenset({"VpcId", "ServiceName"})
    id_name = "VpcEndpointId"
    endpoint_type: ClassVar[str]
    members: ClassVar[dict[str, str]]
    """The sets of ids that an endpoint has, and what ModifyVpcEndpoint calls their items."""

    def desired(self) -> Properties:
        return {
            "VpcId": self.vpc.ref("VpcId"),
            "ServiceName": self.service_name,
            "PolicyDocument": policy_document(self.policy),
            "Tags": {"Name": self.name},
            **self.placed(),
        }

    @abstractmethod
    def placed(self) -> Properties:
        """What is desired of this type alone."""

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for key, endpoint in owned(api, owner, "describe_vpc_endpoints", "VpcEndpoints"):
            if endpoint["VpcEndpointType"] == cls.endpoint_type and endpoint["State"].lower() != "deleted":
                yield key, shaped(endpoint)

    def create(self, api: Aws, wanted: Properties) -> Properties:
        """Through ``call_once``: AWS allows four of these calls, then three in ten seconds,
        and the engine spaces them out.
        """
        given = {name: value for name, value in wanted.items() if name not in ("Tags", "PolicyDocument")}
        settings = {name: sorted(value) if isinstance(value, set) else value for name, value in given.items()}
        if self.policy:  # not every service takes one
            settings["PolicyDocument"] = as_json(wanted["PolicyDocument"])
        made = api.call_once(
            "ec2",
            "create_vpc_endpoint",
            VpcEndpointType=self.endpoint_type,
            **settings,
            TagSpecifications=tagging("vpc-endpoint", wanted),
        )["VpcEndpoint"]
        return {**made, **{name: value for name, value in wanted.items() if name != "ClientToken"}}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        settings: dict[str, Any] = {}
        for name, item in cls.members.items():
            if name in changes:
                settings[f"Add{item}"] = sorted(changes[name] - observed[name])
                settings[f"Remove{item}"] = sorted(observed[name] - changes[name])
        if "PrivateDnsEnabled" in changes:
            settings["PrivateDnsEnabled"] = changes["PrivateDnsEnabled"]
        if "PolicyDocument" in changes:
            settings["PolicyDocument"] = as_json(changes["PolicyDocument"])
        given = {name: value for name, value in settings.items() if value != []}
        if given:
            api.call("ec2", "modify_vpc_endpoint", VpcEndpointId=observed["VpcEndpointId"], **given)
        tag(api, observed["VpcEndpointId"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        answer = api.call("ec2", "delete_vpc_endpoints", VpcEndpointIds=[observed["VpcEndpointId"]])
        for each in answer.get("Unsuccessful", []):
            if not each["Error"]["Code"].endswith("NotFound"):
                raise Blocked(f"ec2:DeleteVpcEndpoints: {each['Error']['Code']}: {each['Error']['Message']}")

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html:
        the case of its states varies.
        """
        state = observed["State"].lower()
        if state == "available":
            return State.READY, ""
        if state in ("failed", "rejected", "expired"):
            reason = (
                observed.get("FailureReason") or observed.get("LastError", {}).get("Message") or "AWS gives no reason"
            )
            return State.FAILED, f"AWS reports {state}: {reason}"
        return (State.DELETING if state == "deleting" else State.PENDING), f"AWS reports {observed['State']}"

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        return any(observed[name] for name in cls.members)

    def collides(self, wanted: Properties, other: Properties) -> bool:
        """Two of one service would claim the same private names, or the same route."""
        return bool(other["ServiceName"] == self.service_name)


@dataclass(frozen=True)
class GatewayEndpoint(VpcEndpoint):
    """A way to S3 or DynamoDB by a route in these tables."""

    route_tables: tuple[RouteTable, ...]

    endpoint_type = "Gateway"
    members: ClassVar[dict[str, str]] = {"RouteTableIds": "RouteTableIds"}

    def placed(self) -> Properties:
        return {"RouteTableIds": {table.ref("RouteTableId") for table in self.route_tables}}


@dataclass(frozen=True)
class InterfaceEndpoint(VpcEndpoint):
    """A way to a service by addresses in these subnets.

    ``private_dns``: the service's own name leads there within the VPC.
    """

    subnets: tuple[Subnet, ...]
    security_groups: tuple[SecurityGroup, ...]
    private_dns: bool

    endpoint_type = "Interface"
    members: ClassVar[dict[str, str]] = {"SubnetIds": "SubnetIds", "SecurityGroupIds": "SecurityGroupIds"}

    def placed(self) -> Properties:
        return {
            "SubnetIds": {subnet.ref("SubnetId") for subnet in self.subnets},
            "SecurityGroupIds": {group.ref("GroupId") for group in self.security_groups},
            "PrivateDnsEnabled": self.private_dns,
        }


def shaped(endpoint: dict[str, Any]) -> Properties:
    """An endpoint as AWS describes it, in the shape of ``desired()``."""
    return {
        **endpoint,
        "PolicyDocument": policy_document(endpoint.get("PolicyDocument")),
        "RouteTableIds": set(endpoint.get("RouteTableIds", [])),
        "SubnetIds": set(endpoint.get("SubnetIds", [])),
        "SecurityGroupIds": {group["GroupId"] for group in endpoint.get("Groups", [])},
    }


def policy_document(policy: str | Document | None) -> Document:
    given = normalised(policy) if policy else FULL_ACCESS
    return FULL_ACCESS if given["Statement"] == FULL_ACCESS["Statement"] else given
