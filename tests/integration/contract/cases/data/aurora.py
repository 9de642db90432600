# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module aurora."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw
from ..changes import LOG_GROUP
from .databases import AROUND, BAD, NEEDS, SIDE_EFFECTS, rds_tag

NAME = "acme-test-main"


def modify(raw: Raw) -> None:
    """All that one call changes."""
    vpc = raw.found("SecurityGroup")["VpcId"]
    group = raw.client("ec2").create_security_group(GroupName="theirs", Description="x", VpcId=vpc)["GroupId"]
    rds = raw.client("rds")
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="theirs", DBParameterGroupFamily="aurora-postgresql16", Description="x"
    )
    rds.modify_db_cluster(
        DBClusterIdentifier=NAME,
        ApplyImmediately=True,
        VpcSecurityGroupIds=[group],
        DBClusterParameterGroupName="theirs",
        ServerlessV2ScalingConfiguration={"MinCapacity": 2, "MaxCapacity": 8},
        StorageType="aurora-iopt1",
        BackupRetentionPeriod=1,
        PreferredBackupWindow="10:00-11:00",
        PreferredMaintenanceWindow="mon:12:00-mon:13:00",
        DeletionProtection=True,
        CopyTagsToSnapshot=False,
        EnableIAMDatabaseAuthentication=False,
        ManageMasterUserPassword=False,
        MasterUserPassword="chosen-by-someone-else",
        CloudwatchLogsExportConfiguration={"DisableLogTypes": ["postgresql"]},
        DatabaseInsightsMode="advanced",
        EnablePerformanceInsights=True,
        PerformanceInsightsRetentionPeriod=465,
    )


def stop_data_api(raw: Raw) -> None:
    raw.client("rds").disable_http_endpoint(ResourceArn=raw.found("AuroraCluster")["DBClusterArn"])


def modify_instance(raw: Raw) -> None:
    raw.client("rds").modify_db_instance(
        DBInstanceIdentifier=f"{NAME}-1",
        ApplyImmediately=True,
        DBInstanceClass="db.r7g.large",
        PubliclyAccessible=True,
        AutoMinorVersionUpgrade=False,
        PreferredMaintenanceWindow="mon:12:00-mon:13:00",
    )


