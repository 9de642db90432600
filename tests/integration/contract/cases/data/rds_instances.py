# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module rds_instances."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw
from ..changes import LOG_GROUP
from .databases import AROUND, BAD, NEEDS, SIDE_EFFECTS, rds_tag

NAME = "acme-test-orders"
ORDERS: Options = {
    "engine": "postgres",
    "version": "16",
    "instance_class": "db.t4g.medium",
    "storage": 100,
    "max_storage": 200,
    "multi_az": True,
    "initial_database": "orders",
    "parameters": {"log_min_duration_statement": 500},
    "allowed_cidrs": ["10.9.0.0/16"],
    "kms_key": "database",
    "backup_window": "03:00-04:00",
    "maintenance_window": "sun:04:30-sun:05:30",
    "log_types": ["postgresql"],
    "log_kms_key": "logs",
}
SHOP: Options = {"engine": "mysql", "instance_class": "db.t4g.micro", "final_snapshot": False}


def orders(**given: Any) -> Options:
    """With these options of the first instance changed."""
    return {"instances": {"orders": {**ORDERS, **given}, "shop": SHOP}}


def modify(raw: Raw) -> None:
    """All that one call changes."""
    vpc = raw.found("SecurityGroup", "orders")["VpcId"]
    group = raw.client("ec2").create_security_group(GroupName="theirs", Description="x", VpcId=vpc)["GroupId"]
    rds = raw.client("rds")
    rds.create_db_parameter_group(DBParameterGroupName="theirs", DBParameterGroupFamily="postgres16", Description="x")
    rds.modify_db_instance(
        DBInstanceIdentifier=NAME,
        ApplyImmediately=True,
        DBInstanceClass="db.r7g.large",
        MaxAllocatedStorage=300,
        StorageType="gp2",
        MultiAZ=False,
        PubliclyAccessible=True,
        AutoMinorVersionUpgrade=False,
        VpcSecurityGroupIds=[group],
        DBParameterGroupName="theirs",
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


def change_parameters(raw: Raw) -> None:
    raw.client("rds").modify_db_parameter_group(
        DBParameterGroupName=f"{NAME}-postgres16",
        Parameters=[
            {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"},
            {"ParameterName": "max_connections", "ParameterValue": "50", "ApplyMethod": "pending-reboot"},
        ],
    )


CHANGED = (
    "DBInstanceClass",
    "MaxAllocatedStorage",
    "StorageType",
    "MultiAZ",
    "PubliclyAccessible",
    "AutoMinorVersionUpgrade",
    "VpcSecurityGroupIds",
    "DBParameterGroupName",
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

CASE = Case(
    module="rds_instances",
    options=orders(),
    needs=NEEDS,
    changes={
        **AROUND,
        **LOG_GROUP,
        ("ParameterGroup", "Tags"): rds_tag("ParameterGroup", "DBParameterGroupArn"),
        ("ParameterGroup", "Parameters"): change_parameters,
        ("DbInstance", "Tags"): rds_tag("DbInstance", "DBInstanceArn"),
        **{("DbInstance", name): modify for name in CHANGED},
    },
    unchangeable={
        (
            "DbInstance",
            "EngineVersion",
        ): "RDS does not go back, and what AWS has upgraded within the major version stays so",
        ("DbInstance", "AllocatedStorage"): "RDS does not shrink storage, and what it has grown to stays",
    },
    smaller={
        "instances": {"orders": {**ORDERS, "allowed_cidrs": []}}
    },  # what holds data stays, with all that belongs to it
    purged=frozenset({"SecurityGroupRule"}),
    side_effects=SIDE_EFFECTS,
    kept={"rds/snapshot": "the final snapshot"},
    bad={
        **{
            f"shared: {name}": (orders(**options), pattern.format(path=r"instances\.orders\."))
            for name, (options, pattern) in BAD.items()
            if name not in ("a tier of public subnets", "a mode that there is not")
        },
        "an instance that is no dictionary": (
            {"instances": {"orders": "postgres"}},
            r"^instances\.orders: 'postgres' is not a dictionary",
        ),
        "an instance without a class": (
            {"instances": {"orders": {"engine": "postgres"}}},
            r"^instances\.orders\.instance_class: ",
        ),
        "an option that instances do not have": (orders(readers=1), r"^instances\.orders\.readers: "),
        "an engine that there is not": (orders(engine="oracle"), r"^instances\.orders\.engine: "),
        "a name in capitals": (
            {"instances": {"Orders": ORDERS}},
            r"^instances\.Orders: 'Orders' must be at most 24 lower-case",
        ),
        "a class that is none": (
            orders(instance_class="t4g.medium"),
            r"^instances\.orders\.instance_class: 't4g\.medium' is no instance class",
        ),
        "a class that AWS does not offer": (
            orders(instance_class="db.x9.huge"),
            r"instances\.orders\.instance_class: AWS does not offer db\.x9\.huge for postgres 16\.9",
        ),
        "too little storage": (
            orders(storage=19),
            r"^instances\.orders\.storage: must be from 20 to 65536 GiB, not 19",
        ),
        "no room to grow": (
            orders(max_storage=105),
            r"^instances\.orders\.max_storage: must be a tenth more than storage",
        ),
        "a version of another form": (
            orders(engine="mysql", version="8"),
            r"^instances\.orders\.version: '8' is no version of mysql",
        ),
        "a version that AWS does not offer": (
            orders(version="16.1"),
            r"^instances\.orders\.version: AWS offers no postgres 16\.1",
        ),
        "a log of another engine": (
            orders(log_types=["slowquery"]),
            r"^instances\.orders\.log_types: 'slowquery' is no log of postgres",
        ),
        "connections without TLS": (
            orders(engine="mysql", version=None, parameters={"require_secure_transport": "OFF"}),
            r"^instances\.orders\.parameters\.require_secure_transport: TLS is always asked for",
        ),
        "a parameter of another engine": (
            orders(parameters={"slow_query_log": 1}),
            r"instances\.orders\.parameters\.slow_query_log: postgres16 has no parameter of this name",
        ),
        "a mode that there is not": (orders(database_insights="some"), r"^instances\.orders\.database_insights: "),
    },
    bad_when_made={
        "another engine": (
            orders(engine="mysql", version=None, parameters={}, log_types=[], log_kms_key=None),
            r"cannot change .*Engine.* in place, and it holds data",
        ),
        "another key": (
            orders(kms_key="logs"),
            r"^DbInstance .*: cannot change KmsKeyId in place, and it holds data.*take a snapshot",
        ),
        "another database": (orders(initial_database="other"), r"cannot change DBName in place, and it holds data"),
        "another master": (orders(master_username="boss"), r"cannot change MasterUsername in place, and it holds data"),
        "less storage": (
            orders(storage=50, max_storage=None),
            r"instances\.orders\.storage: the instance has 100 GiB, and RDS does not shrink storage to 50\. Set 100",
        ),
        "a little more storage": (
            orders(storage=105),
            r"instances\.orders\.storage: RDS grows storage by a tenth or more; .* at least 110",
        ),
        "an earlier version": (
            orders(version="15"),
            r"^instances\.orders\.version: the database runs 16\.9, and RDS does not go back to 15",
        ),
        "a later major version": (
            orders(version="17"),
            r"^instances\.orders\.version: from 16\.9 to 17 is an upgrade of the major version",
        ),
        "an instance of another component": (
            {**orders(), "component": "other"},
            r"^DbInstance acme-test-orders: exists, and is not this",
        ),
    },
)
