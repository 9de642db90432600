# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module environment_lock, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "lease": {"type": "int", "default": 10800},
    "force": {"type": "bool", "default": False},
    "settle": {"type": "float", "default": 5.0},
    "process": {"type": "int"},
}
