# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets Manager: names that await their deletion, keys that cannot be used, policies for everyone.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from localcloud.aws.patching import override
from moto.kms.models import kms_backends
from moto.secretsmanager.exceptions import InvalidRequestException, SecretsManagerClientError
from moto.secretsmanager.models import SecretsManagerBackend
from moto.secretsmanager.responses import SecretsManagerResponse

_MARKED_DELETED = "You can't perform this operation on the secret because it was marked for deletion."
_NOT_WHILE_DELETED = (
    "put_secret_value",
    "get_resource_policy",
    "put_resource_policy",
    "delete_resource_policy",
    "tag_resource",
)


def install() -> None:
    override(SecretsManagerBackend, "create_secret", _create)
    override(SecretsManagerBackend, "update_secret", _update)
    for name in _NOT_WHILE_DELETED:
        override(SecretsManagerBackend, name, _unless_deleted)
    override(SecretsManagerResponse, "put_resource_policy", _put_policy)


def _create(original: Callable[..., str], self: SecretsManagerBackend, **given: Any) -> str:
    there = self.secrets.get(given["name"])
    if there is not None and there.is_deleted():
        raise InvalidRequestException(
            "You can't create this secret because a secret with this name is already scheduled for deletion."
        )
    _check_key(self, given["kms_key_id"])
    return original(self, **given)


def _update(original: Callable[..., str], self: SecretsManagerBackend, **given: Any) -> str:
    _check_key(self, given["kms_key_id"])
    return original(self, **given)


def _check_key(backend: SecretsManagerBackend, arn: str | None) -> None:
    if arn and not arn.startswith("alias/aws/"):
        key = kms_backends[backend.account_id][backend.region_name].keys.get(arn.rpartition("/")[2])
        if key is None or not key.enabled:
            message = (
                "Secrets Manager can't encrypt the protected secret text using the provided KMS key. "
                "Check that it is enabled."
            )
            raise SecretsManagerClientError("EncryptionFailure", message)


def _unless_deleted(
    original: Callable[..., Any], self: SecretsManagerBackend, secret_id: str, *args: Any, **given: Any
) -> Any:
    secret = self.secrets.get(secret_id)
    if secret is not None and secret.is_deleted():
        raise InvalidRequestException(_MARKED_DELETED)
    return original(self, secret_id, *args, **given)


def _put_policy(original: Callable[..., str], self: SecretsManagerResponse) -> str:
    try:
        statements = json.loads(self._get_param("ResourcePolicy"))["Statement"]
    except (ValueError, KeyError, TypeError) as error:
        raise SecretsManagerClientError(
            "MalformedPolicyDocumentException", "This resource policy contains a syntax error."
        ) from error
    if self._get_param("BlockPublicPolicy") and any(map(_is_public, statements)):
        message = (
            "This resource policy grants broad access to the secret. "
            "Secrets Manager blocks it as BlockPublicPolicy asks."
        )
        raise SecretsManagerClientError("PublicPolicyException", message)
    return original(self)


def _is_public(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS", []) if isinstance(principal, dict) else principal
    everyone = "*" in (named if isinstance(named, list) else [named])
    return statement["Effect"] == "Allow" and everyone and not statement.get("Condition")
