# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Changes of a cluster: its configuration, one kind a call and one call at a time, its version, its encryption.

https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from .. import network
from ..access import entries
from ..api import operation
from ..backend import Call, EksBackend, now
from ..errors import InvalidParameterException, InvalidRequestException, InvalidStateException, ResourceInUseException
from ..resources import Cluster, Data, minor
from ..updates import answer, repeated, start
from ..versions import VERSIONS
from .life import check_auto_mode, check_encryption, check_endpoint_access, check_support, check_version, logging

_ROLLBACK_WINDOW = timedelta(days=7)
_AUTO_MODE = ("computeConfig", "storageConfig", "kubernetesNetworkConfig")
_COMPONENTS = ("kubeApiServerConfig", "kubeSchedulerConfig", "kubeControllerManagerConfig")
# Members of the request that make a kind of update; resourcesVpcConfig makes three kinds by what is in it.
_KINDS = {
    "logging": "LoggingUpdate",
    "accessConfig": "AccessConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
    "remoteNetworkConfig": "RemoteNetworkConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
    "controlPlaneScalingConfig": "ControlPlaneScalingConfigUpdate",
    **dict.fromkeys(_AUTO_MODE, "AutoModeUpdate"),
    **dict.fromkeys(_COMPONENTS, "ControlPlaneComponentConfigUpdate"),
}
_VPC_KINDS = {
    "endpointPublicAccess": "EndpointAccessUpdate",
    "endpointPrivateAccess": "EndpointAccessUpdate",
    "publicAccessCidrs": "EndpointAccessUpdate",
    "subnetIds": "VpcConfigUpdate",
    "securityGroupIds": "VpcConfigUpdate",
    "controlPlaneEgressMode": "ControlPlaneEgressUpdate",
}

# What an update would make of the cluster: members of its description, and the update's parameters.
Change = tuple[Data, Data]


@operation
def update_cluster_config(call: Call) -> Data:
    cluster, request = call.cluster(), call.request
    if before := repeated(cluster, request):
        return answer(before)
    kinds = {kind for member, kind in _KINDS.items() if member in request}
    kinds |= {kind for member, kind in _VPC_KINDS.items() if member in request.get("resourcesVpcConfig", {})}
    if not kinds:
        raise InvalidParameterException("The type for cluster update was not provided.", clusterName=cluster.name)
    if len(kinds) > 1:
        raise InvalidParameterException("Only one type of update can be allowed.", clusterName=cluster.name)
    kind = kinds.pop()
    check_free(cluster, kind)
    change, params = _PLANNERS.get(kind, _plan_members)(call.backend, cluster, request)
    if all(cluster.data.get(member) == value for member, value in change.items()):
        raise InvalidParameterException(_already(kind, cluster), clusterName=cluster.name)

    def apply() -> None:
        cluster.data.update(change)
        if kind == "VpcConfigUpdate":
            network.attach_control_plane(call.backend, cluster)
        if kind == "AccessConfigUpdate":
            entries.bootstrap(call.backend, cluster)

    return answer(start(call.backend, cluster, kind, params, request, "eks.cluster.config", apply))


@operation
def update_cluster_version(call: Call) -> Data:
    backend, cluster, request = call.backend, call.cluster(), call.request
    if before := repeated(cluster, request):
        return answer(before)
    target = request["version"]
    back = minor(target) == minor(cluster.version) - 1 and cluster.upgraded is not None
    kind = "VersionRollback" if back else "VersionUpdate"
    check_free(cluster, kind)
    check_version(target)
    if back:
        _check_rollback(cluster, request)
    elif minor(target) != minor(cluster.version) + 1:
        message = f"Unsupported Kubernetes minor version update from {cluster.version} to {target}"
        raise InvalidParameterException(message, clusterName=cluster.name)
    else:
        check_support(target, cluster.data["upgradePolicy"]["supportType"])
        _check_skew(cluster, target)

    def apply() -> None:
        if backend.planes and cluster.served:
            backend.planes.set_version(cluster.plane, target)
        cluster.upgraded = None if back else (cluster.version, now())
        cluster.data["version"] = target
        cluster.data["platformVersion"] = VERSIONS[target].platform

    params = {"Version": target, "PlatformVersion": VERSIONS[target].platform}
    return answer(start(backend, cluster, kind, params, request, "eks.cluster.version", apply))


