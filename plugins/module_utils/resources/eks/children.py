# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What belongs to a cluster: found cluster by cluster,
for EKS lists nothing across clusters and filters nothing by tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...aws.errors import EVENTUALLY, AwsError
from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties


def clusters(api: Aws, owner: Owner) -> list[str]:
    """Names of the clusters that may be the environment's: those whose name begins with its own."""
    names = api.read("eks", "list_clusters", "clusters")
    return [name for name in names if name == owner.name or name.startswith(f"{owner.name}-")]


def children(
    api: Aws, cluster: str, list_operation: str, items: str, describe: Callable[[Any], Properties | None]
) -> Iterator[Properties]:
    """All that a cluster has of a kind.

    ``describe`` gets an item of the listing, and answers None when that has gone meanwhile.
    """
    for child in each(describe, listed(api, list_operation, items, cluster)):
        if child is not None:
            yield child


def listed(api: Aws, operation: str, items: str, cluster: str, **filters: str) -> list[Any]:
    """All items of a cluster's listing; none when there is no such cluster (any more)."""
    found: list[Any] = []
    page: dict[str, Any] | None = {}
    while page is not None:
        page = api.find("eks", operation, clusterName=cluster, **filters, **page)
        if page is None:
            break
        found += page[items]
        page = {"nextToken": page["nextToken"]} if page.get("nextToken") else None
    return found


def in_progress(api: Aws, cluster: str, **child: str) -> list[dict[str, str]]:
    """The parameters (``type``, ``value``) of the update that a child's status UPDATING tells of.

    ``child``: its name, as EKS calls it.
    """
    for update_id in api.read("eks", "list_updates", "updateIds", name=cluster, **child):
        found = api.find("eks", "describe_update", name=cluster, updateId=update_id, **child)
        if found and found["update"]["status"] == "InProgress":
            return list(found["update"]["params"])
    return []


def issues(health: Properties | None) -> str:
    """A node group's or an add-on's health issues in AWS's words; empty when there is none."""
    found = (health or {}).get("issues", [])
    return "; ".join(
        f"{issue.get('code', 'Unknown')}: {issue.get('message', '').strip()}" + _affected(issue) for issue in found
    )


def _affected(issue: Properties) -> str:
    resources = issue.get("resourceIds") or []
    return f" ({', '.join(resources)})" if resources else ""


def tag(api: Aws, arn: str, changes: Properties) -> None:
    if "Tags" in changes:
        api.call("eks", "tag_resource", resourceArn=arn, tags=changes["Tags"])


def until_known(error: AwsError) -> Exception:
    """EKS looks at a role or a launch template at once,
    and IAM and EC2 tell all of AWS of a new one only after a while.
    """
    transient = ("role", "trust", "launch template")
    if error.code in ("InvalidParameterException", "InvalidRequestException") and any(
        word in error.message.lower() for word in transient
    ):
        return Blocked(str(error), patience=EVENTUALLY)
    return error
