# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules for the options of the module ``cluster`` that need no AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from ...resources.eks.access import CLUSTER_ADMIN, SERVICE_LINKED, node_role
from ...resources.logs.log_group import RETENTION_DAYS
from ..entries import entries, entry_problems
from .cluster_options import OPTIONS

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
ENTRY = OPTIONS["access_entries"]["entries"]

NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]*")
LONGEST_NAME = 50
VERSION = re.compile(r"1\.[1-9]\d")
PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=.@/-]+")
NAMESPACE = re.compile(r"[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?")
RESERVED_GROUPS = ("system:", "eks:", "aws:", "amazon:", "iam:")
PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
NOT_PUBLIC = (*PRIVATE, IPv4Network("127.0.0.0/8"), IPv4Network("169.254.0.0/16"))
SECURITY_GROUP = re.compile(r"sg-[0-9a-f]{8,17}")
MOST_SECURITY_GROUPS = 5
MOST_CIDRS = 40
"""https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html:
public endpoint access CIDR ranges per cluster.
"""

Arguments = Mapping[str, Any]


def problems(arguments: Arguments) -> Iterator[str]:
    if arguments["state"] == "absent":
        return
    yield from _name_problems(arguments)
    yield from _endpoint_problems(arguments)
    yield from _security_group_problems(arguments["security_group_ids"] or [])
    yield from _service_cidr_problems(arguments["service_cidr"])
    yield from _log_problems(arguments)
    yield from _access_problems(arguments)
    for option in ("secrets_kms_key", "log_kms_key"):
        if arguments[option] == "":
            yield f"{option}: must not be empty. Leave it out for AWS's own key."


def _name_problems(arguments: Arguments) -> Iterator[str]:
    name, own = arguments["name"], f"{arguments['platform']}-{arguments['environment']}"
    if name is not None and name != own and not name.startswith(f"{own}-"):
        yield (
            f"name: {name!r} must be {own!r}, or begin with {own + '-'!r}: "
            "a cluster of this environment is known by its name."
        )
    if name is not None and (not NAME.fullmatch(name) or len(name) > LONGEST_NAME):
        yield (
            f"name: {name!r} must be at most {LONGEST_NAME} letters, digits, hyphens and underscores, "
            "beginning with a letter or digit."
        )
    if arguments["version"] is None:
        yield "version: is required when state is present."
    elif not VERSION.fullmatch(arguments["version"]):
        yield (
            f'version: {arguments["version"]!r} is no minor version of Kubernetes such as "1.35". '
            "Quote it in YAML, where 1.40 is 1.4."
        )


def _endpoint_problems(arguments: Arguments) -> Iterator[str]:
    cidrs, is_public = arguments["endpoint_cidrs"] or [], arguments["endpoint"] != "private"
    if is_public and not cidrs:
        yield (
            f"endpoint_cidrs: is required when endpoint is {arguments['endpoint']}: "
            "it says who may reach the public endpoint."
        )
    if cidrs and not is_public:
        yield "endpoint_cidrs: has no use while endpoint is private: it is for the public endpoint alone."
    if len(cidrs) > MOST_CIDRS:
        yield f"endpoint_cidrs: EKS takes at most {MOST_CIDRS} ranges, not {len(cidrs)}."
    for position, cidr in enumerate(cidrs):
        option = f"endpoint_cidrs[{position}]"
        if cidr in cidrs[:position]:
            yield f"{option}: {cidr} is named twice."
        try:
            network = IPv4Network(cidr)
        except ValueError as error:
            yield f"{option}: {cidr!r} is no IPv4 range: {error}."
            continue
        if any(network.subnet_of(block) for block in NOT_PUBLIC):
            yield (
                f"{option}: {cidr} is a private range, and nobody comes to the public endpoint from there. "
                "Name the outer address."
            )


def _security_group_problems(groups: list[str]) -> Iterator[str]:
    if len(groups) > MOST_SECURITY_GROUPS:
        yield f"security_group_ids: EKS takes at most {MOST_SECURITY_GROUPS}, not {len(groups)}."
    for position, group in enumerate(groups):
        if not SECURITY_GROUP.fullmatch(group):
            yield f"security_group_ids[{position}]: {group!r} is not the id of a security group."
        if group in groups[:position]:
            yield f"security_group_ids[{position}]: {group} is named twice."


