# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Namespaces, with their labels, annotations and Pod Security levels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...kubernetes.api.cluster import Cluster
from ...kubernetes.kinds.namespace import SYSTEM_NAMESPACES, Namespace
from ...kubernetes.kinds.target import TargetCluster
from ..component import Arguments, Component, Context
from ..eks_names import DNS_LABEL, DNS_SUBDOMAIN, LABEL_WORD, cluster_of, cluster_problems
from ..entries import entries, entry_problems
from .namespaces_options import OPTIONS

NAMESPACE = OPTIONS["namespaces"]["entries"]


POD_SECURITY = "pod-security.kubernetes.io"
OURS = "keelson.dev"


def problems(arguments: Arguments) -> Iterator[str]:
    yield from cluster_problems(arguments)
    yield from entry_problems("namespaces", arguments["namespaces"], NAMESPACE)
    for name, namespace in entries(arguments["namespaces"], NAMESPACE).items():
        path = f"namespaces.{name}"
        if not DNS_LABEL.fullmatch(name):
            yield (
                f"{path}: a namespace's name has at most 63 lower-case letters, digits and hyphens, "
                "with none of these at its ends."
            )
        elif name.startswith("kube-") and name not in SYSTEM_NAMESPACES:
            yield f"{path}: names that begin with kube- are reserved for Kubernetes. Choose another."
        if name == "kube-system" and namespace["pod_security"] in ("baseline", "restricted"):
            yield f"{path}.pod_security: must be privileged: the network and storage drivers of EKS live there."
        yield from label_problems(f"{path}.labels", namespace["labels"])
        for key, value in namespace["annotations"].items():
            if not is_qualified(str(key)):
                yield (
                    f"{path}.annotations.{key}: not a valid key: at most 63 characters, "
                    "after an optional DNS prefix and a slash."
                )
            if not isinstance(value, str):
                yield f"{path}.annotations.{key}: {value!r} must be text. Quote it in YAML."


def label_problems(path: str, labels: dict[str, Any]) -> Iterator[str]:
    for key, value in labels.items():
        prefix = str(key).rpartition("/")[0]
        if not is_qualified(str(key)):
            yield f"{path}.{key}: not a label's key: at most 63 characters, after an optional DNS prefix and a slash."
        elif prefix == POD_SECURITY:
            yield f"{path}.{key}: set pod_security instead."
        elif prefix == OURS or prefix.endswith(f".{OURS}") or key == "kubernetes.io/metadata.name":
            yield f"{path}.{key}: this label is reserved."
        if not isinstance(value, str) or (value and not LABEL_WORD.fullmatch(value)):
            yield (
                f"{path}.{key}: {value!r} is not a label's value: a text of at most 63 letters, digits, dots, "
                "hyphens and underscores."
            )


def is_qualified(key: str) -> bool:
    """https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set"""
    prefix, slash, name = key.rpartition("/")
    return bool(LABEL_WORD.fullmatch(name)) and (not slash or bool(DNS_SUBDOMAIN.fullmatch(prefix)))


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    cluster = TargetCluster(cluster_of(context))
    declared = entries(context["namespaces"], NAMESPACE).items()
    return Declaration(tuple(namespace_of(cluster, name, namespace) for name, namespace in declared))


def namespace_of(cluster: TargetCluster, name: str, namespace: dict[str, Any]) -> Namespace:
    level = namespace["pod_security"] or ("privileged" if name == "kube-system" else "baseline")
    return Namespace(name, cluster, {**namespace["labels"], **pod_security(level)}, namespace["annotations"])


def pod_security(level: str) -> dict[str, str]:
    """What is enforced, and what is warned of: the level to strive for, unless anything goes.

    https://kubernetes.io/docs/concepts/security/pod-security-admission/
    """
    strive = "privileged" if level == "privileged" else "restricted"
    return {f"{POD_SECURITY}/enforce": level, f"{POD_SECURITY}/warn": strive, f"{POD_SECURITY}/audit": strive}


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    return {"namespaces": sorted(key for kind, key in outcome.world if kind is Namespace)}


COMPONENT = Component(
    name="namespaces",
    options=OPTIONS,
    kinds=(Namespace,),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("namespaces",),
    api=lambda context: Cluster(context.aws, cluster_of(context)),
    tagged=False,
)
