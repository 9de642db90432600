# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The parameters of the local cloud's databases."""

from __future__ import annotations

import pytest

from .network import Network, refused


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
