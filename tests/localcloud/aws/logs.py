# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudWatch Logs: keys of log groups, which must be there and let the service in; retention;
tags that end with the group.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.kms.models import kms_backends
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from .patching import add, override

_RETENTION_DAYS = {
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}  # fmt: skip


def install() -> None:
    override(LogsResponse, "create_log_group", _create_group)
    override(LogsBackend, "delete_log_group", _delete_group)
    override(LogGroup, "to_describe_dict", _describe_group)
    override(LogsResponse, "put_retention_policy", _put_retention)
    for name in ("list_tags_for_resource", "tag_resource", "untag_resource"):
        override(LogsResponse, name, _of_a_group_that_exists)
    add(LogsResponse, associate_kms_key, disassociate_kms_key)


def _create_group(original: Callable[..., Any], self: LogsResponse) -> str:
    key_arn = self._get_param("kmsKeyId")
    if key_arn:
        _check_key(self, key_arn)
    answer: str = original(self)
    self.logs_backend.groups[self._get_param("logGroupName")].group_class = self._get_param("logGroupClass", "STANDARD")
    return answer


def _check_key(response: LogsResponse, key_arn: str) -> None:
    key = kms_backends[response.current_account][response.region].keys.get(key_arn.rpartition("/")[2])
    if key is None or not key.enabled or not _lets_logs_in(key.policy, response.region):
        raise InvalidParameterException(
            f"The specified KMS key does not exist or is not allowed to be used with Arn '{key_arn}'"
        )


def _lets_logs_in(policy: str, region: str) -> bool:
    statements = json.loads(policy)["Statement"]
    services: list[str] = []
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal")
        if statement.get("Effect") == "Allow" and isinstance(principal, dict):
            named = principal.get("Service", [])
            services += [named] if isinstance(named, str) else named
    return bool({f"logs.{region}.amazonaws.com", "logs.amazonaws.com"} & set(services))


def _delete_group(original: Callable[..., Any], self: LogsBackend, log_group_name: str) -> None:
    arn = self.groups[log_group_name].arn if log_group_name in self.groups else ""
    original(self, log_group_name)
    self.tagger.delete_all_tags_for_resource(arn)


def _describe_group(original: Callable[..., Any], self: Any) -> dict[str, Any]:
    return {**original(self), "logGroupClass": getattr(self, "group_class", "STANDARD")}


def _put_retention(original: Callable[..., Any], self: LogsResponse) -> Any:
    days = self._get_param("retentionInDays")
    if days not in _RETENTION_DAYS:
        raise InvalidParameterException(
            f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
            f"Member must satisfy enum value set: {sorted(_RETENTION_DAYS)}"
        )
    return original(self)


def _of_a_group_that_exists(original: Callable[..., Any], self: LogsResponse) -> Any:
    arn = self._get_param("resourceArn")
    if ":log-group:" in arn and not any(group.arn == arn for group in self.logs_backend.groups.values()):
        raise ResourceNotFoundException
    return original(self)


def associate_kms_key(self: LogsResponse) -> str:
    _check_key(self, self._get_param("kmsKeyId"))
    _group(self).kms_key_id = self._get_param("kmsKeyId")
    return ""


def disassociate_kms_key(self: LogsResponse) -> str:
    _group(self).kms_key_id = None
    return ""


def _group(response: LogsResponse) -> LogGroup:
    name, identifier = response._get_param("logGroupName"), response._get_param("resourceIdentifier")
    for group in response.logs_backend.groups.values():
        if group.name == name or group.arn == identifier:
            return group
    raise ResourceNotFoundException
