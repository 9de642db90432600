# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who the pods of a cluster are to AWS, by pod identities or by the cluster's OIDC issuer."""

from __future__ import annotations

from . import oidc, pods  # noqa: F401  (each registers its operations)
