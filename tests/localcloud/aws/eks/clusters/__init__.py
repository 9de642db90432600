# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clusters, and their changes."""

from __future__ import annotations

from . import changes, life  # noqa: F401  (each registers its operations)
