# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module namespaces."""

from __future__ import annotations

from typing import Any

from kubernetes.client import CoreV1Api

from ...case import Case, Options, Raw
from ..needs import CLUSTER, NETWORK

SHOP: Options = {
    "labels": {"team": "shop"},
    "annotations": {"acme.example/contact": "shop@acme.example"},
    "pod_security": "restricted",
}
SYSTEM = "pod-security.kubernetes.io"
OWNERS = "its labels say whose it is: with others it is somebody else's, and refused"


def edit(raw: Raw) -> None:
    """As ``kubectl label`` and ``kubectl annotate`` do it: one changed, one taken away, one added,
    of each what there is.
    """
    labels = {"team": "theirs", f"{SYSTEM}/enforce": None, f"{SYSTEM}/warn": "privileged", "tier": "front"}
    annotations = {"acme.example/contact": None, "acme.example/theirs": "x"}
    with raw.cluster() as api:
        CoreV1Api(api).patch_namespace("shop", {"metadata": {"labels": labels, "annotations": annotations}})


def named(name: str, **given: Any) -> Options:
    return {"namespaces": {name: given}}


def label(key: str, value: Any = "x") -> Options:
    return named("shop", labels={key: value})


BAD: dict[str, tuple[Options, str]] = {
    "a cluster of another environment": (
        {"cluster": "other"},
        r"^cluster: 'other' must be 'acme-test', or begin with 'acme-test-'",
    ),
    "a cluster with a space in its name": (
        {"cluster": "acme-test-a b"},
        r"^cluster: 'acme-test-a b' must be at most 50 letters",
    ),
    "namespaces that are no dictionary": ({"namespaces": ["shop"]}, r"namespaces"),
    "a namespace that is no dictionary": (
        {"namespaces": {"shop": "x"}},
        r"^namespaces\.shop: 'x' is not a dictionary of options",
    ),
    "an option that namespaces do not have": (named("shop", quota="x"), r"^namespaces\.shop\.quota: "),
    "labels that are no dictionary": (named("shop", labels=["team"]), r"^namespaces\.shop\.labels: "),
    "a level that there is not": (named("shop", pod_security="strict"), r"^namespaces\.shop\.pod_security: "),
    "an empty name": (named(""), r"^namespaces\.: a namespace's name has at most 63 lower-case letters"),
    "a name in capitals": (named("Shop"), r"^namespaces\.Shop: a namespace's name"),
    "a name with a dot": (named("shop.web"), r"^namespaces\.shop\.web: a namespace's name"),
    "a name with a hyphen at its end": (named("shop-"), r"^namespaces\.shop-: a namespace's name"),
    "a name too long": (named("s" * 64), r"^namespaces\.s+: a namespace's name"),
    "a name of Kubernetes'": (named("kube-shop"), r"^namespaces\.kube-shop: names that begin with kube- are reserved"),
    "a level that the system's pods break": (
        named("kube-system", pod_security="baseline"),
        r"^namespaces\.kube-system\.pod_security: must be privileged",
    ),
    "the strictest level for the system's pods": (
        named("kube-system", pod_security="restricted"),
        r"^namespaces\.kube-system\.pod_security: must be privileged",
    ),
    "a label's key with a space": (label("a b"), r"^namespaces\.shop\.labels\.a b: not a label's key"),
    "an empty label's key": (label(""), r"^namespaces\.shop\.labels\.: not a label's key"),
    "a label's key too long": (label("k" * 64), r"^namespaces\.shop\.labels\.k+: not a label's key"),
    "a label's prefix that is no domain": (
        label("Acme_/team"),
        r"^namespaces\.shop\.labels\.Acme_/team: not a label's key",
    ),
    "a level given as a label": (
        label(f"{SYSTEM}/enforce", "baseline"),
        r"^namespaces\.shop\.labels\..*/enforce: set pod_security instead",
    ),
    "a label of Keelson's": (
        label("keelson.dev/platform"),
        r"^namespaces\.shop\.labels\.keelson\.dev/platform: this label is reserved",
    ),
    "a label below Keelson's": (
        label("need.keelson.dev/x"),
        r"^namespaces\.shop\.labels\.need\.keelson\.dev/x: this label is reserved",
    ),
    "the name as a label": (
        label("kubernetes.io/metadata.name"),
        r"\.labels\.kubernetes\.io/metadata\.name: this label is reserved",
    ),
    "a label that is no text": (
        label("paid", True),
        r"^namespaces\.shop\.labels\.paid: True is not a label's value: a text",
    ),
    "a label's value with a space": (
        label("team", "a b"),
        r"^namespaces\.shop\.labels\.team: 'a b' is not a label's value",
    ),
    "a label's value too long": (
        label("team", "x" * 64),
        r"^namespaces\.shop\.labels\.team: 'x+' is not a label's value",
    ),
    "an annotation's key with a space": (
        named("shop", annotations={"a b": "x"}),
        r"^namespaces\.shop\.annotations\.a b: not a valid key",
    ),
    "an annotation that is no text": (
        named("shop", annotations={"paid": True}),
        r"^namespaces\.shop\.annotations\.paid: True must be text",
    ),
}

CASE = Case(
    module="namespaces",
    options={"namespaces": {"shop": SHOP, "tools": {"pod_security": "privileged"}, "web": {}}},
    needs=(NETWORK, CLUSTER),
    changes={("Namespace", "Labels"): edit, ("Namespace", "Annotations"): edit},
    unchangeable={("Namespace", "Tags"): OWNERS},
    smaller={"namespaces": {"web": {}}},  # everything in a namespace goes with it: they are not purged
    bad=BAD,
    bad_when_made={
        "a namespace of another component": (
            {"component": "other"},
            r"^Namespace shop: exists, and is not this environment's",
        )
    },
    control_plane=True,
)
