# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a plan names, and what a dump shows, in the same words: (kind of the dump, key)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from localcloud.dump import Dump

from ..site import Change

Name = tuple[str, str]
Properties = dict[str, Any]

# What stands in a dump for a kind of resource of the plan.
KINDS = {
    "AccessEntry": "eks/access-entry",
    "Addon": "eks/addon",
    "Cluster": "eks/cluster",
    "Eip": "ec2/elastic-ip",
    "FlowLog": "ec2/vpc-flow-log",
    "GatewayEndpoint": "ec2/vpc-endpoint",
    "HelmRelease": "kubernetes/release",
    "InterfaceEndpoint": "ec2/vpc-endpoint",
    "InternetGateway": "ec2/internet-gateway",
    "Key": "kms/key",
    "LaunchTemplate": "ec2/launch-template",
    "LogGroup": "logs/log-group",
    "Namespace": "kubernetes/namespace",
    "NatGateway": "ec2/natgateway",
    "NetworkAcl": "ec2/network-acl",
    "NodeAccess": "eks/access-entry",
    "NodeGroup": "eks/nodegroup",
    "OidcProvider": "iam/oidc-provider",
    "PodIdentityAssociation": "eks/pod-identity-association",
    "Role": "iam/role",
    "RouteTable": "ec2/route-table",
    "SecurityGroup": "ec2/security-group",
    "Subnet": "ec2/subnet",
    "Vpc": "ec2/vpc",
}

# What no plan names: a reason, and how it is told from what a plan must name.
NOT_PLANNED: dict[str, tuple[tuple[str, Callable[[str, Properties], bool]], ...]] = {
    "ec2/network-acl": (("comes with its VPC", lambda _, one: one["IsDefault"]),),
    "ec2/route-table": (("comes with its VPC", lambda _, one: any(each["Main"] for each in one["Associations"])),),
    "ec2/security-group": (
        ("comes with its VPC", lambda _, one: one["GroupName"] == "default"),
        ("made by EKS with the cluster", lambda _, one: one["GroupName"].startswith("eks-cluster-sg-innovate-")),
    ),
    "ec2/security-group-rule": (("a part of its group", lambda *_: True),),
    "ec2/network-interface": (("made by AWS for a gateway, an endpoint or a control plane", lambda *_: True),),
    "kms/alias": (("a part of its key", lambda *_: True),),
    "kubernetes/namespace": (
        ("comes with the cluster", lambda name, _: name in ("default", "kube-node-lease", "kube-public", "kube-system")),
    ),
    "kubernetes/deployment": (("a part of its Helm release", lambda *_: True),),
}


def planned(changes: Iterable[Change]) -> list[Name]:
    return sorted((KINDS[change.kind], change.key) for change in changes)


def found(dump: Dump, keys: Iterable[str]) -> tuple[list[Name], dict[str, str]]:
    """Of these entries of a dump, the names of those that a plan must have named, and why it did not name the others."""
    names, others = [], {}
    for entry in keys:
        kind, properties = kind_of(entry), dump[entry]
        if reason := _why_not_planned(kind, entry, properties):
            others[entry] = reason
        else:
            names.append((kind, _key(kind, entry, properties)))
    return sorted(names), others


def kind_of(entry: str) -> str:
    """``ec2/vpc`` of ``ec2/vpc/us-east-1/vpc-1``."""
    return "/".join(entry.split("/", 2)[:2])


def _why_not_planned(kind: str, entry: str, properties: Properties) -> str:
    if "keelson:key" in _tags(properties):
        return ""
    name = entry.rpartition("/")[2]
    return next((reason for reason, holds in NOT_PLANNED.get(kind, ()) if holds(name, properties)), "")


def _key(kind: str, entry: str, properties: Properties) -> str:
    if kind.startswith("kubernetes/"):  # kubernetes/release/<cluster>/<namespace>/<name>
        return entry.split("/", 3)[3]
    return _tags(properties).get("keelson:key", f"{entry} has no key")


def _tags(properties: Properties) -> dict[str, str]:
    tags: dict[str, str] = properties.get("Tags") or properties.get("tags") or {}
    return tags
