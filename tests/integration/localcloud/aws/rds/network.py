# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A network for databases, the databases of the tests, and what RDS refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from localcloud.testing import Cloud

AURORA = {
    "Engine": "aurora-postgresql",
    "MasterUsername": "postgres",
    "ManageMasterUserPassword": True,
    "DBSubnetGroupName": "databases",
}
SERVERLESS = {"MinCapacity": 0.5, "MaxCapacity": 4}


@dataclass
class Network:
    """A VPC with subnets in two zones, a DB subnet group over them, a security group, and RDS."""

    cloud: Cloud
    rds: Any
    ec2: Any
    vpc: str = ""
    group: str = ""
    subnets: list[str] = field(default_factory=list)

    def create_cluster(self, name: str = "main", **settings: Any) -> dict[str, Any]:
        given = {
            **AURORA,
            "ServerlessV2ScalingConfiguration": SERVERLESS,
            "VpcSecurityGroupIds": [self.group],
            **settings,
        }
        given = {key: value for key, value in given.items() if value is not None}
        found: dict[str, Any] = self.rds.create_db_cluster(DBClusterIdentifier=name, **given)["DBCluster"]
        return found

    def add_instance(self, name: str = "main-1", **settings: Any) -> dict[str, Any]:
        given = {
            "DBClusterIdentifier": "main",
            "Engine": "aurora-postgresql",
            "DBInstanceClass": "db.serverless",
            **settings,
        }
        found: dict[str, Any] = self.rds.create_db_instance(DBInstanceIdentifier=name, **given)["DBInstance"]
        return found

    def create_alone(self, name: str = "orders", **settings: Any) -> dict[str, Any]:
        given = {
            "Engine": "postgres",
            "DBInstanceClass": "db.t4g.micro",
            "AllocatedStorage": 100,
            "MasterUsername": "postgres",
            **settings,
        }
        given = {
            "ManageMasterUserPassword": True,
            "DBSubnetGroupName": "databases",
            "VpcSecurityGroupIds": [self.group],
            **given,
        }
        found: dict[str, Any] = self.rds.create_db_instance(DBInstanceIdentifier=name, **given)["DBInstance"]
        return found

    def cluster(self) -> dict[str, Any]:
        found: dict[str, Any] = self.rds.describe_db_clusters(DBClusterIdentifier="main")["DBClusters"][0]
        return found

    def instance(self, name: str = "main-1") -> dict[str, Any]:
        found: dict[str, Any] = self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        return found


def subnet(network: Network, cidr: str, zone: str) -> str:
    return str(
        network.ec2.create_subnet(VpcId=network.vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
    )


@contextmanager
def refused(code: str, message: str = "") -> Iterator[None]:
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    assert message in error["Message"], error
