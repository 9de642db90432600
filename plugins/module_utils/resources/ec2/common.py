# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the kinds of EC2 share: ownership tags in EC2's own form."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ...aws.session import Aws
from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties


def owned(
    api: Aws, owner: Owner, operation: str, items: str, filters: str = "Filters", **more: str
) -> Iterator[tuple[str, Properties]]:
    """Key and description of all that carries the owner's tags.

    ``more``: further filters, underscores standing for hyphens.
    """
    wanted = {f"tag:{name}": value for name, value in owner.scope.items()}
    wanted.update({name.replace("_", "-"): value for name, value in more.items()})
    for item in api.read("ec2", operation, items, **{filters: filter_by(**wanted)}):
        tags = {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}
        yield tags.get("keelson:key", ""), {**item, "Tags": tags}


def filter_by(**values: str | list[str]) -> list[dict[str, Any]]:
    """EC2's form of filters: name and one value, or several of which one must match."""
    return [{"Name": name, "Values": value if isinstance(value, list) else [value]} for name, value in values.items()]


def tagging(resource_type: str, wanted: Properties) -> list[dict[str, Any]]:
    """The TagSpecifications of a create."""
    return [{"ResourceType": resource_type, "Tags": tag_list(wanted["Tags"])}]


def tag(api: Aws, resource_id: str, changes: Properties) -> None:
    """Write the tags that ``changes`` holds, if it holds any."""
    if "Tags" in changes:
        api.call("ec2", "create_tags", Resources=[resource_id], Tags=tag_list(changes["Tags"]))


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]


def interfaces(api: Aws, but: Collection[str] = (), **filters: str) -> list[str]:
    """The network interfaces that match, but for those of some types, described as AWS does:
    what usually keeps a subnet or a group from being deleted.
    """
    found = api.read("ec2", "describe_network_interfaces", "NetworkInterfaces", Filters=filter_by(**filters))
    return [
        f"{each['NetworkInterfaceId']} ({each.get('Description') or each.get('InterfaceType', 'interface')})"
        for each in found
        if each.get("InterfaceType") not in but
    ]


def explained(blocked: Blocked, holders: list[str]) -> Blocked:
    """The same error, naming who holds on to the resource."""
    if not holders:
        return blocked
    return Blocked(f"{blocked}. In use by: {', '.join(sorted(holders))}", blocked.patience)
