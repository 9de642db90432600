# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: security groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...aws.session import Aws
from ...engine.ahead import over
from ...engine.errors import Blocked
from ...engine.resource import Foresight, Lookup, Owner, Properties, Resource
from .common import explained, interfaces, owned, tag, tagging
from .rules import Rules, authorize, describe, revoke, rules_of
from .subnet import SubnetsLookup
from .vpc import Vpc


@dataclass(frozen=True)
class SecurityGroup(Resource):
    """A security group with exactly these rules.

    ``ingress`` and ``egress``: a description for each rule (``ec2_rules.rule``).

    ``ingress``: None leaves it to the kind SecurityGroupRule.
    """

    key: str
    vpc: Vpc | SubnetsLookup
    name: str
    description: str
    ingress: Rules | None
    egress: Rules

    replaced_by = frozenset({"VpcId", "GroupName", "Description"})
    id_name = "GroupId"
    arn_name = "SecurityGroupArn"

    def desired(self) -> Properties:
        return {
            "VpcId": self.vpc.ref("VpcId"),
            "GroupName": self.name,
            "Description": self.description,
            **(
                {"Egress": self.egress}
                if self.ingress is None
                else {"Rules": {"ingress": self.ingress, "egress": self.egress}}
            ),
            "Tags": {"Name": self.name},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        for key, group in owned(api, owner, "describe_security_groups", "SecurityGroups"):
            rules = rules_of(group)
            yield key, {**group, "Rules": rules, "Egress": rules["egress"]}

    def create(self, api: Aws, wanted: Properties) -> Properties:
        named = {name: wanted[name] for name in ("VpcId", "GroupName", "Description")}
        made = api.call_once(
            "ec2", "create_security_group", **named, TagSpecifications=tagging("security-group", wanted)
        )
        # EC2 lets a new group reach everything:
        # https://docs.aws.amazon.com/vpc/latest/userguide/creating-security-groups.html
        rules = {"ingress": {}, "egress": {"-1 all all 0.0.0.0/0": ""}}
        told = {name: made[name] for name in made if name != "ResponseMetadata"}
        return {**named, **told, "Rules": rules, "Egress": rules["egress"], "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        group_id = observed["GroupId"]
        directions = {"egress": changes["Egress"]} if "Egress" in changes else changes.get("Rules", {})
        for direction, wanted in directions.items():
            there = observed["Rules"][direction]
            authorize(api, group_id, direction, {line: text for line, text in wanted.items() if line not in there})
            describe(
                api, group_id, direction, {line: text for line, text in wanted.items() if there.get(line, text) != text}
            )
            revoke(api, group_id, direction, {line: text for line, text in there.items() if line not in wanted})
        tag(api, group_id, changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        try:
            api.call("ec2", "delete_security_group", GroupId=observed["GroupId"])
        except Blocked as blocked:
            raise explained(blocked, interfaces(api, **{"group-id": observed["GroupId"]})) from blocked

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        return bool(observed["Rules"]["ingress"])

    def collides(self, wanted: Properties, other: Properties) -> bool:
        return other["GroupName"] == self.name


@dataclass(frozen=True)
class SecurityGroupLookup(Lookup):
    """A security group of the network's, by its key. Properties: ``GroupId``, ``VpcId``, ``GroupName``."""

    key: str

    role = "network"
    id_name = "GroupId"

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        return SecurityGroup.observe(api, owner.of("vpc"))

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return over(found, ahead.of(owner.of("vpc"), SecurityGroup))
