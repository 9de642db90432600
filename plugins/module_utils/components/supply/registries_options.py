# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module registries, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "registries": {
        "type": "dict",
        "entries": {
            "immutable": {"type": "bool", "default": True},
            "mutable_tags": {"type": "list", "elements": "str", "default": []},
            "scan_on_push": {"type": "bool", "default": True},
            "kms_key": {"type": "str"},
            "untagged_expire_days": {"type": "int", "default": 14},
            "keep_tagged": {"type": "int"},
            "lifecycle_rules": {"type": "list", "elements": "dict"},
            "pull": {"type": "list", "elements": "str", "default": []},
            "push": {"type": "list", "elements": "str", "default": []},
            "on_removal": {"type": "str", "choices": ["delete", "empty", "retain"], "default": "delete"},
        },
    }
}
