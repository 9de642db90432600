# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's RDS against what AWS documents: states over time, what is refused, parameters,
versions, the master's secret.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud(control_plane=False) as running:
        yield running


@pytest.fixture
def network(cloud: Cloud) -> Network:
    cloud.clock(scale=0, held=False)
    cloud.reset()
    made = Network(cloud, cloud.client("rds", clean=True), cloud.client("ec2", clean=True))
    made.vpc = made.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made.subnets = [
        subnet(made, f"10.0.{number}.0/24", zone) for number, zone in enumerate(("us-east-1a", "us-east-1b"))
    ]
    made.group = made.ec2.create_security_group(GroupName="databases", Description="x", VpcId=made.vpc)["GroupId"]
    made.rds.create_db_subnet_group(DBSubnetGroupName="databases", DBSubnetGroupDescription="x", SubnetIds=made.subnets)
    return made


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


def test_a_cluster_and_its_instances_are_made_side_by_side_and_serve_once_their_time_has_come(network: Network) -> None:
    network.cloud.clock(held=True)
    assert network.create_cluster()["Status"] == "creating"
    assert network.add_instance(AvailabilityZone="us-east-1b")["DBInstanceStatus"] == "creating"
    network.add_instance("main-2", AvailabilityZone="us-east-1a")
    assert "Endpoint" not in network.instance()
    network.cloud.clock(held=False)
    cluster = network.cluster()
    assert (cluster["Status"], network.instance()["DBInstanceStatus"]) == ("available", "available")
    assert network.instance()["Endpoint"]["Port"] == 5432
    assert {member["DBInstanceIdentifier"]: member["IsClusterWriter"] for member in cluster["DBClusterMembers"]} == {
        "main-1": True,
        "main-2": False,
    }


def test_what_is_busy_takes_no_change_and_what_is_being_made_is_not_deleted(network: Network) -> None:
    network.cloud.clock(held=True)
    network.create_cluster()
    network.add_instance()
    with refused("InvalidDBClusterStateFault", "is not in available state"):
        network.rds.modify_db_cluster(DBClusterIdentifier="main", BackupRetentionPeriod=3)
    with refused("InvalidResourceStateFault"):
        network.rds.enable_http_endpoint(ResourceArn=network.cluster()["DBClusterArn"])
    with refused("InvalidDBInstanceState"):
        network.rds.modify_db_instance(DBInstanceIdentifier="main-1", AutoMinorVersionUpgrade=False)
    with refused("InvalidDBInstanceState", "currently creating"):
        network.rds.delete_db_instance(DBInstanceIdentifier="main-1", SkipFinalSnapshot=True)


def test_a_cluster_goes_after_its_instances_and_leaves_the_snapshot_that_was_asked_for(network: Network) -> None:
    network.create_cluster(DeletionProtection=True)
    network.add_instance()
    secret = network.cluster()["MasterUserSecret"]["SecretArn"]
    with refused("InvalidParameterCombination", "deletion protection"):
        network.rds.delete_db_cluster(DBClusterIdentifier="main", SkipFinalSnapshot=True)
    network.rds.modify_db_cluster(DBClusterIdentifier="main", DeletionProtection=False)
    with refused("InvalidDBClusterStateFault", "still contains DB instances"):
        network.rds.delete_db_cluster(DBClusterIdentifier="main", SkipFinalSnapshot=True)
    network.rds.delete_db_instance(DBInstanceIdentifier="main-1", SkipFinalSnapshot=True)
    with refused("InvalidParameterCombination", "is required unless"):
        network.rds.delete_db_cluster(DBClusterIdentifier="main")
    network.rds.delete_db_cluster(DBClusterIdentifier="main", FinalDBSnapshotIdentifier="last")
    with refused("DBClusterNotFoundFault"):
        network.cluster()
    assert [
        each["DBClusterSnapshotIdentifier"]
        for each in network.rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    ] == ["last"]
    with refused("ResourceNotFoundException"):
        network.cloud.client("secretsmanager", clean=True).get_secret_value(SecretId=secret)


