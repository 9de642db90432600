# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Changes of a managed node group: configuration in place, and versions by replacing its instances."""

from __future__ import annotations

from ..api import operation
from ..backend import Call
from ..errors import InvalidParameterException, ResourceInUseException
from ..resources import Cluster, Data, NodeGroup, minor
from ..updates import answer, repeated, start
from . import instances
from .group_checks import (
    Template,
    check_custom_image,
    check_instances,
    check_labels,
    check_release,
    check_repair_config,
    check_scaling,
    check_taints,
    check_template,
    find_template,
    update_config,
)
from .groups import instance_types
from .health import assess


@operation
def update_nodegroup_config(call: Call) -> Data:
    backend, cluster, request = call.backend, call.cluster(), call.request
    group = backend.nodegroup(cluster, request["nodegroupName"])
    if before := repeated(group, request):
        return answer(before)
    _check_free(cluster, group)
    change, params = _plan_config(group, request)
    if not params:
        raise InvalidParameterException(
            "No changes to the node group were provided.", clusterName=cluster.name, nodegroupName=group.name
        )

    def apply() -> None:
        group.data.update(change)
        instances.launch(backend, cluster, group, instance_types(group, _template(call, group)))
        instances.publish(backend, cluster)
        assess(backend, cluster)

    return answer(start(backend, group, "ConfigUpdate", params, request, "eks.nodegroup.config", apply))


@operation
def update_nodegroup_version(call: Call) -> Data:
    """Without a version the group keeps its Kubernetes version and gets its newest image."""
    backend, cluster, request = call.backend, call.cluster(), call.request
    group = backend.nodegroup(cluster, request["nodegroupName"])
    if before := repeated(group, request):
        return answer(before)
    _check_free(cluster, group)
    change, params = _plan_version(call, cluster, group)

    def apply() -> None:
        group.data.update(change)
        template = _template(call, group)
        group.security_groups = template.security_groups if template else []
        instances.stop(backend, group, list(group.nodes))
        instances.launch(backend, cluster, group, instance_types(group, template))
        instances.publish(backend, cluster)
        assess(backend, cluster)

    return answer(start(backend, group, "VersionUpdate", params, request, "eks.nodegroup.version", apply))


def _check_free(cluster: Cluster, group: NodeGroup) -> None:
    if group.status not in ("ACTIVE", "DEGRADED"):
        message = "Nodegroup cannot be updated as it is currently not in Active State"
        raise ResourceInUseException(message, clusterName=cluster.name, nodegroupName=group.name)


def _template(call: Call, group: NodeGroup) -> Template | None:
    kept = group.data.get("launchTemplate")
    return find_template(call.backend, {"id": kept["id"], "version": kept["version"]}) if kept else None


def _plan_config(group: NodeGroup, request: Data) -> tuple[Data, Data]:
    change: Data = {}
    params: Data = {}
    if "scalingConfig" in request:
        change["scalingConfig"] = check_scaling({**group.data["scalingConfig"], **request["scalingConfig"]})
        params |= {name[0].upper() + name[1:]: value for name, value in request["scalingConfig"].items()}
    if "labels" in request:
        change["labels"] = _plan_labels(group, request["labels"])
        params |= _pairs("Labels", request["labels"])
    if "taints" in request:
        change["taints"] = _plan_taints(group, request["taints"])
        params |= _pairs("Taints", request["taints"])
    if "updateConfig" in request:
        change["updateConfig"] = update_config(request["updateConfig"], group.data["updateConfig"])
        params |= {name[0].upper() + name[1:]: value for name, value in request["updateConfig"].items()}
    if "nodeRepairConfig" in request:
        change["nodeRepairConfig"] = check_repair_config(
            {**group.data["nodeRepairConfig"], **request["nodeRepairConfig"]}
        )
        params["NodeRepairConfig"] = request["nodeRepairConfig"]
    if "warmPoolConfig" in request:
        change["warmPoolConfig"] = request["warmPoolConfig"]
        params["WarmPoolEnabled"] = request["warmPoolConfig"].get("enabled", False)
    return change, params


def _plan_labels(group: NodeGroup, request: Data) -> dict[str, str]:
    added, removed = request.get("addOrUpdateLabels") or {}, request.get("removeLabels") or []
    check_labels(added)
    after = {key: value for key, value in group.data["labels"].items() if key not in removed} | added
    if after == group.data["labels"]:
        raise InvalidParameterException("No changes needed for the labels provided", nodegroupName=group.name)
    return after


def _plan_taints(group: NodeGroup, request: Data) -> list[Data]:
    """A taint is its key and effect; adding one that is there changes its value."""
    added, removed = request.get("addOrUpdateTaints") or [], request.get("removeTaints") or []
    check_taints(added)
    gone = {_taint_key(taint) for taint in [*added, *removed]}
    after = [taint for taint in group.data["taints"] if _taint_key(taint) not in gone] + added
    if sorted(map(_taint_text, after)) == sorted(map(_taint_text, group.data["taints"])):
        raise InvalidParameterException("No changes needed for the taints provided", nodegroupName=group.name)
    check_taints(after)
    return after


def _taint_key(taint: Data) -> tuple[str, str]:
    return taint["key"], taint["effect"]


def _taint_text(taint: Data) -> str:
    return f"{taint['key']}={taint.get('value', '')}:{taint['effect']}"


def _pairs(what: str, request: Data) -> Data:
    members = {f"{what}ToAdd": request.get(f"addOrUpdate{what}"), f"{what}ToRemove": request.get(f"remove{what}")}
    return {name: value for name, value in members.items() if value}


def _plan_version(call: Call, cluster: Cluster, group: NodeGroup) -> tuple[Data, Data]:
    request, members = call.request, {"clusterName": cluster.name, "nodegroupName": group.name}
    change: Data = {}
    template = _template(call, group)
    if wanted := request.get("launchTemplate"):
        template = _new_template(call, group, template, wanted)
        change["launchTemplate"] = {"id": template.id, "name": template.name, "version": template.version}
    params: Data = {"LaunchTemplateVersion": template.version} if template and wanted else {}
    if template and template.image:
        check_custom_image(request)
        change |= {"amiType": "CUSTOM", "releaseVersion": template.image}
        return change, params
    if group.data["amiType"] == "CUSTOM":
        raise InvalidParameterException("The launch template has to specify an image id, as it did before.", **members)
    version = request.get("version") or group.data["version"]
    if not minor(group.data["version"]) - 1 <= minor(version) <= minor(cluster.version):
        message = f"Requested Kubernetes version {version} is not valid for cluster version {cluster.version}"
        raise InvalidParameterException(f"{message} and node group version {group.data['version']}", **members)
    release = check_release(version, group.data["amiType"], request.get("releaseVersion"))
    change |= {"version": version, "releaseVersion": release}
    return change, {"Version": version, "ReleaseVersion": release, **params}


def _new_template(call: Call, group: NodeGroup, before: Template | None, wanted: Data) -> Template:
    """Another version of the template that the group was made with."""
    if before is None:
        raise InvalidParameterException(
            "The node group was not created with a launch template", nodegroupName=group.name
        )
    template = find_template(call.backend, wanted)
    if template.id != before.id:
        message = "The launch template must be the one that the node group was created with"
        raise InvalidParameterException(message, nodegroupName=group.name)
    check_template(template, {})
    check_instances(call.cluster(), group.data["amiType"], instance_types(group, template), bool(template.image))
    return template
