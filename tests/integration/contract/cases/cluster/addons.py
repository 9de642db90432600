# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module addons."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw
from ..changes import Change
from ..needs import CLUSTER, NETWORK, NETWORK_PLUGIN, NODES

ROLE_ARN = "arn:aws:iam::123456789012:role/keelson/acme/test/pod_identities/acme-test-ebs"
"""EKS only looks whether there is such a role."""
KUBE_PROXY: Options = {
    "version": "v1.35.3-eksbuild.9",
    "configuration": {"mode": "ipvs", "ipvs": {"scheduler": "rr"}},
    "service_account_role_arn": ROLE_ARN,
    "preserve_on_delete": True,
}


def update(**settings: Any) -> Change:
    return lambda raw: raw.client("eks").update_addon(clusterName="acme-test", addonName="kube-proxy", **settings)


def tag(raw: Raw) -> None:
    arn = raw.found("Addon", "acme-test/kube-proxy")["addonArn"]
    raw.client("eks").tag_resource(
        resourceArn=arn, tags={"team": "someone else", "keelson:preserve-on-delete": "false"}
    )


def with_addon(given: object, name: str = "coredns") -> Options:
    return {"addons": {name: given}}


CASE = Case(
    module="addons",
    options={
        "addons": {
            **NETWORK_PLUGIN[1]["addons"],
            "kube-proxy": KUBE_PROXY,
            "coredns": {},
            "aws-ebs-csi-driver": {"version": "latest", "pod_identity": "ebs"},
        }
    },
    needs=(
        NETWORK,
        CLUSTER,
        ("pod_identities", {"pod_identities": {"ebs": {"profile": "aws-ebs-csi-driver"}}}),
        NETWORK_PLUGIN,
        NODES,
    ),
    changes={
        ("Addon", "Tags"): tag,
        ("Addon", "addonVersion"): update(addonVersion="v1.35.0-eksbuild.2", serviceAccountRoleArn=ROLE_ARN),
        ("Addon", "configurationValues"): update(
            configurationValues='{"mode": "iptables"}', serviceAccountRoleArn=ROLE_ARN
        ),
        ("Addon", "serviceAccountRoleArn"): update(),
    },
    smaller={"addons": {"vpc-cni": {}, "coredns": {}}},
    purged=frozenset({"Addon"}),
    bad={
        "a cluster of another environment": (
            {"cluster": "other"},
            r"^cluster: 'other' must be 'acme-test', or begin with",
        ),
        "a cluster with a space in its name": (
            {"cluster": "acme-test-a b"},
            r"^cluster: 'acme-test-a b' must be at most 50 letters",
        ),
        "a version of Kubernetes that YAML has cut": (
            {"kubernetes_version": "1.4"},
            r"^kubernetes_version: '1\.4' is not a Kubernetes minor",
        ),
        "add-ons that are no dictionary": ({"addons": ["coredns"]}, r"addons"),
        "an add-on that is no dictionary": (
            with_addon("latest"),
            r"^addons\.coredns: 'latest' is not a dictionary of options",
        ),
        "an option that add-ons do not have": (with_addon({"versions": "1"}), r"^addons\.coredns\.versions: "),
        "a configuration that is a list": (with_addon({"configuration": [1]}), r"^addons\.coredns\.configuration: "),
        "a truth that is none": (
            with_addon({"preserve_on_delete": "perhaps"}),
            r"^addons\.coredns\.preserve_on_delete: ",
        ),
        "an add-on without a name": (with_addon({}, ""), r"^addons\.: '' is not an add-on's name"),
        "a name in capitals": (with_addon({}, "CoreDNS"), r"^addons\.CoreDNS: 'CoreDNS' is not an add-on's name"),
        "a version that is none": (
            with_addon({"version": "newest"}),
            r"^addons\.coredns\.version: 'newest' must be latest, default, or a",
        ),
        "a role that is none": (
            with_addon({"service_account_role_arn": "cni"}),
            r"^addons\.coredns\.service_account_role_arn: 'cni' is not the ARN of an IAM role",
        ),
        "two roles": (
            with_addon({"service_account_role_arn": ROLE_ARN, "pod_identity": "ebs"}),
            r"^addons\.coredns\.pod_identity: give either this or service_account_role_arn",
        ),
        "an add-on that AWS does not have": (
            with_addon({}, "coredn"),
            r"^addons\.coredn: AWS offers no add-on coredn for Kubernetes 1\.35",
        ),
        "a version that AWS does not offer": (
            with_addon({"version": "v1.0.0-eksbuild.1"}),
            r"^addons\.coredns\.version: v1\.0\.0-eksbuild\.1 is not offered for Kubernetes 1\.35\. Offered are v1\.14",
        ),
        "a version for another Kubernetes": (
            with_addon({"version": "v1.34.6-eksbuild.12"}, "kube-proxy"),
            r"^addons\.kube-proxy\.version: v1\.34\.6-eksbuild\.12 is not offered for Kubernetes 1\.35",
        ),
        "a setting that the add-on does not have": (
            with_addon({"configuration": {"replicas": 3}}),
            r"addons\.coredns\.configuration\.replicas: there is no such value\. There are .*replicaCount",
        ),
        "a setting of another type": (
            with_addon({"configuration": {"replicaCount": "many"}}),
            r"addons\.coredns\.configuration\.replicaCount: 'many' is not of type integer",
        ),
        "a setting that is not on the list": (
            with_addon({"configuration": {"mode": "fast"}}, "kube-proxy"),
            r"addons\.kube-proxy\.configuration\.mode: 'fast' is not one of iptables, ipvs, nftables",
        ),
    },
    bad_when_made={
        "a setting that the installed version does not have": (
            with_addon({**KUBE_PROXY, "configuration": {"speed": 1}}, "kube-proxy"),
            r"addons\.kube-proxy\.configuration\.speed: there is no such value",
        ),
        "an add-on of another component": (
            {"component": "other"},
            r"^Addon acme-test/coredns: exists, and is not this environment's",
        ),
        "more removals than the limit": (
            {"addons": {}, "prune_limit": 3},
            r"^the plan deletes 4 resources .* more than prune_limit \(3\)",
        ),
    },
)