@operation
def associate_encryption_config(call: Call) -> Data:
    """One way: a cluster's key can neither be changed nor taken away."""
    cluster, config = call.cluster(), call.request["encryptionConfig"]
    if before := repeated(cluster, call.request):
        return answer(before)
    check_free(cluster, "AssociateEncryptionConfig")
    if cluster.data.get("encryptionConfig"):
        raise InvalidParameterException("Encryption is already enabled on the cluster", clusterName=cluster.name)
    check_encryption(call.backend, config)
    params = {"EncryptionConfig": config}

    def apply() -> None:
        cluster.data["encryptionConfig"] = config

    return answer(
        start(call.backend, cluster, "AssociateEncryptionConfig", params, call.request, "eks.cluster.config", apply)
    )


def check_free(cluster: Cluster, kind: str) -> None:
    if update := cluster.update_in_progress:
        message = f"Cannot {kind} because cluster {cluster.name} currently has update {update.data['id']} in progress"
        raise ResourceInUseException(message, clusterName=cluster.name)
    if cluster.status != "ACTIVE":
        raise InvalidRequestException(f"Cluster '{cluster.name}' is not in ACTIVE status", clusterName=cluster.name)


def _already(kind: str, cluster: Cluster) -> str:
    if kind == "LoggingUpdate":
        return "No changes needed for the logging config provided"
    config = cluster.data["resourcesVpcConfig"]
    if kind == "EndpointAccessUpdate":
        return (
            "Cluster is already at the desired configuration with "
            f"endpointPrivateAccess: {str(config['endpointPrivateAccess']).lower()} , "
            f"endpointPublicAccess: {str(config['endpointPublicAccess']).lower()}, "
            f"and Public Endpoint Restrictions: [{', '.join(config['publicAccessCidrs'])}]"
        )
    return f"Cluster is already at the desired configuration for {kind}"


def _plan_members(backend: EksBackend, cluster: Cluster, request: Data) -> Change:
    """Members that EKS takes as they are."""
    change = {member: request[member] for member in _KINDS if member in request}
    return change, {member[0].upper() + member[1:]: value for member, value in change.items()}


def _plan_endpoint_access(backend: EksBackend, cluster: Cluster, request: Data) -> Change:
    before, given = cluster.data["resourcesVpcConfig"], request["resourcesVpcConfig"]
    public = given.get("endpointPublicAccess", before["endpointPublicAccess"])
    private = given.get("endpointPrivateAccess", before["endpointPrivateAccess"])
    check_endpoint_access(public, private)
    cidrs = network.check_public_cidrs(given.get("publicAccessCidrs") or before["publicAccessCidrs"] or ["0.0.0.0/0"])
    cidrs = cidrs if public else []
    access = {"endpointPublicAccess": public, "endpointPrivateAccess": private, "publicAccessCidrs": cidrs}
    if set(cidrs) == set(before["publicAccessCidrs"]):
        access["publicAccessCidrs"] = before["publicAccessCidrs"]
    params = {"EndpointPublicAccess": public, "EndpointPrivateAccess": private, "PublicAccessCidrs": cidrs}
    return {"resourcesVpcConfig": {**before, **access}}, params


def _plan_vpc_config(backend: EksBackend, cluster: Cluster, request: Data) -> Change:
    before, given = cluster.data["resourcesVpcConfig"], request["resourcesVpcConfig"]
    subnet_ids = given.get("subnetIds", before["subnetIds"])
    groups = given.get("securityGroupIds", before["securityGroupIds"])
    if network.check_cluster_subnets(backend, cluster.name, subnet_ids) != before["vpcId"]:
        raise InvalidParameterException(
            "Subnets must be in the VPC that the cluster was created with", clusterName=cluster.name
        )
    network.check_security_groups(backend, groups, before["vpcId"])
    after = dict(before)
    after |= {"subnetIds": subnet_ids} if set(subnet_ids) != set(before["subnetIds"]) else {}
    after |= {"securityGroupIds": groups} if set(groups) != set(before["securityGroupIds"]) else {}
    return {"resourcesVpcConfig": after}, {"Subnets": subnet_ids, "SecurityGroups": groups}


def _plan_egress(backend: EksBackend, cluster: Cluster, request: Data) -> Change:
    before, mode = cluster.data["resourcesVpcConfig"], request["resourcesVpcConfig"]["controlPlaneEgressMode"]
    if mode == "AWS_MANAGED" != before["controlPlaneEgressMode"]:
        raise InvalidParameterException(
            "controlPlaneEgressMode cannot be changed back to AWS_MANAGED", clusterName=cluster.name
        )
    return {"resourcesVpcConfig": {**before, "controlPlaneEgressMode": mode}}, {"ControlPlaneEgressMode": mode}