def test_the_masters_secret_exists_belongs_to_rds_and_rotates_every_week(network: Network) -> None:
    cluster = network.create_cluster()
    assert cluster["MasterUserSecret"]["SecretStatus"] == "creating"
    assert network.cluster()["MasterUserSecret"]["SecretStatus"] == "active"
    secrets = network.cloud.client("secretsmanager", clean=True)
    about = secrets.describe_secret(SecretId=cluster["MasterUserSecret"]["SecretArn"])
    assert (about["OwningService"], about["RotationEnabled"], about["RotationRules"]) == (
        "rds",
        True,
        {"AutomaticallyAfterDays": 7},
    )
    assert {"Key": "aws:rds:primaryDBClusterArn", "Value": cluster["DBClusterArn"]} in about["Tags"]
    content = json.loads(secrets.get_secret_value(SecretId=about["ARN"])["SecretString"])
    assert content["username"] == "postgres" and len(content["password"]) >= 28
    assert content["password"] not in json.dumps(network.cluster(), default=str)


def test_an_instance_holds_its_subnet_and_its_security_group_until_it_is_gone(network: Network) -> None:
    network.create_cluster()
    network.add_instance(AvailabilityZone="us-east-1a")
    with refused("DependencyViolation"):
        network.ec2.delete_subnet(SubnetId=network.subnets[0])
    with refused("DependencyViolation"):
        network.ec2.delete_security_group(GroupId=network.group)
    other = network.ec2.create_security_group(GroupName="other", Description="x", VpcId=network.vpc)["GroupId"]
    network.rds.modify_db_cluster(DBClusterIdentifier="main", VpcSecurityGroupIds=[other])
    network.ec2.delete_security_group(GroupId=network.group)
    network.cloud.clock(held=True)
    network.rds.delete_db_instance(DBInstanceIdentifier="main-1", SkipFinalSnapshot=True)
    with refused("DependencyViolation"):
        network.ec2.delete_subnet(SubnetId=network.subnets[0])
    network.cloud.clock(held=False)
    network.ec2.delete_subnet(SubnetId=network.subnets[0])


def test_a_subnet_group_changes_in_place_needs_two_zones_and_stays_while_it_is_used(network: Network) -> None:
    third = subnet(network, "10.0.9.0/24", "us-east-1c")
    network.rds.modify_db_subnet_group(DBSubnetGroupName="databases", SubnetIds=[*network.subnets, third])
    (group,) = network.rds.describe_db_subnet_groups(DBSubnetGroupName="databases")["DBSubnetGroups"]
    assert len(group["Subnets"]) == 3
    with refused("DBSubnetGroupDoesNotCoverEnoughAZs"):
        network.rds.modify_db_subnet_group(DBSubnetGroupName="databases", SubnetIds=[third])
    with refused("DBSubnetGroupAlreadyExists"):
        network.rds.create_db_subnet_group(
            DBSubnetGroupName="databases", DBSubnetGroupDescription="x", SubnetIds=network.subnets
        )
    network.create_cluster()
    network.add_instance(AvailabilityZone="us-east-1c")
    with refused("SubnetAlreadyInUse"):
        network.rds.modify_db_subnet_group(DBSubnetGroupName="databases", SubnetIds=network.subnets)
    with refused("InvalidDBSubnetGroupStateFault", "still using it"):
        network.rds.delete_db_subnet_group(DBSubnetGroupName="databases")


def test_versions_are_offered_with_their_ways_up_and_a_major_one_stands_for_its_default(network: Network) -> None:
    versions = network.rds.describe_db_engine_versions(
        Engine="aurora-postgresql", EngineVersion="16", DefaultOnly=True
    )["DBEngineVersions"]
    assert [version["EngineVersion"] for version in versions] == ["16.8"]
    ways = {way["EngineVersion"]: way["IsMajorVersionUpgrade"] for way in versions[0]["ValidUpgradeTarget"]}
    assert ways == {"16.9": False, "17.4": True, "17.5": True}
    assert network.create_cluster(EngineVersion="16")["EngineVersion"] == "16.8"


def test_an_upgrade_takes_its_time_shows_its_target_and_takes_the_instances_along(network: Network) -> None:
    network.create_cluster(EngineVersion="16.6")
    network.add_instance()
    assert network.instance()["DBInstanceStatus"] == "available"
    network.cloud.clock(held=True)
    network.rds.modify_db_cluster(DBClusterIdentifier="main", EngineVersion="16.9", ApplyImmediately=True)
    cluster = network.cluster()
    assert (cluster["Status"], cluster["EngineVersion"], cluster["PendingModifiedValues"]) == (
        "upgrading",
        "16.6",
        {"EngineVersion": "16.9"},
    )
    assert network.instance()["DBInstanceStatus"] == "upgrading"
    network.cloud.clock(held=False)
    assert (network.cluster()["EngineVersion"], network.instance()["EngineVersion"]) == ("16.9", "16.9")


