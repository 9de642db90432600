# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option ``cluster`` of all that belongs to a cluster, and the rules for names in EKS and Kubernetes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..engine.ahead import look
from ..resources.eks.cluster import ClusterLookup
from .component import Arguments, Context

DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
DNS_SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
LABEL_WORD = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
POLICY_ARN = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]+")


def cluster_of(context: Context) -> str:
    """The name of the cluster that is meant."""
    return str(context["cluster"] or context.owner.name)


def cluster_problems(arguments: Arguments) -> Iterator[str]:
    """A cluster is looked for by the beginning of its name."""
    name, own = arguments["cluster"], f"{arguments['platform']}-{arguments['environment']}"
    if name is None:
        return
    if name != own and not name.startswith(f"{own}-"):
        yield (
            f"cluster: {name!r} must be {own!r}, or begin with {own + '-'!r}: "
            "a cluster of this environment is known by its name."
        )
    if not re.fullmatch(r"[0-9A-Za-z][A-Za-z0-9_-]*", name) or len(name) > 50:
        yield (
            f"cluster: {name!r} must be at most 50 letters, digits, hyphens and underscores, "
            "beginning with a letter or digit."
        )


def kubernetes_version(context: Context) -> str | None:
    """The Kubernetes version that the cluster which is meant has, or will have; None when there is no such cluster."""
    name = cluster_of(context)
    found = look(ClusterLookup, context.aws, context.owner, [name]).get(name)
    return str(found["version"]) if found else None
