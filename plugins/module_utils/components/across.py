# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules between components that can be checked without AWS: what one names, another has to have.

What somebody else may have made, such as a zone of the account, is wrong only where it looks like a
slip of the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..engine.words import did_you_mean, nearest
from ..kubernetes.kinds.namespace import SYSTEM_NAMESPACES
from .component import Arguments

Parts = Mapping[str, Arguments]
"""The arguments of the components of a run, each with its defaults filled in, by the component's name."""

ADDONS = (
    "adot",
    "amazon-cloudwatch-observability",
    "aws-ebs-csi-driver",
    "aws-efs-csi-driver",
    "aws-fsx-csi-driver",
    "aws-guardduty-agent",
    "aws-mountpoint-s3-csi-driver",
    "aws-network-flow-monitoring-agent",
    "cert-manager",
    "coredns",
    "eks-node-monitoring-agent",
    "eks-pod-identity-agent",
    "external-dns",
    "fluent-bit",
    "kube-proxy",
    "kube-state-metrics",
    "metrics-server",
    "prometheus-node-exporter",
    "snapshot-controller",
    "vpc-cni",
)
"""Those of AWS and of the community:
https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html

Others, of sellers in AWS Marketplace, have names that are not known here.
"""
NEEDS_TWO_ZONES = {"cluster": "EKS", "aurora": "RDS", "rds_instances": "RDS"}


def problems(parts: Parts) -> Iterator[tuple[str, str]]:
    """Component and line for each: the line begins with the path of its option,
    as those of ``Component.problems`` do.
    """
    present = {name: arguments for name, arguments in parts.items() if arguments["state"] == "present"}
    for rule in RULES:
        yield from rule(present)


def keys(parts: Parts) -> Iterator[tuple[str, str]]:
    if "encryption_keys" not in parts or parts["encryption_keys"]["keys"] is None:
        return
    purposes = list(parts["encryption_keys"]["keys"])
    for component, arguments in parts.items():
        for path, purpose in named_keys(arguments):
            if purpose not in purposes:
                yield component, f"{path}: {missing('encryption_keys', 'key', purpose, purposes)}"


