# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS add-ons on offer: versions, the Kubernetes versions they fit, what of them can be configured,
which roles they want.

A selection of what DescribeAddonVersions lists; schemas hold the members that people set, not all there are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ..api import operation
from ..backend import Call
from ..errors import InvalidParameterException, ResourceNotFoundException
from ..resources import Data
from ..versions import VERSIONS

Schema = dict[str, Any]

_OBJECT: Schema = {"type": "object"}
_LIST: Schema = {"type": "array"}
_STRING: Schema = {"type": "string"}
_INTEGER: Schema = {"type": "integer"}
_BOOLEAN: Schema = {"type": "boolean"}
_STRINGS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
_BOOLEAN_TEXT: Schema = {"type": ["string", "boolean"], "enum": ["true", "false", True, False]}
_PODS: Schema = {
    "affinity": _OBJECT,
    "nodeSelector": _OBJECT,
    "podAnnotations": _OBJECT,
    "podLabels": _OBJECT,
    "resources": _OBJECT,
    "tolerations": _LIST,
}


def _object(**members: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": members}


_CSI_CONTROLLER = _object(
    **_PODS,
    replicaCount=_INTEGER,
    extraVolumeTags=_STRINGS,
    topologySpreadConstraints=_LIST,
    logLevel=_INTEGER,
    env=_LIST,
    tags=_STRINGS,
)
_CSI_NODE = _object(
    **_PODS, tolerateAllTaints=_BOOLEAN, volumeAttachLimit=_INTEGER, enableWindows=_BOOLEAN, logLevel=_INTEGER
)


@dataclass(frozen=True)
class Catalogued:
    """An add-on. ``versions`` are newest first and fit every Kubernetes version, or only those of their key.

    ``needs_nodes``: it has pods beside those of DaemonSets, so it is unhealthy until they have a node to run on.
    """

    kind: str
    versions: tuple[str, ...] | dict[str, tuple[str, ...]]
    needs_nodes: bool = True
    namespace: str = "kube-system"
    owner: str = "aws"
    schema: Schema = field(default_factory=dict)
    pod_identities: tuple[tuple[str, str], ...] = ()

    def compatible(self, kubernetes: str) -> tuple[str, ...]:
        return self.versions.get(kubernetes, ()) if isinstance(self.versions, dict) else self.versions

    def default(self, kubernetes: str) -> str:
        """EKS's default is not always the newest: here it is the second newest where there are three."""
        offered = self.compatible(kubernetes)
        return offered[1] if len(offered) > 2 else offered[0]


def _kube_proxy() -> dict[str, tuple[str, ...]]:
    builds = {"1.33": (("10", 9), ("10", 2), ("8", 4)), "1.34": (("6", 12), ("6", 4), ("3", 5))}
    builds |= {"1.35": (("3", 9), ("3", 2), ("0", 2)), "1.36": (("0", 25), ("0", 21), ("0", 9))}
    return {
        minor: tuple(f"v{minor}.{patch}-eksbuild.{build}" for patch, build in found) for minor, found in builds.items()
    }


_ADOT = tuple(
    ("adot-col-" + name, "CloudWatchAgentServerPolicy") for name in ("container-logs", "otlp-ingest", "prom-metrics")
)

CATALOG: dict[str, Catalogued] = {
    "vpc-cni": Catalogued(
        "networking",
        ("v1.22.4-eksbuild.3", "v1.22.3-eksbuild.1", "v1.21.1-eksbuild.8", "v1.20.5-eksbuild.1"),
        needs_nodes=False,
        schema={
            **_PODS,
            "env": _STRINGS,
            "enableNetworkPolicy": _BOOLEAN_TEXT,
            "enableWindowsIpam": _BOOLEAN_TEXT,
            "enableWindowsPrefixDelegation": _BOOLEAN_TEXT,
            "eniConfig": _OBJECT,
            "init": _OBJECT,
            "nodeAgent": _OBJECT,
            "livenessProbeTimeoutSeconds": _INTEGER,
            "readinessProbeTimeoutSeconds": _INTEGER,
        },
        pod_identities=(("aws-node", "AmazonEKS_CNI_Policy"),),
    ),
    "kube-proxy": Catalogued(
        "networking",
        _kube_proxy(),
        needs_nodes=False,
        schema={
            **_PODS,
            "ipvs": _object(scheduler=_STRING),
            "mode": {"type": "string", "enum": ["iptables", "ipvs", "nftables"]},
        },
    ),
    "coredns": Catalogued(
        "networking",
        ("v1.14.3-eksbuild.16", "v1.14.3-eksbuild.3", "v1.13.2-eksbuild.1", "v1.12.4-eksbuild.1"),
        schema={
            **_PODS,
            "replicaCount": _INTEGER,
            "corefile": _STRING,
            "autoScaling": _object(enabled=_BOOLEAN, minReplicas=_INTEGER, maxReplicas=_INTEGER),
            "podDisruptionBudget": _OBJECT,
            "topologySpreadConstraints": _LIST,
        },
    ),
    "eks-pod-identity-agent": Catalogued(
        "security",
        ("v1.3.10-eksbuild.3", "v1.3.9-eksbuild.3", "v1.3.8-eksbuild.2"),
        needs_nodes=False,
        schema={**_PODS, "agent": _OBJECT, "init": _OBJECT, "daemonsets": _OBJECT},
    ),
    "eks-node-monitoring-agent": Catalogued(
        "observability",
        ("v1.6.2-eksbuild.1", "v1.6.1-eksbuild.1", "v1.5.1-eksbuild.1"),
        needs_nodes=False,
        schema={"monitoringAgent": _object(**_PODS, additionalArgs=_LIST), "dcgmAgent": _object(**_PODS)},
    ),
    "aws-ebs-csi-driver": Catalogued(
        "storage",
        ("v1.63.1-eksbuild.1", "v1.62.0-eksbuild.1", "v1.56.0-eksbuild.1"),
        schema={
            "controller": _CSI_CONTROLLER,
            "node": _CSI_NODE,
            "defaultStorageClass": _object(enabled=_BOOLEAN),
            "sidecars": _OBJECT,
        },
        pod_identities=(("ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"),),
    ),
    "aws-efs-csi-driver": Catalogued(
        "storage",
        ("v3.2.1-eksbuild.1", "v3.1.0-eksbuild.1", "v2.3.0-eksbuild.1"),
        schema={"controller": _CSI_CONTROLLER, "node": _CSI_NODE, "sidecars": _OBJECT, "replicaCount": _INTEGER},
        pod_identities=(("efs-csi-controller-sa", "service-role/AmazonEFSCSIDriverPolicy"),),
    ),
    "aws-mountpoint-s3-csi-driver": Catalogued(
        "storage",
        ("v2.4.0-eksbuild.1", "v2.3.0-eksbuild.1", "v1.15.0-eksbuild.1"),
        schema={"controller": _CSI_CONTROLLER, "node": _CSI_NODE},
        pod_identities=(("s3-csi-driver-sa", "AmazonS3FullAccess"),),
    ),
    "snapshot-controller": Catalogued(
        "storage",
        ("v8.5.0-eksbuild.1", "v8.4.0-eksbuild.1", "v8.3.0-eksbuild.1"),
        schema={**_PODS, "replicaCount": _INTEGER, "podDisruptionBudget": _OBJECT, "topologySpreadConstraints": _LIST},
    ),
    "metrics-server": Catalogued(
        "observability",
        ("v0.8.1-eksbuild.6", "v0.8.1-eksbuild.1", "v0.8.0-eksbuild.6"),
        owner="community",
        schema={**_PODS, "replicas": _INTEGER, "podDisruptionBudget": _OBJECT, "updateStrategy": _OBJECT},
    ),
    "kube-state-metrics": Catalogued(
        "observability",
        ("v2.18.0-eksbuild.1", "v2.17.0-eksbuild.4", "v2.17.0-eksbuild.1"),
        namespace="kube-state-metrics",
        owner="community",
        schema={**_PODS, "replicas": _INTEGER},
    ),
    "prometheus-node-exporter": Catalogued(
        "observability",
        ("v1.11.0-eksbuild.1", "v1.10.2-eksbuild.6", "v1.10.2-eksbuild.1"),
        needs_nodes=False,
        namespace="prometheus-node-exporter",
        owner="community",
        schema=dict(_PODS),
    ),
    "cert-manager": Catalogued(
        "security",
        ("v1.19.4-eksbuild.1", "v1.19.2-eksbuild.1", "v1.18.2-eksbuild.2"),
        namespace="cert-manager",
        owner="community",
        schema={**_PODS, "replicaCount": _INTEGER, "cainjector": _OBJECT, "webhook": _OBJECT, "global": _OBJECT},
    ),
    "external-dns": Catalogued(
        "networking",
        ("v0.21.0-eksbuild.1", "v0.20.0-eksbuild.3", "v0.19.0-eksbuild.2"),
        namespace="external-dns",
        owner="community",
        schema={
            **_PODS,
            "policy": _STRING,
            "txtOwnerId": _STRING,
            "domainFilters": _LIST,
            "sources": _LIST,
            "registry": _STRING,
        },
        pod_identities=(("external-dns", "AmazonRoute53FullAccess"),),
    ),
    "amazon-cloudwatch-observability": Catalogued(
        "observability",
        ("v6.2.0-eksbuild.1", "v6.1.0-eksbuild.1", "v5.4.0-eksbuild.1"),
        namespace="amazon-cloudwatch",
        schema={
            **_PODS,
            "agent": _OBJECT,
            "containerLogs": _OBJECT,
            "manager": _OBJECT,
            "region": _STRING,
            "clusterName": _STRING,
        },
        pod_identities=(("cloudwatch-agent", "CloudWatchAgentServerPolicy"),),
    ),
    "adot": Catalogued(
        "observability",
        ("v0.151.0-eksbuild.1", "v0.141.0-eksbuild.1", "v0.131.0-eksbuild.1"),
        namespace="opentelemetry-operator-system",
        schema={**_PODS, "replicaCount": _INTEGER, "collector": _OBJECT, "manager": _OBJECT},
        pod_identities=_ADOT,
    ),
    "aws-guardduty-agent": Catalogued(
        "security",
        ("v1.13.0-eksbuild.1", "v1.12.1-eksbuild.2"),
        needs_nodes=False,
        namespace="amazon-guardduty",
        schema=dict(_PODS),
    ),
}


def schema(name: str) -> Schema:
    """The JSON schema of an add-on's configurationValues."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "additionalProperties": False,
        "properties": CATALOG[name].schema,
    }


@operation
def describe_addon_versions(call: Call) -> Data:
    request = call.request
    if request.get("addonName") and request["addonName"] not in CATALOG:
        return {"addons": []}
    minors = [request["kubernetesVersion"]] if request.get("kubernetesVersion") else list(reversed(VERSIONS))
    found = []
    for name, addon in CATALOG.items():
        matches = request.get("addonName", name) == name
        matches &= addon.kind in (request.get("types") or [addon.kind])
        matches &= addon.owner in (request.get("owners") or [addon.owner])
        matches &= "eks" in (request.get("publishers") or ["eks"])
        if matches and any(addon.compatible(minor) for minor in minors):
            found.append(_describe(name, addon, minors))
    return call.page(found, "addons")


@operation
def describe_addon_configuration(call: Call) -> Data:
    name, version = call.request["addonName"], call.request["addonVersion"]
    if name not in CATALOG:
        raise ResourceNotFoundException(f"Addon {name} is not found", addonName=name)
    if not any(version in CATALOG[name].compatible(minor) for minor in VERSIONS):
        raise InvalidParameterException("Addon version specified is not supported", addonName=name)
    roles = [
        {
            "serviceAccount": account,
            "recommendedManagedPolicies": [f"arn:{call.backend.partition}:iam::aws:policy/{policy}"],
        }
        for account, policy in CATALOG[name].pod_identities
    ]
    return {
        "addonName": name,
        "addonVersion": version,
        "configurationSchema": json.dumps(schema(name)),
        "podIdentityConfiguration": roles,
    }


def _describe(name: str, addon: Catalogued, minors: list[str]) -> Data:
    versions: dict[str, list[Data]] = {}
    for minor in minors:
        for version in addon.compatible(minor):
            fits = {
                "clusterVersion": minor,
                "platformVersions": ["*"],
                "defaultVersion": version == addon.default(minor),
            }
            versions.setdefault(version, []).append(fits)
    return {
        "addonName": name,
        "type": addon.kind,
        "addonVersions": [
            {
                "addonVersion": version,
                "architecture": ["amd64", "arm64"],
                "computeTypes": ["ec2", "auto", "hybrid"],
                "compatibilities": compatibilities,
                "requiresConfiguration": False,
                "requiresIamPermissions": bool(addon.pod_identities),
            }
            for version, compatibilities in versions.items()
        ],
        "publisher": "eks",
        "owner": addon.owner,
        "defaultNamespace": addon.namespace,
    }
