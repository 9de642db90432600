# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module rds_instances, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "instances": {
        "type": "dict",
        "entries": {
            "engine": {"type": "str", "choices": ["postgres", "mysql", "mariadb"], "required": True},
            "instance_class": {"type": "str", "required": True},
            "storage": {"type": "int", "default": 20},
            "max_storage": {"type": "int"},
            "multi_az": {"type": "bool", "default": False},
            "version": {"type": "str"},
            "allow_major_version_upgrade": {"type": "bool", "default": False},
            "auto_minor_version_upgrade": {"type": "bool", "default": True},
            "initial_database": {"type": "str"},
            "master_username": {"type": "str"},
            "parameters": {"type": "dict", "default": {}},
            "subnet_tier": {"type": "str", "choices": ["private", "database"], "default": "database"},
            "admit_cluster": {"type": "bool", "default": True},
            "allowed_cidrs": {"type": "list", "elements": "str", "default": []},
            "allowed_security_group_ids": {"type": "list", "elements": "str", "default": []},
            "kms_key": {"type": "str"},
            "iam_authentication": {"type": "bool", "default": True},
            "backup_retention_days": {"type": "int", "default": 7},
            "backup_window": {"type": "str"},
            "maintenance_window": {"type": "str"},
            "apply_immediately": {"type": "bool", "default": True},
            "deletion_protection": {"type": "bool"},
            "final_snapshot": {"type": "bool", "default": True},
            "log_types": {"type": "list", "elements": "str", "default": []},
            "log_retention_days": {"type": "int", "default": 30},
            "log_kms_key": {"type": "str"},
            "database_insights": {"type": "str", "choices": ["standard", "advanced"], "default": "standard"},
        },
    },
    "cluster": {"type": "str"},
    "keep_logs": {"type": "bool", "default": False},
}
