# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: rules of security groups that stand on their own, since whom they let in may be made long after the group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...aws.session import Aws
from ...engine.resource import Lookup, Owner, Properties, Resource
from .common import filter_by, owned, tag, tagging
from .security_group import SecurityGroup

PEERS = {
    "CidrIpv4": "IpRanges",
    "CidrIpv6": "Ipv6Ranges",
    "ReferencedGroupId": "UserIdGroupPairs",
    "PrefixListId": "PrefixListIds",
}
"""How a rule names its peer, and where a permission does."""


@dataclass(frozen=True)
class GroupLookup(Lookup):
    """What another component makes and has a security group. ``group_id_name``: the property that is the group's id."""

    group_id_name: ClassVar[str]


@dataclass(frozen=True)
class SecurityGroupRule(Resource):
    """Lets a peer in at a port (TCP).

    ``peer``: a CIDR, a security group's id, or what has one, such as an EKS cluster. All that a group of the
    owner's lets in is the owner's: what is not declared is purged.
    """

    group: SecurityGroup
    port: int
    peer: str | GroupLookup
    description: str

    replaced_by: ClassVar[frozenset[str]] = frozenset({"GroupId"})
    id_name: ClassVar[str] = "SecurityGroupRuleId"
    arn_name: ClassVar[str] = "SecurityGroupRuleArn"

    @property
    def key(self) -> str:
        return f"{self.group.key}/{self.peer.key if isinstance(self.peer, GroupLookup) else self.peer}"

    def desired(self) -> Properties:
        return {
            "GroupId": self.group.ref("GroupId"),
            "Rule": {
                "IpProtocol": "tcp",
                "FromPort": self.port,
                "ToPort": self.port,
                "Description": self.description,
                **self.named_peer(),
            },
        }

    def named_peer(self) -> Properties:
        if isinstance(self.peer, GroupLookup):
            return {"ReferencedGroupId": self.peer.ref(self.peer.group_id_name)}
        if self.peer.startswith("sg-"):
            return {"ReferencedGroupId": self.peer}
        return {"CidrIpv6" if ":" in self.peer else "CidrIpv4": self.peer}

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        groups = {
            group["GroupId"]: group for _key, group in owned(api, owner, "describe_security_groups", "SecurityGroups")
        }
        if not groups:
            return
        for rule in api.read(
            "ec2",
            "describe_security_group_rules",
            "SecurityGroupRules",
            Filters=filter_by(**{"group-id": list(groups)}),
        ):
            if rule["IsEgress"]:
                continue
            tags = {each["Key"]: each["Value"] for each in rule.get("Tags", [])}
            key = tags.get("keelson:key", rule["SecurityGroupRuleId"])
            yield key, {**rule, "Rule": _shaped(rule), "Tags": {**owner.tags(key), **tags}}

    def create(self, api: Aws, wanted: Properties) -> Properties:
        rule = wanted["Rule"]
        (name,) = rule.keys() & PEERS.keys()
        inner = {"ReferencedGroupId": "GroupId", "CidrIpv4": "CidrIp"}.get(name, name)
        permission = {
            **{part: rule[part] for part in ("IpProtocol", "FromPort", "ToPort")},
            PEERS[name]: [{inner: rule[name], "Description": rule["Description"]}],
        }
        made = api.call_once(
            "ec2",
            "authorize_security_group_ingress",
            GroupId=wanted["GroupId"],
            IpPermissions=[permission],
            TagSpecifications=tagging("security-group-rule", wanted),
        )["SecurityGroupRules"][0]
        return {**made, "Rule": rule, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        if "Rule" in changes:
            rule = {"SecurityGroupRuleId": observed["SecurityGroupRuleId"], "SecurityGroupRule": changes["Rule"]}
            api.call("ec2", "modify_security_group_rules", GroupId=observed["GroupId"], SecurityGroupRules=[rule])
        tag(api, observed["SecurityGroupRuleId"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        rules = [observed["SecurityGroupRuleId"]]
        api.call("ec2", "revoke_security_group_ingress", GroupId=observed["GroupId"], SecurityGroupRuleIds=rules)


def _shaped(rule: dict[str, Any]) -> Properties:
    """As ModifySecurityGroupRules takes it."""
    peer = {name: rule[name] for name in PEERS if rule.get(name)}
    if "ReferencedGroupInfo" in rule:
        peer["ReferencedGroupId"] = rule["ReferencedGroupInfo"]["GroupId"]
    return {
        **{name: rule.get(name) for name in ("IpProtocol", "FromPort", "ToPort")},
        "Description": rule.get("Description", ""),
        **peer,
    }
