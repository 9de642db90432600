# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""STS: only a role that exists can be assumed.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.iam.models import iam_backends
from moto.sts.models import STSBackend

from .patching import override


class AccessDenied(ServiceException):
    code = "AccessDenied"


def install() -> None:
    override(STSBackend, "assume_role", _assume_role)


def _assume_role(original: Callable[..., Any], self: STSBackend, *, role_arn: str, **request: Any) -> Any:
    _arn, partition, _iam, _region, account, _role = role_arn.split(":", 5)
    roles = iam_backends[account][partition].roles.values() if account in iam_backends else ()
    if not any(role.arn == role_arn for role in roles):
        raise AccessDenied(f"Not authorized to perform: sts:AssumeRole on resource: {role_arn}")
    return original(self, role_arn=role_arn, **request)
