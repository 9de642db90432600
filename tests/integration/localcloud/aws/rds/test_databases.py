# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's databases against what AWS documents: states over time, versions, the master's secret."""

from __future__ import annotations

import json

from .network import Network, refused, subnet


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
