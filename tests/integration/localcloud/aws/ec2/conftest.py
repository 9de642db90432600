# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2 of an empty account, and a VPC in it."""

from __future__ import annotations

from typing import Any

import pytest
from localcloud.testing import Cloud

from .network import make_subnet, tagged


@pytest.fixture
def ec2(cloud: Cloud) -> Any:
    return cloud.client("ec2")


@pytest.fixture
def vpc(ec2: Any) -> str:
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16", **tagged("vpc", Name="demo"))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    return str(vpc_id)


@pytest.fixture
def subnet(ec2: Any, vpc: str) -> str:
    return make_subnet(ec2, vpc, "10.0.0.0/24", "us-east-1a")
