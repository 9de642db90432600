# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""KMS: what a key allows in each of its states, rotation periods, AWS's own keys.

https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable-disable.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time, utcnow
from moto.kms.exceptions import NotAuthorizedException, NotFoundException, ValidationException
from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from .patching import override

_NOT_WHILE_PENDING = [
    "create_grant",
    "disable_key",
    "disable_key_rotation",
    "enable_key",
    "enable_key_rotation",
    "schedule_key_deletion",
    "tag_resource",
    "untag_resource",
    "update_key_description",
]
_CRYPTOGRAPHIC = [
    "decrypt",
    "encrypt",
    "generate_data_key",
    "generate_data_key_without_plaintext",
    "generate_mac",
    "re_encrypt",
    "sign",
    "verify",
    "verify_mac",
]
_ROTATION_DAYS = 365


def install() -> None:
    override(Key, "__init__", _make_key)
    override(KmsBackend, "_generate_default_keys", _make_aws_key)
    for name in _NOT_WHILE_PENDING:
        override(KmsResponse, name, _unless_pending)
    for name in _CRYPTOGRAPHIC:
        override(KmsResponse, name, _if_usable)
    override(KmsResponse, "_set_alias", _set_alias)
    override(KmsResponse, "create_key", _with_good_policy)
    override(KmsResponse, "put_key_policy", _with_good_policy)
    override(KmsResponse, "schedule_key_deletion", _schedule_deletion)
    override(KmsResponse, "cancel_key_deletion", _cancel_deletion)
    override(KmsResponse, "enable_key_rotation", _enable_rotation)
    override(KmsResponse, "get_key_rotation_status", _rotation_status)


def _make_key(
    original: Callable[..., Any], self: Any, policy: Any, key_usage: str | None, *args: Any, **kwargs: Any
) -> None:
    original(self, policy, key_usage or "ENCRYPT_DECRYPT", *args, **kwargs)
    self.rotation_days = _ROTATION_DAYS


def _make_aws_key(original: Callable[..., Any], self: KmsBackend, alias_name: str) -> str | None:
    key_id: str | None = original(self, alias_name)
    if key_id:
        self.keys[key_id].key_manager = "AWS"
    return key_id


def _key(response: KmsResponse, parameter: str = "KeyId") -> Any:
    """The key that the call names; None when there is none, which moto itself will say."""
    try:
        return response.kms_backend.describe_key(response._get_param(parameter))
    except (KeyError, NotFoundException):
        return None


def _unless_pending(original: Callable[..., Any], self: KmsResponse) -> Any:
    _refuse_pending(_key(self))
    return original(self)


def _if_usable(original: Callable[..., Any], self: KmsResponse) -> Any:
    key = _key(self)
    _refuse_pending(key)
    if key and not key.enabled:
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    return original(self)


def _refuse_pending(key: Any) -> None:
    if key and key.key_state == "PendingDeletion":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")


def _set_alias(original: Callable[..., Any], self: KmsResponse, update: bool = False) -> Any:
    if str(self._get_param("AliasName")).startswith("alias/aws/"):
        raise NotAuthorizedException
    _refuse_pending(_key(self, "TargetKeyId"))
    return original(self, update)


def _with_good_policy(original: Callable[..., Any], self: KmsResponse) -> Any:
    policy = self._get_param("Policy")
    if policy is not None:
        try:
            good = bool(json.loads(policy)["Statement"])
        except (ValueError, KeyError, TypeError):
            good = False
        if not good:
            raise JsonRESTError("MalformedPolicyDocumentException", "Policy contains a statement that is not valid")
    return original(self)


def _schedule_deletion(original: Callable[..., Any], self: KmsResponse) -> str:
    days = self._get_param("PendingWindowInDays", 30)
    if not 7 <= days <= 30:
        bound = "greater than or equal to 7" if days < 7 else "less than or equal to 30"
        raise ValidationException(
            f"1 validation error detected: Value '{days}' at 'pendingWindowInDays' failed to satisfy constraint: "
            f"Member must have value {bound}"
        )
    answer = json.loads(original(self))
    return json.dumps({**answer, "KeyId": _key(self).arn, "KeyState": "PendingDeletion", "PendingWindowInDays": days})


def _cancel_deletion(original: Callable[..., Any], self: KmsResponse) -> str:
    key = _key(self)
    if key and key.key_state != "PendingDeletion":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is not pending deletion.")
    original(self)
    return json.dumps({"KeyId": _key(self).arn})


def _enable_rotation(original: Callable[..., Any], self: KmsResponse) -> Any:
    answer = original(self)
    _key(self).rotation_days = self._get_param("RotationPeriodInDays", _ROTATION_DAYS)
    return answer


def _rotation_status(original: Callable[..., Any], self: KmsResponse) -> str:
    status = json.loads(original(self))
    key = _key(self)
    if key.key_state == "PendingDeletion":
        status["KeyRotationEnabled"] = False
    if status["KeyRotationEnabled"]:
        status |= {
            "RotationPeriodInDays": key.rotation_days,
            "NextRotationDate": unix_time(utcnow() + timedelta(days=key.rotation_days)),
        }
    return json.dumps({"KeyId": key.arn, **status})
