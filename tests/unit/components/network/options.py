# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module vpc, for its tests."""

from __future__ import annotations

from typing import Any

from ansible_collections.keelson.eks.plugins.module_utils.components.network.vpc import COMPONENT

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


def arguments(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {
        **defaults,
        "platform": "innovate",
        "environment": "dev",
        "cidr": "10.0.0.0/16",
        "region": "us-east-1",
        **given,
    }
