# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clusters: made, described, listed and deleted.

Refusals follow the EKS API reference and the messages that its users quote.
"""

from __future__ import annotations

import base64

from localcloud.clock import clock
from moto.moto_api._internal import mock_random

from .. import certificates, network
from ..access import entries
from ..api import operation
from ..backend import Call, EksBackend, all_backends, now
from ..errors import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
    ResourceLimitExceededException,
)
from ..iam import check_cluster_role, identify
from ..resources import Cluster, Data
from ..tags import check_tags
from ..versions import DEFAULT_VERSION, VERSIONS

LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
_LIMIT = 100
_AUTO_MODE = (
    "For EKS Auto Mode, please ensure that all required configs, including computeConfig, kubernetesNetworkConfig, "
    "and blockStorage are all either fully enabled or fully disabled."
)
# Given as they are; what EKS shows when they are not given stands beside them.
_KEPT = {
    "zonalShiftConfig": {"enabled": False},
    "deletionProtection": False,
    "controlPlaneScalingConfig": {"tier": "standard"},
    "remoteNetworkConfig": None,
    "outpostConfig": None,
    "kubeApiServerConfig": None,
    "kubeSchedulerConfig": None,
    "kubeControllerManagerConfig": None,
}


@operation
def create_cluster(call: Call) -> Data:
    backend, request = call.backend, call.request
    name = request["name"]
    if existing := backend.clusters.get(name):
        if existing.is_retry(request):
            return {"cluster": existing.describe()}
        raise ResourceInUseException(f"Cluster already exists with name: {name}", clusterName=name)
    if len(backend.clusters) >= _LIMIT:
        raise ResourceLimitExceededException(f"The maximum number of clusters is {_LIMIT}", clusterName=name)
    cluster = Cluster(_describe_new(call), request)
    access = request.get("accessConfig", {})
    cluster.plane = _plane_name(backend, name)
    cluster.bootstrap_self_managed_addons = request.get("bootstrapSelfManagedAddons", True)
    cluster.bootstrap_admin = access.get("bootstrapClusterCreatorAdminPermissions", True)
    identity = identify(call.access_key)
    cluster.creator = identity.principal if identity else ""
    issuer_id = mock_random.get_random_hex(32).upper()
    cluster.issuer = f"https://oidc.eks.{backend.region_name}.amazonaws.com/id/{issuer_id}"
    endpoint, authority = _start_control_plane(backend, cluster)
    backend.clusters[name] = cluster
    config = cluster.data["resourcesVpcConfig"]
    config["clusterSecurityGroupId"] = network.create_cluster_security_group(backend, cluster)
    network.attach_control_plane(backend, cluster)
    entries.bootstrap(backend, cluster)

    def finish() -> None:
        if cluster.status == "CREATING":
            cluster.data["endpoint"] = endpoint
            cluster.data["certificateAuthority"] = {"data": base64.b64encode(authority.encode()).decode()}
            cluster.data["identity"] = {"oidc": {"issuer": cluster.issuer}}
            cluster.status = "ACTIVE"

    backend.later("eks.cluster.create", finish)
    return {"cluster": cluster.describe()}


@operation
def describe_cluster(call: Call) -> Data:
    return {"cluster": call.cluster().describe()}


@operation
def list_clusters(call: Call) -> Data:
    return call.page(sorted(call.backend.clusters), "clusters")


@operation
def delete_cluster(call: Call) -> Data:
    backend, cluster = call.backend, call.cluster()
    if cluster.status == "DELETING":
        return {"cluster": cluster.describe()}
    if cluster.status == "UPDATING":
        message = f"Cannot delete because cluster {cluster.name} currently has an update in progress"
        raise ResourceInUseException(message, clusterName=cluster.name)
    if cluster.nodegroups:
        raise ResourceInUseException("Cluster has nodegroups attached", clusterName=cluster.name)
    if cluster.fargate_profiles:
        raise ResourceInUseException("Cluster has Fargate profiles attached", clusterName=cluster.name)
    if cluster.data["deletionProtection"] and cluster.status == "ACTIVE":
        message = (
            f"Cannot delete cluster {cluster.name} because deletion protection is enabled. "
            "Disable deletion protection first."
        )
        raise InvalidRequestException(message, clusterName=cluster.name)
    cluster.status = "DELETING"

    def finish() -> None:
        del backend.clusters[cluster.name]
        network.delete_cluster_network(backend, cluster)
        backend.delete_plane(cluster)

    backend.later("eks.cluster.delete", finish)
    return {"cluster": cluster.describe()}


def check_version(version: str) -> None:
    if version not in VERSIONS or VERSIONS[version].support == "UNSUPPORTED":
        raise InvalidParameterException("unsupported Kubernetes version")


def check_support(version: str, support_type: str) -> None:
    """https://docs.aws.amazon.com/eks/latest/userguide/disable-extended-support.html"""
    if support_type == "STANDARD" and VERSIONS[version].support != "STANDARD_SUPPORT":
        raise InvalidParameterException(
            f"Kubernetes version {version} is in extended support: supportType STANDARD cannot be set"
        )


