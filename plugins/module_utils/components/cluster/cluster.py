# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cluster: EKS's control plane with its role, its logs, its OIDC provider, and who may use it."""

from __future__ import annotations

from typing import Any

from ...aws.session import Aws
from ...engine.converge import Outcome
from ...engine.errors import InvalidArguments
from ...engine.plan import Declaration, look_up
from ...engine.report import plain
from ...engine.resource import UNKNOWN, Owner
from ...resources.ec2.subnet import SubnetsLookup
from ...resources.eks.access import CLUSTER_ADMIN, AccessEntry, AccessPolicy, access_policy
from ...resources.eks.cluster import Cluster
from ...resources.eks.oidc_provider import OidcProvider
from ...resources.iam.role import Role, managed_policy, path, service_trust
from ...resources.kms.key import KeyLookup
from ...resources.logs.log_group import LogGroup
from ..component import Component, Context
from ..entries import entries
from .cluster_options import OPTIONS
from .cluster_rules import ENTRY, problems


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True, untouched=frozenset({LogGroup} if context["keep_logs"] else ()))
    cluster = _cluster(context)
    access = _access(context, cluster)
    names_nobody = context["admin_role_arns"] is None and context["access_entries"] is None
    return Declaration((cluster, OidcProvider(cluster), *access), frozenset({AccessEntry} if names_nobody else ()))


def _cluster(context: Context) -> Cluster:
    aws, name = context.aws, _name(context)
    role = Role(
        key="cluster",
        name=f"{name}-cluster",
        trust=service_trust("eks.amazonaws.com"),
        managed_policies=(managed_policy(aws.partition, "AmazonEKSClusterPolicy"),),
        description=f"Control plane of the EKS cluster {name}",
    )
    return Cluster(
        key=name,
        role=role,
        role_arn=f"arn:{aws.partition}:iam::{aws.account_id}:role{path(context.owner.scope)}{role.name}",
        subnets=SubnetsLookup(context["subnet_tier"]),
        version=context["version"],
        private_access=context["endpoint"] != "public",
        public_access=context["endpoint"] != "private",
        public_cidrs=tuple(context["endpoint_cidrs"] or ()),
        log_types=tuple(context["log_types"]),
        support_type=context["support_type"],
        deletion_protection=context.protection(context["deletion_protection"]),
        zonal_shift=context["zonal_shift"],
        security_group_ids=None if context["security_group_ids"] is None else tuple(context["security_group_ids"]),
        service_cidr=context["service_cidr"],
        secrets_key=KeyLookup(context["secrets_kms_key"]) if context["secrets_kms_key"] else None,
        log_group=_log_group(context, name) if context["log_types"] else None,
    )


def _log_group(context: Context, name: str) -> LogGroup:
    """EKS would make the group itself, without retention, key or tags: it has to be there first."""
    key = KeyLookup(context["log_kms_key"]) if context["log_kms_key"] else None
    return LogGroup("cluster", f"/aws/eks/{name}/cluster", context["log_retention_days"], key)


def _access(context: Context, cluster: Cluster) -> list[AccessEntry]:
    partition = context.aws.partition
    admin = (AccessPolicy(access_policy(partition, CLUSTER_ADMIN)),)
    found = {arn: AccessEntry(arn, cluster, admin) for arn in (context["admin_role_arns"] or {}).values()}
    for entry in entries(context["access_entries"], ENTRY).values():
        policies = tuple(
            AccessPolicy(access_policy(partition, item["policy"]), tuple(item["namespaces"]))
            for item in entry["policies"]
        )
        found[entry["principal_arn"]] = AccessEntry(
            entry["principal_arn"], cluster, policies, tuple(entry["kubernetes_groups"])
        )
    if context["caller_is_admin"]:
        caller = _caller(context.aws, list(found))
        found.setdefault(caller, AccessEntry(caller, cluster, admin))
    elif context["admin_role_arns"] is not None or context["access_entries"] is not None:
        _refuse_own_lockout(context, cluster.key, list(found))
    return list(found.values())


def _caller(aws: Aws, named: list[str]) -> str:
    """The IAM role or user that is calling. A session's ARN lacks its role's path, which an access entry needs."""
    arn = aws.identity["Arn"]
    kind, _separator, rest = arn.split(":", 5)[5].partition("/")
    if kind == "federated-user":
        raise InvalidArguments(
            f"caller_is_admin: {arn} is a federated user, who can have no access entry. "
            "Set it to false, and name a role."
        )
    if kind != "assumed-role":
        return arn
    role = rest.partition("/")[0]
    account = f":iam::{aws.account_id}:role/"
    same = [other for other in named if account in other and other.rpartition("/")[2] == role]
    return same[0] if same else str(aws.call("iam", "get_role", RoleName=role)["Role"]["Arn"])


def _refuse_own_lockout(context: Context, cluster: str, named: list[str]) -> None:
    caller = _caller(context.aws, named)
    if caller in named:
        return
    found = context.aws.find("eks", "describe_access_entry", clusterName=cluster, principalArn=caller)
    if found and _is_ours(context.owner, found["accessEntry"].get("tags", {})):
        raise InvalidArguments(
            f"admin_role_arns: {caller} has access to the cluster and is calling: it would lock itself out. "
            "Name it in admin_role_arns or access_entries, or let another administrator run this."
        )


def _is_ours(owner: Owner, tags: dict[str, str]) -> bool:
    return owner.scope.items() <= tags.items()


def _name(context: Context) -> str:
    return str(context["name"] or context.owner.name)


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    name = _name(context)
    cluster = outcome.world.get((Cluster, name), {})
    provider = outcome.world.get((OidcProvider, name), {})
    paths = {
        "arn": "arn",
        "endpoint": "endpoint",
        "certificate_authority": "certificateAuthority",
        "version": "version",
        "platform_version": "platformVersion",
        "status": "status",
        "oidc_issuer": "issuer",
        "cluster_security_group_id": "clusterSecurityGroupId",
    }
    return {
        "name": name,
        **{output: plain(look_up(cluster, path, UNKNOWN)) for output, path in paths.items()},
        "oidc_provider_arn": plain(look_up(provider, "OpenIDConnectProviderArn", UNKNOWN)),
    }


SOURCES = {
    "Cluster.version": "version",
    "Cluster.subnetIds": "subnet_tier",
    "Cluster.securityGroupIds": "security_group_ids",
    "Cluster.endpointPrivateAccess": "endpoint",
    "Cluster.endpointPublicAccess": "endpoint",
    "Cluster.publicAccessCidrs": "endpoint_cidrs",
    "Cluster.clusterLogging": "log_types",
    "Cluster.encryptionKeyArn": "secrets_kms_key",
    "Cluster.deletionProtection": "deletion_protection",
    "LogGroup": "log_retention_days",
    "AccessEntry": "access_entries",
}
COMPONENT = Component(
    name="cluster",
    options=OPTIONS,
    kinds=(Role, LogGroup, Cluster, AccessEntry, OidcProvider),
    sources=SOURCES,
    declare=declare,
    outputs=outputs,
    problems=problems,
)
