# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Access entries and the access policies associated with them.

https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
"""

from __future__ import annotations

import re

from .. import iam
from ..api import operation
from ..backend import Call, EksBackend, new_id, now
from ..errors import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
    ResourceNotFoundException,
)
from ..resources import AccessEntry, Cluster, Data
from ..tags import check_tags
from .policies import CLUSTER_ADMIN, POLICIES, policy_arn

# Node types: the username and the groups that EKS gives them.
_NODE_TYPES = {
    "EC2_LINUX": ("system:node:{{EC2PrivateDNSName}}", ["system:nodes"]),
    "EC2_WINDOWS": ("system:node:{{EC2PrivateDNSName}}", ["system:nodes", "eks:kube-proxy-windows"]),
    "EC2": ("system:node:{{EC2PrivateDNSName}}", ["system:nodes"]),
    "FARGATE_LINUX": ("system:node:{{SessionName}}", ["system:nodes", "system:node-proxier"]),
    "HYBRID_LINUX": ("system:node:{{SessionName}}", ["system:nodes"]),
}
TYPES = ("STANDARD", *_NODE_TYPES)
_RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:")
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):(root|user/.+|role/.+)")
_NOT_FOUND = (
    "The specified principalArn could not be found. "
    "You can view your available access entries with 'list-access-entries'."
)


@operation
def create_access_entry(call: Call) -> Data:
    cluster, request = _cluster(call), call.request
    principal, kind = request["principalArn"], request.get("type") or "STANDARD"
    if existing := cluster.access_entries.get(principal):
        if existing.is_retry(request):
            return {"accessEntry": existing.describe()}
        raise ResourceInUseException("The specified access entry resource is already in use on this cluster.")
    _check_principal(call.backend, principal, kind)
    _check_identity(request, kind)
    check_tags(request.get("tags", {}))
    entry = add(call.backend, cluster, principal, kind, request)
    return {"accessEntry": entry.describe()}


@operation
def describe_access_entry(call: Call) -> Data:
    return {"accessEntry": _entry(call, reading=True).describe()}


@operation
def list_access_entries(call: Call) -> Data:
    policy = call.request.get("associatedPolicyArn")
    entries = _cluster(call, reading=True).access_entries
    return call.page(
        [arn for arn, entry in sorted(entries.items()) if not policy or policy in entry.policies], "accessEntries"
    )


@operation
def update_access_entry(call: Call) -> Data:
    entry, request = _entry(call), call.request
    _check_identity(request, entry.data["type"])
    for member in ("username", "kubernetesGroups"):
        if member in request:
            entry.data[member] = request[member]
    entry.data["modifiedAt"] = now()
    return {"accessEntry": entry.describe()}


@operation
def delete_access_entry(call: Call) -> Data:
    del _cluster(call).access_entries[_entry(call).principal]
    return {}


@operation
def list_access_policies(call: Call) -> Data:
    return call.page(
        [{"name": name, "arn": policy_arn(name, call.backend.partition)} for name in sorted(POLICIES)], "accessPolicies"
    )


@operation
def associate_access_policy(call: Call) -> Data:
    entry, policy, scope = _entry(call), call.request["policyArn"], dict(call.request["accessScope"])
    if policy not in [policy_arn(name, call.backend.partition) for name in POLICIES]:
        raise InvalidParameterException(f"The specified policyArn is invalid: invalid policyArn {policy}")
    if entry.data["type"] != "STANDARD" and not (
        entry.data["type"] == "EC2" and policy.endswith("/AmazonEKSAutoNodePolicy")
    ):
        raise InvalidParameterException(
            'This operation can only be performed on Access Entries with a type of "STANDARD".'
        )
    scope.setdefault("namespaces", [])
    if scope.get("type") == "namespace" and not scope["namespaces"]:
        raise InvalidParameterException(
            "The specified accessScope is invalid: namespaces are required for type namespace"
        )
    if scope.get("type") == "cluster" and scope["namespaces"]:
        raise InvalidParameterException(
            "The specified accessScope is invalid: namespaces are not allowed for type cluster"
        )
    association = _associate(entry, policy, scope)
    return {
        "clusterName": call.request["clusterName"],
        "principalArn": entry.principal,
        "associatedAccessPolicy": dict(association),
    }


@operation
def disassociate_access_policy(call: Call) -> Data:
    entry = _entry(call)
    if call.request["policyArn"] not in entry.policies:
        raise ResourceNotFoundException(
            "The specified policyArn could not be found: it is not associated with the access entry."
        )
    del entry.policies[call.request["policyArn"]]
    return {}


@operation
def list_associated_access_policies(call: Call) -> Data:
    entry = _entry(call, reading=True)
    answer = call.page(list(entry.policies.values()), "associatedAccessPolicies")
    return {"clusterName": call.request["clusterName"], "principalArn": entry.principal, **answer}


def add(backend: EksBackend, cluster: Cluster, principal: str, kind: str, request: Data) -> AccessEntry:
    account, _separator, path = principal.split(":", 4)[4].partition(":")
    resource, _separator, name = path.partition("/")
    username, groups = _NODE_TYPES.get(kind, (_default_username(principal), []))
    data = {
        "clusterName": cluster.name,
        "principalArn": principal,
        "kubernetesGroups": list(request.get("kubernetesGroups", groups)),
        "accessEntryArn": backend.arn(
            "access-entry", cluster.name, resource, account, name.rpartition("/")[2], new_id()
        ),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": dict(request.get("tags", {})),
        "username": request.get("username") or username,
        "type": kind,
    }
    entry = AccessEntry(data, request)
    cluster.access_entries[principal] = entry
    return entry


def bootstrap(backend: EksBackend, cluster: Cluster) -> None:
    """The creator's entry, once the cluster has entries at all and if the creator asked for it."""
    wanted = cluster.authentication_mode != "CONFIG_MAP" and cluster.bootstrap_admin
    if wanted and cluster.creator and cluster.creator not in cluster.access_entries:
        entry = add(backend, cluster, cluster.creator, "STANDARD", {})
        _associate(entry, policy_arn(CLUSTER_ADMIN, backend.partition), {"type": "cluster", "namespaces": []})


