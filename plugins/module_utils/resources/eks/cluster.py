# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS clusters: the control plane.

A cluster's name is ``<platform>-<environment>``, or begins with that and a hyphen: EKS cannot list by tag.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.ahead import over
from ...engine.errors import Blocked, KeelsonError, Underway
from ...engine.plan import changes as differences
from ...engine.plan import has_unknown
from ...engine.resource import UNKNOWN, Foresight, Lookup, Owner, Properties, Resource, State
from ..ec2.subnet import SubnetsLookup
from ..iam.role import Role
from ..kms.key import KeyLookup
from ..logs.log_group import LogGroup
from .children import clusters, issues, tag
from .cluster_changes import next_change, target
from .cluster_rules import network_objections, version_objections


@dataclass(frozen=True)
class Cluster(Resource):
    """A control plane. ``key``: its name; ``role_arn``: what ``role``'s ARN is or will be.

    Only those whom an access entry lets in can use it, not even its creator, and it comes without add-ons.
    ``public_cidrs`` may reach the public endpoint. ``security_group_ids`` come beside EKS's own group; None leaves
    those that there are. ``service_cidr``: None lets EKS choose.
    """

    key: str
    role: Role
    role_arn: str
    subnets: SubnetsLookup
    version: str
    private_access: bool
    public_access: bool
    public_cidrs: tuple[str, ...]
    log_types: tuple[str, ...]
    support_type: str
    deletion_protection: bool
    zonal_shift: bool
    security_group_ids: tuple[str, ...] | None = None
    service_cidr: str | None = None
    secrets_key: KeyLookup | None = None
    log_group: LogGroup | None = None

    replaced_by = frozenset({"roleArn", "serviceIpv4Cidr"})
    stateful = True
    id_name = "name"
    arn_name = "arn"

    def desired(self) -> Properties:
        return {
            "version": self.version,
            "roleArn": self.role_arn,
            "subnetIds": {self.subnets.ref("SubnetIds")},
            **({} if self.security_group_ids is None else {"securityGroupIds": set(self.security_group_ids)}),
            "endpointPrivateAccess": self.private_access,
            "endpointPublicAccess": self.public_access,
            **({"publicAccessCidrs": set(self.public_cidrs)} if self.public_access else {}),
            "clusterLogging": set(self.log_types),
            "encryptionKeyArn": self.secrets_key.ref("Arn") if self.secrets_key else None,
            "authenticationMode": "API",
            "supportType": self.support_type,
            "zonalShift": self.zonal_shift,
            "deletionProtection": self.deletion_protection,
            **({"serviceIpv4Cidr": self.service_cidr} if self.service_cidr else {}),
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        return observed(api, clusters(api, owner))

    def create(self, api: Aws, wanted: Properties) -> Properties:
        types, key = sorted(wanted["clusterLogging"]), wanted["encryptionKeyArn"]
        made = api.call(
            "eks",
            "create_cluster",
            name=self.key,
            version=wanted["version"],
            roleArn=wanted["roleArn"],
            resourcesVpcConfig={
                "subnetIds": sorted(wanted["subnetIds"]),
                **({"securityGroupIds": sorted(self.security_group_ids)} if self.security_group_ids else {}),
                "endpointPrivateAccess": wanted["endpointPrivateAccess"],
                "endpointPublicAccess": wanted["endpointPublicAccess"],
                **({"publicAccessCidrs": sorted(wanted["publicAccessCidrs"])} if self.public_access else {}),
            },
            kubernetesNetworkConfig={"serviceIpv4Cidr": self.service_cidr}
            if self.service_cidr
            else {"ipFamily": "ipv4"},
            accessConfig={
                "authenticationMode": wanted["authenticationMode"],
                "bootstrapClusterCreatorAdminPermissions": False,
            },
            bootstrapSelfManagedAddons=False,
            upgradePolicy={"supportType": wanted["supportType"]},
            zonalShiftConfig={"enabled": wanted["zonalShift"]},
            deletionProtection=wanted["deletionProtection"],
            tags=wanted["Tags"],
            clientRequestToken=wanted["ClientToken"],
            **({"logging": {"clusterLogging": [{"types": types, "enabled": True}]}} if types else {}),
            **({"encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": key}}]} if key else {}),
        )["cluster"]
        return {**_properties(made), **{name: wanted[name] for name in self.desired()}, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> Properties | None:
        """EKS takes one kind of change at a time and works on it for minutes: each call of this starts at most one.

        The client token is this run's: starting the same change again only tells how it goes.
        """
        name = observed["name"]
        tag(api, observed["arn"], changes)
        if (present := described(api, name)) is None:
            raise Blocked(f"the cluster {name} is not visible")
        rest = differences({what: value for what, value in changes.items() if what != "Tags"}, present)
        if not rest:
            return {"status": present["status"]}
        if present["status"] != "ACTIVE":
            raise Underway(
                f"the cluster {name} is {present['status']}: {', '.join(sorted(rest))} cannot be changed meanwhile",
                False,
            )
        operation, parameters = next_change(name, present, rest)
        token = uuid.uuid5(api.run, json.dumps(parameters, sort_keys=True))
        update = api.call("eks", operation, clientRequestToken=str(token), **parameters)["update"]
        if update["status"] in ("Failed", "Cancelled"):
            reasons = "; ".join(f"{error['errorCode']}: {error['errorMessage']}" for error in update.get("errors", []))
            raise KeelsonError(
                f"EKS's update {update['id']} ({update['type']}) {update['status'].lower()}: "
                f"{reasons or 'no reason given'}"
            )
        raise Underway(f"EKS's update {update['id']} ({update['type']}) is in progress", True)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call("eks", "delete_cluster", name=observed["name"])

    @classmethod
    def effect(cls, observed: Properties, changes: Properties) -> str:
        """https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html"""
        return "EKS does not go back to the old version" if observed and "version" in changes else ""

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        """https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html"""
        status = observed["status"]
        trouble = issues(observed.get("health"))
        if status == "ACTIVE":
            return (State.UNHEALTHY, trouble) if trouble else (State.READY, "")
        return {"FAILED": State.FAILED, "DELETING": State.DELETING}.get(
            status, State.PENDING
        ), trouble or f"its status is {status}"

    @classmethod
    def protection(cls, observed: Properties) -> str:
        if not observed["deletionProtection"] or observed["status"] == "FAILED":
            return ""
        return "it has deletion protection. Run the role cluster with cluster_deletion_protection: false first."

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        reasons = [
            *version_objections(api, observed, changes),
            *(network_objections(api, changes) if not observed else ()),
        ]
        if observed.get("encryptionKeyArn") and not has_unknown(changes.get("encryptionKeyArn", UNKNOWN)):
            key = observed["encryptionKeyArn"]
            reasons.append(
                f"secrets_kms_key: the cluster's secrets are encrypted with {key}; "
                "EKS can neither change nor remove that."
            )
        return " ".join(reasons)


@dataclass(frozen=True)
class ClusterLookup(Lookup):
    """A cluster, by its name. Known: what ``Cluster`` knows, such as ``arn``, ``version``, ``status`` and ``vpcId``.

    Once it is ready also ``endpoint``, ``certificateAuthority`` (base64), ``issuer`` and ``clusterSecurityGroupId``.
    """

    key: str

    role = "cluster"
    id_name = "name"
    arn_name = "arn"

    @classmethod
    def look_up(cls, api: Aws, owner: Owner, keys: Collection[str]) -> Iterable[tuple[str, Properties]]:
        """One of the environment's own: a stranger's of such a name is not worked on."""
        mine = {name: value for name, value in owner.scope.items() if name != "keelson:component"}
        return [(key, found) for key, found in observed(api, keys) if mine.items() <= found["Tags"].items()]

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return over(found, ahead.of(owner.of("cluster"), Cluster))

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return Cluster.state(observed)


def observed(api: Aws, names: Iterable[str]) -> Iterator[tuple[str, Properties]]:
    """While an update is in progress its results are shown as if they were there:
    a second run has nothing to change.
    """
    for cluster in each(lambda name: described(api, name), names):
        if cluster is not None:
            rest = _in_progress(api, cluster) if cluster["status"] == "UPDATING" else {}
            yield cluster["name"], {**cluster, **rest}


def described(api: Aws, name: str) -> Properties | None:
    """What DescribeCluster shows, flat; None when there is none."""
    found = api.find("eks", "describe_cluster", name=name)
    return _properties(found["cluster"]) if found else None


def _properties(cluster: dict[str, Any]) -> Properties:
    vpc = cluster["resourcesVpcConfig"]
    logging = cluster.get("logging", {}).get("clusterLogging", [])
    encryption = cluster.get("encryptionConfig") or []
    later = {
        "endpoint": cluster.get("endpoint"),
        "certificateAuthority": (cluster.get("certificateAuthority") or {}).get("data"),
        "issuer": (cluster.get("identity") or {}).get("oidc", {}).get("issuer"),
        "clusterSecurityGroupId": vpc.get("clusterSecurityGroupId"),
        "platformVersion": cluster.get("platformVersion"),
    }
    return {
        **{name: cluster[name] for name in ("name", "arn", "version", "roleArn", "status")},
        "vpcId": vpc.get("vpcId"),
        "subnetIds": set(vpc["subnetIds"]),
        "securityGroupIds": set(vpc.get("securityGroupIds", [])),
        "endpointPrivateAccess": vpc["endpointPrivateAccess"],
        "endpointPublicAccess": vpc["endpointPublicAccess"],
        "publicAccessCidrs": set(vpc.get("publicAccessCidrs", [])),
        "clusterLogging": {kind for entry in logging if entry.get("enabled") for kind in entry["types"]},
        "encryptionKeyArn": encryption[0]["provider"]["keyArn"] if encryption else None,
        "authenticationMode": (cluster.get("accessConfig") or {}).get("authenticationMode"),
        "supportType": (cluster.get("upgradePolicy") or {}).get("supportType"),
        "zonalShift": bool((cluster.get("zonalShiftConfig") or {}).get("enabled")),
        "deletionProtection": bool(cluster.get("deletionProtection")),
        "serviceIpv4Cidr": (cluster.get("kubernetesNetworkConfig") or {}).get("serviceIpv4Cidr"),
        "health": cluster.get("health"),
        "Tags": dict(cluster.get("tags") or {}),
        **{name: value for name, value in later.items() if value},
    }


def _in_progress(api: Aws, cluster: Properties) -> Properties:
    """What the update in progress will have made of the cluster."""
    for update_id in api.read("eks", "list_updates", "updateIds", name=cluster["name"]):
        found = api.find("eks", "describe_update", name=cluster["name"], updateId=update_id)
        if found and found["update"]["status"] == "InProgress":
            return target(cluster, found["update"]["params"])
    return {}
