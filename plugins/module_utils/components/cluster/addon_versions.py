# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which version of an add-on is meant: what AWS offers for a version of Kubernetes decides.

https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonVersions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...aws.parallel import each
from ...aws.session import Aws, AwsError
from ...engine.errors import InvalidArguments
from ...engine.resource import UNKNOWN, Unknown
from ...resources.eks.addon import CompatibleVersion
from ..component import Context
from ..eks_names import kubernetes_version


@dataclass(frozen=True)
class Offer:
    """The versions of an add-on for one version of Kubernetes, newest first."""

    versions: tuple[str, ...]
    default: str


def resolved_versions(
    context: Context, wanted: Mapping[str, str | None]
) -> dict[str, str | CompatibleVersion | Unknown]:
    """The version of each add-on; Unknown while there is no cluster whose version would decide.

    Raises InvalidArguments.
    """
    if not wanted:
        return {}
    kubernetes = kubernetes_version(context) or context["kubernetes_version"]
    if kubernetes is None:
        return dict.fromkeys(wanted, UNKNOWN)
    offers = offered(context.aws, wanted, kubernetes)
    problems = [
        line for name, version in wanted.items() for line in _objections(name, version, offers.get(name), kubernetes)
    ]
    if problems:
        raise InvalidArguments(*problems)
    return {name: _chosen(version, offers[name]) for name, version in wanted.items()}


def offered(aws: Aws, names: Iterable[str], kubernetes: str) -> dict[str, Offer]:
    """What is offered of these add-ons: one listing for those that EKS publishes, a question for each of the others."""
    listed = aws.read("eks", "describe_addon_versions", "addons", kubernetesVersion=kubernetes, publishers=["eks"])
    found = {addon["addonName"]: _offer(addon, kubernetes) for addon in listed}
    others = [name for name in names if name not in found]
    for addons in each(lambda name: _named(aws, name, kubernetes), others):
        found.update({addon["addonName"]: _offer(addon, kubernetes) for addon in addons})
    return {name: offer for name, offer in found.items() if offer.versions}


def _named(aws: Aws, name: str, kubernetes: str) -> list[dict[str, Any]]:
    try:
        return list(aws.read("eks", "describe_addon_versions", "addons", kubernetesVersion=kubernetes, addonName=name))
    except AwsError as error:
        if error.code == "InvalidParameterException":  # no add-on of that name
            return []
        raise


def _offer(addon: Mapping[str, Any], kubernetes: str) -> Offer:
    fitting: dict[str, bool] = {}
    for version in addon["addonVersions"]:
        for fit in version["compatibilities"]:
            if fit["clusterVersion"] == kubernetes:
                fitting[version["addonVersion"]] = fit.get("defaultVersion", False)
    newest_first = sorted(fitting, key=_numbers, reverse=True)
    default = next((version for version in newest_first if fitting[version]), newest_first[0] if newest_first else "")
    return Offer(tuple(newest_first), default)


def _numbers(version: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", version)]


def _objections(name: str, version: str | None, offer: Offer | None, kubernetes: str) -> Iterable[str]:
    if offer is None:
        yield f"addons.{name}: AWS offers no add-on {name} for Kubernetes {kubernetes}."
    elif version not in (None, "latest", "default", *offer.versions):
        yield (
            f"addons.{name}.version: {version} is not offered for Kubernetes {kubernetes}. "
            f"Offered are {', '.join(offer.versions)}."
        )


def _chosen(version: str | None, offer: Offer) -> str | CompatibleVersion:
    if version is None:
        return CompatibleVersion(offer.default, frozenset(offer.versions))
    return {"latest": offer.versions[0], "default": offer.default}.get(version, version)
