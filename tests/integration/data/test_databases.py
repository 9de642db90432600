# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The life of databases: what changes in place, what stays, what is refused, and what a deletion leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from localcloud.testing import Cloud

from tests.integration.contract.case import Account, Options, Result
from tests.integration.contract.cases.data.databases import IN_TIERS
from tests.integration.contract.cases.needs import CLUSTER

NAME = "acme-test-main"
NETWORK = {**IN_TIERS, "zones": ["us-east-1a", "us-east-1b", "us-east-1c"]}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud(control_plane=False) as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.clock(scale=0, held=False)
    cloud.reset()
    account = Account(cloud)
    account.apply("vpc", NETWORK)
    return account


@pytest.fixture
def aurora(account: Account) -> Callable[..., Result]:
    def apply(check: bool = False, **options: Any) -> Result:
        return account.run("aurora", {"version": "16.8", "admit_cluster": False, **options}, check)

    return apply


def acted(result: Result) -> dict[str, str]:
    """What was done with what, by key."""
    assert not result.get("failed"), result["msg"]
    return {f"{row['kind']} {row['key']}": row["action"] for row in result["resources"] if row["action"] != "none"}


def cluster(account: Account) -> dict[str, Any]:
    found: dict[str, Any] = account.cloud.client("rds", clean=True).describe_db_clusters()["DBClusters"][0]
    return found


def instances(account: Account) -> dict[str, dict[str, Any]]:
    listed = account.cloud.client("rds", clean=True).describe_db_instances()["DBInstances"]
    return {instance["DBInstanceIdentifier"]: instance for instance in listed}


def test_a_reader_is_added_in_another_zone_and_nothing_is_replaced(
    account: Account, aurora: Callable[..., Result]
) -> None:
    aurora()
    before = instances(account)
    assert acted(aurora(readers=2)) == {f"AuroraInstance {NAME}-2": "create", f"AuroraInstance {NAME}-3": "create"}
    after = instances(account)
    assert after[f"{NAME}-1"]["DbiResourceId"] == before[f"{NAME}-1"]["DbiResourceId"]
    assert len({instance["AvailabilityZone"] for instance in after.values()}) == 3


def test_with_one_reader_less_the_instance_that_writes_since_a_failover_stays(
    account: Account, aurora: Callable[..., Result]
) -> None:
    aurora(readers=1)
    account.cloud.client("rds", clean=True).failover_db_cluster(
        DBClusterIdentifier=NAME, TargetDBInstanceIdentifier=f"{NAME}-2"
    )
    assert acted(aurora(readers=1)) == {}
    assert acted(aurora(readers=0)) == {f"AuroraInstance {NAME}-1": "delete"}
    assert list(instances(account)) == [f"{NAME}-2"]
    assert acted(aurora(readers=1)) == {f"AuroraInstance {NAME}-1": "create"}


def test_capacity_retention_and_windows_change_in_place(account: Account, aurora: Callable[..., Result]) -> None:
    aurora()
    before = cluster(account)
    changed = {"min_acu": 0, "max_acu": 16, "backup_retention_days": 35, "backup_window": "02:00-02:30"}
    assert acted(aurora(**changed)) == {f"AuroraCluster {NAME}": "update"}
    after = cluster(account)
    assert after["DbClusterResourceId"] == before["DbClusterResourceId"]
    assert after["ServerlessV2ScalingConfiguration"] == {
        "MinCapacity": 0.0,
        "MaxCapacity": 16.0,
        "SecondsUntilAutoPause": 300,
    }
    assert (after["BackupRetentionPeriod"], after["PreferredBackupWindow"]) == (35, "02:00-02:30")


def test_a_later_minor_version_is_an_upgrade_in_place_that_is_started_once(
    account: Account, aurora: Callable[..., Result]
) -> None:
    aurora()
    before = cluster(account)
    account.hold(True)
    assert acted(aurora(version="16.9", wait=False)) == {f"AuroraCluster {NAME}": "update"}
    assert cluster(account)["Status"] == "upgrading"
    account.watch()
    assert aurora(version="16.9", wait=False)["changed"] is False
    assert account.writes() == []
    account.hold(False)
    after = cluster(account)
    assert (after["EngineVersion"], after["DbClusterResourceId"]) == ("16.9", before["DbClusterResourceId"])
    assert acted(aurora(version="16.8")) == {}  # AWS may have been ahead: that is no reason to go back