def change_parameters(raw: Raw) -> None:
    """One that is ours, and one that is not."""
    raw.client("rds").modify_db_cluster_parameter_group(
        DBClusterParameterGroupName=raw.found("ClusterParameterGroup")["DBClusterParameterGroupName"],
        Parameters=[
            {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"},
            {"ParameterName": "log_statement", "ParameterValue": "all", "ApplyMethod": "immediate"},
        ],
    )


CHANGED = (
    "VpcSecurityGroupIds",
    "DBClusterParameterGroup",
    "ServerlessV2ScalingConfiguration",
    "StorageType",
    "BackupRetentionPeriod",
    "PreferredBackupWindow",
    "PreferredMaintenanceWindow",
    "DeletionProtection",
    "CopyTagsToSnapshot",
    "IAMDatabaseAuthenticationEnabled",
    "ManageMasterUserPassword",
    "EnabledCloudwatchLogsExports",
    "DatabaseInsightsMode",
    "PerformanceInsightsEnabled",
)


def acu(least: float, most: float, **more: Any) -> Options:
    return {"min_acu": least, "max_acu": most, **more}


CASE = Case(
    module="aurora",
    options={
        "version": "16.8",
        "min_acu": 0,
        "max_acu": 4,
        "seconds_until_auto_pause": 600,
        "readers": 1,
        "initial_database": "shop",
        "parameters": {"log_min_duration_statement": 500, "max_connections": "200"},
        "allowed_cidrs": ["10.9.0.0/16"],
        "kms_key": "database",
        "backup_window": "03:00-04:00",
        "maintenance_window": "sun:04:30-sun:05:30",
        "log_kms_key": "logs",
    },
    needs=NEEDS,
    changes={
        **AROUND,
        **LOG_GROUP,
        ("ClusterParameterGroup", "Tags"): rds_tag("ClusterParameterGroup", "DBClusterParameterGroupArn"),
        ("ClusterParameterGroup", "Parameters"): change_parameters,
        ("AuroraCluster", "Tags"): rds_tag("AuroraCluster", "DBClusterArn"),
        ("AuroraCluster", "HttpEndpointEnabled"): stop_data_api,
        **{("AuroraCluster", name): modify for name in CHANGED},
        ("AuroraInstance", "Tags"): rds_tag("AuroraInstance", "DBInstanceArn"),
        **{
            ("AuroraInstance", name): modify_instance
            for name in (
                "DBInstanceClass",
                "PubliclyAccessible",
                "AutoMinorVersionUpgrade",
                "PreferredMaintenanceWindow",
            )
        },
    },
    unchangeable={
        (
            "AuroraCluster",
            "EngineVersion",
        ): "RDS does not go back, and what AWS has upgraded within the major version stays so"
    },
    smaller={"readers": 0, "allowed_cidrs": []},
    purged=frozenset({"AuroraInstance", "SecurityGroupRule"}),
    side_effects=SIDE_EFFECTS,
    kept={"rds/cluster-snapshot": "the final snapshot"},
    bad={
        **{f"shared: {name}": (options, pattern.format(path="")) for name, (options, pattern) in BAD.items()},
        "capacity in thirds": (acu(0.3, 4), r"^min_acu: 0\.3 is no multiple of half an ACU"),
        "capacity below nothing": (acu(-1, 4), r"^min_acu: must be from 0"),
        "too little capacity": (acu(0, 0.5), r"^max_acu: must be from 1 to 256"),
        "too much capacity": (acu(0, 257), r"^max_acu: must be from 1 to 256"),
        "more at least than at most": (acu(8, 4), r"^max_acu: 4 is less than min_acu, 8"),
        "a pause too soon": (
            {"seconds_until_auto_pause": 299},
            r"^seconds_until_auto_pause: must be from 300 to 86400",
        ),
        "too many readers": ({"readers": 16}, r"^readers: must be from 0 to 15"),
        "a name in capitals": ({"name": "Main"}, r"^name: 'Main' must be at most 24 lower-case"),
        "a name with two hyphens": ({"name": "a--b"}, r"^name: 'a--b' must be"),
        "an environment with two hyphens": (
            {"environment": "te--st"},
            r"^platform: RDS takes no names with two hyphens in a row",
        ),
        "a cluster of another environment": ({"cluster": "other"}, r"^cluster: 'other' must be 'acme-test'"),
        "a version that is none": ({"version": "latest"}, r"^version: 'latest' is no version of aurora-postgresql"),
        "a version that AWS does not offer": (
            {"version": "16.1"},
            r"^version: AWS offers no aurora-postgresql 16\.1\. It offers .*16\.8",
        ),
        "a log that there is not": ({"log_types": ["error"]}, r"^log_types: 'error' is no log of aurora-postgresql"),
        "no backups": ({"backup_retention_days": 0}, r"^backup_retention_days: must be from 1 to 35 days, not 0"),
        "an auto-pause that the version lacks": (
            {"version": "13.12"},
            r"min_acu: 13\.12 has no auto-pause; its least capacity is 0\.5 ACU",
        ),
        "more capacity than the version has": (
            acu(1, 200, version="13.12"),
            r"max_acu: the greatest capacity of 13\.12 is 128 ACU",
        ),
        "connections without TLS": (
            {"parameters": {"rds.force_ssl": 0}},
            r"^parameters\.rds\.force_ssl: TLS is always asked for",
        ),
        "a parameter that there is not": (
            {"parameters": {"log_statment": "all"}},
            r"parameters\.log_statment: .* has no parameter of this name",
        ),
        "a parameter of RDS's own": (
            {"parameters": {"rds.extensions": "x"}},
            r"parameters\.rds\.extensions: RDS sets this parameter itself",
        ),
        "a parameter's value that is not allowed": (
            {"parameters": {"log_statement": "some"}},
            r"parameters\.log_statement: 'some' is not allowed; allowed are none,ddl,mod,all",
        ),
        "a parameter's number out of range": (
            {"parameters": {"max_connections": 5}},
            r"parameters\.max_connections: '5' is not allowed",
        ),
        "subnets in one zone": (
            {"environment": "one", "kms_key": None, "log_kms_key": None, "admit_cluster": False},
            r"subnet_tier: RDS needs subnets in two availability zones or more; "
            r"the tier database has them in us-east-1a alone",
        ),
    },
    bad_when_made={
        "another key": (
            {"kms_key": "logs"},
            r"^AuroraCluster .*: cannot change KmsKeyId in place, and it holds data.*take a snapshot",
        ),
        "another database": ({"initial_database": "other"}, r"cannot change DatabaseName in place, and it holds data"),
        "another master": ({"master_username": "boss"}, r"cannot change MasterUsername in place, and it holds data"),
        "another tier": (
            {"subnet_tier": "private"},
            r"subnet_tier: the database is in other subnets .* Put the old tier back",
        ),
        "another name": (
            {"name": "second"},
            r"name: this component has the cluster acme-test-main already, and acme-test-second would be",
        ),
        "an earlier minor version": (
            {"version": "16.6", "component": "other"},
            r"exists, and is not this environment's",
        ),
        "an earlier major version": (
            {"version": "15"},
            r'^version: the database runs 16\.8, and RDS does not go back to 15\. Set version: "16"',
        ),
        "a later major version": ({"version": "17"}, r"^version: from 16\.8 to 17 is an upgrade of the major version"),
        "a version that there is no way to": (
            {"version": "16.99"},
            r"^version: AWS does not upgrade 16\.8 to 16\.99\. It does to 16\.9, 17",
        ),
    },
)
