# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keys with their policies, and aliases. Those of AWS's services are left out."""

from __future__ import annotations

import json
from typing import Any

from .collectors import Found, every, reads


@reads("kms")
def _keys(kms: Any) -> Found:
    for key in every(kms, "list_keys", "Keys"):
        one = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if one["KeyManager"] == "AWS":
            continue
        rotation = kms.get_key_rotation_status(KeyId=key["KeyId"])
        yield (
            "key",
            key["KeyId"],
            {
                **one,
                "Policy": json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]),
                "Rotation": rotation.get("RotationPeriodInDays") if rotation["KeyRotationEnabled"] else None,
                "Tags": every(kms, "list_resource_tags", "Tags", KeyId=key["KeyId"]),
            },
        )
    for one in every(kms, "list_aliases", "Aliases"):
        if not one["AliasName"].startswith("alias/aws/"):
            yield "alias", one["AliasName"].removeprefix("alias/"), one
