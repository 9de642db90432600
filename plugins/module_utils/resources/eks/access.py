# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS access entries: who may use a cluster's API.

EKS itself makes entries for its own service-linked roles: these are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, TypeVar

from ...aws.errors import AwsError
from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties, Resource
from ..iam.role import Role, role_arn
from .children import clusters, listed, tag
from .cluster import Cluster, ClusterLookup, described

CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"
Result = TypeVar("Result")

SERVICE_LINKED = ":role/aws-service-role/"


def node_role(cluster: str) -> str:
    """The name of the role of a cluster's nodes."""
    return f"{cluster}-node"


def access_policy(partition: str, name: str) -> str:
    """https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html"""
    return f"arn:{partition}:eks::aws:cluster-access-policy/{name}"


@dataclass(frozen=True)
class AccessPolicy:
    """What an entry may do: an access policy's ARN,
    in the whole cluster or in these namespaces (``*`` stands for any text).
    """

    arn: str
    namespaces: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccessEntry(Resource):
    """An IAM role's or user's access to a cluster. ``key``: its ARN."""

    key: str
    cluster: Cluster
    policies: tuple[AccessPolicy, ...] = ()
    groups: tuple[str, ...] = ()
    successors: tuple[AccessEntry, ...] = ()
    """Always empty.

    Its type tells the engine that entries are removed only after others were made: nobody gets locked out.
    """

    replaced_by = frozenset({"clusterName", "type"})
    id_name = "principalArn"
    arn_name = "accessEntryArn"

    def desired(self) -> Properties:
        return {
            "clusterName": self.cluster.key,
            "type": "STANDARD",
            "kubernetesGroups": set(self.groups),
            "accessPolicies": {policy.arn: _scope(policy.namespaces) for policy in self.policies},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        for cluster in clusters(api, owner):
            found = _if_any(partial(listed, api, "list_access_entries", "accessEntries", cluster)) or ()
            principals = [
                arn for arn in found if SERVICE_LINKED not in arn and not arn.endswith(f"/{node_role(cluster)}")
            ]
            for entry in each(partial(_entry, api, owner, cluster), principals):
                if entry is not None:
                    yield entry["principalArn"], entry

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = api.call(
            "eks",
            "create_access_entry",
            clusterName=wanted["clusterName"],
            principalArn=self.key,
            type=wanted["type"],
            kubernetesGroups=sorted(wanted["kubernetesGroups"]),
            tags=wanted["Tags"],
            clientRequestToken=wanted["ClientToken"],
        )["accessEntry"]
        return {**made, "kubernetesGroups": wanted["kubernetesGroups"], "accessPolicies": {}, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        entry = {"clusterName": observed["clusterName"], "principalArn": observed["principalArn"]}
        tag(api, observed["accessEntryArn"], changes)
        if "kubernetesGroups" in changes:
            api.call("eks", "update_access_entry", **entry, kubernetesGroups=sorted(changes["kubernetesGroups"]))
        if "accessPolicies" in changes:
            wanted, present = changes["accessPolicies"], observed["accessPolicies"]
            for arn, scope in wanted.items():
                if present.get(arn) != scope:
                    given = {"type": scope["type"], "namespaces": sorted(scope["namespaces"])}
                    api.call("eks", "associate_access_policy", **entry, policyArn=arn, accessScope=given)
            for arn in sorted(present.keys() - wanted.keys()):
                api.call("eks", "disassociate_access_policy", **entry, policyArn=arn)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        _delete(api, observed)

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        wanted = changes.get("accessPolicies", {}).keys() - observed.get("accessPolicies", {}).keys()
        if not wanted:
            return ""
        offered = {
            policy["arn"]: policy["name"] for policy in api.read("eks", "list_access_policies", "accessPolicies")
        }
        unknown = sorted(arn.rpartition("/")[2] for arn in wanted - offered.keys())
        return (
            f"EKS has no access policy {', '.join(unknown)}. It has {', '.join(sorted(offered.values()))}."
            if unknown
            else ""
        )


@dataclass(frozen=True)
class NodeAccess(Resource):
    """The access that nodes with a role have to a cluster.

    EKS makes this entry itself together with the first node group, but it leaves it behind, bound to the role's unique
    id: nodes of a role that was made again under the same name could then not join
    (https://github.com/aws/containers-roadmap/issues/2631).
    """

    cluster: ClusterLookup
    node_role: Role

    replaced_by: ClassVar[frozenset[str]] = frozenset({"principalArn", "type"})
    id_name: ClassVar[str] = "principalArn"
    arn_name: ClassVar[str] = "accessEntryArn"

    @property
    def key(self) -> str:
        return f"{self.cluster.key}/{self.node_role.name}"

    def desired(self) -> Properties:
        return {"principalArn": self.node_role.ref("Arn"), "type": "EC2_LINUX"}

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        for cluster in clusters(api, owner):
            name = node_role(cluster)
            found = _if_any(partial(_found, api, cluster, role_arn(api, owner, name)))
            if found is not None:
                yield f"{cluster}/{name}", found

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = api.call(
            "eks",
            "create_access_entry",
            clusterName=self.cluster.key,
            principalArn=wanted["principalArn"],
            type=wanted["type"],
            tags=wanted["Tags"],
            clientRequestToken=wanted["ClientToken"],
        )["accessEntry"]
        return {**made, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        tag(api, observed["accessEntryArn"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        _delete(api, observed)


def _delete(api: Aws, observed: Properties) -> None:
    try:
        api.call(
            "eks", "delete_access_entry", clusterName=observed["clusterName"], principalArn=observed["principalArn"]
        )
    except Blocked:
        cluster = described(api, observed["clusterName"])
        if cluster is not None and cluster["status"] != "DELETING":  # else it goes with its cluster
            raise


def _scope(namespaces: Iterable[str]) -> Properties:
    return {"type": "namespace" if namespaces else "cluster", "namespaces": set(namespaces)}


def _if_any(ask: Callable[[], Result]) -> Result | None:
    """The answer; None of a cluster that has no access entries, as it is not far enough for them, or knows none."""
    try:
        return ask()
    except Blocked:
        return None
    except AwsError as error:
        if error.code == "InvalidRequestException":
            return None
        raise


def _entry(api: Aws, owner: Owner, cluster: str, principal: str) -> Properties | None:
    """All of an entry; of one that is not the owner's only what shows that."""
    entry = _found(api, cluster, principal)
    if entry is None or not owner.scope.items() <= entry["Tags"].items():
        return entry
    associated = api.find("eks", "list_associated_access_policies", clusterName=cluster, principalArn=principal) or {}
    policies = {
        policy["policyArn"]: _scope(policy["accessScope"].get("namespaces", []))
        for policy in associated.get("associatedAccessPolicies", [])
    }
    return {**entry, "kubernetesGroups": set(entry.get("kubernetesGroups", [])), "accessPolicies": policies}


def _found(api: Aws, cluster: str, principal: str) -> Properties | None:
    found = api.find("eks", "describe_access_entry", clusterName=cluster, principalArn=principal)
    return {**found["accessEntry"], "Tags": dict(found["accessEntry"].get("tags", {}))} if found else None
