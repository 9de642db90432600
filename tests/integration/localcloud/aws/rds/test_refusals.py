# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the local cloud's RDS refuses, in AWS's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .network import Network, refused

Attempt = Callable[[Network], Any]
REFUSED: dict[str, tuple[Attempt, str, str]] = {
    "a name that is taken": (lambda network: network.create_cluster(), "DBClusterAlreadyExistsFault", ""),
    "a name with two hyphens": (
        lambda network: network.create_cluster("a--b"),
        "InvalidParameterValue",
        "not a valid identifier",
    ),
    "a version that there is not": (
        lambda network: network.create_cluster("x", EngineVersion="9.9"),
        "InvalidParameterCombination",
        "Cannot find",
    ),
    "a security group that there is not": (
        lambda network: network.create_cluster("x", VpcSecurityGroupIds=["sg-00000001"]),
        "InvalidParameterValue",
        "Invalid security group",
    ),
    "a subnet group that there is not": (
        lambda network: network.create_cluster("x", DBSubnetGroupName="no"),
        "DBSubnetGroupNotFoundFault",
        "",
    ),
    "a parameter group that there is not": (
        lambda network: network.create_cluster("x", DBClusterParameterGroupName="no"),
        "DBParameterGroupNotFound",
        "",
    ),
    "a key that there is not": (
        lambda network: network.create_cluster(
            "x", KmsKeyId="arn:aws:kms:us-east-1:111111111111:key/no", StorageEncrypted=True
        ),
        "KMSKeyNotAccessibleFault",
        "",
    ),
    "no password": (
        lambda network: network.create_cluster("x", ManageMasterUserPassword=None),
        "InvalidParameterValue",
        "MasterUserPassword",
    ),
    "a reserved master": (
        lambda network: network.create_cluster("x", MasterUsername="rdsadmin"),
        "InvalidParameterValue",
        "reserved word",
    ),
    "no backups": (
        lambda network: network.create_cluster("x", BackupRetentionPeriod=0),
        "InvalidParameterValue",
        "retention period",
    ),
    "capacity in thirds": (
        lambda network: network.create_cluster(
            "x", ServerlessV2ScalingConfiguration={"MinCapacity": 0.3, "MaxCapacity": 4}
        ),
        "InvalidParameterValue",
        "steps of 0.5",
    ),
    "insights without their retention": (
        lambda network: network.create_cluster("x", DatabaseInsightsMode="advanced"),
        "InvalidParameterCombination",
        "465 days",
    ),
    "windows that overlap": (
        lambda network: network.create_cluster(
            "x", PreferredBackupWindow="04:00-05:00", PreferredMaintenanceWindow="sun:04:30-sun:05:30"
        ),
        "InvalidParameterValue",
        "",
    ),
    "a class that there is not": (
        lambda network: network.add_instance(DBInstanceClass="db.huge"),
        "InvalidParameterValue",
        "Invalid DB Instance",
    ),
    "an instance of no cluster": (
        lambda network: network.add_instance(DBClusterIdentifier="no"),
        "DBClusterNotFoundFault",
        "",
    ),
    "an instance in a zone without a subnet": (
        lambda network: network.add_instance(AvailabilityZone="us-east-1f"),
        "InvalidVPCNetworkStateFault",
        "not covered",
    ),
    "an upgrade downwards": (
        lambda network: network.rds.modify_db_cluster(DBClusterIdentifier="main", EngineVersion="16.6"),
        "InvalidParameterCombination",
        "Cannot upgrade",
    ),
    "an instance with too little storage": (
        lambda network: network.create_alone(AllocatedStorage=5),
        "InvalidParameterCombination",
        "storage size",
    ),
    "storage that shrinks": (
        lambda network: (
            network.create_alone()
            and network.rds.modify_db_instance(DBInstanceIdentifier="orders", AllocatedStorage=50)
        ),
        "InvalidParameterCombination",
        "cannot be less than",
    ),
    "deleting an instance without a word on its snapshot": (
        lambda network: network.create_alone() and network.rds.delete_db_instance(DBInstanceIdentifier="orders"),
        "InvalidParameterCombination",
        "is required unless",
    ),
    "deleting a group that is used": (
        lambda network: (
            use_parameter_group(network) and network.rds.delete_db_parameter_group(DBParameterGroupName="ours")
        ),
        "InvalidDBParameterGroupState",
        "",
    ),
    "a group of another family": (
        lambda network: (
            use_parameter_group(network)
            and network.create_alone("x", EngineVersion="16.8", DBParameterGroupName="ours")
        ),
        "InvalidParameterCombination",
        "DBParameterGroupFamily postgres16",
    ),
}


def use_parameter_group(network: Network) -> dict[str, Any]:
    network.rds.create_db_parameter_group(
        DBParameterGroupName="ours", DBParameterGroupFamily="postgres17", Description="x"
    )
    return network.create_alone(EngineVersion="17", DBParameterGroupName="ours")


@pytest.mark.parametrize(("attempt", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_what_aws_refuses_is_refused(network: Network, attempt: Attempt, code: str, message: str) -> None:
    network.create_cluster()
    network.cluster()
    with refused(code, message):
        attempt(network)
