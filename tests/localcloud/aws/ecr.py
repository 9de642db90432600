# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECR: the keys and roles that a repository names must exist.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from localcloud.aws.patching import override
from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends

_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([^/]+)")


def install() -> None:
    override(ECRBackend, "create_repository", _create_repository)
    override(ECRBackend, "set_repository_policy", _set_policy)


def _create_repository(original: Callable[..., Any], self: ECRBackend, **given: Any) -> Any:
    arn = (given.get("encryption_config") or {}).get("kmsKey")
    if arn:
        key = kms_backends[self.account_id][self.region_name].keys.get(arn.rpartition("/")[2])
        if key is None or not key.enabled:
            error = InvalidParameterException(
                f"The operation failed due to a KMS exception: the key {arn} cannot be used"
            )
            error.code = "KmsException"
            raise error
    return original(self, **given)


def _set_policy(
    original: Callable[..., Any], self: ECRBackend, registry_id: str, repository_name: str, policy_text: str
) -> Any:
    for account, role in _roles(policy_text):
        if account == self.account_id and role not in {
            each.name for each in iam_backends[account]["aws"].roles.values()
        }:
            raise InvalidParameterException(
                "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'"
            )
    return original(self, registry_id, repository_name, policy_text)


def _roles(policy: str) -> Iterator[tuple[str, str]]:
    """Account and name of the roles that the policy names."""
    for statement in json.loads(policy)["Statement"]:
        principal = statement.get("Principal")
        named = principal.get("AWS", []) if isinstance(principal, dict) else []
        for arn in named if isinstance(named, list) else [named]:
            if match := _ROLE.fullmatch(arn):
                yield match.group(1), match.group(2)
