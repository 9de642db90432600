# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a plan names, and what a dump shows, in the same words: (kind of the dump, key)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from localcloud.dump import Dump

from ..edge.site import Change

Name = tuple[str, str]
Properties = dict[str, Any]

_FINAL = re.compile(r"(?<=-final)-[a-z0-9]+$")
_DESCRIBED_KEY = re.compile(r"\bkeelson:key=([\w./-]+)")

# What stands in a dump for a kind of resource of the plan.
KINDS = {
    "AccessEntry": "eks/access-entry",
    "Addon": "eks/addon",
    "AuroraCluster": "rds/cluster",
    "AuroraInstance": "rds/instance",
    "Bucket": "s3/bucket",
    "Certificate": "acm/certificate",
    "Cluster": "eks/cluster",
    "ClusterParameterGroup": "rds/cluster-parameter-group",
    "DBClusterSnapshot": "rds/cluster-snapshot",
    "Database": "postgres/database",
    "DbSubnetGroup": "rds/subnet-group",
    "Distribution": "cloudfront/distribution",
    "Eip": "ec2/elastic-ip",
    "FlowLog": "ec2/vpc-flow-log",
    "Function": "cloudfront/function",
    "GatewayEndpoint": "ec2/vpc-endpoint",
    "HelmRelease": "kubernetes/release",
    "HostedZone": "route53/hosted-zone",
    "InterfaceEndpoint": "ec2/vpc-endpoint",
    "InternetGateway": "ec2/internet-gateway",
    "Key": "kms/key",
    "LaunchTemplate": "ec2/launch-template",
    "LogDelivery": "logs/delivery-source",
    "LogGroup": "logs/log-group",
    "LoginRole": "postgres/role",
    "Namespace": "kubernetes/namespace",
    "NatGateway": "ec2/natgateway",
    "NetworkAcl": "ec2/network-acl",
    "NodeAccess": "eks/access-entry",
    "NodeGroup": "eks/nodegroup",
    "OidcProvider": "iam/oidc-provider",
    "OriginAccessControl": "cloudfront/origin-access-control",
    "OwnerRole": "postgres/role",
    "PodIdentityAssociation": "eks/pod-identity-association",
    "Repository": "ecr/repository",
    "ResponseHeadersPolicy": "cloudfront/response-headers-policy",
    "Role": "iam/role",
    "RouteTable": "ec2/route-table",
    "Schema": "postgres/schema",
    "Secret": "secretsmanager/secret",
    "SecurityGroup": "ec2/security-group",
    "SecurityGroupRule": "ec2/security-group-rule",
    "SiteContent": "s3/object",
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
    "logs/delivery": (("a part of what its source delivers", lambda *_: True),),
    "logs/delivery-destination": (("a part of what its source delivers", lambda *_: True),),
    "postgres/schema": (("comes with its database", lambda name, _: name == "public"),),
    "route53/record-set": (("a part of the certificate or the distribution that it is for", lambda *_: True),),
    "s3/object": (("a part of the site's content", lambda *_: True),),
    "secretsmanager/secret": (
        ("the master user's, made by RDS with the cluster", lambda name, _: name.startswith("rds!cluster-")),
    ),
    "kubernetes/namespace": (
        (
            "comes with the cluster",
            lambda name, _: name in ("default", "kube-node-lease", "kube-public", "kube-system"),
        ),
    ),
    "kubernetes/deployment": (("a part of its Helm release", lambda *_: True),),
}


def planned(changes: Iterable[Change]) -> list[Name]:
    return sorted((KINDS[change.kind], change.key) for change in changes)


def found(dump: Dump, keys: Iterable[str]) -> tuple[list[Name], dict[str, str]]:
    """Of these entries of a dump, the names of those that a plan must have named,
    and why it did not name the others.
    """
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


def without_suffix(name: str) -> str:
    """A last snapshot has one that nobody can know before."""
    return _FINAL.sub("", name)


def _why_not_planned(kind: str, entry: str, properties: Properties) -> str:
    if _marked_key(properties):
        return ""
    name = entry.rpartition("/")[2]
    return next((reason for reason, holds in NOT_PLANNED.get(kind, ()) if holds(name, properties)), "")


def _key(kind: str, entry: str, properties: Properties) -> str:
    if kind.startswith("kubernetes/"):  # kubernetes/release/<cluster>/<namespace>/<name>
        return entry.split("/", 3)[3]
    if kind.startswith("postgres/"):  # postgres/schema/<region>/<cluster>/<database>/<name>
        return entry.split("/", 4)[4]
    if kind == "rds/cluster-snapshot":  # its tags are its cluster's
        return without_suffix(entry.rpartition("/")[2])
    return _marked_key(properties) or f"{entry} has no key"


def _marked_key(properties: Properties) -> str:
    """From its tags, or where AWS gives it none, from its description."""
    tags: dict[str, str] = properties.get("Tags") or properties.get("tags") or properties.get("TagList") or {}
    if "keelson:key" in tags:
        return tags["keelson:key"]
    described = _DESCRIBED_KEY.search(json.dumps(properties))
    return described[1] if described else ""