def _service_cidr_problems(cidr: str | None) -> Iterator[str]:
    if cidr is None:
        return
    try:
        network = IPv4Network(cidr)
    except ValueError as error:
        yield f"service_cidr: {cidr!r} is no IPv4 range: {error}."
        return
    if not 12 <= network.prefixlen <= 24:
        yield f"service_cidr: {cidr} must be between a /12 and a /24."
    if not any(network.subnet_of(block) for block in PRIVATE):
        yield f"service_cidr: {cidr} must be within {', '.join(map(str, PRIVATE))}."


def _log_problems(arguments: Arguments) -> Iterator[str]:
    types, days = arguments["log_types"], arguments["log_retention_days"]
    for twice in sorted({kind for kind in types if types.count(kind) > 1}):
        yield f"log_types: {twice} is named twice."
    if days not in RETENTION_DAYS:
        yield (
            f"log_retention_days: {days} is none of the periods that CloudWatch Logs offers: "
            f"{', '.join(map(str, RETENTION_DAYS))}."
        )
    if arguments["log_kms_key"] and not types:
        yield "log_kms_key: has no use while log_types is empty."


def _access_problems(arguments: Arguments) -> Iterator[str]:
    yield from entry_problems("access_entries", arguments["access_entries"], ENTRY)
    admins, others = arguments["admin_role_arns"] or {}, entries(arguments["access_entries"], ENTRY)
    named = [(f"admin_role_arns.{name}", arn) for name, arn in admins.items()]
    named += [(f"access_entries.{name}.principal_arn", entry["principal_arn"]) for name, entry in others.items()]
    first: dict[str, str] = {}
    nodes = node_role(arguments["name"] or f"{arguments['platform']}-{arguments['environment']}")
    for option, arn in named:
        yield from _principal_problems(option, arn)
        if str(arn).endswith(f"/{nodes}"):
            yield f"{option}: {arn} is the role of the cluster's nodes, whose access the role node_groups gives."
        if arn in first:
            yield f"{option}: {arn} is named by {first[arn]} already. EKS has one entry for each principal."
        first.setdefault(str(arn), option)
    for name, entry in others.items():
        yield from _entry_problems(f"access_entries.{name}", entry)
    given = (arguments["admin_role_arns"], arguments["access_entries"]) != (None, None)
    if not arguments["caller_is_admin"] and given and not admins and not any(map(_is_admin, others.values())):
        yield (
            "admin_role_arns: names nobody, and caller_is_admin is false: "
            "nobody could administer the cluster. Name a role."
        )


def _principal_problems(option: str, arn: Any) -> Iterator[str]:
    if isinstance(arn, str) and ":assumed-role/" in arn:
        yield f"{option}: {arn} is a session of a role. Name the role: arn:aws:iam::<account>:role/<path and name>."
    elif not isinstance(arn, str) or not PRINCIPAL.fullmatch(arn):
        yield f"{option}: {arn!r} is not the ARN of an IAM role or user."
    elif SERVICE_LINKED in arn:
        yield f"{option}: {arn} is a service-linked role, whose access EKS manages itself."


def _entry_problems(option: str, entry: dict[str, Any]) -> Iterator[str]:
    if not entry["policies"] and not entry["kubernetes_groups"]:
        yield f"{option}: has neither policies nor kubernetes_groups, so it would allow nothing."
    for group in entry["kubernetes_groups"]:
        if group.startswith(RESERVED_GROUPS):
            yield (
                f"{option}.kubernetes_groups: {group} begins with {', '.join(RESERVED_GROUPS)}, which are reserved. "
                "Use a policy instead."
            )
    policies = [item["policy"] for item in entry["policies"]]
    for twice in sorted({policy for policy in policies if policies.count(policy) > 1}):
        yield f"{option}.policies: {twice} is named twice. Name all its namespaces in one."
    for item in entry["policies"]:
        for namespace in item["namespaces"]:
            if not NAMESPACE.fullmatch(namespace):
                yield f"{option}.policies: {namespace!r} is not the name of a namespace."


def _is_admin(entry: dict[str, Any]) -> bool:
    return any(item["policy"] == CLUSTER_ADMIN and not item["namespaces"] for item in entry["policies"])