def test_a_change_while_another_is_on_its_way_waits_for_it_or_is_left_to_the_next_call(
    account: Account, aurora: Callable[..., Result]
) -> None:
    aurora()
    account.hold(True)
    aurora(max_acu=8, wait=False)
    result = aurora(max_acu=16, wait=False)
    assert result["changed"] is False
    assert f"the cluster {NAME} is modifying" in result["pending"][0]
    account.hold(False)
    assert acted(aurora(max_acu=16)) == {f"AuroraCluster {NAME}": "update"}


def test_with_apply_immediately_off_an_upgrade_waits_for_the_window_and_is_not_asked_for_again(
    account: Account, aurora: Callable[..., Result]
) -> None:
    aurora()
    assert acted(aurora(version="16.9", apply_immediately=False)) == {f"AuroraCluster {NAME}": "update"}
    assert (cluster(account)["EngineVersion"], cluster(account)["PendingModifiedValues"]) == (
        "16.8",
        {"EngineVersion": "16.9"},
    )
    account.watch()
    assert aurora(version="16.9", apply_immediately=False)["changed"] is False
    assert account.writes() == []


def test_a_major_upgrade_that_is_allowed_brings_a_parameter_group_of_its_own(
    account: Account, aurora: Callable[..., Result]
) -> None:
    aurora()
    before = cluster(account)
    result = aurora(version="17", allow_major_version_upgrade=True)
    assert acted(result) == {
        f"ClusterParameterGroup {NAME}-aurora-postgresql17": "create",
        f"ClusterParameterGroup {NAME}-aurora-postgresql16": "delete",
        f"AuroraCluster {NAME}": "update",
    }
    after = cluster(account)
    assert (after["EngineVersion"], after["DBClusterParameterGroup"]) == ("17.5", f"{NAME}-aurora-postgresql17")
    assert after["DbClusterResourceId"] == before["DbClusterResourceId"]
    assert acted(aurora(version="17")) == {}


def test_a_static_parameter_asks_for_a_reboot_and_a_dynamic_one_does_not(
    account: Account, aurora: Callable[..., Result]
) -> None:
    aurora()
    assert aurora(parameters={"log_statement": "ddl"})["awaiting_reboot"] == []
    assert aurora(parameters={"log_statement": "ddl", "max_connections": 200})["awaiting_reboot"] == [f"{NAME}-1"]
    assert aurora(parameters={"log_statement": "ddl", "max_connections": 200})["awaiting_reboot"] == [f"{NAME}-1"]
    account.cloud.client("rds", clean=True).reboot_db_instance(DBInstanceIdentifier=f"{NAME}-1")
    assert aurora(parameters={"log_statement": "ddl", "max_connections": 200})["awaiting_reboot"] == []


def test_a_parameter_that_is_set_to_the_engines_own_value_is_no_change_the_next_time(
    account: Account, aurora: Callable[..., Result]
) -> None:
    group = f"ClusterParameterGroup {NAME}-aurora-postgresql16"
    aurora(parameters={"log_statement": "none", "autovacuum": 1})
    assert acted(aurora(parameters={"log_statement": "none", "autovacuum": 1})) == {}
    change = {"ParameterName": "log_statement", "ParameterValue": "all", "ApplyMethod": "immediate"}
    rds = account.cloud.client("rds", clean=True)
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName=f"{NAME}-aurora-postgresql16", Parameters=[change]
    )
    assert acted(aurora(parameters={"log_statement": "none", "autovacuum": 1})) == {group: "update"}
    assert acted(aurora(parameters={"log_statement": "none"})) == {group: "update"}
    assert acted(aurora(parameters={"log_statement": "none"})) == {}


def test_a_protected_cluster_is_not_deleted_and_the_way_out_is_told(
    account: Account, aurora: Callable[..., Result]
) -> None:
    aurora(deletion_protection=True)
    account.watch()
    result = aurora(state="absent", deletion_protection=True)
    assert (
        result["failed"]
        and "Set deletion_protection to false and run the role once with state present" in result["msg"]
    )
    assert account.writes() == []
    aurora(deletion_protection=False)
    assert not aurora(state="absent").get("failed")


