# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module database_users, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "cluster": {"type": "str", "default": "main"},
    "applications": {
        "type": "dict",
        "entries": {
            "database": {"type": "str"},
            "schema": {"type": "str"},
            "migrations": {"type": "bool", "default": True},
            "read_only": {"type": "bool", "default": False},
            "connection_limit": {"type": "int", "default": -1},
            "statement_timeout": {"type": "int"},
        },
    },
    "keep_data": {"type": "bool", "default": True},
}
