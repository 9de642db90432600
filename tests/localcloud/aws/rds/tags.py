# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags: what does not exist has none.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ListTagsForResource.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.rds.models import RDSBackend

from ..patching import override
from .life import refuse

_NOT_FOUND = {
    "cluster": "DBClusterNotFoundFault",
    "cluster-pg": "DBParameterGroupNotFound",
    "db": "DBInstanceNotFound",
    "pg": "DBParameterGroupNotFound",
    "subgrp": "DBSubnetGroupNotFoundFault",
}
"""The error by the type in a resource's ARN."""


def install() -> None:
    override(RDSBackend, "_get_resource_for_tagging", _resource)


def _resource(original: Callable[..., Any], self: RDSBackend, arn: str) -> Any:
    found = original(self, arn)
    kind = arn.split(":")[5]
    if not found and kind in _NOT_FOUND:
        raise refuse(_NOT_FOUND[kind], f"{arn} not found.")
    return found
