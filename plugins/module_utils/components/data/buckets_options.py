# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module buckets, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "buckets": {
        "type": "dict",
        "entries": {
            "versioned": {"type": "bool", "default": True},
            "kms_key": {"type": "str"},
            "policy_statements": {"type": "list", "elements": "dict", "default": []},
            "vpc_only": {"type": "bool", "default": False},
            "access_logs": {"type": "str"},
            "lifecycle": {
                "type": "dict",
                "default": {},
                "entries": {
                    "prefix": {"type": "str", "default": ""},
                    "expire_days": {"type": "int"},
                    "noncurrent_expire_days": {"type": "int"},
                    "transitions": {"type": "dict", "default": {}},
                },
            },
            "abort_uploads_days": {"type": "int", "default": 7},
            "on_removal": {"type": "str", "choices": ["delete", "empty", "retain"], "default": "delete"},
        },
    }
}
