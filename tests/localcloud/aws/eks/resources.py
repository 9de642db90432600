# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an account has in EKS.

``data`` is always what Describe answers, in AWS's own shape; the rest nobody outside sees.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

Data = dict[str, Any]


@dataclass
class Resource:
    data: Data
    request: Data
    arn_member: ClassVar[str] = "arn"

    @property
    def arn(self) -> str:
        return str(self.data[self.arn_member])

    @property
    def status(self) -> str:
        return str(self.data.get("status", ""))

    @status.setter
    def status(self, status: str) -> None:
        self.data["status"] = status

    def describe(self) -> Data:
        return copy.deepcopy(self.data)

    def is_retry(self, request: Data) -> bool:
        """Whether this request is the one that made the resource, sent again: same client token, same parameters."""
        return bool(request.get("clientRequestToken")) and request == self.request


@dataclass
class Update:
    """A change under way or done. ``type`` is EKS's UpdateType, ``params`` maps UpdateParamType to a string."""

    data: Data
    request: Data

    @property
    def in_progress(self) -> bool:
        return self.data["status"] == "InProgress"

    def describe(self) -> Data:
        return copy.deepcopy(self.data)


@dataclass
class NodeRecord:
    """An instance of a node group. ``interface_id`` is its network interface in moto's EC2."""

    name: str
    instance_id: str
    interface_id: str
    instance_type: str
    zone: str


@dataclass
class NodeGroup(Resource):
    arn_member = "nodegroupArn"
    updates: list[Update] = field(default_factory=list)
    nodes: list[NodeRecord] = field(default_factory=list)
    security_groups: list[str] = field(default_factory=list)
    waiting: bool = False

    @property
    def name(self) -> str:
        return str(self.data["nodegroupName"])

    @property
    def has_nodes(self) -> bool:
        return self.status in ("ACTIVE", "UPDATING", "DEGRADED", "DELETING") and bool(self.nodes)


@dataclass
class Addon(Resource):
    arn_member = "addonArn"
    updates: list[Update] = field(default_factory=list)
    needs_nodes: bool = False
    was_healthy: bool = False
    fault: Data | None = None

    @property
    def name(self) -> str:
        return str(self.data["addonName"])

    @property
    def works(self) -> bool:
        return self.status in ("ACTIVE", "UPDATING", "DEGRADED", "UPDATE_FAILED")


@dataclass
class AccessEntry(Resource):
    arn_member = "accessEntryArn"
    policies: dict[str, Data] = field(default_factory=dict)

    @property
    def principal(self) -> str:
        return str(self.data["principalArn"])


@dataclass
class PodIdentityAssociation(Resource):
    arn_member = "associationArn"


@dataclass
class IdentityProvider(Resource):
    arn_member = "identityProviderConfigArn"


@dataclass
class FargateProfile(Resource):
    arn_member = "fargateProfileArn"


@dataclass
class Cluster(Resource):
    """``plane`` is what its control plane is called, ``served`` whether there is one;
    ``creator`` the IAM principal that made it.
    """

    plane: str = ""
    served: bool = False
    creator: str = ""
    issuer: str = ""
    bootstrap_self_managed_addons: bool = True
    bootstrap_admin: bool = True
    signing_keys: Data | None = None
    interfaces: list[str] = field(default_factory=list)
    kept_addons: set[str] = field(default_factory=set)
    upgraded: tuple[str, datetime] | None = None
    updates: list[Update] = field(default_factory=list)
    nodegroups: dict[str, NodeGroup] = field(default_factory=dict)
    addons: dict[str, Addon] = field(default_factory=dict)
    access_entries: dict[str, AccessEntry] = field(default_factory=dict)
    associations: dict[str, PodIdentityAssociation] = field(default_factory=dict)
    identity_providers: dict[str, IdentityProvider] = field(default_factory=dict)
    fargate_profiles: dict[str, FargateProfile] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.data["name"])

    @property
    def version(self) -> str:
        return str(self.data["version"])

    @property
    def authentication_mode(self) -> str:
        return str(self.data["accessConfig"]["authenticationMode"])

    @property
    def auto_mode(self) -> bool:
        return bool(self.data["computeConfig"]["enabled"])

    @property
    def update_in_progress(self) -> Update | None:
        return next((update for update in self.updates if update.in_progress), None)

    @property
    def has_network_plugin(self) -> bool:
        """Whether nodes become Ready: without a CNI plugin their kubelet never does."""
        addon = self.addons.get("vpc-cni")
        unmanaged = self.bootstrap_self_managed_addons or "vpc-cni" in self.kept_addons
        return self.auto_mode or (addon.works if addon else unmanaged)

    @property
    def has_nodes(self) -> bool:
        """Whether pods of an add-on have somewhere to run."""
        fargate = any(profile.status == "ACTIVE" for profile in self.fargate_profiles.values())
        return self.auto_mode or fargate or any(group.has_nodes for group in self.nodegroups.values())

    def tagged(self) -> dict[str, Resource]:
        """Every resource of the cluster that has tags, itself included, by ARN."""
        children = (
            self.nodegroups,
            self.addons,
            self.access_entries,
            self.associations,
            self.identity_providers,
            self.fargate_profiles,
        )
        resources: list[Resource] = [self, *(child for group in children for child in group.values())]
        return {resource.arn: resource for resource in resources}


def minor(version: str) -> int:
    """The 35 of 1.35."""
    match = re.fullmatch(r"1\.(\d+)", version)
    return int(match.group(1)) if match else -1
