# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets."""

from __future__ import annotations

import json
from typing import Any

from .collectors import Found, every, reads


@reads("secretsmanager")
def _secrets(secretsmanager: Any) -> Found:
    """Without their values: the dump can be shown to anybody. A value that changes has another version."""
    for one in every(secretsmanager, "list_secrets", "SecretList", IncludePlannedDeletion=True):
        policy = None
        if "DeletedDate" not in one:
            policy = json.loads(secretsmanager.get_resource_policy(SecretId=one["ARN"]).get("ResourcePolicy", "null"))
        yield "secret", one["Name"], {**one, "ResourcePolicy": policy, "Tags": one.get("Tags", [])}
