# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module addons, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "addons": {
        "type": "dict",
        "entries": {
            "version": {"type": "str"},
            "configuration": {"type": "dict", "default": {}},
            "pod_identity": {"type": "str"},
            "service_account_role_arn": {"type": "str"},
            "preserve_on_delete": {"type": "bool", "default": False},
        },
    },
    "cluster": {"type": "str"},
    "kubernetes_version": {"type": "str"},
}
