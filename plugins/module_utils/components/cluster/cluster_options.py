# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module cluster, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"type": "str"},
    "version": {"type": "str"},
    "endpoint": {"type": "str", "choices": ["private", "public_and_private", "public"], "default": "private"},
    "endpoint_cidrs": {"type": "list", "elements": "str"},
    "subnet_tier": {"type": "str", "choices": ["private", "public", "database"], "default": "private"},
    "security_group_ids": {"type": "list", "elements": "str"},
    "service_cidr": {"type": "str"},
    "log_types": {
        "type": "list",
        "elements": "str",
        "choices": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        "default": ["audit", "authenticator"],
    },
    "log_retention_days": {"type": "int", "default": 30},
    "log_kms_key": {"type": "str"},
    "keep_logs": {"type": "bool", "default": False},
    "secrets_kms_key": {"type": "str"},
    "support_type": {"type": "str", "choices": ["STANDARD", "EXTENDED"], "default": "STANDARD"},
    "deletion_protection": {"type": "bool"},
    "zonal_shift": {"type": "bool", "default": False},
    "admin_role_arns": {"type": "dict"},
    "access_entries": {
        "type": "dict",
        "entries": {
            "principal_arn": {"type": "str", "required": True},
            "kubernetes_groups": {"type": "list", "elements": "str", "default": []},
            "policies": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "policy": {"type": "str", "required": True},
                    "namespaces": {"type": "list", "elements": "str", "default": []},
                },
            },
        },
    },
    "caller_is_admin": {"type": "bool", "default": True},
}
