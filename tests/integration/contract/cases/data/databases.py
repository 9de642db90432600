# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the cases of databases share: what they need, changes of what is around them,
and rules of the options that both have.
"""

from __future__ import annotations

from ...case import Options, Raw
from ..changes import STRANGE, Change, ec2, ec2_tag
from ..needs import CLUSTER, NETWORK, keys

IN_TIERS: Options = {**NETWORK[1], "tiers": ["private", "database"]}
NEEDS: tuple[tuple[str, Options], ...] = (
    keys("database", "logs"),
    (NETWORK[0], IN_TIERS),
    (NETWORK[0], {**IN_TIERS, "environment": "one", "zones": ["us-east-1a"]}),
    CLUSTER,
)
SIDE_EFFECTS = frozenset({"ec2/network-interface", "secretsmanager/secret"})


def rds_tag(kind: str, arn_name: str) -> Change:
    return lambda raw: raw.client("rds").add_tags_to_resource(ResourceName=raw.found(kind)[arn_name], Tags=STRANGE)


def add_subnet(raw: Raw) -> None:
    """To those of the group, and another description."""
    group = raw.found("DbSubnetGroup")
    made = raw.client("ec2").create_subnet(
        VpcId=group["VpcId"], CidrBlock="10.0.255.0/24", AvailabilityZone="us-east-1c"
    )["Subnet"]
    raw.client("rds").modify_db_subnet_group(
        DBSubnetGroupName=group["DBSubnetGroupName"],
        DBSubnetGroupDescription="theirs",
        SubnetIds=[*sorted(group["SubnetIds"]), made["SubnetId"]],
    )


def open_rule(raw: Raw) -> None:
    """The rule lets in another port, and there is one more."""
    rule = raw.found(
        "SecurityGroupRule",
        next(key for key in (f"{name}/10.9.0.0/16" for name in ("main", "orders")) if _has(raw, key)),
    )
    ec2_client = raw.client("ec2")
    changed = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 9999, "CidrIpv4": "10.9.0.0/16", "Description": "x"}
    ec2_client.modify_security_group_rules(
        GroupId=rule["GroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": changed}],
    )
    ec2_client.authorize_security_group_ingress(
        GroupId=rule["GroupId"], IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )


def _has(raw: Raw, key: str) -> bool:
    return key in dict(raw.kinds["SecurityGroupRule"].observe(raw.context.aws, raw.context.owner))


AROUND: dict[tuple[str, str], Change] = {
    ("SecurityGroup", "Tags"): ec2_tag("SecurityGroup", "GroupId"),
    ("SecurityGroup", "Egress"): ec2(
        "SecurityGroup",
        "authorize_security_group_egress",
        "GroupId",
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    ),
    ("SecurityGroupRule", "Tags"): ec2_tag("SecurityGroupRule", "SecurityGroupRuleId"),
    ("SecurityGroupRule", "Rule"): open_rule,
    ("DbSubnetGroup", "Tags"): rds_tag("DbSubnetGroup", "DBSubnetGroupArn"),
    ("DbSubnetGroup", "SubnetIds"): add_subnet,
    ("DbSubnetGroup", "DBSubnetGroupDescription"): add_subnet,
}

BAD: dict[str, tuple[Options, str]] = {
    "an initial database that is no name": (
        {"initial_database": "my-shop"},
        r"^{path}initial_database: 'my-shop' must be letters",
    ),
    "a master that is no name": (
        {"master_username": "the master"},
        r"^{path}master_username: 'the master' must be at most 16",
    ),
    "a reserved master": ({"master_username": "rdsadmin"}, r"^{path}master_username: 'rdsadmin' is reserved by RDS"),
    "a parameter that is a list": (
        {"parameters": {"timezone": ["UTC"]}},
        r"^{path}parameters\.timezone: must be a text or a number",
    ),
    "a tier of public subnets": ({"subnet_tier": "public"}, r"subnet_tier"),
    "a range that is none": (
        {"allowed_cidrs": ["10.1.0.0/33"]},
        r"^{path}allowed_cidrs\[0\]: '10\.1\.0\.0/33' is no range of addresses",
    ),
    "a public range": (
        {"allowed_cidrs": ["8.8.8.0/24"]},
        r"^{path}allowed_cidrs\[0\]: 8\.8\.8\.0/24 is a public range",
    ),
    "a range twice": (
        {"allowed_cidrs": ["10.9.0.0/16"] * 2},
        r"^{path}allowed_cidrs\[1\]: 10\.9\.0\.0/16 is named twice",
    ),
    "a security group's name": (
        {"allowed_security_group_ids": ["web"]},
        r"^{path}allowed_security_group_ids\[0\]: 'web' is not the id of a security group",
    ),
    "backups for too long": (
        {"backup_retention_days": 36},
        r"^{path}backup_retention_days: must be from . to 35 days, not 36",
    ),
    "a backup window that is none": ({"backup_window": "3-4"}, r"^{path}backup_window: '3-4' is no time of day"),
    "a backup window too short": (
        {"backup_window": "03:00-03:29"},
        r"^{path}backup_window: 03:00-03:29 is shorter than 30 minutes",
    ),
    "a maintenance window that is none": (
        {"maintenance_window": "04:30-05:30"},
        r"^{path}maintenance_window: '04:30-05:30' is no time of the week",
    ),
    "windows that overlap": (
        {"backup_window": "23:30-00:30", "maintenance_window": "sun:00:00-sun:01:00"},
        r"^{path}maintenance_window: sun:00:00-sun:01:00 overlaps the backup window 23:30-00:30",
    ),
    "a retention that AWS does not offer": (
        {"log_retention_days": 31},
        r"^{path}log_retention_days: 31 is none of the periods",
    ),
    "a key for no logs": (
        {"log_types": [], "log_kms_key": "logs"},
        r"^{path}log_kms_key: has no use while log_types is empty",
    ),
    "an empty key": ({"kms_key": ""}, r"^{path}kms_key: must not be empty"),
    "a mode that there is not": ({"database_insights": "some"}, r"database_insights"),
}
"""Options that break a rule, and the message, in which ``{path}`` is what the option's name comes after."""
