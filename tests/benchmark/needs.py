# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What AWS makes a platform wait for, written by hand from AWS's documentation,
and the shortest time in which it can stand.

Nothing here is read off the collection. An edge is there only where AWS refuses or fails without it; what a run merely
does one after the other is no edge. How long a thing takes is the local cloud's own duration, so that both have the
same measure. IAM roles, security groups and all else that takes no time and needs nothing slow is left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from localcloud.clock import DURATIONS

GUIDE = "https://docs.aws.amazon.com"


@dataclass(frozen=True)
class Thing:
    """What is made in a first run.

    ``takes``: a key of the local cloud's durations; empty for what is there when the call is answered. ``calls``: the
    calls that make such a thing (``ec2 CreateSubnet``). ``needs``: what must be ready before it can be begun.
    ``source``: where AWS says so.
    """

    takes: str = ""
    calls: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    source: str = ""

    @property
    def seconds(self) -> float:
        """AWS's own."""
        return DURATIONS[self.takes] if self.takes else 0.0


# In an order in which they could be made.
THINGS = {
    "VPC": Thing(calls=("ec2 CreateVpc",)),
    "internet gateway": Thing(
        calls=("ec2 AttachInternetGateway",),
        needs=("VPC",),
        source=f"{GUIDE}/vpc/latest/userguide/VPC_Internet_Gateway.html",
    ),
    "subnets": Thing(
        calls=("ec2 CreateSubnet",), needs=("VPC",), source=f"{GUIDE}/vpc/latest/userguide/create-subnets.html"
    ),
    # One in a VPC that has no internet gateway fails: Gateway.NotAttached.
    "NAT gateways": Thing(
        "ec2.natgateway.create",
        needs=("subnets", "internet gateway"),
        source=f"{GUIDE}/vpc/latest/userguide/nat-gateway-troubleshooting.html",
    ),
    # AWS takes four requests for one at once, then three in ten seconds. Nine are later by 17 s, which no path that
    # counts feels, and the local cloud does not meter them.
    "interface endpoints": Thing(
        "ec2.endpoint.create",
        needs=("subnets",),
        source=f"{GUIDE}/vpc/latest/privatelink/create-interface-endpoint.html",
    ),
    "encryption keys": Thing(calls=("kms CreateKey",), source=f"{GUIDE}/kms/latest/APIReference/API_CreateKey.html"),
    "registries": Thing(calls=("ecr CreateRepository",), needs=("encryption keys",)),
    # Subnets in two zones at least, and the key of its secrets, which can be given later but not taken back.
    "cluster": Thing(
        "eks.cluster.create",
        needs=("subnets", "encryption keys"),
        source=f"{GUIDE}/eks/latest/userguide/network-reqs.html, .../enable-kms.html",
    ),
    "access entries": Thing(calls=("eks CreateAccessEntry",), needs=("cluster",)),
    # The issuer's address is known once the cluster is ACTIVE.
    "OIDC provider": Thing(calls=("iam CreateOpenIDConnectProvider",), needs=("cluster",)),
    # CreateNodegroup refuses a cluster that is not ACTIVE; nodes in private subnets reach EKS, ECR and EC2 through
    # a NAT gateway or endpoints. The network add-on is ready long before their instances are, so that they do not
    # wait for it.
    "node groups": Thing(
        "eks.nodegroup.create",
        needs=("cluster", "NAT gateways", "interface endpoints"),
        source=f"{GUIDE}/eks/latest/userguide/create-managed-node-group.html, .../private-clusters.html",
    ),
    "add-ons for nodes": Thing(
        "eks.addon.create", needs=("cluster",), source=f"{GUIDE}/eks/latest/userguide/eks-add-ons.html"
    ),
    "pod identities": Thing(
        calls=("eks CreatePodIdentityAssociation",),
        needs=("cluster",),
        source=f"{GUIDE}/eks/latest/userguide/pod-identities.html",
    ),
    # Their pods are Deployments, which are DEGRADED until there are nodes.
    "add-ons on nodes": Thing(
        "eks.addon.create",
        needs=("node groups", "pod identities"),
        source=f"{GUIDE}/eks/latest/userguide/managing-coredns.html, .../troubleshooting.html",
    ),
    "database": Thing(
        "rds.cluster.create",
        needs=("subnets", "encryption keys"),
        source=f"{GUIDE}/AmazonRDS/latest/AuroraUserGuide/Aurora.CreateInstance.html",
    ),
    # RDS takes instances of a cluster that is still being created, and makes them all at a time.
    "database instances": Thing(
        "rds.instance.create",
        needs=("subnets", "encryption keys"),
        source=f"{GUIDE}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
    ),
    # The Data API answers once there is an instance.
    "database users": Thing(
        calls=("rds-data ExecuteStatement",),
        needs=("database", "database instances"),
        source=f"{GUIDE}/AmazonRDS/latest/AuroraUserGuide/data-api.html",
    ),
    "buckets": Thing(calls=("s3 CreateBucket",), needs=("encryption keys",)),
    "hosted zones": Thing(calls=("route53 CreateHostedZone",)),
    # ACM validates a name when its record stands in the zone.
    "certificates": Thing(
        "acm.validation", needs=("hosted zones",), source=f"{GUIDE}/acm/latest/userguide/dns-validation.html"
    ),
    # An alternate name is taken only with a certificate that is issued; the origin's name is that of the bucket.
    "distribution": Thing(
        "cloudfront.deploy",
        needs=("certificates", "buckets"),
        source=f"{GUIDE}/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
    ),
    "site's files": Thing(calls=("s3 PutObject",), needs=("buckets",)),
}


def critical_path(present: Collection[str]) -> list[str]:
    """The things that no order of work could have made sooner, first to last, of those that are present."""
    paths: dict[str, list[str]] = {}
    for name, thing in THINGS.items():
        before = max((paths[need] for need in thing.needs), key=duration, default=[])
        paths[name] = [*before, name] if name in present else before
    return max(paths.values(), key=duration)


def duration(path: list[str]) -> float:
    """AWS's seconds."""
    return sum(THINGS[name].seconds for name in path)
