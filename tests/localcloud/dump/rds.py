# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Databases, their snapshots, subnet groups and parameter groups."""

from __future__ import annotations

from typing import Any

from .collectors import Found, Properties, every, reads


@reads("rds")
def _databases(rds: Any) -> Found:
    """Automated snapshots go with their database; those of a database that is gone are retained backups."""
    for one in every(rds, "describe_db_clusters", "DBClusters"):
        yield "cluster", one["DBClusterIdentifier"], _lasting(one)
    for one in every(rds, "describe_db_instances", "DBInstances"):
        yield "instance", one["DBInstanceIdentifier"], _lasting(one)
    for one in every(rds, "describe_db_cluster_snapshots", "DBClusterSnapshots", SnapshotType="manual"):
        yield "cluster-snapshot", one["DBClusterSnapshotIdentifier"], one
    for one in every(rds, "describe_db_snapshots", "DBSnapshots", SnapshotType="manual"):
        yield "snapshot", one["DBSnapshotIdentifier"], one
    for one in every(rds, "describe_db_instance_automated_backups", "DBInstanceAutomatedBackups"):
        if one["Status"] == "retained":
            yield "automated-backup", one["DBInstanceIdentifier"], one
    for one in every(rds, "describe_db_subnet_groups", "DBSubnetGroups"):
        tags = rds.list_tags_for_resource(ResourceName=one["DBSubnetGroupArn"])["TagList"]
        yield "subnet-group", one["DBSubnetGroupName"], {**one, "Tags": tags}
    for kind, member, of_clusters in (
        ("parameter-group", "DBParameterGroup", ""),
        ("cluster-parameter-group", "DBClusterParameterGroup", "cluster_"),
    ):
        for one in every(rds, f"describe_db_{of_clusters}parameter_groups", f"{member}s"):
            name = one[f"{member}Name"]
            if not name.startswith("default."):
                tags = rds.list_tags_for_resource(ResourceName=one[f"{member}Arn"])["TagList"]
                changed = every(
                    rds,
                    f"describe_db_{of_clusters}parameters",
                    "Parameters",
                    **{f"{member}Name": name, "Source": "user"},
                )
                values = {parameter["ParameterName"]: parameter["ParameterValue"] for parameter in changed}
                yield kind, name, {**one, "Parameters": values, "Tags": tags}


def _lasting(database: Properties) -> Properties:
    """Without what moves on by itself."""
    return {
        name: value
        for name, value in database.items()
        if name not in ("LatestRestorableTime", "EarliestRestorableTime")
    }
