# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What EKS would refuse, known before anything is written.

Each line begins with the option of the module ``cluster``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.plan import has_unknown
from ...engine.resource import Properties

NODES_BEHIND = 3
"""Minor versions that nodes may be older than the control plane:
https://kubernetes.io/releases/version-skew-policy/.
"""


def version_objections(api: Aws, observed: Properties, changes: Properties) -> Iterator[str]:
    """A version that is not offered, a way that EKS does not go,
    or a support type that the version does not have any more.
    """
    if not changes.keys() & {"version", "supportType"}:
        return
    present = str(observed.get("version", ""))
    wanted = str(changes.get("version", present))
    versions = api.read("eks", "describe_cluster_versions", "clusterVersions")
    offered = {version["clusterVersion"]: version["versionStatus"] for version in versions}
    if present and "version" in changes:
        if refusal := no_such_way(present, wanted):
            yield refusal
            return
        yield from _nodes_too_old(api, observed["name"], wanted)
    if wanted not in offered:
        yield f"version: EKS does not offer {wanted}. It offers {', '.join(sorted(offered, key=minor))}."
    elif (
        changes.get("supportType", observed.get("supportType")) == "STANDARD" and offered[wanted] != "STANDARD_SUPPORT"
    ):
        current = [version for version in sorted(offered, key=minor) if offered[version] == "STANDARD_SUPPORT"]
        yield (
            f"support_type: {wanted} is in extended support, which costs more and has to be asked for. "
            f"Set support_type: EXTENDED, or a version in standard support ({', '.join(current)})."
        )


def network_objections(api: Aws, changes: Properties) -> Iterator[str]:
    """What a new cluster's subnets do not allow."""
    ids = changes["subnetIds"]
    if has_unknown(ids):
        return
    subnets = list(api.read("ec2", "describe_subnets", "Subnets", SubnetIds=sorted(ids)))
    zones = sorted({subnet["AvailabilityZone"] for subnet in subnets})
    if len(zones) < 2:
        yield (
            "subnet_tier: a cluster needs subnets in two availability zones or more; "
            f"this tier has them in {', '.join(zones)}."
        )
    if cidr := changes.get("serviceIpv4Cidr"):
        for vpc in api.read("ec2", "describe_vpcs", "Vpcs", VpcIds=sorted({subnet["VpcId"] for subnet in subnets})):
            taken = [block["CidrBlock"] for block in vpc.get("CidrBlockAssociationSet", [])] or [vpc["CidrBlock"]]
            for block in sorted(set(taken)):
                if ipaddress.ip_network(cidr).overlaps(ipaddress.ip_network(block)):
                    yield (
                        f"service_cidr: {cidr} overlaps {block} of the VPC. "
                        "Choose a range that is used nowhere in reach of the cluster."
                    )


def minor(version: str) -> int:
    """The 35 of 1.35."""
    return int(version.partition(".")[2])


def no_such_way(present: str, wanted: str) -> str:
    """Why a cluster of this version cannot become one of that; empty when it can."""
    if minor(wanted) < minor(present):
        return f'version: the cluster runs {present}, and EKS does not go back to {wanted}. Set version: "{present}".'
    if minor(wanted) > minor(present) + 1:
        steps = ", then ".join(f'"1.{number}"' for number in range(minor(present) + 1, minor(wanted) + 1))
        return f"version: EKS goes up one minor version at a time. The cluster runs {present}: set version to {steps}."
    return ""


def _nodes_too_old(api: Aws, cluster: str, wanted: str) -> Iterator[str]:
    names = list(api.read("eks", "list_nodegroups", "nodegroups", clusterName=cluster))
    for found in each(
        lambda name: api.find("eks", "describe_nodegroup", clusterName=cluster, nodegroupName=name), names
    ):
        group: dict[str, Any] = found["nodegroup"] if found else {}
        if group and minor(group["version"]) < minor(wanted) - NODES_BEHIND:
            yield (
                f"version: the node group {group['nodegroupName']} runs {group['version']}, "
                f"which is more than {NODES_BEHIND} minor versions behind {wanted}. Update the node groups first."
            )
