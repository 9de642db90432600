# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Real Kubernetes control planes, many at once, for the clusters of the local cloud."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localcloud.controlplane.binaries import NoControlPlane
    from localcloud.controlplane.control_plane import ControlPlanes, Endpoint
    from localcloud.controlplane.nodes import Node

__all__ = ["ControlPlanes", "Endpoint", "NoControlPlane", "Node"]

_HOMES = {"NoControlPlane": "binaries", "ControlPlanes": "control_plane", "Endpoint": "control_plane", "Node": "nodes"}


def __getattr__(name: str) -> Any:
    """Imported when asked for: ``python -m localcloud.controlplane.binaries`` must not find itself imported already."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
