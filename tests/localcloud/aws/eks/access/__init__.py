# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may do what in a cluster: access entries and their policies, and what EKS answers API servers about callers."""

from __future__ import annotations

from . import entries  # noqa: F401  (registers its operations)
