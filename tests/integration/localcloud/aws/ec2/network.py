# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tests of EC2 make, with plain boto3."""

from __future__ import annotations

from typing import Any


def make_subnet(ec2: Any, vpc: str, cidr: str, zone: str) -> str:
    return str(
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone, **tagged("subnet", Name=cidr))["Subnet"][
            "SubnetId"
        ]
    )


def make_internet_gateway(ec2: Any, vpc: str) -> str:
    gateway = ec2.create_internet_gateway(**tagged("internet-gateway", Name="igw"))["InternetGateway"][
        "InternetGatewayId"
    ]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return str(gateway)


def make_nat_gateway(ec2: Any, subnet: str) -> tuple[str, str]:
    address = ec2.allocate_address(Domain="vpc", **tagged("elastic-ip", Name="nat"))["AllocationId"]
    created = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, **tagged("natgateway", Name="nat"))[
        "NatGateway"
    ]
    return created["NatGatewayId"], address


def describe_nat(ec2: Any, gateway: str) -> dict[str, Any]:
    return ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]  # type: ignore[no-any-return]


def tagged(kind: str, **tags: str) -> dict[str, Any]:
    return {
        "TagSpecifications": [
            {"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        ]
    }
