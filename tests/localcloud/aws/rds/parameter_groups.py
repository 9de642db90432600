# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parameter groups: what may be changed and how, who waits for a reboot, and a group in use stays.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBClusterParameterGroupNotFoundError, DBParameterGroupNotFoundError
from moto.rds.models import DBInstance, RDSBackend
from moto.rds.responses import RDSResponse

from ..patching import add, override
from . import catalog
from .engine_versions import parameters
from .life import combination, refuse, value


def install() -> None:
    add(
        RDSResponse,
        describe_db_parameters,
        describe_db_cluster_parameters,
        modify_db_parameter_group,
        modify_db_cluster_parameter_group,
        reset_db_parameter_group,
        reset_db_cluster_parameter_group,
    )
    override(RDSBackend, "create_db_parameter_group", _create)
    override(RDSBackend, "create_db_cluster_parameter_group", _create_for_clusters)
    override(RDSBackend, "delete_db_parameter_group", _delete)
    override(RDSBackend, "delete_db_cluster_parameter_group", _delete_for_clusters)
    override(RDSBackend, "reboot_db_instance", _reboot)
    DBInstance.db_parameter_group_status_list = property(_statuses)


def group_of(backend: RDSBackend, name: str) -> Any:
    if name not in backend.db_parameter_groups:
        raise DBParameterGroupNotFoundError(name)
    return backend.db_parameter_groups[name]


def cluster_group_of(backend: RDSBackend, name: str) -> Any:
    if name not in backend.db_cluster_parameter_groups:
        raise DBClusterParameterGroupNotFoundError(name)
    return backend.db_cluster_parameter_groups[name]


def _create(original: Callable[..., Any], self: RDSBackend, given: dict[str, Any]) -> Any:
    _check_family(given.get("db_parameter_group_family"))
    return original(self, given)


def _create_for_clusters(original: Callable[..., Any], self: RDSBackend, **given: Any) -> Any:
    _check_family(given.get("db_parameter_group_family"))
    return original(self, **given)


def _check_family(family: str | None) -> None:
    if catalog.engine_of(family or "") is None:
        raise value(f"ParameterGroupFamily {family} is not a valid parameter group family")


def describe_db_parameters(self: RDSResponse) -> ActionResult:
    group = group_of(self.backend, self.params["DBParameterGroupName"])
    return _described(self, group, group.family)


def describe_db_cluster_parameters(self: RDSResponse) -> ActionResult:
    group = cluster_group_of(self.backend, self.params["DBClusterParameterGroupName"])
    return _described(self, group, group.db_parameter_group_family)


def _described(response: RDSResponse, group: Any, family: str) -> ActionResult:
    wanted = response.params.get("Source")
    listed = parameters(catalog.engine_of(family) or "", group.parameters)
    return ActionResult({"Parameters": [each for each in listed if wanted in (None, each["Source"])]})


def modify_db_parameter_group(self: RDSResponse) -> ActionResult:
    return _modify_one(self, remove=False)


def reset_db_parameter_group(self: RDSResponse) -> ActionResult:
    return _modify_one(self, remove=True)


def modify_db_cluster_parameter_group(self: RDSResponse) -> ActionResult:
    return _modify_for_clusters(self, remove=False)


def reset_db_cluster_parameter_group(self: RDSResponse) -> ActionResult:
    return _modify_for_clusters(self, remove=True)


def _modify_one(response: RDSResponse, remove: bool) -> ActionResult:
    group = group_of(response.backend, response.params["DBParameterGroupName"])
    users = (each for each in response.backend.databases.values() if each.db_parameter_group_name == group.name)
    _change(response, group, group.family, users, remove)
    return ActionResult({"DBParameterGroupName": group.name})


def _modify_for_clusters(response: RDSResponse, remove: bool) -> ActionResult:
    group = cluster_group_of(response.backend, response.params["DBClusterParameterGroupName"])
    clusters = [each for each in response.backend.clusters.values() if each.parameter_group == group.name]
    users = (member for cluster in clusters for member in cluster._members)
    _change(response, group, group.db_parameter_group_family, users, remove)
    return ActionResult({"DBClusterParameterGroupName": group.name})


def _change(response: RDSResponse, group: Any, family: str, users: Iterator[Any], remove: bool) -> None:
    known = catalog.PARAMETERS[catalog.engine_of(family) or ""]
    changes = [parameter.original_dict() for parameter in response.params.get("Parameters", [])]
    if len(changes) > 20:
        raise combination("A maximum of 20 parameters can be modified in a single request.")
    for each in changes:
        _check(known, each, remove)
    for each in changes:
        name = each["ParameterName"]
        if remove or each["ParameterValue"] == known[name].default:  # RDS does not tell that it was set
            group.parameters.pop(name, None)
        else:
            group.parameters[name] = each
    if any(known[each["ParameterName"]].apply_type == "static" for each in changes):
        for instance in users:
            instance.pending_reboot = True


def _check(known: dict[str, catalog.Parameter], change: dict[str, Any], remove: bool) -> None:
    name = change["ParameterName"]
    if name not in known:
        raise value(f"Could not find parameter with name: {name}")
    about = known[name]
    if not about.modifiable:
        raise value(f"The parameter {name} cannot be modified.")
    if about.apply_type == "static" and change.get("ApplyMethod") == "immediate":
        raise combination("cannot use immediate apply method for static parameter")
    choices = about.allowed.split(",")
    if not remove and len(choices) > 1 and not set(change["ParameterValue"].split(",")) <= set(choices):
        raise value(
            f"Invalid parameter value: {change['ParameterValue']} for: {name} allowed values are: {about.allowed}"
        )


def _delete(original: Callable[..., Any], self: RDSBackend, name: str) -> Any:
    group = group_of(self, name)
    users = [each for each in self.databases.values() if each.db_parameter_group_name == group.name]
    _refuse_in_use(users, "One or more database instances are still members of this parameter group", name)
    return original(self, name)


def _delete_for_clusters(original: Callable[..., Any], self: RDSBackend, db_cluster_parameter_group_name: str) -> Any:
    name = db_cluster_parameter_group_name
    group = cluster_group_of(self, name)
    users = [each for each in self.clusters.values() if each.parameter_group == group.name]
    _refuse_in_use(users, "One or more database clusters are still members of this parameter group", name)
    return original(self, name)


def _refuse_in_use(users: list[Any], message: str, name: str) -> None:
    if users:
        raise refuse("InvalidDBParameterGroupState", f"{message} {name}, so the group cannot be deleted")


def _reboot(original: Callable[..., Any], self: RDSBackend, identifier: str) -> Any:
    instance = original(self, identifier)
    instance.pending_reboot = False
    return instance


def _statuses(self: DBInstance) -> list[dict[str, str]]:
    status = "pending-reboot" if getattr(self, "pending_reboot", False) else "in-sync"
    return [
        {"DBParameterGroupName": group.name, "ParameterApplyStatus": status} for group in self.db_parameter_groups()
    ]
