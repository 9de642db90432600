# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module aurora, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "default": "main"},
    "cluster": {"type": "str"},
    "min_acu": {"type": "float", "default": 0.5},
    "max_acu": {"type": "float", "default": 4},
    "seconds_until_auto_pause": {"type": "int", "default": 300},
    "readers": {"type": "int", "default": 0},
    "storage_type": {"type": "str", "choices": ["aurora", "aurora-iopt1"], "default": "aurora"},
    "data_api": {"type": "bool", "default": True},
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
    "log_types": {"type": "list", "elements": "str", "default": ["postgresql"]},
    "log_retention_days": {"type": "int", "default": 30},
    "log_kms_key": {"type": "str"},
    "database_insights": {"type": "str", "choices": ["standard", "advanced"], "default": "standard"},
    "keep_logs": {"type": "bool", "default": False},
}
