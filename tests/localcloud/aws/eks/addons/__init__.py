# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Add-ons: which there are to have, and those that clusters have."""

from __future__ import annotations

from . import catalog, life  # noqa: F401  (each registers its operations)
