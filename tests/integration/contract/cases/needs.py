# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What modules need of others: as little as will do."""

from __future__ import annotations

from ..case import Options

NETWORK: tuple[str, Options] = (
    "vpc",
    {
        "cidr": "10.0.0.0/16",
        "zones": ["us-east-1a", "us-east-1b"],
        "tiers": ["private"],
        "nat": "none",
        "flow_logs": "none",
    },
)
CLUSTER: tuple[str, Options] = ("cluster", {"version": "1.35", "log_types": []})
NETWORK_PLUGIN: tuple[str, Options] = ("addons", {"addons": {"vpc-cni": {}}})
"""Without it no node joins."""

NODES: tuple[str, Options] = (
    "node_groups",
    {"node_groups": {"main": {"instance_types": ["m7g.large"], "min": 1, "max": 1}}},
)
"""They become ready after ``NETWORK_PLUGIN``."""


def keys(*purposes: str) -> tuple[str, Options]:
    return "encryption_keys", {"keys": {purpose: {} for purpose in purposes}}
