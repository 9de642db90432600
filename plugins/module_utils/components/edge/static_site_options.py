# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module static_site, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "domain": {"type": "str"},
    "alternative_domains": {"type": "list", "elements": "str", "default": []},
    "certificate": {"type": "str"},
    "zone": {"type": "str"},
    "api_domain": {"type": "str"},
    "api_paths": {"type": "list", "elements": "str", "default": ["/api/*"]},
    "spa_fallback": {"type": "bool", "default": True},
    "content_security_policy": {"type": "str"},
    "price_class": {
        "type": "str",
        "choices": ["PriceClass_100", "PriceClass_200", "PriceClass_All"],
        "default": "PriceClass_100",
    },
    "web_acl_arn": {"type": "str"},
    "kms_key": {"type": "str"},
    "access_logs_retention_days": {"type": "int", "default": 90},
    "on_removal": {"type": "str", "choices": ["delete", "empty", "retain"], "default": "delete"},
}
