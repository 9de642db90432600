# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pod identities: an IAM role for the pods of a service account, which nobody else can assume."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...engine.report import plain
from ...engine.resource import UNKNOWN
from ...resources.eks.cluster import ClusterLookup
from ...resources.eks.pod_identity import PodIdentityAssociation, pod_trust
from ...resources.iam.role import Role, managed_policy
from ..component import Arguments, Component, Context
from ..eks_names import DNS_LABEL, DNS_SUBDOMAIN, POLICY_ARN, cluster_of, cluster_problems
from ..entries import entries, entry_problems
from .pod_identities_options import OPTIONS

PROFILES: dict[str, dict[str, Any]] = {
    "aws-ebs-csi-driver": {
        "namespace": "kube-system",
        "service_account": "ebs-csi-controller-sa",
        "managed_policies": ["AmazonEBSCSIDriverPolicyV2"],
    },
    "vpc-cni": {
        "namespace": "kube-system",
        "service_account": "aws-node",
        "managed_policies": ["AmazonEKS_CNI_Policy"],
    },
}
"""What add-ons of AWS's need.

V2 of the EBS driver's policy is for volumes that the driver itself has tagged, and for no others.
"""

IDENTITY = OPTIONS["pod_identities"]["entries"]

KINDS = (Role, PodIdentityAssociation)
INLINE_LIMIT = 10240
"""Characters of a role's inline policies: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


def identities(arguments: Arguments) -> dict[str, dict[str, Any]]:
    """The entries, with what their profiles say where they themselves say nothing."""
    found = entries(arguments["pod_identities"], IDENTITY)
    empty: dict[str, Any] = {"namespace": None, "service_account": None, "managed_policies": []}
    return {
        name: {
            **entry,
            **{
                option: value if entry[option] is None else entry[option]
                for option, value in _profile(entry, empty).items()
            },
        }
        for name, entry in found.items()
    }


def _profile(entry: Mapping[str, Any], empty: dict[str, Any]) -> dict[str, Any]:
    return PROFILES[entry["profile"]] if entry["profile"] else empty


def problems(arguments: Arguments) -> Iterator[str]:
    yield from cluster_problems(arguments)
    yield from entry_problems("pod_identities", arguments["pod_identities"], IDENTITY)
    cluster = arguments["cluster"] or f"{arguments['platform']}-{arguments['environment']}"
    accounts: dict[tuple[str, str], str] = {}
    for name, identity in identities(arguments).items():
        path = f"pod_identities.{name}"
        if not DNS_LABEL.fullmatch(name):
            yield (
                f"{path}: a name has at most 63 lower-case letters, digits and hyphens, "
                "with a letter or digit at both ends."
            )
        elif len(f"{cluster}-{name}") > 64:
            yield (
                f"{path}: the role's name {cluster}-{name} is longer than 64 characters, which IAM does not allow. "
                "Choose a shorter name."
            )
        yield from _whose(path, identity)
        yield from _policies(path, identity)
        account = identity["namespace"], identity["service_account"]
        if None not in account and accounts.setdefault(account, name) != name:
            yield (
                f"{path}: the service account {'/'.join(account)} has the identity {accounts[account]} already; "
                "it can have one only."
            )


def _whose(path: str, identity: Mapping[str, Any]) -> Iterator[str]:
    for option, pattern in (("namespace", DNS_LABEL), ("service_account", DNS_SUBDOMAIN)):
        value = identity[option]
        if value is None:
            yield f"{path}.{option}: is required, unless a profile tells it."
        elif not pattern.fullmatch(value):
            yield f"{path}.{option}: {value!r} is not a name in Kubernetes: lower-case letters, digits and hyphens."


def _policies(path: str, identity: Mapping[str, Any]) -> Iterator[str]:
    policy = identity["policy"]
    if not identity["managed_policies"] and not identity["policy_arns"] and policy is None:
        yield (
            f"{path}: without managed_policies, policy_arns or policy its pods may do nothing. "
            "Give one, or leave the identity out."
        )
    for each in identity["managed_policies"]:
        if each.startswith("arn:") or not each.replace("-", "").replace("_", "").replace("/", "").isalnum():
            yield f"{path}.managed_policies: {each!r} is not the name of a policy of AWS's. ARNs go to policy_arns."
    for arn in identity["policy_arns"]:
        if not POLICY_ARN.fullmatch(arn):
            yield f"{path}.policy_arns: {arn!r} is not the ARN of an IAM policy."
    if policy is None:
        return
    statements = policy.get("Statement")
    if not statements or not all(
        isinstance(each, dict) for each in (statements if isinstance(statements, list) else [statements])
    ):
        yield f"{path}.policy: is not a policy document: Statement is missing."
        return
    for number, statement in enumerate(statements if isinstance(statements, list) else [statements]):
        missing = [
            one
            for one in (("Effect",), ("Action", "NotAction"), ("Resource", "NotResource"))
            if not set(one) & statement.keys()
        ]
        for names in missing:
            yield f"{path}.policy.Statement[{number}]: {' or '.join(names)} is missing."
        if "Principal" in statement:
            yield (
                f"{path}.policy.Statement[{number}].Principal: a role's own policy has none; "
                "only the service account's pods assume it."
            )
    if len(json.dumps(policy, separators=(",", ":"), default=str)) > INLINE_LIMIT:
        yield (
            f"{path}.policy: is longer than {INLINE_LIMIT} characters, IAM's limit. "
            "Make a policy of it, and give that one's ARN."
        )


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    return Declaration(
        tuple(_association(context, name, identity) for name, identity in identities(context.arguments).items())
    )


def _association(context: Context, name: str, identity: Mapping[str, Any]) -> PodIdentityAssociation:
    aws, cluster = context.aws, cluster_of(context)
    namespace, service_account = identity["namespace"], identity["service_account"]
    arn = f"arn:{aws.partition}:eks:{aws.region}:{aws.account_id}:cluster/{cluster}"
    role = Role(
        key=f"{cluster}-{name}",
        name=f"{cluster}-{name}",
        trust=pod_trust(arn, namespace, service_account),
        managed_policies=(
            *(managed_policy(aws.partition, each) for each in identity["managed_policies"]),
            *identity["policy_arns"],
        ),
        inline_policies={} if identity["policy"] is None else {"pod": {"Version": "2012-10-17", **identity["policy"]}},
        description=f"Pods of the service account {namespace}/{service_account} in the EKS cluster {cluster}",
    )
    return PodIdentityAssociation(name, ClusterLookup(cluster), role, namespace, service_account)


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    """What there is of each declared identity; in check mode what there is so far."""
    found = {}
    for name in context["pod_identities"] or ():
        association = outcome.world.get((PodIdentityAssociation, f"{cluster_of(context)}/{name}"), {})
        paths = {"association_id": "associationId", "association_arn": "associationArn", "role_arn": "roleArn"}
        found[name] = {output: plain(association.get(path, UNKNOWN)) for output, path in paths.items()}
    return {"pod_identities": found}


COMPONENT = Component(
    name="pod_identities",
    options=OPTIONS,
    kinds=KINDS,
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("pod_identities",),
)
