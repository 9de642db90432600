# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module site_content, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "folder": {"type": "path"},
    "exclude": {"type": "list", "elements": "str", "default": [".*", "*.map"]},
    "content_types": {"type": "dict", "default": {}},
    "cache_control": {"type": "dict", "default": {}},
    "keep_old_days": {"type": "int", "default": 30},
}
