# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS add-ons.

https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from ...aws.json_schema import violations
from ...aws.session import Aws
from ...engine.errors import Underway
from ...engine.plan import has_unknown
from ...engine.resource import Owner, Properties, Resource, State, Unknown
from .children import children, clusters, in_progress, issues, tag
from .cluster import ClusterLookup
from .node_group import NodeGroupsLookup
from .pod_identity import PodIdentityLookup

PRESERVE_TAG = "keelson:preserve-on-delete"
"""Where an add-on keeps what is to become of its pods: whoever removes it knows nothing but the add-on."""
SETTLING = timedelta(minutes=5)
"""How long after a change an add-on may still lack replicas without anything being wrong."""
STATES = {
    "ACTIVE": State.READY,
    "CREATING": State.PENDING,
    "UPDATING": State.PENDING,
    "DEGRADED": State.UNHEALTHY,
    "UPDATE_FAILED": State.UNHEALTHY,
    "DELETING": State.DELETING,
}


@dataclass(frozen=True, eq=False)
class CompatibleVersion:
    """A version that is installed only where there is none yet, or one that does not fit:
    it equals every version that fits.
    """

    version: str
    fitting: frozenset[str]

    def __eq__(self, other: object) -> bool:
        return str(other) in self.fitting

    def __hash__(self) -> int:
        return hash(self.fitting)

    def __str__(self) -> str:
        return self.version


@dataclass(frozen=True)
class Addon(Resource):
    """An add-on; its key is its cluster's name and its own (``demo-dev/coredns``).

    ``node_groups``: given to those that need nodes to become healthy; ``pod_identity``: the association that has to be
    there before its pods are; ``configuration``: as the add-on's own JSON schema has it; ``preserve``: its pods stay
    when it is removed.
    """

    name: str
    cluster: ClusterLookup
    version: str | CompatibleVersion | Unknown
    node_groups: NodeGroupsLookup | None = None
    pod_identity: PodIdentityLookup | None = None
    configuration: dict[str, Any] = field(default_factory=dict)
    service_account_role_arn: str = ""
    preserve: bool = False

    id_name: ClassVar[str] = "addonName"
    arn_name: ClassVar[str] = "addonArn"

    @property
    def key(self) -> str:
        return f"{self.cluster.key}/{self.name}"

    def desired(self) -> Properties:
        return {
            "addonVersion": self.version,
            "configurationValues": self.configuration,
            "serviceAccountRoleArn": self.service_account_role_arn,
            "Tags": {PRESERVE_TAG: str(self.preserve).lower()},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        for cluster in clusters(api, owner):
            for addon in children(api, cluster, "list_addons", "addons", partial(_described, api, cluster)):
                yield f"{cluster}/{addon['addonName']}", addon

    def create(self, api: Aws, wanted: Properties) -> Properties:
        """What is there already unmanaged, such as the add-ons that a cluster may have come with, is taken over."""
        addon = api.call(
            "eks",
            "create_addon",
            clusterName=self.cluster.key,
            addonName=self.name,
            resolveConflicts="OVERWRITE",
            tags=wanted["Tags"],
            clientRequestToken=wanted["ClientToken"],
            **_parameters(wanted, with_configuration=bool(self.configuration)),
        )["addon"]
        return {
            **_shaped(addon),
            **{name: wanted[name] for name in ("addonVersion", "configurationValues", "serviceAccountRoleArn")},
        }

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> Properties | None:
        """Fields that others have changed in the cluster meanwhile stay theirs (PRESERVE)."""
        tag(api, observed["addonArn"], changes)
        if not changes.keys() - {"Tags"}:
            return None
        if observed["status"] in ("CREATING", "UPDATING", "DELETING"):
            told = f"is {observed['status']}: {', '.join(sorted(changes))} cannot be changed meanwhile"
            raise Underway(f"the add-on {observed['addonName']} {told}", started=False)
        api.call(
            "eks",
            "update_addon",
            clusterName=observed["clusterName"],
            addonName=observed["addonName"],
            resolveConflicts="PRESERVE",
            **_parameters({**observed, **changes}, with_configuration="configurationValues" in changes),
        )
        return {"status": "UPDATING", "health": {}}

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        preserve = observed["Tags"].get(PRESERVE_TAG) == "true"
        api.call(
            "eks",
            "delete_addon",
            clusterName=observed["clusterName"],
            addonName=observed["addonName"],
            preserve=preserve,
        )

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        """Missing replicas are a matter of time right after a change;
        any other issue stays until someone does something.
        """
        status, trouble = observed["status"], issues(observed.get("health"))
        state = STATES.get(status, State.FAILED)
        told = f"AWS reports {status}" + (f": {trouble}" if trouble else "")
        codes = {issue.get("code") for issue in (observed.get("health") or {}).get("issues", [])}
        if status == "DEGRADED" and codes <= {"InsufficientNumberOfReplicas"} and _is_settling(observed):
            return State.PENDING, told
        if state is State.PENDING and codes - {"InsufficientNumberOfReplicas"}:
            return State.UNHEALTHY, told
        return state, "" if state is State.READY else told

    def collides(self, wanted: Properties, other: Properties) -> bool:
        return bool(self.key == f"{other['clusterName']}/{other['addonName']}")

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        """What in a new configuration the add-on does not know."""
        version = changes.get("addonVersion", observed.get("addonVersion"))
        if not changes.get("configurationValues") or has_unknown(version):
            return ""
        found = api.call("eks", "describe_addon_configuration", addonName=self.name, addonVersion=str(version))
        schema = json.loads(found.get("configurationSchema") or "{}")
        return " ".join(violations(self.configuration, schema, f"addons.{self.name}.configuration"))


def _parameters(wanted: Properties, with_configuration: bool) -> Properties:
    """What CreateAddon and UpdateAddon share.

    UpdateAddon keeps a configuration, and takes a role away, that it is not given.
    """
    role, configuration = wanted["serviceAccountRoleArn"], wanted["configurationValues"]
    return {
        "addonVersion": str(wanted["addonVersion"]),
        **({"configurationValues": json.dumps(configuration, sort_keys=True)} if with_configuration else {}),
        **({"serviceAccountRoleArn": role} if role else {}),
    }


def _described(api: Aws, cluster: str, name: str) -> Properties | None:
    """While an update is in progress its results are shown as if they were there:
    a second run has nothing to change.
    """
    found = api.find("eks", "describe_addon", clusterName=cluster, addonName=name)
    if found is None:
        return None
    coming = in_progress(api, cluster, addonName=name) if found["addon"]["status"] == "UPDATING" else []
    target = {param["type"][0].lower() + param["type"][1:]: param["value"] for param in coming}
    changing = ("addonVersion", "configurationValues", "serviceAccountRoleArn")
    return _shaped({**found["addon"], **{name: target[name] for name in changing if name in target}})


def _shaped(addon: dict[str, Any]) -> Properties:
    return {
        **addon,
        "configurationValues": _configuration(addon.get("configurationValues") or "{}"),
        "serviceAccountRoleArn": addon.get("serviceAccountRoleArn") or "",
        "Tags": addon.get("tags", {}),
    }


def _configuration(text: str) -> Any:
    """EKS takes YAML too, which only others write: their text then differs from whatever is wanted."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _is_settling(observed: Properties) -> bool:
    changed = max(observed[name] for name in ("createdAt", "modifiedAt") if observed.get(name))
    return bool(datetime.now(UTC) - changed < SETTLING)
