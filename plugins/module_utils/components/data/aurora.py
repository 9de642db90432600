# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An Aurora PostgreSQL cluster, Serverless v2: a writer and its readers, and who may connect to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count, islice
from typing import Any

from ...engine.ahead import look
from ...engine.converge import Outcome
from ...engine.plan import Declaration, look_up
from ...engine.report import plain
from ...engine.resource import UNKNOWN, Resource
from ...resources.ec2.security_group import SecurityGroup
from ...resources.ec2.security_group_rule import SecurityGroupRule
from ...resources.ec2.subnet import SubnetsLookup
from ...resources.logs.log_group import LogGroup
from ...resources.rds.aurora_instance import AuroraInstance
from ...resources.rds.cluster import ENGINE, AuroraCluster
from ...resources.rds.parameter_group import ClusterParameterGroup
from ...resources.rds.subnet_group import DbSubnetGroup
from ...resources.rds.versions import target
from ..component import Arguments, Component, Context
from ..eks_names import cluster_problems
from .aurora_options import OPTIONS
from .database_parts import Database, identifier
from .database_rules import database_problems, name_problems

MOST_ACU = 256
MOST_READERS = 15
AUTO_PAUSE = (300, 86400)
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html"""


def problems(arguments: Arguments) -> Iterator[str]:
    if arguments["state"] == "absent":
        return
    yield from name_problems("name", arguments["name"], arguments)
    yield from cluster_problems(arguments)
    yield from database_problems("", arguments, ENGINE)
    least, most = arguments["min_acu"], arguments["max_acu"]
    for option, value in (("min_acu", least), ("max_acu", most)):
        if value * 2 != int(value * 2):
            yield f"{option}: {value:g} is no multiple of half an ACU."
    if not 0 <= least <= MOST_ACU:
        yield f"min_acu: must be from 0 (pauses when idle) to {MOST_ACU}, not {least:g}."
    if not 1 <= most <= MOST_ACU:
        yield f"max_acu: must be from 1 to {MOST_ACU}, not {most:g}."
    if most < least:
        yield f"max_acu: {most:g} is less than min_acu, {least:g}."
    if not AUTO_PAUSE[0] <= arguments["seconds_until_auto_pause"] <= AUTO_PAUSE[1]:
        yield f"seconds_until_auto_pause: must be from {AUTO_PAUSE[0]} to {AUTO_PAUSE[1]} seconds."
    if not 0 <= arguments["readers"] <= MOST_READERS:
        yield f"readers: must be from 0 to {MOST_READERS}, not {arguments['readers']}."


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(untouched=frozenset({LogGroup} if context["keep_logs"] else ()), absent=True)
    name = identifier(context, context["name"])
    present = dict(AuroraCluster.observe(context.aws, context.owner)).get(name, {})
    version = target(
        context.aws,
        ENGINE,
        "version",
        context["version"],
        present.get("EngineVersion"),
        context["allow_major_version_upgrade"],
    )
    database = Database(context, context["name"], "cluster", ENGINE, version, context.arguments)
    group = database.security_group()
    pause = {} if context["min_acu"] else {"SecondsUntilAutoPause": context["seconds_until_auto_pause"]}
    cluster = AuroraCluster(
        key=name,
        version=version,
        subnet_group=database.subnet_group(),
        security_group=group,
        parameter_group=ClusterParameterGroup(
            database.parameter_group_name, database.family, f"Parameters of {name}", database.parameters, "parameters"
        ),
        kms_key=database.kms_key,
        log_groups=database.log_groups(),
        scaling={"MinCapacity": context["min_acu"], "MaxCapacity": context["max_acu"], **pause},
        storage_type=context["storage_type"],
        data_api=context["data_api"],
        master_username=database.master_username,
        database_name=context["initial_database"],
        upkeep=database.upkeep(),
    )
    instances = (
        AuroraInstance(f"{name}-{number}", cluster, zone, context["auto_minor_version_upgrade"])
        for number, zone in placed(context, name, present).items()
    )
    resources: tuple[Resource, ...] = (cluster, *instances, *database.rules(group))
    return Declaration(resources)


def placed(context: Context, cluster: str, present: Mapping[str, Any]) -> dict[int, str | None]:
    """The instances by number, each new one with its zone: the tier's least used."""
    there = members(cluster, present)
    numbers = chosen(there, 1 + context["readers"])
    new = [number for number in numbers if number not in there]
    if not new:
        return dict.fromkeys(numbers)
    asked = {"Filters": [{"Name": "db-cluster-id", "Values": [cluster]}]}
    found = context.aws.read("rds", "describe_db_instances", "DBInstances", **asked) if there else ()
    taken = [instance.get("AvailabilityZone") for instance in found]
    tiers = look(SubnetsLookup, context.aws, context.owner)
    zones = tiers.get(context["subnet_tier"], {}).get("Zones", [])
    result: dict[int, str | None] = dict.fromkeys(numbers)
    for number in new if zones else ():
        zone = min(zones, key=taken.count)
        taken.append(zone)
        result[number] = zone
    return result


