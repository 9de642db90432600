# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS instances for PostgreSQL, MySQL and MariaDB, each with its own parameters and its own list of who may connect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...aws.parallel import each
from ...engine.converge import Outcome
from ...engine.plan import Declaration, look_up
from ...engine.report import plain
from ...engine.resource import UNKNOWN, Resource
from ...resources.ec2.security_group import SecurityGroup
from ...resources.ec2.security_group_rule import SecurityGroupRule
from ...resources.logs.log_group import LogGroup
from ...resources.rds.common import tags_of
from ...resources.rds.instance import DbInstance
from ...resources.rds.parameter_group import ParameterGroup
from ...resources.rds.subnet_group import DbSubnetGroup
from ...resources.rds.versions import target
from ..component import Arguments, Component, Context
from ..eks_names import cluster_problems
from ..entries import entries, entry_problems
from .database_parts import Database, identifier
from .database_rules import database_problems, name_problems
from .rds_instances_options import OPTIONS

INSTANCE = OPTIONS["instances"]["entries"]

STORAGE = (20, 65536)
"""GiB of gp3: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"""
CLASS_NAME = re.compile(r"db\.[a-z0-9-]+\.[a-z0-9]+(\.[a-z0-9.]+)?")


def problems(arguments: Arguments) -> Iterator[str]:
    if arguments["state"] == "absent":
        return
    yield from cluster_problems(arguments)
    yield from entry_problems("instances", arguments["instances"], INSTANCE)
    for name, given in entries(arguments["instances"], INSTANCE).items():
        path = f"instances.{name}"
        yield from name_problems(path, name, arguments)
        yield from database_problems(f"{path}.", given, given["engine"])
        if not CLASS_NAME.fullmatch(given["instance_class"]):
            yield f"{path}.instance_class: {given['instance_class']!r} is no instance class such as db.t4g.medium."
        storage, most = given["storage"], given["max_storage"]
        if not STORAGE[0] <= storage <= STORAGE[1]:
            yield f"{path}.storage: must be from {STORAGE[0]} to {STORAGE[1]} GiB, not {storage}."
        if most is not None and not storage * 1.1 <= most <= STORAGE[1]:
            yield (
                f"{path}.max_storage: must be a tenth more than storage or above, "
                f"and at most {STORAGE[1]} GiB, not {most}."
            )


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(untouched=frozenset({LogGroup} if context["keep_logs"] else ()), absent=True)
    given = entries(context["instances"], INSTANCE)
    found = context.aws.read("rds", "describe_db_instances", "DBInstances")
    present = {instance["DBInstanceIdentifier"]: instance for instance in found}
    declared = each(
        lambda item: list(resources(context, *item, present.get(identifier(context, item[0]), {}))), given.items()
    )
    mine = [name for name, instance in present.items() if context.owner.scope.items() <= tags_of(instance).items()]
    staying = [name for name in (name.removeprefix(identifier(context, "")) for name in mine) if name not in given]
    return Declaration(
        tuple(resource for one in declared for resource in one),
        keeps=lambda key: any(belongs(context, key, name) for name in staying),
    )


def belongs(context: Context, key: str, name: str) -> bool:
    """Whether something of this key is a part of that instance,
    which stays when it is no longer listed, for it holds data.
    """
    whole = identifier(context, name)
    return key in (name, whole) or key.startswith((f"{name}/", f"{whole}-"))


def resources(context: Context, name: str, given: Mapping[str, Any], present: Mapping[str, Any]) -> Iterator[Resource]:
    path = f"instances.{name}"
    known = present.get("EngineVersion") if present.get("Engine") == given["engine"] else None
    version = target(
        context.aws, given["engine"], f"{path}.version", given["version"], known, given["allow_major_version_upgrade"]
    )
    database = Database(context, name, "instance", given["engine"], version, given, f"{path}.")
    group = database.security_group()
    storage, most = sizes(given["storage"], given["max_storage"], present.get("AllocatedStorage", 0))
    yield DbInstance(
        key=database.identifier,
        option=path,
        engine=given["engine"],
        version=version,
        instance_class=given["instance_class"],
        storage=storage,
        max_storage=most,
        multi_az=given["multi_az"],
        auto_minor_version_upgrade=given["auto_minor_version_upgrade"],
        subnet_group=database.subnet_group(),
        security_group=group,
        parameter_group=ParameterGroup(
            database.parameter_group_name,
            database.family,
            f"Parameters of {database.identifier}",
            database.parameters,
            f"{path}.parameters",
        ),
        kms_key=database.kms_key,
        log_groups=database.log_groups(),
        master_username=database.master_username,
        database_name=given["initial_database"],
        upkeep=database.upkeep(),
    )
    yield from database.rules(group)


def sizes(storage: int, most: int | None, present: int) -> tuple[int, int]:
    """Storage, and the most that it may grow to by itself. What it has grown to already stays."""
    if most is None:
        return storage, storage
    return max(storage, present), max(most, present)


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    paths = {
        "arn": "DBInstanceArn",
        "resource_id": "DbiResourceId",
        "endpoint": "Endpoint.Address",
        "port": "Endpoint.Port",
        "secret_arn": "MasterUserSecret.SecretArn",
        "version": "EngineVersion",
        "status": "DBInstanceStatus",
    }
    found = {}
    for name in context["instances"] or ():
        instance = outcome.world.get((DbInstance, identifier(context, name)), {})
        found[name] = {
            "name": identifier(context, name),
            **{output: plain(look_up(instance, path, UNKNOWN)) for output, path in paths.items()},
            "awaiting_reboot": awaiting_reboot(outcome, instance),
        }
    return {"instances": found}


def awaiting_reboot(outcome: Outcome, instance: Mapping[str, Any]) -> bool:
    """Whether static parameters do not count yet."""
    groups = {
        group["DBParameterGroupName"]: group.get("ParameterApplyStatus")
        for group in instance.get("DBParameterGroups", [])
    }
    changed = [
        outcome.world[step.address] for step in outcome.done if step.kind is ParameterGroup and step.action == "update"
    ]
    return "pending-reboot" in groups.values() or any(
        group["DBParameterGroupName"] in groups and group.get("AwaitReboot") for group in changed
    )


COMPONENT = Component(
    name="rds_instances",
    options=OPTIONS,
    kinds=(SecurityGroup, SecurityGroupRule, DbSubnetGroup, ParameterGroup, LogGroup, DbInstance),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("instances",),
)
