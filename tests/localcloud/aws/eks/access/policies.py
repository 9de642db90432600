# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules of EKS's access policies, as the user guide tabulates them.

https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
"""

from __future__ import annotations

from dataclasses import dataclass

CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"


@dataclass(frozen=True)
class Rule:
    """Verbs on resources of an API group; "*" is all. ``urls`` says that all non-resource URLs are meant too."""

    group: str
    resources: frozenset[str]
    verbs: frozenset[str]
    urls: bool = False

    def allows(self, verb: str, group: str, resource: str) -> bool:
        return self.group in ("*", group) and _in(self.resources, resource) and _in(self.verbs, verb)


def policy_arn(name: str, partition: str) -> str:
    return f"arn:{partition}:eks::aws:cluster-access-policy/{name}"


def _in(names: frozenset[str], name: str) -> bool:
    return "*" in names or name in names


def _rule(group: str, resources: str, verbs: str) -> Rule:
    return Rule(group, frozenset(resources.split()), frozenset(verbs.split()))


_READ = "get list watch"
_WRITE = "create delete deletecollection patch update"
_WORKLOADS = "daemonsets deployments deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale"
_WORKLOADS_READ = (
    f"controllerrevisions daemonsets/status deployments/status replicasets/status statefulsets/status {_WORKLOADS}"
)
_EXTENSIONS = (
    "daemonsets deployments deployments/scale ingresses networkpolicies replicasets replicasets/scale "
    "replicationcontrollers/scale"
)
_CORE = "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale serviceaccounts services"

_VIEW = (
    _rule("apps", _WORKLOADS_READ, _READ),
    _rule("autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", _READ),
    _rule("batch", "cronjobs cronjobs/status jobs jobs/status", _READ),
    _rule("discovery.k8s.io", "endpointslices", _READ),
    _rule(
        "extensions", f"daemonsets/status deployments/status ingresses/status replicasets/status {_EXTENSIONS}", _READ
    ),
    _rule("networking.k8s.io", "ingresses ingresses/status networkpolicies", _READ),
    _rule("policy", "poddisruptionbudgets poddisruptionbudgets/status", _READ),
    _rule("", f"endpoints persistentvolumeclaims/status pods services/status {_CORE}", _READ),
    _rule(
        "", "bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status", _READ
    ),
    _rule("", "resourcequotas resourcequotas/status namespaces", _READ),
)
_EDIT = (
    *_VIEW,
    _rule("apps", f"deployments/rollback {_WORKLOADS}", _WRITE),
    _rule("autoscaling", "horizontalpodautoscalers", _WRITE),
    _rule("batch", "cronjobs jobs", _WRITE),
    _rule("extensions", f"deployments/rollback {_EXTENSIONS}", _WRITE),
    _rule("networking.k8s.io", "ingresses networkpolicies", _WRITE),
    _rule("policy", "poddisruptionbudgets", _WRITE),
    _rule("", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", _READ),
    _rule("", "serviceaccounts", "impersonate"),
    _rule("", "pods pods/attach pods/exec pods/portforward pods/proxy", _WRITE),
    _rule("", f"events secrets services/proxy {_CORE}", _WRITE),
)
_LEASES = (_rule("coordination.k8s.io", "leases", f"{_READ} {_WRITE}"),)

# Those of Auto Mode are for AWS's own roles, which nobody signs in with here: they are listed and can do what
# their page tabulates.
POLICIES: dict[str, tuple[Rule, ...]] = {
    "AmazonEKSAdminPolicy": (
        *_EDIT,
        _rule("authorization.k8s.io", "localsubjectaccessreviews", "create"),
        _rule("rbac.authorization.k8s.io", "rolebindings roles", f"{_READ} {_WRITE}"),
    ),
    CLUSTER_ADMIN: (Rule("*", frozenset("*"), frozenset("*"), urls=True),),
    "AmazonEKSAdminViewPolicy": (_rule("*", "*", _READ),),
    "AmazonEKSEditPolicy": _EDIT,
    "AmazonEKSViewPolicy": _VIEW,
    "AmazonEKSSecretReaderPolicy": (_rule("", "secrets", _READ),),
    "AmazonEKSHybridPolicy": (_rule("*", "nodes", "list"),),
    "AmazonEKSClusterInsightsPolicy": (_rule("", "nodes", "get list"), _rule("apps", "daemonsets", "get")),
    "AmazonEKSAutoNodePolicy": (),
    "AmazonEKSBlockStoragePolicy": _LEASES,
    "AmazonEKSBlockStorageClusterPolicy": (),
    "AmazonEKSComputePolicy": _LEASES,
    "AmazonEKSComputeClusterPolicy": (),
    "AmazonEKSLoadBalancingPolicy": _LEASES,
    "AmazonEKSLoadBalancingClusterPolicy": (),
    "AmazonEKSNetworkingPolicy": _LEASES,
    "AmazonEKSNetworkingClusterPolicy": (),
}
