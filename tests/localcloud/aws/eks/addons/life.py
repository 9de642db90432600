# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Add-ons of a cluster: made, changed and removed, and healthy or not.

https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
"""

from __future__ import annotations

from typing import Any

import jsonschema
import yaml

from .. import updates
from ..api import operation
from ..backend import Call, EksBackend, all_backends, new_id, now
from ..errors import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
    ResourceNotFoundException,
)
from ..iam import find_role
from ..identities import pods
from ..nodes.health import assess
from ..resources import Addon, Cluster, Data
from ..tags import check_tags
from .catalog import CATALOG, schema


@operation
def create_addon(call: Call) -> Data:
    backend, cluster, request = call.backend, _cluster(call), call.request
    name = request["addonName"]
    if existing := cluster.addons.get(name):
        if existing.is_retry(request):
            return {"addon": existing.describe()}
        raise ResourceInUseException("Addon already exists.", clusterName=cluster.name, addonName=name)
    version = _version(cluster, name, request.get("addonVersion"))
    _check(backend, cluster, name, request)
    check_tags(request.get("tags", {}))
    addon = Addon(_describe_new(backend, cluster, request, version), request, needs_nodes=CATALOG[name].needs_nodes)
    _associate(backend, cluster, addon, request.get("podIdentityAssociations") or [])
    cluster.addons[name] = addon
    cluster.kept_addons.discard(name)

    def finish() -> None:
        if addon.status == "CREATING":
            addon.status = "ACTIVE"
            assess(backend, cluster)

    def give_up() -> None:
        if addon.status == "DEGRADED" and not addon.was_healthy:
            addon.status = "CREATE_FAILED"

    backend.later("eks.addon.create", finish)
    backend.give_up_later("eks.addon.unhealthy", give_up)
    return {"addon": addon.describe()}


@operation
def describe_addon(call: Call) -> Data:
    return {"addon": _addon(call).describe()}


@operation
def list_addons(call: Call) -> Data:
    return call.page(sorted(call.cluster().addons), "addons")


@operation
def update_addon(call: Call) -> Data:
    """What a request leaves out stays, except the service account's role, which then is the node's again."""
    backend, cluster, addon, request = call.backend, _cluster(call), _addon(call), call.request
    if before := updates.repeated(addon, request):
        return updates.answer(before)
    _check_settled(addon, cluster, "updated")
    version = _version(cluster, addon.name, request.get("addonVersion") or addon.data["addonVersion"])
    _check(backend, cluster, addon.name, request)
    if "podIdentityAssociations" in request:
        _associate(backend, cluster, addon, request["podIdentityAssociations"])
    change = {name: request[name] for name in ("configurationValues",) if name in request}

    def apply() -> None:
        addon.data |= {"addonVersion": version, **change}
        addon.data.pop("serviceAccountRoleArn", None)
        if request.get("serviceAccountRoleArn"):
            addon.data["serviceAccountRoleArn"] = request["serviceAccountRoleArn"]
        addon.fault = None
        assess(backend, cluster)

    params = {"AddonVersion": version, "ResolveConflicts": request.get("resolveConflicts", "NONE")}
    params |= {
        name[0].upper() + name[1:]: request[name]
        for name in ("configurationValues", "serviceAccountRoleArn")
        if name in request
    }
    return updates.answer(updates.start(backend, addon, "AddonUpdate", params, request, "eks.addon.update", apply))


@operation
def delete_addon(call: Call) -> Data:
    backend, cluster, addon = call.backend, call.cluster(), _addon(call)
    if addon.status == "DELETING":
        return {"addon": addon.describe()}
    if addon.status == "UPDATING":
        _check_settled(addon, cluster, "deleted")
    addon.status = "DELETING"

    def finish() -> None:
        del cluster.addons[addon.name]
        _associate(backend, cluster, addon, [])
        if call.request.get("preserve"):
            cluster.kept_addons.add(addon.name)

    backend.later("eks.addon.delete", finish)
    return {"addon": addon.describe()}


def fail_addon(cluster: str, addon: str, code: str, message: str) -> None:
    """Make one add-on unhealthy with this issue, until it is updated or made again. An empty code heals it."""
    for backend in all_backends():
        if cluster in backend.clusters and addon in backend.clusters[cluster].addons:
            found = backend.clusters[cluster].addons[addon]
            found.fault = {"code": code, "message": message, "resourceIds": []} if code else None
            assess(backend, backend.clusters[cluster])
            return
    raise ValueError(f"there is no add-on {addon} in a cluster {cluster}")


def _cluster(call: Call) -> Cluster:
    cluster = call.cluster()
    if cluster.status not in ("ACTIVE", "UPDATING"):
        raise InvalidRequestException(f"Cluster '{cluster.name}' is not in ACTIVE status", clusterName=cluster.name)
    return cluster


def _addon(call: Call) -> Addon:
    cluster, name = call.cluster(), call.request["addonName"]
    if name not in cluster.addons:
        message = f"No addon: {name} found in cluster: {cluster.name}"
        raise ResourceNotFoundException(message, clusterName=cluster.name, addonName=name)
    return cluster.addons[name]


def _version(cluster: Cluster, name: str, wanted: str | None) -> str:
    members = {"clusterName": cluster.name, "addonName": name}
    if name not in CATALOG:
        raise InvalidParameterException("Addon specified is not supported", **members)
    offered = CATALOG[name].compatible(cluster.version)
    if not offered:
        raise InvalidParameterException(
            f"Addon {name} specified is not supported in {cluster.version} kubernetes version", **members
        )
    if wanted and wanted not in offered:
        raise InvalidParameterException("Addon version specified is not supported", **members)
    return wanted or CATALOG[name].default(cluster.version)


def _check(backend: EksBackend, cluster: Cluster, name: str, request: Data) -> None:
    role = request.get("serviceAccountRoleArn")
    if role and find_role(backend, role) is None:
        raise InvalidParameterException(f"Role {role} does not exist", clusterName=cluster.name, addonName=name)
    if "configurationValues" in request:
        _check_configuration(cluster, name, request["configurationValues"])


def _check_configuration(cluster: Cluster, name: str, text: str) -> None:
    try:
        values = yaml.safe_load(text) if text else {}
    except yaml.YAMLError:
        problems = ["$: is not valid JSON or YAML"]
    else:
        problems = [_explain(error) for error in jsonschema.Draft7Validator(schema(name)).iter_errors(values)]
    if problems:
        message = (
            "ConfigurationValue provided in request is not supported: Json schema validation failed with error: "
            f"[{', '.join(sorted(problems))}]"
        )
        raise InvalidParameterException(message, clusterName=cluster.name, addonName=name)


def _explain(error: jsonschema.ValidationError) -> str:
    """In the words of the validator that EKS uses."""
    path = ".".join(["$", *map(str, error.absolute_path)])
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(error.schema.get("properties", {})))
        rule = "is not defined in the schema and the schema does not allow additional properties"
        return ", ".join(f"{path}.{name}: {rule}" for name in unknown)
    if error.validator == "type":
        return f"{path}: {_type_name(error.instance)} found, {_expected(error.validator_value)} expected"
    if error.validator == "enum":
        return f"{path}: does not have a value in the enumeration {error.validator_value}"
    return f"{path}: {error.message}"


def _expected(types: str | list[str]) -> str:
    return types if isinstance(types, str) else f"[{', '.join(types)}]"


def _type_name(value: Any) -> str:
    names = {
        type(None): "null",
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        list: "array",
        dict: "object",
    }
    return names[type(value)]


def _describe_new(backend: EksBackend, cluster: Cluster, request: Data, version: str) -> Data:
    name = request["addonName"]
    given = {
        member: request[member] for member in ("serviceAccountRoleArn", "configurationValues") if request.get(member)
    }
    created = now()
    return {
        "addonName": name,
        "clusterName": cluster.name,
        "status": "CREATING",
        "addonVersion": version,
        "health": {"issues": []},
        "addonArn": backend.arn("addon", cluster.name, name, new_id()),
        "createdAt": created,
        "modifiedAt": created,
        "tags": dict(request.get("tags", {})),
        "owner": CATALOG[name].owner,
        "publisher": "eks",
        "podIdentityAssociations": [],
        "namespaceConfig": {"namespace": request.get("namespaceConfig", {}).get("namespace", CATALOG[name].namespace)},
        **given,
    }


def _associate(backend: EksBackend, cluster: Cluster, addon: Addon, wanted: list[Data]) -> None:
    """Make the add-on's own pod identity associations those wanted."""
    namespace = addon.data["namespaceConfig"]["namespace"]
    for request in wanted:
        existing = pods.find(cluster, namespace, request["serviceAccount"])
        if existing and existing.data.get("ownerArn") != addon.arn:
            raise ResourceInUseException(
                f"Association already exists: {existing.data['associationId']}", clusterName=cluster.name
            )
    owned = {key for key, association in cluster.associations.items() if association.data.get("ownerArn") == addon.arn}
    kept = dict(cluster.associations)
    for key in owned:
        del kept[key]
    made, before = [], cluster.associations
    cluster.associations = kept
    try:
        for request in wanted:
            made.append(pods.add(backend, cluster, {"namespace": namespace, **request}, addon.arn).arn)
    except Exception:
        cluster.associations = before
        raise
    addon.data["podIdentityAssociations"] = made


def _check_settled(addon: Addon, cluster: Cluster, done: str) -> None:
    if addon.status in ("CREATING", "UPDATING", "DELETING", "CREATE_FAILED"):
        message = f"Addon {addon.name} cannot be {done} as it is currently in {addon.status} state"
        raise ResourceInUseException(message, clusterName=cluster.name, addonName=addon.name)
