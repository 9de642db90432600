# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module vpc, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "cidr": {"type": "str"},
    "secondary_cidrs": {"type": "list", "elements": "str"},
    "reserved_cidrs": {"type": "list", "elements": "str", "default": []},
    "zones": {"type": "list", "elements": "str"},
    "tiers": {
        "type": "list",
        "elements": "str",
        "choices": ["public", "private", "database"],
        "default": ["public", "private", "database"],
    },
    "tier_cidrs": {"type": "dict", "default": {}},
    "subnet_tags": {"type": "dict", "default": {}},
    "nat": {"type": "str", "choices": ["none", "single", "per_zone"], "default": "single"},
    "acl_rules": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "tier": {"type": "str", "required": True},
            "direction": {"type": "str", "choices": ["ingress", "egress"], "required": True},
            "number": {"type": "int", "required": True},
            "protocol": {"type": "str", "choices": ["all", "icmp", "tcp", "udp"], "default": "all"},
            "from_port": {"type": "int"},
            "to_port": {"type": "int"},
            "cidr": {"type": "str", "required": True},
            "action": {"type": "str", "choices": ["allow", "deny"], "default": "allow"},
        },
    },
    "gateway_endpoints": {"type": "list", "elements": "str", "choices": ["s3", "dynamodb"]},
    "interface_endpoints": {"type": "list", "elements": "str"},
    "endpoint_policies": {"type": "dict", "default": {}},
    "flow_logs": {"type": "str", "choices": ["none", "all", "accept", "reject"], "default": "all"},
    "flow_logs_interval": {"type": "int", "choices": [60, 600], "default": 600},
    "flow_logs_retention_days": {"type": "int", "default": 30},
    "flow_logs_kms_key": {"type": "str"},
    "keep_logs": {"type": "bool", "default": False},
}