def named_keys(values: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The options whose names end with kms_key, at any depth: the purposes of keys."""
    for name, value in values.items() if isinstance(values, Mapping) else ():
        here = f"{path}.{name}" if path else str(name)
        if str(name).endswith("kms_key") and isinstance(value, str):
            yield here, value
        else:
            yield from named_keys(value, here)


def zones(parts: Parts) -> Iterator[tuple[str, str]]:
    """Two, where AWS wants two; and those of the node groups are some of the network's."""
    network = parts.get("vpc")
    if network is None or network["zones"] is None:
        return
    given = network["zones"]
    wanting = sorted(
        {service for component, service in NEEDS_TWO_ZONES.items() if component in parts and is_used(parts[component])}
    )
    if len(set(given)) < 2 and wanting:
        yield (
            "vpc",
            f"zones: {', '.join(given) or 'none'}: {' and '.join(wanting)} need subnets in two "
            "availability zones or more.",
        )
    for path, group in things(parts, "node_groups", "node_groups"):
        for zone in group.get("zones") or ():
            if zone not in given:
                yield "node_groups", f"{path}.zones: {missing('network_zones', 'zone', zone, given)}"


def is_used(arguments: Arguments) -> bool:
    return bool(arguments.get("instances", True))


def tiers(parts: Parts) -> Iterator[tuple[str, str]]:
    if "vpc" not in parts:
        return
    offered = parts["vpc"]["tiers"]
    wanted = [(component, "subnet_tier", parts[component]) for component in ("cluster", "aurora") if component in parts]
    for component, option in (("rds_instances", "instances"), ("node_groups", "node_groups")):
        wanted += [(component, f"{path}.subnet_tier", thing) for path, thing in things(parts, component, option)]
    for component, path, values in wanted:
        tier = values.get("subnet_tier")
        if tier is not None and tier not in offered:
            yield component, f"{path}: {missing('network_tiers', 'tier', tier, offered)}"


def certificates(parts: Parts) -> Iterator[tuple[str, str]]:
    """The site's: there is one of this name, where CloudFront looks for it, for all of the site's domains."""
    site, made = parts.get("static_site"), parts.get("certificates")
    if site is None or made is None or site["certificate"] is None or made["certificates"] is None:
        return
    name = site["certificate"]
    if name not in made["certificates"]:
        yield "static_site", f"certificate: {missing('certificates', 'certificate', name, made['certificates'])}"
        return
    given = made["certificates"][name] or {}
    if (given.get("region") or made["region"]) not in ("us-east-1", None):
        yield (
            "certificates",
            f"certificates.{name}.region: CloudFront takes certificates from us-east-1 only. Set region: us-east-1.",
        )
    names = [given.get("domain"), *(given.get("alternatives") or ())]
    for path, domain in domains(site):
        if domain not in names and f"*.{domain.partition('.')[2]}" not in names:
            yield (
                "static_site",
                f"{path}: {domain} is none of the names of the certificate {name}: {', '.join(map(str, names))}.",
            )


def domains(site: Arguments) -> Iterator[tuple[str, str]]:
    if site["domain"]:
        yield "domain", site["domain"]
    for index, domain in enumerate(site["alternative_domains"]):
        yield f"alternative_domains[{index}]", domain


def dns_zones(parts: Parts) -> Iterator[tuple[str, str]]:
    """Any public zone of the account will do: only what is nearly one of the environment's own is taken for a slip."""
    declared = list((parts["dns_zones"]["zones"] or {}) if "dns_zones" in parts else {})
    wanted = [
        ("certificates", f"{path}.zone", thing.get("zone"))
        for path, thing in things(parts, "certificates", "certificates")
    ]
    if "static_site" in parts:
        wanted.append(("static_site", "zone", parts["static_site"]["zone"]))
    for component, path, zone in wanted:
        if zone is not None and zone not in declared and nearest(zone, declared):
            yield component, f"{path}: {missing('dns_zones', 'zone', zone, declared)}"


def databases(parts: Parts) -> Iterator[tuple[str, str]]:
    users = parts.get("database_users")
    if users is None or not users["applications"]:
        return
    if "aurora" not in parts:
        yield (
            "database_users",
            "applications: there is no database for them: database_enabled is false. Set it to true, or name no users.",
        )
    elif users["cluster"] != parts["aurora"]["name"]:
        yield (
            "database_users",
            f"cluster: there is no database {users['cluster']}; database_name is {parts['aurora']['name']}.",
        )


def pod_identities(parts: Parts) -> Iterator[tuple[str, str]]:
    if "pod_identities" not in parts or parts["pod_identities"]["pod_identities"] is None:
        return
    identities = parts["pod_identities"]["pod_identities"]
    for path, addon in things(parts, "addons", "addons"):
        identity = addon.get("pod_identity")
        if identity is not None and identity not in identities:
            yield "addons", f"{path}.pod_identity: {missing('pod_identities', 'identity', identity, identities)}"


def addons(parts: Parts) -> Iterator[tuple[str, str]]:
    for path, _addon in things(parts, "addons", "addons"):
        name = path.partition(".")[2]
        if name not in ADDONS and (meant := nearest(name, ADDONS)):
            yield "addons", f"{path}: EKS has no add-on of this name. Did you mean {meant}?"


def namespaces(parts: Parts) -> Iterator[tuple[str, str]]:
    if "namespaces" not in parts:
        return
    declared = [*(parts["namespaces"]["namespaces"] or ()), *parts["namespaces"]["others"], *SYSTEM_NAMESPACES]
    wanted = [
        ("applications", f"{path}.namespace", thing) for path, thing in things(parts, "applications", "applications")
    ]
    wanted += [
        ("helm_releases", f"{path}.namespace", thing) for path, thing in things(parts, "helm_releases", "releases")
    ]
    for component, path, thing in wanted:
        name = thing.get("namespace")
        if name is not None and name not in declared:
            yield (
                component,
                (
                    f"{path}: namespaces has no namespace {name}.{did_you_mean(name, declared)} Declare it there, as "
                    f"in namespaces: {{{name}: {{}}}}, or where somebody else makes it, list it in namespaces_others."
                ),
            )
    common = (
        parts["applications"]["application_namespace"] if things_of(parts, "applications", "applications") else None
    )
    if common is not None and common not in declared:
        yield "applications", f"application_namespace: {missing('namespaces', 'namespace', common, declared)}"


def applications(parts: Parts) -> Iterator[tuple[str, str]]:
    """Those that an application talks to."""
    names = [*things_of(parts, "applications", "applications"), *things_of(parts, "helm_releases", "releases")]
    for path, application in things(parts, "applications", "applications"):
        talks_to = application.get("talks_to")
        for index, other in enumerate(talks_to if isinstance(talks_to, list) else ()):
            if "/" not in str(other) and other not in names:  # namespace/name may be another environment's
                yield (
                    "applications",
                    f"{path}.talks_to[{index}]: {missing('applications', 'application', str(other), names)}",
                )


def things(parts: Parts, component: str, option: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Path and options of each of a component's things by name."""
    for name, thing in things_of(parts, component, option).items():
        yield f"{option}.{name}", thing


def things_of(parts: Parts, component: str, option: str) -> dict[str, Mapping[str, Any]]:
    given = parts[component][option] if component in parts else None
    return {str(name): thing if isinstance(thing, Mapping) else {} for name, thing in (given or {}).items()}


def missing(where: str, what: str, name: str, there: Iterable[str]) -> str:
    names = sorted(map(str, there))
    return f"{where} has no {what} {name}; it has {', '.join(names) or 'none'}.{did_you_mean(name, names)}"


RULES: tuple[Callable[[Parts], Iterator[tuple[str, str]]], ...] = (
    keys,
    zones,
    tiers,
    dns_zones,
    certificates,
    databases,
    pod_identities,
    addons,
    namespaces,
    applications,
)
