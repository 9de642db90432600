# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of the module pod_identities, written by ``make generate`` from its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "pod_identities": {
        "type": "dict",
        "entries": {
            "profile": {"type": "str", "choices": ["aws-ebs-csi-driver", "vpc-cni"]},
            "namespace": {"type": "str"},
            "service_account": {"type": "str"},
            "managed_policies": {"type": "list", "elements": "str"},
            "policy_arns": {"type": "list", "elements": "str", "default": []},
            "policy": {"type": "dict"},
        },
    },
    "cluster": {"type": "str"},
}
