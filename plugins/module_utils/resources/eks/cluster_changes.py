# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cluster's changes in EKS's terms: which call makes one, and what a change in progress will have made.

https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html: one kind of change a call.
"""

from __future__ import annotations

import json
from typing import Any

from ...engine.resource import Properties

NETWORK = ("subnetIds", "securityGroupIds")
ENDPOINT = ("endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs")

Call = tuple[str, dict[str, Any]]
"""An operation and its parameters."""


def next_change(name: str, present: Properties, rest: Properties) -> Call:
    """The first of the changes that are still to be made. The version comes late, so that all else is right by then."""
    for what in order(rest):
        if what in rest:
            return _call(name, present, rest, what)
    raise ValueError(f"EKS cannot change {', '.join(sorted(rest))} of a cluster")


def order(rest: Properties) -> list[str]:
    """Extended support is needed before a version that is in it, and can be given up only after one that was."""
    last = ["supportType", "version"] if rest.get("supportType") == "EXTENDED" else ["version", "supportType"]
    return [
        "encryptionKeyArn",
        "authenticationMode",
        *NETWORK,
        *ENDPOINT,
        "clusterLogging",
        "zonalShift",
        "deletionProtection",
        *last,
    ]


def _call(name: str, present: Properties, rest: Properties, what: str) -> Call:
    value = rest[what]
    if what == "version":
        return "update_cluster_version", {"name": name, "version": value}
    if what == "encryptionKeyArn":
        config = [{"resources": ["secrets"], "provider": {"keyArn": value}}]
        return "associate_encryption_config", {"clusterName": name, "encryptionConfig": config}
    settings: dict[str, Any] = {
        "authenticationMode": {"accessConfig": {"authenticationMode": value}},
        "clusterLogging": {
            "logging": {"clusterLogging": _logging(present["clusterLogging"], rest.get("clusterLogging", set()))}
        },
        "zonalShift": {"zonalShiftConfig": {"enabled": value}},
        "deletionProtection": {"deletionProtection": value},
        "supportType": {"upgradePolicy": {"supportType": value}},
    }
    if what in ENDPOINT:
        setting = {"resourcesVpcConfig": _endpoint({**present, **rest})}
    elif what in NETWORK:
        setting = {"resourcesVpcConfig": {name: sorted(rest[name]) for name in NETWORK if name in rest}}
    else:
        setting = settings[what]
    return "update_cluster_config", {"name": name, **setting}


def _endpoint(wanted: Properties) -> dict[str, Any]:
    access = {name: wanted[name] for name in ("endpointPublicAccess", "endpointPrivateAccess")}
    return (
        {**access, "publicAccessCidrs": sorted(wanted["publicAccessCidrs"])}
        if wanted["endpointPublicAccess"]
        else access
    )


def _logging(present: set[str], wanted: set[str]) -> list[dict[str, Any]]:
    groups = ((sorted(wanted - present), True), (sorted(present - wanted), False))
    return [{"types": types, "enabled": enabled} for types, enabled in groups if types]


def target(present: Properties, params: list[dict[str, str]]) -> Properties:
    """What an update's parameters
    (https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateParam.html) will have made.
    """
    result: Properties = {}
    for param in params:
        value = _parsed(param["value"])
        match param["type"], value:
            case "Version", str():
                result["version"] = value
            case (("EndpointPublicAccess" | "EndpointPrivateAccess" | "DeletionProtection"), bool()):
                result[param["type"][0].lower() + param["type"][1:]] = value
            case "PublicAccessCidrs", list():
                result["publicAccessCidrs"] = set(value)
            case "Subnets", list():
                result["subnetIds"] = set(value)
            case "SecurityGroups", list():
                result["securityGroupIds"] = set(value)
            case "ClusterLogging", {"clusterLogging": list(entries)}:
                result["clusterLogging"] = _logged(present["clusterLogging"], entries)
            case "EncryptionConfig", [{"provider": {"keyArn": arn}}]:
                result["encryptionKeyArn"] = arn
            case "UpgradePolicy", {"supportType": support_type}:
                result["supportType"] = support_type
            case "ZonalShiftConfig", {"enabled": enabled}:
                result["zonalShift"] = enabled
            case "AuthenticationMode", str():
                result["authenticationMode"] = value
    return result


def _logged(present: set[str], entries: list[dict[str, Any]]) -> set[str]:
    result = set(present)
    for entry in entries:
        result = result | set(entry["types"]) if entry.get("enabled") else result - set(entry["types"])
    return result


def _parsed(value: str) -> Any:
    """Parameters are strings: a text, or JSON. A version such as 1.35 is a text, though JSON would read a number."""
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return value if isinstance(parsed, (int, float)) and not isinstance(parsed, bool) else parsed
