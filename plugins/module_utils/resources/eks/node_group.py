# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS managed node groups.

https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html. Labels, taints, sizes and settings change by
UpdateNodegroupConfig; launch template version, Kubernetes version and image by UpdateNodegroupVersion, which replaces
the nodes one after the other. A group takes one update at a time.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from ...aws.session import Aws, AwsError
from ...engine.ahead import look
from ...engine.errors import Blocked, KeelsonError, Underway
from ...engine.plan import changes as differences
from ...engine.resource import Foresight, Lookup, Owner, Properties, Resource, State
from ..ec2.launch_template import LaunchTemplate, fingerprint_of, prune_versions, version_number
from ..ec2.subnet import SubnetsLookup
from ..iam.role import Role
from .access import NodeAccess
from .children import children, clusters, in_progress, issues, tag, until_known
from .cluster import ClusterLookup
from .cluster_rules import minor
from .node_group_changes import CONFIGURATION, VERSION, configuration, sorted_taints, target, versions

NODES_BEHIND = 3
"""Minor versions that nodes may be older than the control plane: https://kubernetes.io/releases/version-skew-policy/"""


@dataclass(frozen=True)
class NodeSubnets(SubnetsLookup):
    """The subnets of a tier, besides all that SubnetsLookup tells also ``ByZone``: ids by zone."""

    @classmethod
    def by_tier(cls, subnets: Iterable[tuple[str, Properties]]) -> Iterator[tuple[str, Properties]]:
        for tier, found in super().by_tier(subnets):
            yield tier, {**found, "ByZone": dict(zip(found["Zones"], found["SubnetIds"], strict=True))}


