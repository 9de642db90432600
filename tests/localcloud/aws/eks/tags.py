# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags of everything in EKS that has an ARN."""

from __future__ import annotations

from urllib.parse import unquote

from .api import operation
from .backend import Call
from .errors import BadRequestException, EksError, InvalidParameterException, NotFoundException
from .resources import Data, Resource

_LIMIT = 50


def check_tags(tags: dict[str, str], error: type[EksError] = InvalidParameterException) -> None:
    if len(tags) > _LIMIT:
        raise error(f"Tags exceed the maximum number of {_LIMIT}")
    for key, value in tags.items():
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise error(f"Tag key {key} or its value is too short or too long")
        if key.lower().startswith("aws:"):
            raise error(f"Tag keys starting with aws: are reserved: {key}")


@operation
def tag_resource(call: Call) -> Data:
    resource = _find(call)
    check_tags({**resource.data["tags"], **call.request["tags"]}, BadRequestException)
    resource.data["tags"].update(call.request["tags"])
    return {}


@operation
def untag_resource(call: Call) -> Data:
    resource = _find(call)
    for key in call.request["tagKeys"]:
        resource.data["tags"].pop(key, None)
    return {}


@operation
def list_tags_for_resource(call: Call) -> Data:
    return {"tags": dict(_find(call).data["tags"])}


def _find(call: Call) -> Resource:
    arn = unquote(call.request["resourceArn"])
    for cluster in call.backend.clusters.values():
        if resource := cluster.tagged().get(arn):
            return resource
    raise NotFoundException(f"Resource not found: {arn}")
