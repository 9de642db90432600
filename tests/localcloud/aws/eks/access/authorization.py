# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a caller may do by the access policies of its access entry: EKS's answer to a SubjectAccessReview.

It only ever allows. Where no policy does it has no opinion, so that Kubernetes RBAC decides.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from ..resources import Data
from .authentication import Refused, find_cluster
from .policies import POLICIES, Rule


def review_access(plane: str, review: Data) -> Data:
    """A SubjectAccessReview (authorization.k8s.io/v1) with its status,
    for the cluster whose control plane has that name.
    """
    answer = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "metadata": {"creationTimestamp": None},
    }
    policy = _allowing_policy(plane, review.get("spec", {}))
    if policy is None:
        return {**answer, "status": {"allowed": False, "denied": False}}
    return {**answer, "status": {"allowed": True, "denied": False, "reason": f"EKS Access Policy: allowed by {policy}"}}


def _allowing_policy(plane: str, spec: Data) -> str | None:
    extra = {name.lower(): values for name, values in (spec.get("extra") or {}).items()}
    try:
        cluster = find_cluster(plane)
    except Refused:
        return None
    entry = cluster.access_entries.get((extra.get("canonicalarn") or [""])[0])
    if entry is None:
        return None
    for association in entry.policies.values():
        name = association["policyArn"].rpartition("/")[2]
        if any(_allows(rule, association["accessScope"], spec) for rule in POLICIES[name]):
            return str(name)
    return None


def _allows(rule: Rule, scope: Data, spec: Data) -> bool:
    wanted = spec.get("resourceAttributes")
    if wanted is None:
        return rule.urls and scope["type"] == "cluster"
    namespace = wanted.get("namespace", "")
    if scope["type"] == "namespace" and not any(
        namespace and fnmatchcase(namespace, pattern) for pattern in scope["namespaces"]
    ):
        return False
    resource = "/".join(part for part in (wanted.get("resource", ""), wanted.get("subresource", "")) if part)
    return rule.allows(wanted.get("verb", ""), wanted.get("group", ""), resource)
