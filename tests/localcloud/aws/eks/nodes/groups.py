# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Managed node groups: made, described, listed and deleted."""

from __future__ import annotations

from .. import network
from ..access import entries
from ..api import operation
from ..backend import Call, EksBackend, new_id, now
from ..errors import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
    ResourceLimitExceededException,
)
from ..iam import check_node_role
from ..resources import Cluster, Data, NodeGroup
from ..tags import check_tags
from . import instances
from .group_checks import (
    Template,
    check_instances,
    check_labels,
    check_release,
    check_repair_config,
    check_scaling,
    check_subnets,
    check_taints,
    check_template,
    default_ami_type,
    find_template,
    update_config,
)
from .health import assess

_LIMIT = 30


@operation
def create_nodegroup(call: Call) -> Data:
    backend, cluster, request = call.backend, call.cluster(), call.request
    name = request["nodegroupName"]
    if existing := cluster.nodegroups.get(name):
        if existing.is_retry(request):
            return {"nodegroup": existing.describe()}
        message = f"NodeGroup already exists with name {name} and cluster name {cluster.name}"
        raise ResourceInUseException(message, clusterName=cluster.name, nodegroupName=name)
    if cluster.status != "ACTIVE":
        raise InvalidRequestException(
            f"Cluster '{cluster.name}' is not in ACTIVE status", clusterName=cluster.name, nodegroupName=name
        )
    if len(cluster.nodegroups) >= _LIMIT:
        raise ResourceLimitExceededException(f"The maximum number of node groups is {_LIMIT}", clusterName=cluster.name)
    template = find_template(backend, request["launchTemplate"]) if request.get("launchTemplate") else None
    group = NodeGroup(_describe_new(backend, cluster, request, template), request)
    group.security_groups = template.security_groups if template else []
    if group.data["remoteAccess"]:
        group.data["resources"]["remoteAccessSecurityGroup"] = _open_remote_access(backend, cluster, group)
    cluster.nodegroups[name] = group
    entries.admit_nodes(backend, cluster, request["nodeRole"], _access_type(group))
    instances.launch(backend, cluster, group, instance_types(group, template))

    def finish() -> None:
        if group.status == "CREATING":
            group.waiting = True
            assess(backend, cluster)

    def give_up() -> None:
        if group.waiting:
            group.waiting = False
            group.status = "CREATE_FAILED"
            group.data["health"] = {"issues": [_unhealthy(group)]}

    backend.later("eks.nodegroup.create", finish)
    backend.give_up_later("eks.nodegroup.unhealthy", give_up)
    return {"nodegroup": group.describe()}


@operation
def describe_nodegroup(call: Call) -> Data:
    return {"nodegroup": call.backend.nodegroup(call.cluster(), call.request["nodegroupName"]).describe()}


@operation
def list_nodegroups(call: Call) -> Data:
    return call.page(sorted(call.cluster().nodegroups), "nodegroups")


@operation
def delete_nodegroup(call: Call) -> Data:
    backend, cluster = call.backend, call.cluster()
    group = backend.nodegroup(cluster, call.request["nodegroupName"])
    if group.status == "DELETING":
        return {"nodegroup": group.describe()}
    if group.status == "UPDATING":
        message = f"Nodegroup {group.name} cannot be deleted as it is currently being updated"
        raise ResourceInUseException(message, clusterName=cluster.name, nodegroupName=group.name)
    if not group.has_nodes:
        instances.stop(backend, group, list(group.nodes))
    group.waiting = False
    group.status = "DELETING"

    def finish() -> None:
        del cluster.nodegroups[group.name]
        instances.stop(backend, group, list(group.nodes))
        if remote := group.data["resources"].get("remoteAccessSecurityGroup"):
            backend.ec2.delete_security_group(group_id=remote)
        instances.publish(backend, cluster)
        assess(backend, cluster)

    backend.later("eks.nodegroup.delete", finish)
    return {"nodegroup": group.describe()}


def instance_types(group: NodeGroup, template: Template | None) -> list[str]:
    """What the group's instances are, wherever that is said."""
    if template and template.data.get("InstanceType"):
        return [template.data["InstanceType"]]
    return list(group.data.get("instanceTypes") or ["t3.medium"])