def admit_nodes(backend: EksBackend, cluster: Cluster, role: str, kind: str) -> None:
    """EKS makes the entry of a managed node group's or Fargate profile's role itself."""
    if cluster.authentication_mode != "CONFIG_MAP" and role not in cluster.access_entries:
        add(backend, cluster, role, kind, {})


def _associate(entry: AccessEntry, policy: str, scope: Data) -> Data:
    before = entry.policies.get(policy, {"associatedAt": now()})
    entry.policies[policy] = {
        "policyArn": policy,
        "accessScope": scope,
        "associatedAt": before["associatedAt"],
        "modifiedAt": now(),
    }
    return entry.policies[policy]


def _cluster(call: Call, reading: bool = False) -> Cluster:
    cluster = call.cluster()
    if cluster.authentication_mode == "CONFIG_MAP":
        message = (
            "The cluster's authentication mode must be set to one of "
            "[API, API_AND_CONFIG_MAP] to perform this operation."
        )
        raise InvalidRequestException(message, clusterName=cluster.name)
    if not reading and cluster.status not in ("ACTIVE", "UPDATING"):
        raise InvalidRequestException(f"Cluster '{cluster.name}' is not in ACTIVE status", clusterName=cluster.name)
    return cluster


def _entry(call: Call, reading: bool = False) -> AccessEntry:
    principal = call.request["principalArn"]
    entries = _cluster(call, reading).access_entries
    if principal not in entries:
        raise ResourceNotFoundException(_NOT_FOUND)
    return entries[principal]


def _check_principal(backend: EksBackend, principal: str, kind: str) -> None:
    if kind not in TYPES:
        raise InvalidParameterException(f"The specified type is invalid: {kind}")
    match = _PRINCIPAL.fullmatch(principal)
    if match is None or (match.group(1) == backend.account_id and not iam.exists(backend, principal)):
        raise InvalidParameterException("The specified principalArn is invalid: invalid principal.")
    if match.group(2).startswith("role/aws-service-role/"):
        message = (
            "The caller is not allowed to modify access entries with a principalArn value of a Service Linked Role"
        )
        raise InvalidParameterException(message)
    if kind != "STANDARD" and (not match.group(2).startswith("role/") or match.group(1) != backend.account_id):
        raise InvalidParameterException(
            f"The specified principalArn is invalid: type {kind} needs an IAM role of the cluster's account"
        )


def _check_identity(request: Data, kind: str) -> None:
    """Username and groups: only entries of type STANDARD have their own, and none that Kubernetes or AWS reserve."""
    if kind != "STANDARD" and (request.get("kubernetesGroups") or request.get("username")):
        raise InvalidParameterException(
            'This operation can only be performed on Access Entries with a type of "STANDARD".'
        )
    for group in request.get("kubernetesGroups", []):
        for prefix in _RESERVED:
            if group.startswith(prefix):
                raise InvalidParameterException(
                    f"The kubernetes group name {group} is invalid, it cannot start with {prefix}"
                )
    username = request.get("username", "")
    for prefix in _RESERVED:
        if username.startswith(prefix):
            raise InvalidParameterException(f"The username must not begin with {prefix}")
    name, session, _separator = username.partition("{{SessionName")
    if session and ":" not in name:
        raise InvalidParameterException("The username must include a colon before {{SessionName}}")


def _default_username(principal: str) -> str:
    if ":role/" not in principal:
        return principal
    prefix, _separator, path = principal.partition(":role/")
    return f"{prefix.replace(':iam:', ':sts:')}:assumed-role/{path.rpartition('/')[2]}/{{{{SessionName}}}}"
