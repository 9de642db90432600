# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module dns_zones, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "zones": {
        "type": "dict",
        "entries": {
            "domain": {"type": "str"},
            "comment": {"type": "str"},
            "private": {"type": "bool", "default": False},
            "parent": {"type": "str"},
            "records": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "name": {"type": "str"},
                    "type": {
                        "type": "str",
                        "choices": ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT"],
                        "required": True,
                    },
                    "values": {"type": "list", "elements": "str"},
                    "ttl": {"type": "int", "default": 300},
                    "alias": {
                        "type": "dict",
                        "options": {
                            "dns_name": {"type": "str", "required": True},
                            "zone_id": {"type": "str", "required": True},
                            "evaluate_target_health": {"type": "bool", "default": False},
                        },
                    },
                },
            },
        },
    }
}
