# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clusters, and what belongs to each."""

from __future__ import annotations

from typing import Any

from .collectors import Found, every, reads


@reads("eks")
def _clusters(eks: Any) -> Found:
    for cluster in every(eks, "list_clusters", "clusters"):
        described = eks.describe_cluster(name=cluster)["cluster"]
        yield "cluster", cluster, described
        for name in every(eks, "list_nodegroups", "nodegroups", clusterName=cluster):
            yield (
                "nodegroup",
                f"{cluster}/{name}",
                eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"],
            )
        for name in every(eks, "list_addons", "addons", clusterName=cluster):
            yield "addon", f"{cluster}/{name}", eks.describe_addon(clusterName=cluster, addonName=name)["addon"]
        for name in every(eks, "list_fargate_profiles", "fargateProfileNames", clusterName=cluster):
            profile = eks.describe_fargate_profile(clusterName=cluster, fargateProfileName=name)["fargateProfile"]
            yield "fargate-profile", f"{cluster}/{name}", profile
        if described["accessConfig"]["authenticationMode"] != "CONFIG_MAP":
            yield from _access_entries(eks, cluster)
        yield from _identities(eks, cluster)


def _access_entries(eks: Any, cluster: str) -> Found:
    for principal in every(eks, "list_access_entries", "accessEntries", clusterName=cluster):
        entry = eks.describe_access_entry(clusterName=cluster, principalArn=principal)["accessEntry"]
        policies = every(
            eks,
            "list_associated_access_policies",
            "associatedAccessPolicies",
            clusterName=cluster,
            principalArn=principal,
        )
        yield "access-entry", f"{cluster}/{principal}", {**entry, "associatedAccessPolicies": policies}


def _identities(eks: Any, cluster: str) -> Found:
    for one in every(eks, "list_pod_identity_associations", "associations", clusterName=cluster):
        answer = eks.describe_pod_identity_association(clusterName=cluster, associationId=one["associationId"])
        yield "pod-identity-association", f"{cluster}/{one['namespace']}/{one['serviceAccount']}", answer["association"]
    for one in every(eks, "list_identity_provider_configs", "identityProviderConfigs", clusterName=cluster):
        answer = eks.describe_identity_provider_config(clusterName=cluster, identityProviderConfig=one)
        yield "identity-provider-config", f"{cluster}/{one['name']}", answer["identityProviderConfig"][one["type"]]
