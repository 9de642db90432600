# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who reads what: a function a sort of thing, registered with the service that it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

Properties = dict[str, Any]
Dump = dict[str, Properties]
Found = Iterator[tuple[str, str, Properties]]
Collector = Callable[[Any], Found]

COLLECTORS: list[tuple[str, bool, Collector]] = []
"""The service as boto3 calls it, whether it is a regional one, and what reads it."""


def reads(service: str, regional: bool = True) -> Callable[[Collector], Collector]:
    def register(collect: Collector) -> Collector:
        COLLECTORS.append((service, regional, collect))
        return collect

    return register


def every(client: Any, operation: str, key: str, **parameters: Any) -> list[Any]:
    """Every page of a list."""
    if not client.can_paginate(operation):
        return list(getattr(client, operation)(**parameters)[key])
    pages = client.get_paginator(operation).paginate(**parameters)
    return [one for page in pages for one in page.get(key, [])]


def setting(read: Callable[..., dict[str, Any]], **parameters: Any) -> dict[str, Any]:
    """The answer, empty where AWS says that there is no such setting."""
    try:
        return read(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if not code.startswith("NoSuch") and not code.endswith(("NotFoundError", "NotFoundException")):
            raise
        return {}
