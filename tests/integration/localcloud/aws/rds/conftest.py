# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS of an empty account, and a network for its databases."""

from __future__ import annotations

import pytest
from localcloud.testing import Cloud

from .network import Network, subnet


@pytest.fixture
def network(cloud: Cloud) -> Network:
    made = Network(cloud, cloud.client("rds", clean=True), cloud.client("ec2", clean=True))
    made.vpc = made.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made.subnets = [
        subnet(made, f"10.0.{number}.0/24", zone) for number, zone in enumerate(("us-east-1a", "us-east-1b"))
    ]
    made.group = made.ec2.create_security_group(GroupName="databases", Description="x", VpcId=made.vpc)["GroupId"]
    made.rds.create_db_subnet_group(DBSubnetGroupName="databases", DBSubnetGroupDescription="x", SubnetIds=made.subnets)
    return made
