# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module node_groups, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "node_groups": {
        "type": "dict",
        "entries": {
            "instance_types": {"type": "list", "elements": "str", "required": True},
            "min": {"type": "int", "required": True},
            "max": {"type": "int", "required": True},
            "desired": {"type": "int"},
            "os": {"type": "str", "choices": ["al2023", "bottlerocket"]},
            "ami_type": {"type": "str"},
            "capacity_type": {"type": "str", "choices": ["on_demand", "spot"], "default": "on_demand"},
            "disk_size": {"type": "int", "default": 50},
            "labels": {"type": "dict", "default": {}},
            "taints": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "key": {"type": "str", "required": True},
                    "value": {"type": "str"},
                    "effect": {
                        "type": "str",
                        "choices": ["NoSchedule", "NoExecute", "PreferNoSchedule"],
                        "required": True,
                    },
                },
            },
            "max_unavailable": {"type": "int"},
            "max_unavailable_percentage": {"type": "int"},
            "version": {"type": "str"},
            "release_version": {"type": "str"},
            "subnet_tier": {"type": "str", "choices": ["private", "database"], "default": "private"},
            "zones": {"type": "list", "elements": "str"},
            "node_repair": {"type": "bool", "default": True},
            "monitoring": {"type": "bool", "default": False},
        },
    },
    "cluster": {"type": "str"},
    "volumes_kms_key": {"type": "str"},
}
