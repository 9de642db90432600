# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules for node groups that only AWS can answer: instance types and zones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...engine.ahead import look
from ...engine.errors import InvalidArguments
from ...engine.resource import Properties
from ...resources.eks.node_group import NodeGroup, NodeSubnets
from ..component import Context
from ..eks_names import cluster_of

CPUS = ("x86_64", "ARM_64")

Groups = Mapping[str, Mapping[str, Any]]


def ami_types(context: Context, groups: Groups) -> dict[str, str]:
    """The AmiType of each group, as its options say or as its instance types' architecture asks for.

    Raises InvalidArguments. Asks AWS for the instance types of those groups alone that are not there
    as they are wanted.
    """
    present = dict(NodeGroup.observe(context.aws, context.owner))
    settled = {name: _settled(group, present.get(f"{cluster_of(context)}/{name}")) for name, group in groups.items()}
    known = {name: ami_type for name, ami_type in settled.items() if ami_type}
    unsettled = {name: group for name, group in groups.items() if name not in known}
    wanted = sorted({each for group in unsettled.values() for each in group["instance_types"]})
    if not wanted:
        return known
    named = [{"Name": "instance-type", "Values": wanted}]
    types = {
        each["InstanceType"]: each
        for each in context.aws.read("ec2", "describe_instance_types", "InstanceTypes", Filters=named)
    }
    if problems := [
        line for name, group in unsettled.items() for line in _instances(f"node_groups.{name}", group, types)
    ]:
        raise InvalidArguments(*problems)
    return {**known, **{name: group["ami_type"] or _ami_type(group, types) for name, group in unsettled.items()}}


def check_zones(context: Context, groups: Groups) -> None:
    """Raises InvalidArguments. Asks AWS only where a group names zones."""
    if not any(group["zones"] for group in groups.values()):
        return
    tiers = look(NodeSubnets, context.aws, context.owner)
    problems = []
    for name, group in groups.items():
        tier = group["subnet_tier"]
        offered = tiers.get(tier, {}).get("Zones", [])
        unknown = [zone for zone in group["zones"] or () if offered and zone not in offered]
        problems += [
            f"node_groups.{name}.zones: the {tier} subnets have no {zone}; they have {', '.join(offered)}."
            for zone in unknown
        ]
    if problems:
        raise InvalidArguments(*problems)


def _settled(group: Mapping[str, Any], present: Properties | None) -> str | None:
    """The AmiType that a group has, if it is there with the wanted instance types and an image that they
    could be given now.
    """
    if present is None or present["instanceTypes"] != list(group["instance_types"]):
        return None
    fitting = (group["ami_type"],) if group["ami_type"] else [_standard(group, cpu) for cpu in CPUS]
    return str(present["amiType"]) if present["amiType"] in fitting else None


def _instances(path: str, group: Mapping[str, Any], types: Mapping[str, Properties]) -> Iterator[str]:
    unknown = [each for each in group["instance_types"] if each not in types]
    for each in unknown:
        yield f"{path}.instance_types: {each} does not exist in this region."
    found = [types[each] for each in group["instance_types"] if each in types]
    cpus = {_architecture(each) for each in found}
    if len(cpus) > 1:
        yield (
            f"{path}.instance_types: {', '.join(group['instance_types'])} have different architectures. "
            "Make a group for each."
        )
    elif found and (cpu := "_ARM_64" if "arm64" in cpus else "_x86_64") not in (group["ami_type"] or cpu):
        yield (
            f"{path}.ami_type: {group['ami_type']} does not run on {group['instance_types'][0]}, "
            f"which needs an image for {cpu[1:]}."
        )
    for each in found:
        if not group["ami_type"] and (each.get("GpuInfo") or each.get("NeuronInfo")):
            yield (
                f"{path}.ami_type: {each['InstanceType']} has accelerators: say which image drives them, "
                "such as AL2023_x86_64_NVIDIA."
            )


def _architecture(instance_type: Properties) -> str:
    return "arm64" if "arm64" in instance_type["ProcessorInfo"]["SupportedArchitectures"] else "x86_64"


def _ami_type(group: Mapping[str, Any], types: Mapping[str, Properties]) -> str:
    return _standard(group, "ARM_64" if _architecture(types[group["instance_types"][0]]) == "arm64" else "x86_64")


def _standard(group: Mapping[str, Any], cpu: str) -> str:
    """The AmiType of the image without drivers for accelerators."""
    return f"BOTTLEROCKET_{cpu}" if group["os"] == "bottlerocket" else f"AL2023_{cpu}_STANDARD"
