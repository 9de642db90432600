# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Add-ons of a cluster, in two classes: those that nodes need, and those that need nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...engine.report import plain
from ...engine.resource import UNKNOWN
from ...resources.eks.addon import Addon
from ...resources.eks.cluster import ClusterLookup
from ...resources.eks.node_group import NodeGroupsLookup
from ...resources.eks.pod_identity import PodIdentityLookup
from ..component import Arguments, Component, Context
from ..eks_names import ROLE_ARN, cluster_of, cluster_problems
from ..entries import entries, entry_problems
from .addon_versions import resolved_versions
from .addons_options import OPTIONS

BEFORE_NODES = frozenset({"vpc-cni", "kube-proxy", "eks-pod-identity-agent"})
"""Without the first two no node becomes Ready. All others are DEGRADED for minutes where there is no node to run on."""

ADDON = OPTIONS["addons"]["entries"]


NAME = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?")
VERSION = re.compile(r"v?\d+\.\d+\.\d+[\w.+-]*")


def problems(arguments: Arguments) -> Iterator[str]:
    yield from cluster_problems(arguments)
    kubernetes = arguments["kubernetes_version"]
    if kubernetes and not re.fullmatch(r"1\.\d{2}", kubernetes):
        yield f"kubernetes_version: {kubernetes!r} is not a Kubernetes minor version such as '1.35'. Quote it in YAML."
    yield from entry_problems("addons", arguments["addons"], ADDON)
    for name, addon in entries(arguments["addons"], ADDON).items():
        path, version, role = f"addons.{name}", addon["version"], addon["service_account_role_arn"]
        if not NAME.fullmatch(name):
            yield (
                f"{path}: {name!r} is not an add-on's name, such as aws-ebs-csi-driver: lower-case letters, "
                "digits and hyphens."
            )
        if version is not None and version not in ("latest", "default") and not VERSION.fullmatch(version):
            yield f"{path}.version: {version!r} must be latest, default, or a version such as v1.22.4-eksbuild.3."
        if role is not None and not ROLE_ARN.fullmatch(role):
            yield f"{path}.service_account_role_arn: {role!r} is not the ARN of an IAM role."
        if role and addon["pod_identity"]:
            yield f"{path}.pod_identity: give either this or service_account_role_arn."


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    addons = entries(context["addons"], ADDON)
    versions = resolved_versions(context, {name: addon["version"] for name, addon in addons.items()})
    cluster = cluster_of(context)
    return Declaration(
        tuple(
            Addon(
                name=name,
                cluster=ClusterLookup(cluster),
                version=versions[name],
                node_groups=None if name in BEFORE_NODES else NodeGroupsLookup(cluster),
                pod_identity=PodIdentityLookup(f"{cluster}/{addon['pod_identity']}") if addon["pod_identity"] else None,
                configuration=addon["configuration"],
                service_account_role_arn=addon["service_account_role_arn"] or "",
                preserve=addon["preserve_on_delete"],
            )
            for name, addon in addons.items()
        )
    )


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    """What there is of each declared add-on; in check mode what there is so far."""
    found = {}
    for name in context["addons"] or ():
        addon = outcome.world.get((Addon, f"{cluster_of(context)}/{name}"), {})
        paths = {"arn": "addonArn", "status": "status", "version": "addonVersion"}
        found[name] = {output: plain(addon.get(path, UNKNOWN)) for output, path in paths.items()}
    return {"addons": found}


COMPONENT = Component(
    name="addons",
    options=OPTIONS,
    kinds=(Addon,),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("addons",),
)
