# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module certificates, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "certificates": {
        "type": "dict",
        "entries": {
            "domain": {"type": "str", "required": True},
            "alternatives": {"type": "list", "elements": "str", "default": []},
            "zone": {"type": "str"},
            "region": {"type": "str"},
            "key_algorithm": {"type": "str", "choices": ["RSA_2048", "EC_prime256v1"], "default": "RSA_2048"},
            "transparency_logging": {"type": "bool", "default": True},
        },
    }
}