@dataclass(frozen=True)
class NodeGroup(Resource):
    """A node group; its key is its cluster's name and its own (``demo-dev/system``).

    ``desired_size`` counts only while the group is made: afterwards the autoscaler's word does, within
    ``min_size`` and ``max_size``. ``version``: a Kubernetes version such as 1.35, by default the cluster's.
    ``release_version``: of the node image, by default the latest whenever the Kubernetes version changes, and else
    the one the group has. ``zones``: by default all of the subnets. ``taints``: ``key``, ``value``, ``effect`` as
    AWS has them; ``update_config``: AWS's own.
    """

    name: str
    cluster: ClusterLookup
    node_role: Role
    access: NodeAccess
    subnets: NodeSubnets
    launch_template: LaunchTemplate
    instance_types: tuple[str, ...]
    ami_type: str
    capacity_type: str
    min_size: int
    max_size: int
    desired_size: int
    update_config: dict[str, int | str]
    labels: dict[str, str] = field(default_factory=dict)
    taints: tuple[dict[str, str], ...] = ()
    node_repair: bool = True
    version: str | None = None
    release_version: str | None = None
    zones: tuple[str, ...] = ()

    replaced_by: ClassVar[frozenset[str]] = frozenset(
        {"nodeRole", "subnets", "instanceTypes", "amiType", "capacityType", "launchTemplateId"}
    )
    instead: ClassVar[str] = "Make a second group under another name, let the pods move there, then leave this one out."
    id_name: ClassVar[str] = "nodegroupName"
    arn_name: ClassVar[str] = "nodegroupArn"

    @property
    def key(self) -> str:
        return f"{self.cluster.key}/{self.name}"

    def desired(self) -> Properties:
        release = {"releaseVersion": self.release_version} if self.release_version else {}
        subnets = [self.subnets.ref(f"ByZone.{zone}") for zone in self.zones] or [self.subnets.ref("SubnetIds")]
        return {
            "nodeRole": self.node_role.ref("Arn"),
            "subnets": set(subnets),
            "instanceTypes": list(self.instance_types),
            "amiType": self.ami_type,
            "capacityType": self.capacity_type,
            "launchTemplateId": self.launch_template.ref("LaunchTemplateId"),
            "launchTemplateVersion": self.launch_template.fingerprint,
            "scalingConfig": {"minSize": self.min_size, "maxSize": self.max_size},
            "labels": self.labels,
            "taints": sorted_taints(self.taints),
            "updateConfig": self.update_config,
            "nodeRepairConfig": {"enabled": self.node_repair},
            "version": self.version or self.cluster.ref("version"),
            **release,
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        """``launchTemplateVersion`` is that version's fingerprint.

        While an update is in progress its results are shown as if they were there: a second run has nothing to change.
        """
        for cluster in clusters(api, owner):
            for group in children(api, cluster, "list_nodegroups", "nodegroups", partial(_described, api, cluster)):
                yield f"{cluster}/{group['nodegroupName']}", group

    def create(self, api: Aws, wanted: Properties) -> Properties:
        given = (
            "nodeRole",
            "instanceTypes",
            "amiType",
            "capacityType",
            "labels",
            "taints",
            "updateConfig",
            "nodeRepairConfig",
            "version",
        )
        optional = ("releaseVersion",) if "releaseVersion" in wanted else ()
        template = wanted["launchTemplateId"]
        number = version_number(api, template, wanted["launchTemplateVersion"])
        try:
            group = api.call(
                "eks",
                "create_nodegroup",
                clusterName=self.cluster.key,
                nodegroupName=self.name,
                subnets=sorted(wanted["subnets"]),
                scalingConfig={**wanted["scalingConfig"], "desiredSize": self.desired_size},
                launchTemplate={"id": template, "version": number},
                tags=wanted["Tags"],
                clientRequestToken=wanted["ClientToken"],
                **{name: wanted[name] for name in (*given, *optional)},
            )["nodegroup"]
        except AwsError as error:
            raise until_known(error) from error
        return _shaped(group, wanted["launchTemplateVersion"])

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> Properties | None:
        """EKS takes one change at a time and works on it for minutes: each call of this starts at most one.

        The client token is this run's: starting the same change again only tells how it goes.
        """
        tag(api, observed["nodegroupArn"], changes)
        where = {"clusterName": observed["clusterName"], "nodegroupName": observed["nodegroupName"]}
        present = _described(api, where["clusterName"], where["nodegroupName"], is_settled=True)
        if present is None:
            raise Blocked(f"the node group {where['nodegroupName']} is not visible")
        rest = differences({name: value for name, value in changes.items() if name != "Tags"}, present)
        if not rest:
            return {"status": present["status"]}
        if present["status"] not in ("ACTIVE", "DEGRADED"):
            told = f"is {present['status']}: {', '.join(sorted(rest))} cannot be changed meanwhile"
            raise Underway(f"the node group {where['nodegroupName']} {told}", started=False)
        operation, parameters = _next_change(api, present, rest)
        token = uuid.uuid5(api.run, json.dumps({**where, **parameters}, sort_keys=True))
        update = api.call("eks", operation, clientRequestToken=str(token), **where, **parameters)["update"]
        if update["status"] in ("Failed", "Cancelled"):
            reasons = "; ".join(f"{error['errorCode']}: {error['errorMessage']}" for error in update.get("errors", []))
            raise KeelsonError(
                f"EKS's update {update['id']} ({update['type']}) {update['status'].lower()}: "
                f"{reasons or 'no reason given'}"
            )
        raise Underway(f"EKS's update {update['id']} ({update['type']}) is in progress", started=True)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call(
            "eks", "delete_nodegroup", clusterName=observed["clusterName"], nodegroupName=observed["nodegroupName"]
        )

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        status, trouble = observed["status"], issues(observed.get("health"))
        if status == "ACTIVE":
            return State.READY, ""
        told = f"AWS reports {status}" + (f": {trouble}" if trouble else "")
        if status == "CREATING":
            return State.PENDING, trouble or "its nodes are starting; they become Ready once the add-on vpc-cni runs"
        states = {"UPDATING": State.PENDING, "DELETING": State.DELETING, "DEGRADED": State.UNHEALTHY}
        return states.get(status, State.FAILED), told

    @classmethod
    def effect(cls, observed: Properties, changes: Properties) -> str:
        """https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html"""
        if not observed or not VERSION & changes.keys():
            return ""
        config = observed["updateConfig"]
        percentage = config.get("maxUnavailablePercentage")
        at_once = f"{percentage} %" if percentage else config.get("maxUnavailable", 1)
        return f"replaces its nodes, {at_once} at a time"

    def collides(self, wanted: Properties, other: Properties) -> bool:
        return bool(self.key == f"{other['clusterName']}/{other['nodegroupName']}")

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        """What is against a version of the group's own."""
        if self.version is None or "version" not in changes:
            return ""
        cluster = look(ClusterLookup, api, owner, [self.cluster.key]).get(self.cluster.key)
        if cluster is None:
            return ""
        path, wanted, current = f"node_groups.{self.name}.version", minor(self.version), minor(cluster["version"])
        if wanted > current:
            return (
                f"{path}: {self.version} is newer than the cluster, which has {cluster['version']}. "
                "Upgrade the cluster first."
            )
        if wanted < current - NODES_BEHIND:
            return (
                f"{path}: {self.version} is more than {NODES_BEHIND} minor versions behind the cluster, "
                f"which has {cluster['version']}."
            )
        if not observed and wanted != current:
            return f"{path}: a new group begins with the cluster's version, {cluster['version']}. Leave version out."
        if observed and wanted < minor(observed["version"]) - 1:
            return (
                f"{path}: the group has {observed['version']}, and EKS rolls nodes back by one minor version at most."
            )
        return ""


@dataclass(frozen=True)
class NodeGroupsLookup(Lookup):
    """The node groups of a cluster, by its name: ready as soon as one of them has nodes to run pods on."""

    key: str

    role: ClassVar[str] = "node_groups"

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        for cluster in clusters(api, owner):
            if groups := list(children(api, cluster, "list_nodegroups", "nodegroups", partial(_plain, api, cluster))):
                yield cluster, {"NodeGroups": groups}

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        planned = ahead.of(owner.of("node_groups"), NodeGroup)
        if planned is None:
            return found
        groups: dict[str, Properties] = {}
        for key, group in planned.items():
            groups.setdefault(key.partition("/")[0], {"NodeGroups": []})["NodeGroups"].append(group)
        return groups

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        """The best of the groups': coredns is content with the nodes of one.

        A group that is being updated has nodes.
        """
        groups = observed["NodeGroups"]
        if any(group["status"] in ("ACTIVE", "UPDATING") for group in groups):
            return State.READY, ""
        order = list(State)
        best = min((NodeGroup.state(group)[0] for group in groups), key=order.index)
        return best, "; ".join(f"{group['nodegroupName']}: {NodeGroup.state(group)[1]}" for group in groups)


def _shaped(group: dict[str, Any], fingerprint: str) -> Properties:
    """A node group in the shape of ``desired()``."""
    scaling, settings = group["scalingConfig"], group.get("updateConfig", {})
    return {
        **group,
        "subnets": set(group["subnets"]),
        "launchTemplateId": group.get("launchTemplate", {}).get("id", ""),
        "launchTemplateVersion": fingerprint,
        "scalingConfig": {name: scaling.get(name) for name in ("minSize", "maxSize")},
        "desiredSize": scaling.get("desiredSize"),
        "labels": group.get("labels") or {},
        "taints": sorted_taints(group.get("taints") or []),
        "updateConfig": {"updateStrategy": "DEFAULT", **settings},
        "nodeRepairConfig": {"enabled": (group.get("nodeRepairConfig") or {}).get("enabled", False)},
        "Tags": group.get("tags", {}),
    }


def _plain(api: Aws, cluster: str, name: str) -> Properties | None:
    found = api.find("eks", "describe_nodegroup", clusterName=cluster, nodegroupName=name)
    return dict(found["nodegroup"]) if found else None


def _described(api: Aws, cluster: str, name: str, is_settled: bool = False) -> Properties | None:
    """``is_settled``: as it is, not as an update in progress will make it."""
    group = _plain(api, cluster, name)
    if group is None:
        return None
    if group["status"] == "UPDATING" and not is_settled:
        group = target(group, in_progress(api, cluster, nodegroupName=name))
    template = group.get("launchTemplate")
    return _shaped(group, fingerprint_of(api, template["id"], template["version"]) if template else "")


def _next_change(api: Aws, present: Properties, rest: Properties) -> tuple[str, Properties]:
    """An operation and its parameters.

    Versions come last: new nodes then have their labels and taints from the beginning.
    """
    if rest.keys() & CONFIGURATION:
        return "update_nodegroup_config", configuration(present, rest)
    template = present["launchTemplateId"]
    prune_versions(api, template, before=int(present["launchTemplate"]["version"]))
    number = version_number(api, template, {**present, **rest}["launchTemplateVersion"])
    return "update_nodegroup_version", {
        **versions(present, rest),
        "launchTemplate": {"id": template, "version": number},
    }
