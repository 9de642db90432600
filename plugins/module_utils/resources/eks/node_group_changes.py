# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A node group's changes in EKS's terms: which call makes one, and what an update in progress will have made.

https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupConfig.html and API_UpdateNodegroupVersion.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ...engine.resource import Properties

CONFIGURATION = frozenset({"labels", "taints", "scalingConfig", "updateConfig", "nodeRepairConfig"})
VERSION = frozenset({"version", "releaseVersion", "launchTemplateVersion"})


def sorted_taints(taints: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(({"value": "", **taint} for taint in taints), key=lambda taint: (taint["key"], taint["effect"]))


def configuration(present: Properties, changes: Properties) -> Properties:
    """UpdateNodegroupConfig's parameters: of labels and taints it takes what comes and what goes,
    of the rest the whole.
    """
    result: Properties = {name: changes[name] for name in ("updateConfig", "nodeRepairConfig") if name in changes}
    if "labels" in changes:
        wanted, labels = changes["labels"], present["labels"]
        result["labels"] = {
            "addOrUpdateLabels": {name: value for name, value in wanted.items() if labels.get(name) != value},
            "removeLabels": sorted(labels.keys() - wanted.keys()),
        }
    if "taints" in changes:
        staying = {_identity(taint) for taint in changes["taints"]}
        result["taints"] = {
            "addOrUpdateTaints": [taint for taint in changes["taints"] if taint not in present["taints"]],
            "removeTaints": [taint for taint in present["taints"] if _identity(taint) not in staying],
        }
    if "scalingConfig" in changes:  # AWS wants the number of nodes within the limits; else it is the autoscaler's
        low, high = changes["scalingConfig"]["minSize"], changes["scalingConfig"]["maxSize"]
        result["scalingConfig"] = {
            "minSize": low,
            "maxSize": high,
            "desiredSize": min(max(present["desiredSize"], low), high),
        }
    return result


def versions(present: Properties, changes: Properties) -> Properties:
    """What an update is to keep has to be said: left out, AWS takes the cluster's version and the latest image."""
    if "releaseVersion" in changes:
        release = {"releaseVersion": changes["releaseVersion"]}
    else:
        release = {} if "version" in changes else {"releaseVersion": present["releaseVersion"]}
    return {"version": changes.get("version", present["version"]), **release}


def target(group: dict[str, Any], params: Iterable[dict[str, str]]) -> dict[str, Any]:
    """The group as DescribeNodegroup will show it when the update with these parameters is done.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateParam.html: labels, taints and
    repair settings are JSON.
    """
    result = dict(group)
    for param in params:
        name, text = param["type"], param["value"]
        match name:
            case "Version" | "ReleaseVersion":
                result[_member(name)] = text
            case "LaunchTemplateVersion":
                result["launchTemplate"] = {**result["launchTemplate"], "version": text}
            case "MinSize" | "MaxSize" | "DesiredSize":
                result["scalingConfig"] = {**result["scalingConfig"], _member(name): int(text)}
            case "MaxUnavailable" | "MaxUnavailablePercentage":  # the one takes the other's place
                strategy = {each: value for each, value in result["updateConfig"].items() if each == "updateStrategy"}
                result["updateConfig"] = {**strategy, _member(name): int(text)}
            case "UpdateStrategy":
                result["updateConfig"] = {**result["updateConfig"], _member(name): text}
            case "LabelsToAdd":
                result["labels"] = {**(result.get("labels") or {}), **json.loads(text)}
            case "LabelsToRemove":
                result["labels"] = {
                    each: value for each, value in result["labels"].items() if each not in json.loads(text)
                }
            case "TaintsToAdd" | "TaintsToRemove":
                gone = {_identity(taint) for taint in json.loads(text)}
                added = json.loads(text) if name == "TaintsToAdd" else []
                result["taints"] = [
                    taint for taint in result.get("taints") or [] if _identity(taint) not in gone
                ] + added
            case "NodeRepairConfig":
                result["nodeRepairConfig"] = json.loads(text)
            case "NodeRepairEnabled":
                result["nodeRepairConfig"] = {"enabled": text.lower() == "true"}
    return result


def _identity(taint: dict[str, str]) -> tuple[str, str]:
    return taint["key"], taint["effect"]


def _member(parameter: str) -> str:
    return parameter[0].lower() + parameter[1:]
