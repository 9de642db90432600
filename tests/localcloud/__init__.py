# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud: AWS's APIs and real Kubernetes API servers in one process on this machine."""

from __future__ import annotations
