# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Security groups: rules are added all or none, and a group in use stays.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend, SecurityGroupRule
from moto.ec2.responses import EC2Response

from ..patching import add, override
from .requests import error


def install() -> None:
    add(EC2Response, authorize_security_group_ingress, authorize_security_group_egress)
    override(SecurityGroupBackend, "create_security_group", _create)
    override(SecurityGroupBackend, "delete_security_group", _delete)
    override(SecurityGroupBackend, "modify_security_group_rules", _modify_rules)
    SecurityGroupRule.security_group_rule_arn = property(_rule_arn)
    SecurityGroupRule.description = property(
        lambda self: self.ip_range.get("Description") or self.source_group.get("Description")
    )


def _create(original: Callable[..., Any], self: EC2Backend, *args: Any, **kwargs: Any) -> SecurityGroup:
    """The default group of a VPC lets its own members in."""
    group: SecurityGroup = original(self, *args, **kwargs)
    if group.is_default:
        self.authorize_security_group_ingress(group.id, "-1", "-1", "-1", [], source_groups=[{"GroupId": group.id}])
    return group


def authorize_security_group_ingress(self: EC2Response) -> ActionResult:
    return _authorize(self, self.ec2_backend.authorize_security_group_ingress)


def authorize_security_group_egress(self: EC2Response) -> ActionResult:
    return _authorize(self, self.ec2_backend.authorize_security_group_egress)


def _authorize(response: EC2Response, authorize: Callable[..., Any]) -> ActionResult:
    """moto keeps the permissions before one that it refuses, and returns the rules of the last permission only."""
    added: list[Any] = []
    try:
        for permission in response._process_rules_from_querystring():
            rules, _group = authorize(**permission)
            added += rules
    except EC2ClientError:
        group = response.ec2_backend.get_security_group_by_name_or_id(
            response._get_param("GroupId") or response._get_param("GroupName")
        )
        new = {rule.id for rule in added}
        for rules in (group.ingress_rules, group.egress_rules) if group else ():
            rules[:] = [rule for rule in rules if rule.id not in new]
        raise
    return ActionResult({"Return": True, "SecurityGroupRules": added})


def _rule_arn(self: SecurityGroupRule) -> str:
    return f"arn:aws:ec2:{self.ec2_backend.region_name}:{self.owner_id}:security-group-rule/{self.id}"


def _modify_rules(
    original: Callable[..., Any], self: EC2Backend, group_id: str, rules: dict[str, dict[str, Any]]
) -> None:
    """moto leaves out groups as peers."""
    original(self, group_id, rules)
    group = self.get_security_group_by_name_or_id(group_id)
    for rule_id, new in rules.items():
        rule = group.get_rule(rule_id) if group else None
        if rule and new.get("ReferencedGroupId"):
            rule.source_group = {"GroupId": new["ReferencedGroupId"], "Description": new.get("Description", "")}


def _delete(
    original: Callable[..., Any], self: EC2Backend, name: str | None = None, group_id: str | None = None
) -> None:
    group = self.get_security_group_from_id(group_id) if group_id else self.get_security_group_by_name_or_id(name or "")
    if group:
        if group.is_default:
            raise error(
                "CannotDelete", f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user'
            )
        if _in_use(self, group):
            raise error("DependencyViolation", f"resource {group.id} has a dependent object")
    original(self, name, group_id)


def _in_use(backend: EC2Backend, group: SecurityGroup) -> bool:
    if any(group in interface.group_set for interface in backend.enis.values()):
        return True
    others = (other for groups in backend.groups.values() for other in groups.values() if other is not group)
    return any(
        rule.source_group.get("GroupId") == group.id
        for other in others
        for rule in (*other.ingress_rules, *other.egress_rules)
    )
