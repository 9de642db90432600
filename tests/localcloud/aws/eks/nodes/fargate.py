# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fargate profiles: kept, and a reason why a cluster cannot be deleted. No pod runs on them."""

from __future__ import annotations

from .. import network
from ..access import entries
from ..api import operation
from ..backend import Call, new_id, now
from ..errors import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
    ResourceNotFoundException,
)
from ..iam import find_role, trusts
from ..resources import Data, FargateProfile
from ..tags import check_tags
from .health import assess


@operation
def create_fargate_profile(call: Call) -> Data:
    backend, cluster, request = call.backend, call.cluster(), call.request
    name = request["fargateProfileName"]
    if existing := cluster.fargate_profiles.get(name):
        if existing.is_retry(request):
            return {"fargateProfile": existing.describe()}
        raise ResourceInUseException(
            "A Fargate Profile already exists with this name in this cluster.", clusterName=cluster.name
        )
    if cluster.status != "ACTIVE":
        raise InvalidRequestException(f"Cluster '{cluster.name}' is not in ACTIVE status", clusterName=cluster.name)
    if any(profile.status in ("CREATING", "DELETING") for profile in cluster.fargate_profiles.values()):
        raise InvalidRequestException(
            "Only one Fargate Profile can be created or deleted at a time", clusterName=cluster.name
        )
    _check(call)
    data = {
        "fargateProfileName": name,
        "fargateProfileArn": backend.arn("fargateprofile", cluster.name, name, new_id()),
        "clusterName": cluster.name,
        "createdAt": now(),
        "podExecutionRoleArn": request["podExecutionRoleArn"],
        "subnets": request.get("subnets", []),
        "selectors": request["selectors"],
        "status": "CREATING",
        "tags": dict(request.get("tags", {})),
        "health": {"issues": []},
    }
    profile = FargateProfile(data, request)
    cluster.fargate_profiles[name] = profile
    entries.admit_nodes(backend, cluster, request["podExecutionRoleArn"], "FARGATE_LINUX")

    def finish() -> None:
        if profile.status == "CREATING":
            profile.status = "ACTIVE"
            assess(backend, cluster)

    backend.later("eks.fargateprofile.create", finish)
    return {"fargateProfile": profile.describe()}


@operation
def describe_fargate_profile(call: Call) -> Data:
    return {"fargateProfile": _profile(call).describe()}


@operation
def list_fargate_profiles(call: Call) -> Data:
    return call.page(sorted(call.cluster().fargate_profiles), "fargateProfileNames")


@operation
def delete_fargate_profile(call: Call) -> Data:
    cluster, profile = call.cluster(), _profile(call)
    if profile.status != "DELETING":
        profile.status = "DELETING"

        def finish() -> None:
            del cluster.fargate_profiles[profile.data["fargateProfileName"]]
            assess(call.backend, cluster)

        call.backend.later("eks.fargateprofile.delete", finish)
    return {"fargateProfile": profile.describe()}


def _check(call: Call) -> None:
    request = call.request
    check_tags(request.get("tags", {}))
    role = find_role(call.backend, request["podExecutionRoleArn"])
    if role is None or not trusts(role, "eks-fargate-pods.amazonaws.com", "sts:AssumeRole"):
        message = (
            "Misconfigured PodExecutionRole Trust Policy; "
            "Please add the eks-fargate-pods.amazonaws.com Service Principal"
        )
        raise InvalidParameterException(message)
    if not request.get("selectors"):
        raise InvalidParameterException("Fargate Profile requires at least one selector.")
    if not all(selector.get("namespace") for selector in request["selectors"]):
        raise InvalidParameterException(
            "Fargate Profile must have at least one selector with at least one namespace value."
        )
    for subnet in network.subnets(call.backend, request.get("subnets", [])):
        if subnet.vpc_id != call.cluster().data["resourcesVpcConfig"]["vpcId"]:
            raise InvalidParameterException(f"Subnet {subnet.id} is not in the VPC of the cluster")


def _profile(call: Call) -> FargateProfile:
    cluster, name = call.cluster(), call.request["fargateProfileName"]
    if name not in cluster.fargate_profiles:
        raise ResourceNotFoundException(f"No Fargate Profile found with name: {name}.", clusterName=cluster.name)
    return cluster.fargate_profiles[name]