def test_parameters_are_the_engines_until_changed_and_static_ones_ask_for_a_reboot(network: Network) -> None:
    group = {"DBClusterParameterGroupName": "ours"}
    network.rds.create_db_cluster_parameter_group(
        **group, DBParameterGroupFamily="aurora-postgresql17", Description="x"
    )
    network.create_cluster(EngineVersion="17.5", **group)
    network.add_instance()
    assert network.rds.describe_db_cluster_parameters(**group, Source="user")["Parameters"] == []
    change(network, "log_statement", "all", "immediate")
    assert network.cluster()["DBClusterMembers"][0]["DBClusterParameterGroupStatus"] == "in-sync"
    change(network, "max_connections", "100", "pending-reboot")
    assert network.cluster()["DBClusterMembers"][0]["DBClusterParameterGroupStatus"] == "pending-reboot"
    network.rds.reboot_db_instance(DBInstanceIdentifier="main-1")
    assert network.cluster()["DBClusterMembers"][0]["DBClusterParameterGroupStatus"] == "in-sync"
    network.rds.reset_db_cluster_parameter_group(
        **group, Parameters=[{"ParameterName": "log_statement", "ApplyMethod": "immediate"}]
    )
    changed = network.rds.describe_db_cluster_parameters(**group, Source="user")["Parameters"]
    assert [parameter["ParameterName"] for parameter in changed] == ["max_connections"]
    with refused("InvalidDBParameterGroupState", "still members of this parameter group"):
        network.rds.delete_db_cluster_parameter_group(**group)


def change(network: Network, name: str, value: str, method: str) -> None:
    parameters = [{"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}]
    network.rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName="ours", Parameters=parameters)


@pytest.mark.parametrize(
    ("name", "value", "method", "code", "message"),
    [
        ("log_statment", "all", "immediate", "InvalidParameterValue", "Could not find parameter"),
        ("rds.extensions", "x", "immediate", "InvalidParameterValue", "cannot be modified"),
        ("max_connections", "100", "immediate", "InvalidParameterCombination", "cannot use immediate apply method"),
        ("log_statement", "some", "immediate", "InvalidParameterValue", "allowed values are"),
    ],
)
def test_a_parameter_that_cannot_be_so_is_refused(
    network: Network, name: str, value: str, method: str, code: str, message: str
) -> None:
    network.rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="ours", DBParameterGroupFamily="aurora-postgresql17", Description="x"
    )
    with refused(code, message):
        change(network, name, value, method)


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


def test_an_instances_class_is_pending_until_it_is_applied_and_a_standby_has_an_interface_of_its_own(
    network: Network,
) -> None:
    network.create_alone(MultiAZ=True)
    assert len(network.ec2.describe_network_interfaces()["NetworkInterfaces"]) == 2
    changed = {"DBInstanceIdentifier": "orders", "DBInstanceClass": "db.m7g.large"}
    network.rds.modify_db_instance(**changed)
    assert (network.instance("orders")["DBInstanceClass"], network.instance("orders")["PendingModifiedValues"]) == (
        "db.t4g.micro",
        {"DBInstanceClass": "db.m7g.large"},
    )
    network.cloud.clock(held=True)
    network.rds.modify_db_instance(**changed, MultiAZ=False, ApplyImmediately=True)
    assert network.instance("orders")["DBInstanceStatus"] == "modifying"
    network.cloud.clock(held=False)
    assert (network.instance("orders")["DBInstanceClass"], network.instance("orders")["PendingModifiedValues"]) == (
        "db.m7g.large",
        {},
    )
    assert len(network.ec2.describe_network_interfaces()["NetworkInterfaces"]) == 1


def test_io_optimized_storage_is_told_and_can_be_chosen_once_in_thirty_days(network: Network) -> None:
    assert "StorageType" not in network.create_cluster()
    for storage_type in ("aurora-iopt1", "aurora"):
        network.rds.modify_db_cluster(DBClusterIdentifier="main", StorageType=storage_type)
    assert "StorageType" not in network.cluster()
    with refused("InvalidParameterCombination", "storage type"):
        network.rds.modify_db_cluster(DBClusterIdentifier="main", StorageType="aurora-iopt1")
    assert network.create_cluster("second", StorageType="aurora-iopt1")["StorageType"] == "aurora-iopt1"


def test_the_data_api_is_switched_on_and_off(network: Network) -> None:
    arn = network.create_cluster()["DBClusterArn"]
    for operation, enabled in (("enable_http_endpoint", True), ("disable_http_endpoint", False)):
        getattr(network.rds, operation)(ResourceArn=arn)
        assert network.cluster()["HttpEndpointEnabled"] is enabled
