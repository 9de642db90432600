# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules for node groups that can be checked without AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..component import Arguments
from ..eks_names import DNS_SUBDOMAIN, LABEL_WORD, cluster_problems
from ..entries import entries, entry_problems
from .node_groups_options import OPTIONS

GROUP = OPTIONS["node_groups"]["entries"]

IMAGES = frozenset(
    [
        *(
            f"AL2023_{variant}"
            for variant in ("x86_64_STANDARD", "ARM_64_STANDARD", "x86_64_NEURON", "x86_64_NVIDIA", "ARM_64_NVIDIA")
        ),
        *(
            f"BOTTLEROCKET_{cpu}{variant}"
            for cpu in ("x86_64", "ARM_64")
            for variant in ("", "_FIPS", "_NVIDIA", "_NVIDIA_FIPS")
        ),
    ]
)
"""The AmiTypes of Linux nodes on offer: https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html"""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
INSTANCE_TYPE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
GRAVITON = re.compile(r"a1\.|[a-z]+\d+[a-z]*g")
"""How AWS names types with its own processors: a g behind the generation.
https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
"""
VERSION = re.compile(r"1\.\d{2}")
RELEASES = {"AL2023": re.compile(r"1\.\d{2}\.\d+-\d{8}"), "BOTTLEROCKET": re.compile(r"\d+\.\d+\.\d+-[0-9a-f]{8}")}
KUBELET_MAY_SET = re.compile(r"([a-z0-9-]+\.)*(kubelet|node)\.kubernetes\.io")
"""Prefixes of Kubernetes' own that a node may give itself:
https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/
"""


def problems(arguments: Arguments) -> Iterator[str]:
    yield from cluster_problems(arguments)
    yield from entry_problems("node_groups", arguments["node_groups"], GROUP)
    for name, group in entries(arguments["node_groups"], GROUP).items():
        path = f"node_groups.{name}"
        if not NAME.fullmatch(name):
            yield (
                f"{path}: a name has at most 63 letters, digits, hyphens and underscores, "
                "and begins with a letter or digit."
            )
        yield from _instances(path, group)
        yield from _image(path, group)
        yield from _sizes(path, group)
        yield from _labels(path, group["labels"])
        yield from _taints(path, group["taints"])
        yield from _zones(path, group["zones"])


def _instances(path: str, group: dict[str, Any]) -> Iterator[str]:
    types = group["instance_types"]
    if not types:
        yield f"{path}.instance_types: give at least one type, such as m7g.large."
    if len(types) > 20:
        yield f"{path}.instance_types: {len(types)} types; AWS takes at most 20 for a group."
    for each in sorted(set(types)):
        if not INSTANCE_TYPE.fullmatch(each):
            yield f"{path}.instance_types: {each!r} is not an instance type, such as m7g.large."
        if types.count(each) > 1:
            yield f"{path}.instance_types: {each} is given more than once."
    graviton = [each for each in types if GRAVITON.match(each)]
    others = [each for each in types if each not in graviton]
    if graviton and others:
        yield (
            f"{path}.instance_types: {graviton[0]} has another architecture (arm64) than {others[0]}, "
            "and one image is for all. Make two groups."
        )


def _image(path: str, group: dict[str, Any]) -> Iterator[str]:
    image, system = group["ami_type"], group["os"]
    family = (image or system or "al2023").upper().partition("_")[0]
    if image and image.startswith("AL2_"):
        yield (
            f"{path}.ami_type: {image} ends with Kubernetes 1.32. Use AL2023_x86_64_STANDARD or AL2023_ARM_64_STANDARD."
        )
    elif image and image not in IMAGES:
        yield f"{path}.ami_type: {image!r} must be one of {', '.join(sorted(IMAGES))}."
    elif image and system and family != system.upper():
        yield f"{path}.os: {system} contradicts ami_type {image}. Give one of the two."
    version, release = group["version"], group["release_version"]
    if version and not VERSION.fullmatch(version):
        yield f"{path}.version: {version!r} is not a Kubernetes minor version such as '1.35'. Quote it in YAML."
    if release and family in RELEASES and not RELEASES[family].fullmatch(release):
        example = "1.35.6-20261112" if family == "AL2023" else "1.66.0-3c7b8a71"
        yield f"{path}.release_version: {release!r} is not a release of {family}'s images, such as {example}."
    elif release and version and family == "AL2023" and not release.startswith(f"{version}."):
        yield f"{path}.release_version: {release} is not for Kubernetes {version}, which version asks for."