def check_encryption(backend: EksBackend, config: list[Data]) -> None:
    for item in config:
        if item.get("resources") != ["secrets"]:
            raise InvalidParameterException("Only secrets can be encrypted: resources must be [secrets]")
        arn = item.get("provider", {}).get("keyArn")
        if not arn:
            raise InvalidParameterException("KeyArn is required")
        key = backend.kms.keys.get(backend.kms.any_id_to_key_id(arn))
        if key is None:
            raise InvalidParameterException(f"Key '{arn}' does not exist")
        if key.key_state != "Enabled":
            raise InvalidParameterException(f"{arn} is not enabled: its state is {key.key_state}")


def check_auto_mode(compute: bool, storage: bool, load_balancing: bool) -> None:
    if len({compute, storage, load_balancing}) > 1:
        raise InvalidParameterException(_AUTO_MODE)


def check_endpoint_access(public: bool, private: bool) -> None:
    if not public and not private:
        raise InvalidParameterException("Private and public endpoint access cannot be false")


def logging(entries: list[Data], before: list[Data] | None = None) -> list[Data]:
    """clusterLogging as EKS shows it: what is enabled first, then what is not.

    Types that entries leave out stay as before.
    """
    enabled = {kind for entry in before or [] if entry.get("enabled") for kind in entry["types"]}
    for entry in entries:
        enabled = enabled | set(entry["types"]) if entry.get("enabled") else enabled - set(entry["types"])
    groups = [{"types": [kind for kind in LOG_TYPES if (kind in enabled) is on], "enabled": on} for on in (True, False)]
    return [group for group in groups if group["types"]]


def _describe_new(call: Call) -> Data:
    backend, request = call.backend, call.request
    name, version = request["name"], request.get("version") or DEFAULT_VERSION
    check_version(version)
    check_tags(request.get("tags", {}))
    check_cluster_role(backend, request["roleArn"])
    support_type = request.get("upgradePolicy", {}).get("supportType", "EXTENDED")
    check_support(version, support_type)
    vpc_config = _vpc_config(backend, name, request["resourcesVpcConfig"])
    data = {
        "name": name,
        "arn": backend.arn("cluster", name),
        "createdAt": now(),
        "version": version,
        "roleArn": request["roleArn"],
        "resourcesVpcConfig": vpc_config,
        "kubernetesNetworkConfig": _network_config(
            backend, vpc_config["vpcId"], request.get("kubernetesNetworkConfig", {})
        ),
        "logging": {"clusterLogging": logging(request.get("logging", {}).get("clusterLogging", []))},
        "status": "CREATING",
        "certificateAuthority": {},
        "platformVersion": VERSIONS[version].platform,
        "tags": dict(request.get("tags", {})),
        "health": {"issues": []},
        "accessConfig": {"authenticationMode": _authentication_mode(request.get("accessConfig", {}))},
        "upgradePolicy": {"supportType": support_type},
        **{member: request.get(member, default) for member, default in _KEPT.items()},
        **_auto_mode(request),
    }
    if request.get("encryptionConfig"):
        check_encryption(backend, request["encryptionConfig"])
        data["encryptionConfig"] = request["encryptionConfig"]
    return data