def _plan_logging(backend: EksBackend, cluster: Cluster, request: Data) -> Change:
    given = request["logging"].get("clusterLogging", [])
    after = logging(given, cluster.data["logging"]["clusterLogging"])
    return {"logging": {"clusterLogging": after}}, {"ClusterLogging": request["logging"]}


def _plan_access(backend: EksBackend, cluster: Cluster, request: Data) -> Change:
    before, mode = cluster.authentication_mode, request["accessConfig"].get("authenticationMode")
    if (before, mode) not in (("CONFIG_MAP", "API_AND_CONFIG_MAP"), ("API_AND_CONFIG_MAP", "API"), (mode, before)):
        raise InvalidParameterException(
            f"Unsupported authentication mode update from {before} to {mode}", clusterName=cluster.name
        )
    return {"accessConfig": {"authenticationMode": mode}}, {"AuthenticationMode": mode}


def _plan_upgrade_policy(backend: EksBackend, cluster: Cluster, request: Data) -> Change:
    check_support(cluster.version, request["upgradePolicy"].get("supportType", "EXTENDED"))
    return {"upgradePolicy": request["upgradePolicy"]}, {"UpgradePolicy": request["upgradePolicy"]}


def _plan_auto_mode(backend: EksBackend, cluster: Cluster, request: Data) -> Change:
    """The three blocks go together, except that load balancing may carry settings of its own."""
    compute = {**cluster.data["computeConfig"], **request.get("computeConfig", {})}
    storage = {**cluster.data["storageConfig"], **request.get("storageConfig", {})}
    networking = {**cluster.data["kubernetesNetworkConfig"], **request.get("kubernetesNetworkConfig", {})}
    for fixed in ("serviceIpv4Cidr", "ipFamily"):
        if networking.get(fixed) != cluster.data["kubernetesNetworkConfig"].get(fixed):
            raise InvalidParameterException(
                f"{fixed} cannot be changed after the cluster is created", clusterName=cluster.name
            )
    balancing = networking["elasticLoadBalancing"].get("enabled", False)
    check_auto_mode(compute.get("enabled", False), storage.get("blockStorage", {}).get("enabled", False), balancing)
    change = {"computeConfig": compute, "storageConfig": storage, "kubernetesNetworkConfig": networking}
    return change, {"ComputeConfig": compute, "StorageConfig": storage, "KubernetesNetworkConfig": networking}


_PLANNERS: dict[str, Callable[[EksBackend, Cluster, Data], Change]] = {
    "EndpointAccessUpdate": _plan_endpoint_access,
    "VpcConfigUpdate": _plan_vpc_config,
    "ControlPlaneEgressUpdate": _plan_egress,
    "LoggingUpdate": _plan_logging,
    "AccessConfigUpdate": _plan_access,
    "UpgradePolicyUpdate": _plan_upgrade_policy,
    "AutoModeUpdate": _plan_auto_mode,
}


def _check_skew(cluster: Cluster, target: str) -> None:
    """A kubelet may be three minor versions older than the API server."""
    behind = [group.name for group in cluster.nodegroups.values() if minor(group.data["version"]) < minor(target) - 3]
    if behind:
        names = ", ".join(behind)
        message = (
            f"Nodegroups {names} must be updated to match cluster version {cluster.version} "
            "before updating cluster version"
        )
        raise InvalidParameterException(message, clusterName=cluster.name)


def _check_rollback(cluster: Cluster, request: Data) -> None:
    """https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html"""
    target, name = request["version"], cluster.name
    assert cluster.upgraded is not None
    previous, when = cluster.upgraded
    if previous != target or now() - when > _ROLLBACK_WINDOW:
        raise InvalidRequestException(
            f"Cluster {name} can no longer be rolled back to {target}: 7 days are over", clusterName=name
        )
    timeout: Any = request.get("rollbackConfig", {}).get("timeoutMinutes", 720)
    if not 120 <= timeout <= 10080:
        raise InvalidParameterException("timeoutMinutes must be between 120 and 10080", clusterName=name)
    if VERSIONS[target].support == "EXTENDED_SUPPORT" and cluster.data["upgradePolicy"]["supportType"] == "STANDARD":
        message = f"Version {target} is in extended support: change the upgrade policy to EXTENDED before rolling back"
        raise InvalidRequestException(message, clusterName=name)
    newer = [group.name for group in cluster.nodegroups.values() if minor(group.data["version"]) > minor(target)]
    if newer and not request.get("force"):
        message = f"Rollback readiness: kubelet version skew, node groups {', '.join(newer)} are newer than {target}"
        raise InvalidStateException(message, clusterName=name)
