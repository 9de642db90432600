# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The secret that RDS keeps the master's password in: rotated every week, and active once the database serves.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.rds.models import MasterUserSecret

from ..patching import override


def install() -> None:
    override(MasterUserSecret, "_create_secret", _create)
    MasterUserSecret.secret_status = property(_status)


def _create(original: Callable[..., Any], self: MasterUserSecret, kms_key_id: str | None) -> Any:
    """RDS has it rotated every seven days."""
    secret = original(self, kms_key_id)
    secret.rotation_requested, secret.rotation_enabled, secret.auto_rotate_after_days = True, True, 7
    return secret


def _status(self: MasterUserSecret) -> str:
    return "creating" if self.resource.status == "creating" else "active"