def members(cluster: str, present: Mapping[str, Any]) -> dict[int, bool]:
    """The numbers of a cluster's instances, and which of them writes."""
    found = {}
    for member in present.get("DBClusterMembers", []):
        if match := re.fullmatch(rf"{re.escape(cluster)}-(\d+)", member["DBInstanceIdentifier"]):
            found[int(match[1])] = bool(member["IsClusterWriter"])
    return found


def chosen(there: Mapping[int, bool], wanted: int) -> list[int]:
    """Which instances there should be: first the writer, whichever that is by now,
    then the others in order, then new ones.
    """
    staying = sorted(there, key=lambda number: (not there[number], number))[:wanted]
    unused = (number for number in count(1) if number not in there)
    return [*staying, *islice(unused, wanted - len(staying))]


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    name = identifier(context, context["name"])
    cluster = outcome.world.get((AuroraCluster, name), {})
    paths = {
        "arn": "DBClusterArn",
        "resource_id": "DbClusterResourceId",
        "endpoint": "Endpoint",
        "reader_endpoint": "ReaderEndpoint",
        "port": "Port",
        "secret_arn": "MasterUserSecret.SecretArn",
        "version": "EngineVersion",
        "status": "Status",
    }
    return {
        "name": name,
        **{output: plain(look_up(cluster, path, UNKNOWN)) for output, path in paths.items()},
        "instances": sorted(key for kind, key in outcome.world if kind is AuroraInstance),
        "awaiting_reboot": awaiting_reboot(outcome, cluster),
    }


def awaiting_reboot(outcome: Outcome, cluster: Mapping[str, Any]) -> list[str]:
    """The instances in which static parameters do not count yet."""
    members = {
        member["DBInstanceIdentifier"]: member["DBClusterParameterGroupStatus"]
        for member in cluster.get("DBClusterMembers", [])
    }
    changed = [
        outcome.world[step.address]
        for step in outcome.done
        if step.kind is ClusterParameterGroup and step.action == "update"
    ]
    is_static = any(group.get("AwaitReboot") for group in changed)
    return sorted(name for name, status in members.items() if is_static or status == "pending-reboot")


SOURCES = {
    "AuroraCluster.EngineVersion": "version",
    "AuroraCluster.ServerlessV2ScalingConfiguration": "max_acu",
    "AuroraCluster.HttpEndpointEnabled": "data_api",
    "AuroraCluster.BackupRetentionPeriod": "backup_retention_days",
    "AuroraCluster.DeletionProtection": "deletion_protection",
    "AuroraInstance": "readers",
    "ClusterParameterGroup": "parameters",
    "DbSubnetGroup": "subnet_tier",
    "LogGroup": "log_retention_days",
    "SecurityGroupRule": "allowed_cidrs",
}
COMPONENT = Component(
    name="aurora",
    options=OPTIONS,
    sources=SOURCES,
    kinds=(
        SecurityGroup,
        SecurityGroupRule,
        DbSubnetGroup,
        ClusterParameterGroup,
        LogGroup,
        AuroraCluster,
        AuroraInstance,
    ),
    declare=declare,
    outputs=outputs,
    problems=problems,
)