def _vpc_config(backend: EksBackend, name: str, given: Data) -> Data:
    public, private = given.get("endpointPublicAccess", True), given.get("endpointPrivateAccess", False)
    check_endpoint_access(public, private)
    vpc_id = network.check_cluster_subnets(backend, name, given.get("subnetIds", []))
    groups = given.get("securityGroupIds", [])
    network.check_security_groups(backend, groups, vpc_id)
    cidrs = network.check_public_cidrs(given.get("publicAccessCidrs") or ["0.0.0.0/0"])
    return {
        "subnetIds": given["subnetIds"],
        "securityGroupIds": groups,
        "vpcId": vpc_id,
        "endpointPublicAccess": public,
        "endpointPrivateAccess": private,
        "publicAccessCidrs": cidrs if public else [],
        "controlPlaneEgressMode": given.get("controlPlaneEgressMode", "AWS_MANAGED"),
    }


def _network_config(backend: EksBackend, vpc_id: str, given: Data) -> Data:
    family = given.get("ipFamily", "ipv4")
    balancing = {"elasticLoadBalancing": given.get("elasticLoadBalancing", {"enabled": False}), "ipFamily": family}
    if family == "ipv6":
        if "serviceIpv4Cidr" in given:
            raise InvalidParameterException("serviceIpv4Cidr cannot be specified when ipFamily is ipv6")
        prefix = ":".join(mock_random.get_random_hex(4) for _index in range(2))
        return {"serviceIpv6Cidr": f"fd00:{prefix}::/108", **balancing}
    return {"serviceIpv4Cidr": network.service_cidr(backend, vpc_id, given.get("serviceIpv4Cidr")), **balancing}


def _authentication_mode(given: Data) -> str:
    mode = str(given.get("authenticationMode", "CONFIG_MAP"))
    if mode == "CONFIG_MAP" and given.get("bootstrapClusterCreatorAdminPermissions") is False:
        message = (
            "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to CONFIG_MAP"
        )
        raise InvalidParameterException(message)
    return mode


def _auto_mode(request: Data) -> Data:
    compute = request.get("computeConfig", {"enabled": False})
    storage = request.get("storageConfig", {"blockStorage": {"enabled": False}})
    balancing = request.get("kubernetesNetworkConfig", {}).get("elasticLoadBalancing", {})
    enabled = compute.get("enabled", False)
    check_auto_mode(enabled, storage.get("blockStorage", {}).get("enabled", False), balancing.get("enabled", False))
    if enabled and request.get("bootstrapSelfManagedAddons", True):
        raise InvalidParameterException("bootstrapSelfManagedAddons must be false for EKS Auto Mode clusters")
    return {"computeConfig": compute, "storageConfig": storage}


def _plane_name(backend: EksBackend, name: str) -> str:
    """The cluster's own name unless another account or region has one of that name."""
    taken = {cluster.plane for other in all_backends() for cluster in list(other.clusters.values())}
    return f"{name}-{backend.account_id}-{backend.region_name}" if name in taken else name


def _start_control_plane(backend: EksBackend, cluster: Cluster) -> tuple[str, str]:
    """Endpoint and certificate authority (PEM), which AWS shows only once the cluster is ACTIVE."""
    cluster.served = backend.planes is not None
    if backend.planes is None:
        return "https://127.0.0.1:1", certificates.authority(cluster.name)
    # Whoever has to wait for the cluster need not wait for its processes after that.
    plane = backend.planes.create(cluster.plane, cluster.version, cluster.issuer, eager=clock.scale > 0)
    return plane.url, plane.certificate_authority_pem
