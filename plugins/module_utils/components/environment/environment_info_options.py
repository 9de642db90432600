# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module environment_info, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {"cluster": {"type": "str"}}
