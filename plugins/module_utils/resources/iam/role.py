# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM roles and their policies.

A role's path is its owner's: ``/keelson/<platform>/<environment>/<component>/``, so that one listing shows them all.
Names are unique in an account whatever the path
(https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...aws.errors import EVENTUALLY
from ...aws.parallel import each
from ...aws.policy import Document, as_json, document, normalised
from ...aws.session import Aws, AwsError
from ...engine.errors import AnswerLost
from ...engine.resource import Owner, Properties, Resource


def service_trust(*services: str, actions: Iterable[str] = ("sts:AssumeRole",)) -> Document:
    """A trust policy that lets AWS services (``eks.amazonaws.com``) assume the role."""
    return document({"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": list(actions)})


def managed_policy(partition: str, name: str) -> str:
    """The ARN of AWS's own policy. ``name`` with its path, if it has one: ``service-role/AmazonEBSCSIDriverPolicy``."""
    return f"arn:{partition}:iam::aws:policy/{name}"


def path(tags: Mapping[str, str]) -> str:
    """The path of the roles of the owner that these tags name."""
    return "/keelson/" + "".join(f"{tags[f'keelson:{part}']}/" for part in ("platform", "environment", "component"))


def role_arn(api: Aws, owner: Owner, name: str) -> str:
    """The ARN of the owner's role of that name, whether it exists or not."""
    return f"arn:{api.partition}:iam::{api.account_id}:role{path(owner.scope)}{name}"


@dataclass(frozen=True)
class Role(Resource):
    """A role. ``managed_policies``: ARNs; ``inline_policies``: documents by name; ``max_session``: seconds."""

    key: str
    name: str
    trust: Document
    managed_policies: tuple[str, ...] = ()
    inline_policies: dict[str, Document] = field(default_factory=dict)
    description: str = ""
    max_session: int = 3600

    replaced_by = frozenset({"RoleName"})
    id_name = "RoleName"
    arn_name = "Arn"

    def desired(self) -> Properties:
        return {
            "RoleName": self.name,
            "AssumeRolePolicyDocument": normalised(self.trust),
            "Description": self.description,
            "MaxSessionDuration": self.max_session,
            "ManagedPolicies": set(self.managed_policies),
            "InlinePolicies": {name: normalised(policy) for name, policy in self.inline_policies.items()},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        listed = api.read("iam", "list_roles", "Roles", PathPrefix=path(owner.scope))
        for role in each(lambda role: _completed(api, role), listed):
            if role is not None:
                yield role["Tags"].get("keelson:key", role["RoleName"].removeprefix(f"{owner.name}-")), role

    def create(self, api: Aws, wanted: Properties) -> Properties:
        role = create_once(
            api,
            "create_role",
            Path=path(wanted["Tags"]),
            RoleName=wanted["RoleName"],
            AssumeRolePolicyDocument=as_json(wanted["AssumeRolePolicyDocument"]),
            Description=wanted["Description"],
            MaxSessionDuration=wanted["MaxSessionDuration"],
            Tags=as_list(wanted["Tags"]),
        )["Role"]
        made = ("RoleName", "AssumeRolePolicyDocument", "Description", "MaxSessionDuration", "Tags")
        return {**role, **{name: wanted[name] for name in made}, "ManagedPolicies": set(), "InlinePolicies": {}}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        name = observed["RoleName"]
        if "Tags" in changes:
            api.call("iam", "tag_role", RoleName=name, Tags=as_list(changes["Tags"]))
        if "AssumeRolePolicyDocument" in changes:
            api.call(
                "iam",
                "update_assume_role_policy",
                RoleName=name,
                PolicyDocument=as_json(changes["AssumeRolePolicyDocument"]),
            )
        if changes.keys() & {
            "Description",
            "MaxSessionDuration",
        }:  # UpdateRole sets what is left out back to its default
            both = {each: changes.get(each, observed[each]) for each in ("Description", "MaxSessionDuration")}
            api.call("iam", "update_role", RoleName=name, **both)
        if "ManagedPolicies" in changes:
            wanted, present = changes["ManagedPolicies"], observed["ManagedPolicies"]
            for arn in sorted(wanted - present):
                api.call("iam", "attach_role_policy", RoleName=name, PolicyArn=arn)
            for arn in sorted(present - wanted):
                api.call("iam", "detach_role_policy", RoleName=name, PolicyArn=arn)
        if "InlinePolicies" in changes:
            _update_inline(api, name, observed["InlinePolicies"], changes["InlinePolicies"])

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        """What is attached to a role has to go first; looked at anew, since AWS's reads lag behind its writes."""
        name = observed["RoleName"]
        if (present := _completed(api, observed)) is None:
            return
        for arn in sorted(present["ManagedPolicies"]):
            api.call("iam", "detach_role_policy", RoleName=name, PolicyArn=arn)
        for policy in sorted(present["InlinePolicies"]):
            api.call("iam", "delete_role_policy", RoleName=name, PolicyName=policy)
        api.call("iam", "delete_role", RoleName=name)

    def collides(self, wanted: Properties, other: Properties) -> bool:
        return bool(wanted["RoleName"] == other["RoleName"])

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        found = None if observed else api.find("iam", "get_role", RoleName=self.name)
        if found is None or found["Role"]["Path"] == path(owner.scope):
            return ""
        return (
            f"the name {self.name} is taken by {found['Role']['Arn']}, which is not this component's. "
            "Rename or remove that role."
        )


def create_once(api: Aws, operation: str, **parameters: Any) -> dict[str, Any]:
    """A create by name.

    A name that is taken may be so by our own request whose answer was lost: nobody else's was seen before.
    """
    try:
        return api.call_once("iam", operation, **parameters)
    except AwsError as error:
        if error.code == "EntityAlreadyExists":
            raise AnswerLost(str(error), EVENTUALLY) from error
        raise


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]


def as_dict(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _completed(api: Aws, role: dict[str, Any]) -> Properties | None:
    """With what ListRoles leaves out; None when it has gone meanwhile."""
    name = role["RoleName"]
    tags = api.find("iam", "list_role_tags", RoleName=name)
    attached = api.find("iam", "list_attached_role_policies", RoleName=name)
    inline = api.find("iam", "list_role_policies", RoleName=name)
    if tags is None or attached is None or inline is None:
        return None
    policies = {
        policy: api.find("iam", "get_role_policy", RoleName=name, PolicyName=policy) for policy in inline["PolicyNames"]
    }
    return {
        **role,
        "AssumeRolePolicyDocument": normalised(role["AssumeRolePolicyDocument"]),
        "Description": role.get("Description", ""),
        "ManagedPolicies": {policy["PolicyArn"] for policy in attached["AttachedPolicies"]},
        "InlinePolicies": {policy: normalised(found["PolicyDocument"]) for policy, found in policies.items() if found},
        "Tags": as_dict(tags["Tags"]),
    }


def _update_inline(api: Aws, role: str, present: dict[str, Document], wanted: dict[str, Document]) -> None:
    for name, policy in wanted.items():
        if present.get(name) != policy:
            api.call("iam", "put_role_policy", RoleName=role, PolicyName=name, PolicyDocument=as_json(policy))
    for name in sorted(present.keys() - wanted.keys()):
        api.call("iam", "delete_role_policy", RoleName=role, PolicyName=name)
