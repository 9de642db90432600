# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module encryption_keys, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "keys": {
        "type": "dict",
        "entries": {
            "description": {"type": "str"},
            "services": {"type": "list", "elements": "str"},
            "rotation_days": {"type": "int", "default": 365},
            "deletion_window_days": {"type": "int", "default": 30},
        },
    }
}
