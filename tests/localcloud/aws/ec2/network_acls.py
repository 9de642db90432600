# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Network ACLs: every one ends with a denial, the default one stays, and what is not there is said to be missing.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkAcl.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.ec2.exceptions import InvalidAssociationIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.network_acls import NetworkAclBackend

from ..patching import override
from .requests import error

_LAST_RULE = 32767


def install() -> None:
    override(NetworkAclBackend, "create_network_acl", _create)
    override(NetworkAclBackend, "delete_network_acl", _delete)
    override(NetworkAclBackend, "delete_network_acl_entry", _delete_entry)
    override(NetworkAclBackend, "replace_network_acl_association", _replace_association)


def _create(
    original: Callable[..., Any],
    self: EC2Backend,
    vpc_id: str,
    tags: list[dict[str, str]] | None = None,
    default: bool = False,
) -> Any:
    acl = original(self, vpc_id, tags, default)
    if not default:
        for egress in (True, False):
            self.create_network_acl_entry(
                acl.id, _LAST_RULE, "-1", "deny", egress, "0.0.0.0/0", None, None, None, None, None
            )
    return acl


def _delete(original: Callable[..., Any], self: EC2Backend, network_acl_id: str) -> Any:
    if self.get_network_acl(network_acl_id).default:
        raise error("InvalidParameterValue", f"Cannot delete default network ACL {network_acl_id}")
    return original(self, network_acl_id)


def _delete_entry(
    original: Callable[..., Any], self: EC2Backend, network_acl_id: str, rule_number: int, egress: bool
) -> Any:
    entries = self.get_network_acl(network_acl_id).network_acl_entries
    if not any((entry.rule_number, entry.egress) == (rule_number, egress) for entry in entries):
        direction = "egress" if egress else "ingress"
        raise error(
            "InvalidNetworkAclEntry.NotFound",
            f"The {direction} network acl entry identified by rule number '{rule_number}' does not exist",
        )
    return original(self, network_acl_id, rule_number, egress)


def _replace_association(
    original: Callable[..., Any], self: EC2Backend, association_id: str, network_acl_id: str
) -> Any:
    if not any(association_id in acl._associations for acl in self.network_acls.values()):
        raise InvalidAssociationIdError(association_id)
    self.get_network_acl(network_acl_id)
    return original(self, association_id, network_acl_id)
