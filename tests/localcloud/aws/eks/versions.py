# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Kubernetes versions that EKS offers, their support, and the node images released for them.

Dates are those of the release calendar in the EKS user guide; 1.36's follow from its rule, 14 months of standard and
12 of extended support.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from .api import operation
from .backend import Call, now
from .resources import Data


@dataclass(frozen=True)
class Version:
    version: str
    patch: str
    platform: str
    released: datetime
    standard_until: datetime
    extended_until: datetime

    @property
    def support(self) -> str:
        if now() < self.standard_until:
            return "STANDARD_SUPPORT"
        return "EXTENDED_SUPPORT" if now() < self.extended_until else "UNSUPPORTED"


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


VERSIONS = {
    version: Version(version, patch, platform, *map(_day, days))
    for version, patch, platform, *days in (
        ("1.33", "1.33.13", "eks.36", "2025-05-29", "2026-07-29", "2027-07-29"),
        ("1.34", "1.34.9", "eks.25", "2025-10-02", "2026-12-02", "2027-12-02"),
        ("1.35", "1.35.6", "eks.15", "2026-01-27", "2027-03-27", "2028-03-27"),
        ("1.36", "1.36.2", "eks.6", "2026-06-02", "2027-08-02", "2028-08-02"),
    )
}
DEFAULT_VERSION = max(VERSIONS)

# Newest first: dates of Amazon Linux and Windows images, versions of Bottlerocket.
_IMAGE_DATES = ("20261112", "20261022", "20260930")
_BOTTLEROCKET = ("1.66.0-3c7b8a71", "1.65.1-8d1f02be", "1.64.0-5a0e9c44")


def releases(version: str, ami_type: str) -> list[str]:
    """Release versions of a node image for a Kubernetes minor version, newest first."""
    if ami_type.startswith("BOTTLEROCKET"):
        return list(_BOTTLEROCKET)
    return [f"{VERSIONS[version].patch}-{date}" for date in _IMAGE_DATES]


@operation
def describe_cluster_versions(call: Call) -> Data:
    request = call.request
    wanted = request.get("clusterVersions")
    status = request.get("versionStatus") or request.get("status", "").upper().replace("-", "_")
    found = [
        _describe(version)
        for version in sorted(VERSIONS.values(), key=lambda version: version.version, reverse=True)
        if (not wanted or version.version in wanted)
        and (not request.get("defaultOnly") or version.version == DEFAULT_VERSION)
        and (not status or version.support == status)
        and (request.get("includeAll") or version.support != "UNSUPPORTED")
    ]
    return call.page(found, "clusterVersions")


def _describe(version: Version) -> Data:
    return {
        "clusterVersion": version.version,
        "clusterType": "eks",
        "defaultPlatformVersion": version.platform,
        "defaultVersion": version.version == DEFAULT_VERSION,
        "releaseDate": version.released,
        "endOfStandardSupportDate": version.standard_until,
        "endOfExtendedSupportDate": version.extended_until,
        "status": version.support.lower().replace("_", "-"),
        "versionStatus": version.support,
        "kubernetesPatchVersion": version.patch,
    }