def _sizes(path: str, group: dict[str, Any]) -> Iterator[str]:
    low, high, desired = group["min"], group["max"], group["desired"]
    if low < 0:
        yield f"{path}.min: {low} must be 0 or more."
    if high < 1:
        yield (
            f"{path}.max: {high} must be 1 or more. To have no nodes, set min and desired to 0, or leave the group out."
        )
    if low > high:
        yield f"{path}.min: {low} is more than max, which is {high}."
    elif desired is not None and not low <= desired <= high:
        yield f"{path}.desired: {desired} must be from min to max, {low} to {high}."
    if not 1 <= group["disk_size"] <= 16384:
        yield f"{path}.disk_size: {group['disk_size']} GiB; a gp3 volume has 1 to 16384."
    elif group["disk_size"] < 20:
        yield f"{path}.disk_size: {group['disk_size']} GiB; the images of EKS need 20 at least."
    if group["max_unavailable"] is not None and group["max_unavailable_percentage"] is not None:
        yield f"{path}.max_unavailable: give either this or max_unavailable_percentage."
    for option in ("max_unavailable", "max_unavailable_percentage"):
        if group[option] is not None and not 1 <= group[option] <= 100:
            yield f"{path}.{option}: {group[option]} must be from 1 to 100."


def _labels(path: str, labels: dict[str, Any]) -> Iterator[str]:
    for key, value in labels.items():
        yield from _label_key(f"{path}.labels.{key}", str(key))
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            yield f"{path}.labels.{key}: {value!r} must be text. Quote it in YAML."
        elif str(value) and not LABEL_WORD.fullmatch(str(value)):
            yield (
                f"{path}.labels.{key}: {value!r} is not a label's value: at most 63 letters, digits, '-', '_' and '.'."
            )


def _label_key(path: str, key: str) -> Iterator[str]:
    prefix, slash, name = key.rpartition("/")
    if not LABEL_WORD.fullmatch(name) or (slash and not DNS_SUBDOMAIN.fullmatch(prefix)):
        yield (
            f"{path}: {key!r} is not a label's key: an optional DNS name and '/', then at most 63 letters, "
            "digits, '-', '_', '.'."
        )
    elif prefix == "eks.amazonaws.com":
        yield f"{path}: keys under eks.amazonaws.com/ are EKS's own. Use a prefix of yours."
    elif re.fullmatch(r"(.+\.)?(kubernetes|k8s)\.io", prefix) and not KUBELET_MAY_SET.fullmatch(prefix):
        yield (
            f"{path}: keys under {prefix}/ are Kubernetes' own, and a node may not give them to itself. "
            "Use node.kubernetes.io/ or yours."
        )


def _taints(path: str, taints: list[dict[str, Any]]) -> Iterator[str]:
    seen = set()
    if len(taints) > 50:
        yield f"{path}.taints: {len(taints)} taints; AWS takes at most 50 for a group."
    for number, taint in enumerate(taints):
        here = f"{path}.taints[{number}]"
        yield from _taint_key(here, taint["key"])
        if taint["value"] and not LABEL_WORD.fullmatch(taint["value"]):
            yield (
                f"{here}.value: {taint['value']!r} must be at most 63 letters, digits, '-', '_' and '.', "
                "with no sign at its ends."
            )
        if (taint["key"], taint["effect"]) in seen:
            yield f"{here}: there is another taint with key {taint['key']} and effect {taint['effect']}."
        seen.add((taint["key"], taint["effect"]))


def _taint_key(path: str, key: str) -> Iterator[str]:
    prefix, slash, name = key.rpartition("/")
    if len(key) > 63 or not LABEL_WORD.fullmatch(name) or (slash and not DNS_SUBDOMAIN.fullmatch(prefix)):
        yield (
            f"{path}.key: {key!r} must be at most 63 characters: an optional DNS name and '/', then letters, digits, "
            "'-', '_' and '.'."
        )


def _zones(path: str, zones: list[str] | None) -> Iterator[str]:
    if zones is not None and not zones:
        yield f"{path}.zones: give at least one zone, or leave it out for all of the subnets' zones."
    for zone in sorted(set(zones or ())):
        if (zones or []).count(zone) > 1:
            yield f"{path}.zones: {zone} is given more than once."
