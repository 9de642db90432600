# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Roles, users, groups, policies and OIDC providers of the account's own."""

from __future__ import annotations

from typing import Any

from .collectors import Found, every, reads


@reads("iam", regional=False)
def _roles(iam: Any) -> Found:
    details = _details(iam, "Role")
    for one in every(iam, "list_roles", "Roles"):
        detail = details[one["RoleName"]]
        yield (
            "role",
            one["RoleName"],
            {
                **one,
                "Tags": detail.get("Tags", []),
                "PermissionsBoundary": detail.get("PermissionsBoundary"),
                "AttachedManagedPolicies": sorted(policy["PolicyArn"] for policy in detail["AttachedManagedPolicies"]),
                "RolePolicyList": {
                    policy["PolicyName"]: policy["PolicyDocument"] for policy in detail["RolePolicyList"]
                },
            },
        )


@reads("iam", regional=False)
def _all_others(iam: Any) -> Found:
    for name, one in _details(iam, "User").items():
        keys = [key["AccessKeyId"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]]
        yield "user", name, {**one, "AccessKeys": keys}
    for name, one in _details(iam, "Group").items():
        yield "group", name, one
    for one in every(iam, "list_instance_profiles", "InstanceProfiles"):
        tags = iam.list_instance_profile_tags(InstanceProfileName=one["InstanceProfileName"])["Tags"]
        roles = [role["RoleName"] for role in one["Roles"]]
        yield "instance-profile", one["InstanceProfileName"], {**one, "Roles": roles, "Tags": tags}
    for one in every(iam, "list_policies", "Policies", Scope="Local"):
        versions = [iam.get_policy_version(PolicyArn=one["Arn"], VersionId=one["DefaultVersionId"])["PolicyVersion"]]
        tags = iam.list_policy_tags(PolicyArn=one["Arn"])["Tags"]
        yield "policy", one["PolicyName"], {**one, "Document": versions[0]["Document"], "Tags": tags}
    for one in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        yield (
            "oidc-provider",
            one["Arn"].partition("/")[2],
            iam.get_open_id_connect_provider(OpenIDConnectProviderArn=one["Arn"]),
        )


def _details(iam: Any, kind: str) -> dict[str, Any]:
    pages = iam.get_paginator("get_account_authorization_details").paginate(Filter=[kind])
    return {one[f"{kind}Name"]: one for page in pages for one in page[f"{kind}DetailList"]}