def _describe_new(backend: EksBackend, cluster: Cluster, request: Data, template: Template | None) -> Data:
    name, group_id = request["nodegroupName"], new_id()
    _check_settings(backend, cluster, request, template)
    in_template = bool(template and template.data.get("InstanceType"))
    types = _wanted_types(request, template)
    ami_type = _ami_type(request, template, types)
    check_instances(cluster, ami_type, types, bool(template and template.image))
    version, release = cluster.version, _release(cluster, request, ami_type, template)
    data = {
        "nodegroupName": name,
        "nodegroupArn": backend.arn("nodegroup", cluster.name, name, group_id),
        "clusterName": cluster.name,
        "version": version,
        "releaseVersion": release,
        "createdAt": now(),
        "modifiedAt": now(),
        "status": "CREATING",
        "capacityType": request.get("capacityType", "ON_DEMAND"),
        "scalingConfig": check_scaling(_scaling(request.get("scalingConfig", {}))),
        "subnets": request["subnets"],
        "remoteAccess": request.get("remoteAccess"),
        "amiType": ami_type,
        "nodeRole": request["nodeRole"],
        "labels": dict(request.get("labels", {})),
        "taints": list(request.get("taints", [])),
        "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{group_id}"}]},
        "health": {"issues": []},
        "updateConfig": update_config(request.get("updateConfig", {})),
        "nodeRepairConfig": check_repair_config(request.get("nodeRepairConfig", {"enabled": False})),
        "warmPoolConfig": request.get("warmPoolConfig"),
        "tags": dict(request.get("tags", {})),
    }
    if not in_template:
        data["instanceTypes"] = types
    if template:
        data["launchTemplate"] = {"id": template.id, "name": template.name, "version": template.version}
    else:
        data["diskSize"] = request.get("diskSize", 50 if ami_type.startswith("WINDOWS") else 20)
    return data


def _check_settings(backend: EksBackend, cluster: Cluster, request: Data, template: Template | None) -> None:
    if len(request["nodegroupName"]) > 63:
        raise InvalidParameterException("nodegroupName can't be longer than 63 characters")
    check_tags(request.get("tags", {}))
    check_labels(request.get("labels", {}))
    check_taints(request.get("taints", []))
    if template:
        check_template(template, request)
        network.check_security_groups(backend, template.security_groups, cluster.data["resourcesVpcConfig"]["vpcId"])
    check_subnets(backend, cluster, request["subnets"])
    check_node_role(backend, request["nodeRole"])
    if request.get("version") and request["version"] != cluster.version:
        message = (
            f"Nodegroup Kubernetes version {request['version']} should be equal to cluster version {cluster.version}"
        )
        raise InvalidParameterException(message, clusterName=cluster.name)
    key = request.get("remoteAccess", {}).get("ec2SshKey")
    if key and key not in backend.ec2.keypairs:
        raise InvalidParameterException(f"The key pair '{key}' does not exist", clusterName=cluster.name)


def _scaling(given: Data) -> Data:
    """1 to 2 nodes, 2 wanted, as far as the request says nothing else."""
    least, most = given.get("minSize", 1), given.get("maxSize", 2)
    return {"minSize": least, "maxSize": most, "desiredSize": given.get("desiredSize", max(least, min(2, most)))}


def _wanted_types(request: Data, template: Template | None) -> list[str]:
    if template and template.data.get("InstanceType"):
        return [template.data["InstanceType"]]
    return list(
        request.get("instanceTypes") or ["t4g.medium" if "ARM_64" in request.get("amiType", "") else "t3.medium"]
    )


def _ami_type(request: Data, template: Template | None, types: list[str]) -> str:
    if template and template.image:
        return "CUSTOM"
    return str(request.get("amiType") or default_ami_type(types))


def _release(cluster: Cluster, request: Data, ami_type: str, template: Template | None) -> str:
    """Of a custom image its id stands for the release."""
    if template and template.image:
        return template.image
    return check_release(cluster.version, ami_type, request.get("releaseVersion"))


def _access_type(group: NodeGroup) -> str:
    return "EC2_WINDOWS" if group.data["amiType"].startswith("WINDOWS") else "EC2_LINUX"


def _open_remote_access(backend: EksBackend, cluster: Cluster, group: NodeGroup) -> str:
    name = f"eks-remoteAccess-{group.arn.rpartition('/')[2]}"
    vpc_id = cluster.data["resourcesVpcConfig"]["vpcId"]
    made = backend.ec2.create_security_group(
        name, "Security group for all nodes in the nodeGroup to allow SSH access", vpc_id=vpc_id
    )
    return str(made.id)


def _unhealthy(group: NodeGroup) -> Data:
    return {
        "code": "NodeCreationFailure",
        "message": "Unhealthy nodes in the kubernetes cluster",
        "resourceIds": [node.instance_id for node in group.nodes],
    }
