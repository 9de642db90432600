# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module secrets, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "secrets": {
        "type": "dict",
        "entries": {
            "description": {"type": "str"},
            "length": {"type": "int"},
            "exclude_characters": {"type": "str"},
            "exclude_punctuation": {"type": "bool"},
            "template": {"type": "dict"},
            "generated_key": {"type": "str"},
            "overwrite": {"type": "bool", "default": True},
            "kms_key": {"type": "str"},
            "policy_statements": {"type": "list", "elements": "dict", "default": []},
            "recovery_window_days": {"type": "int", "default": 30},
        },
    },
    "values": {"type": "dict"},
}
