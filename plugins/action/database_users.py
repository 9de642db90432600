# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module database_users inside the task's worker where that is possible."""

from __future__ import annotations

from ansible_collections.keelson.eks.plugins.module_utils.components.data.database_users import COMPONENT as _COMPONENT
from ansible_collections.keelson.eks.plugins.plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    COMPONENT = _COMPONENT