def test_deleting_a_cluster_leaves_its_last_snapshot_and_says_so_beforehand(
    account: Account, aurora: Callable[..., Result]
) -> None:
    aurora()
    name = f"{NAME}-final-{cluster(account)['DbClusterResourceId'].removeprefix('cluster-')[:8].lower()}"
    assert aurora(check=True, state="absent")["retained"] == [f"DBClusterSnapshot {name}"]
    assert aurora(state="absent")["retained"] == [f"DBClusterSnapshot {name}"]
    taken = account.cloud.client("rds", clean=True).describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert [snapshot["DBClusterSnapshotIdentifier"] for snapshot in taken] == [name]


def test_a_cluster_that_is_not_to_leave_a_snapshot_leaves_none(account: Account, aurora: Callable[..., Result]) -> None:
    aurora(final_snapshot=False)
    assert "retained" not in aurora(state="absent")
    assert account.cloud.client("rds", clean=True).describe_db_cluster_snapshots()["DBClusterSnapshots"] == []


def test_without_waiting_cluster_and_instances_are_started_together_while_eks_is_still_at_its_own(
    account: Account,
) -> None:
    account.hold(True)
    account.apply("cluster", {**CLUSTER[1], "wait": False})
    result = account.apply("aurora", {"readers": 1, "wait": False})
    assert (
        acted(result).items()
        >= {f"AuroraInstance {NAME}-2": "create", "SecurityGroupRule main/acme-test": "create"}.items()
    )
    assert (cluster(account)["Status"], len(instances(account))) == ("creating", 2)
    assert [line.partition(":")[0] for line in result["pending"]] == [
        f"wait for AuroraInstance {NAME}-{number}" for number in (1, 2)
    ]
    assert account.apply("aurora", {"readers": 1, "wait": False})["changed"] is False


@pytest.fixture
def orders(account: Account) -> Callable[..., Result]:
    def apply(check: bool = False, others: Options | None = None, **options: Any) -> Result:
        given = {
            "engine": "postgres",
            "version": "16",
            "instance_class": "db.t4g.micro",
            "admit_cluster": False,
            **options,
        }
        return account.run("rds_instances", {"instances": {"orders": given, **(others or {})}}, check)

    return apply


def test_storage_grows_in_place_and_what_it_has_grown_to_by_itself_stays(
    account: Account, orders: Callable[..., Result]
) -> None:
    orders(storage=100, max_storage=200)
    assert acted(orders(storage=150, max_storage=200)) == {"DbInstance acme-test-orders": "update"}
    assert instances(account)["acme-test-orders"]["AllocatedStorage"] == 150
    assert acted(orders(storage=100, max_storage=200)) == {}


def test_an_instance_that_is_no_longer_listed_stays_with_all_that_belongs_to_it(
    account: Account, orders: Callable[..., Result]
) -> None:
    shop = {
        "engine": "mysql",
        "instance_class": "db.t4g.micro",
        "admit_cluster": False,
        "allowed_cidrs": ["10.9.0.0/16"],
    }
    orders(others={"shop": shop})
    before = account.cloud.dump()
    assert acted(orders()) == {}
    assert account.cloud.dump() == before


def test_mysql_and_mariadb_ask_for_tls_too(account: Account, orders: Callable[..., Result]) -> None:
    small = {"instance_class": "db.t4g.micro", "admit_cluster": False}
    orders(others={"shop": {"engine": "mysql", **small}, "wiki": {"engine": "mariadb", "version": "11.4", **small}})
    rds = account.cloud.client("rds", clean=True)
    for group in ("acme-test-shop-mysql8-4", "acme-test-wiki-mariadb11-4"):
        changed = rds.describe_db_parameters(DBParameterGroupName=group, Source="user")["Parameters"]
        assert {each["ParameterName"]: each["ParameterValue"] for each in changed} == {"require_secure_transport": "1"}
    assert instances(account)["acme-test-wiki"]["Endpoint"]["Port"] == 3306


def test_a_class_changed_for_the_window_is_asked_for_once(account: Account, orders: Callable[..., Result]) -> None:
    orders()
    assert acted(orders(instance_class="db.m7g.large", apply_immediately=False)) == {
        "DbInstance acme-test-orders": "update"
    }
    assert instances(account)["acme-test-orders"]["PendingModifiedValues"] == {"DBInstanceClass": "db.m7g.large"}
    account.watch()
    assert orders(instance_class="db.m7g.large", apply_immediately=False)["changed"] is False
    assert account.writes() == []
