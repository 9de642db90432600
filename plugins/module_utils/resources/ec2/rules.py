# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: the rules of security groups, in a form in which two can be compared.

EC2 merges rules of a protocol and port into one IpPermission with many peers; here each rule stands alone, as a line of
text: protocol, first port, last port, peer. The peer is a CIDR, a security group (``sg-``) or a prefix list (``pl-``).
Ports are ICMP's type and code where the protocol is ICMP, and ``all`` where the protocol has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...aws.session import Aws

Rules = dict[str, str]
"""A description for each rule."""

PEERS = {"IpRanges": "CidrIp", "Ipv6Ranges": "CidrIpv6", "UserIdGroupPairs": "GroupId", "PrefixListIds": "PrefixListId"}


def rule(protocol: str, first: int | str, last: int | str, peer: str) -> str:
    return f"{protocol} {first} {last} {peer}"


def rules_of(group: dict[str, Any]) -> dict[str, Rules]:
    """The rules of an observed security group, by direction: ``ingress`` and ``egress``."""
    return {
        "ingress": dict(each_rule(group.get("IpPermissions", []))),
        "egress": dict(each_rule(group.get("IpPermissionsEgress", []))),
    }


def each_rule(permissions: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for permission in permissions:
        for member, name in PEERS.items():
            for peer in permission.get(member, []):
                first, last = permission.get("FromPort", "all"), permission.get("ToPort", "all")
                yield rule(permission["IpProtocol"], first, last, peer[name]), peer.get("Description", "")


def permission(line: str, description: str = "") -> dict[str, Any]:
    """A rule as an IpPermission."""
    protocol, first, last, peer = line.split()
    kinds = {"sg": "UserIdGroupPairs", "pl": "PrefixListIds"}
    member = kinds.get(peer.partition("-")[0], "Ipv6Ranges" if ":" in peer else "IpRanges")
    ports = {} if first == "all" else {"FromPort": int(first), "ToPort": int(last)}
    described = {"Description": description} if description else {}
    return {"IpProtocol": protocol, **ports, member: [{PEERS[member]: peer, **described}]}


def authorize(api: Aws, group_id: str, direction: str, rules: Rules) -> None:
    if rules:
        permissions = [permission(line, description) for line, description in rules.items()]
        api.call("ec2", f"authorize_security_group_{direction}", GroupId=group_id, IpPermissions=permissions)


def revoke(api: Aws, group_id: str, direction: str, rules: Rules) -> None:
    if rules:
        permissions = [permission(line) for line in rules]
        api.call("ec2", f"revoke_security_group_{direction}", GroupId=group_id, IpPermissions=permissions)


def describe(api: Aws, group_id: str, direction: str, rules: Rules) -> None:
    """Change the descriptions of rules that are there."""
    if rules:
        permissions = [permission(line, description) for line, description in rules.items()]
        api.call(
            "ec2", f"update_security_group_rule_descriptions_{direction}", GroupId=group_id, IpPermissions=permissions
        )
