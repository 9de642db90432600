# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module helm_releases, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "releases": {
        "type": "dict",
        "entries": {
            "namespace": {"type": "str", "required": True},
            "chart": {"type": "path", "required": True},
            "repository": {"type": "str"},
            "version": {"type": "str"},
            "values": {"type": "dict", "default": {}},
            "needs": {"type": "list", "elements": "str", "default": []},
            "timeout": {"type": "int", "default": 300},
            "crds": {"type": "bool", "default": True},
        },
    },
    "applications": {"type": "dict"},
    "application_chart": {"type": "path"},
    "application_namespace": {"type": "str", "default": "default"},
    "secret_values": {"type": "dict"},
    "kubernetes_version": {"type": "str"},
    "helm_executable": {"type": "path"},
    "cluster": {"type": "str"},
}
