# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module namespaces, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "namespaces": {
        "type": "dict",
        "entries": {
            "pod_security": {"type": "str", "choices": ["privileged", "baseline", "restricted"]},
            "labels": {"type": "dict", "default": {}},
            "annotations": {"type": "dict", "default": {}},
        },
    },
    "others": {"type": "list", "elements": "str", "default": []},
    "cluster": {"type": "str"},
}
