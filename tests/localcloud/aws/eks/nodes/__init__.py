# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What pods run on: managed node groups with their instances, and Fargate profiles."""

from __future__ import annotations

from . import fargate, group_changes, groups  # noqa: F401  (each registers its operations)
