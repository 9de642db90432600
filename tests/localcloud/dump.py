# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that exists in the cloud, read with plain boto3 past faults, lag and call log: the judge of plans and destroys.

A dump maps ``<service>/<kind>/<name or id>`` to properties in AWS's own shape, tags included. Names of regional services
begin with their region, those of another account than the first with its number. What AWS itself owns (managed policies,
keys and aliases of services, public parameters) is left out, and what changes by being read. See compare.py for what to do
with two of them.

To add a service, write a function that yields ``(kind, name, properties)`` and decorate it with the service's name.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from localcloud import in_clusters

Properties = dict[str, Any]
Dump = dict[str, Properties]
Found = Iterator[tuple[str, str, Properties]]
Collector = Callable[[Any], Found]

_collectors: list[tuple[str, bool, Collector]] = []
_FIRST_REGION = "us-east-1"
_ATTEMPTS = 3


def dump(url: str, access_key: str, secret_key: str) -> Dump:
    """All of the cloud at ``url``; the keys are those of its operator."""
    with urllib.request.urlopen(f"{url}/_localcloud/health", timeout=30) as answer:
        health = json.load(answer)
    found: Dump = {}
    with ThreadPoolExecutor(6) as pool:
        jobs = []
        for account in health["accounts"]:
            for service, regional, collect in _collectors:
                for region in health["regions"] if regional else [_FIRST_REGION]:
                    client = _client(url, access_key, secret_key, service, region, account)
                    place = [account] * (account != health["accounts"][0]) + [region] * regional
                    jobs.append(pool.submit(_collect, service, place, collect, client))
        for job in jobs:
            found.update(job.result())
    for name, cluster in health["clusters"].items():
        if cluster["started"]:
            found.update(in_clusters.dump(name, cluster["kubeconfig"]))
    return dict(sorted(found.items()))


@cache
def _client(url: str, access_key: str, secret_key: str, service: str, region: str, account: str) -> Any:
    client: Any = _session().client(
        service,
        region_name=region,
        endpoint_url=f"{url}/_localcloud/clean",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=8),
    )
    client.meta.events.register("before-sign", lambda request, **_: request.headers.add_header("x-moto-account-id", account))
    return client


@cache
def _session() -> boto3.Session:
    return boto3.Session()


def _collect(service: str, place: list[str], collect: Collector, client: Any) -> Dump:
    """Once more when something that was listed has gone before it could be described."""
    for attempt in range(_ATTEMPTS):
        try:
            found = list(collect(client))
            break
        except ClientError as error:
            gone = "NotFound" in error.response["Error"]["Code"] or error.response["Error"]["Code"] == "NoSuchEntity"
            if not gone or attempt == _ATTEMPTS - 1:
                raise
    return {"/".join([service, kind, *place, name.lstrip("/")]): _plain(properties) for kind, name, properties in found}


def _plain(value: Any) -> Any:
    """As JSON has it, with lists of tags as a mapping."""
    if isinstance(value, dict):
        members = {key: _plain(one) for key, one in value.items() if key != "ResponseMetadata"}
        return {key: {} if key in ("Tags", "tags", "TagSet") and not one else one for key, one in members.items()}
    if isinstance(value, list):
        pairs = [{name.lower().removeprefix("tag"): text for name, text in one.items()} for one in value if isinstance(one, dict)]
        if pairs and len(pairs) == len(value) and all(pair.keys() == {"key", "value"} for pair in pairs):
            return {pair["key"]: pair["value"] for pair in pairs}
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _of(service: str, regional: bool = True) -> Callable[[Collector], Collector]:
    def register(collect: Collector) -> Collector:
        _collectors.append((service, regional, collect))
        return collect

    return register


def _all(client: Any, operation: str, key: str, **parameters: Any) -> list[Any]:
    """Every page of a list."""
    if not client.can_paginate(operation):
        return list(getattr(client, operation)(**parameters)[key])
    pages = client.get_paginator(operation).paginate(**parameters)
    return [one for page in pages for one in page.get(key, [])]


# Kind, operation, result, id.
_EC2 = (
    ("subnet", "describe_subnets", "Subnets", "SubnetId"),
    ("route-table", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("internet-gateway", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("egress-only-internet-gateway", "describe_egress_only_internet_gateways", "EgressOnlyInternetGateways", "EgressOnlyInternetGatewayId"),
    ("elastic-ip", "describe_addresses", "Addresses", "AllocationId"),
    ("network-acl", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
    ("security-group", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("security-group-rule", "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
    ("network-interface", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    ("vpc-endpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("vpc-flow-log", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("vpc-peering-connection", "describe_vpc_peering_connections", "VpcPeeringConnections", "VpcPeeringConnectionId"),
    ("dhcp-options", "describe_dhcp_options", "DhcpOptions", "DhcpOptionsId"),
    ("key-pair", "describe_key_pairs", "KeyPairs", "KeyPairId"),
    ("volume", "describe_volumes", "Volumes", "VolumeId"),
)


@_of("ec2")
def _ec2(ec2: Any) -> Found:
    for kind, operation, key, name in _EC2:
        for one in _all(ec2, operation, key):
            yield kind, one[name], one
    for reservation in _all(ec2, "describe_instances", "Reservations"):
        for one in reservation["Instances"]:
            if one["State"]["Name"] != "terminated":
                yield "instance", one["InstanceId"], one


@_of("ec2")
def _vpcs(ec2: Any) -> Found:
    for one in _all(ec2, "describe_vpcs", "Vpcs"):
        for attribute in ("enableDnsSupport", "enableDnsHostnames"):
            answer = ec2.describe_vpc_attribute(VpcId=one["VpcId"], Attribute=attribute)
            one[attribute] = answer[attribute[0].upper() + attribute[1:]]["Value"]
        yield "vpc", one["VpcId"], one


@_of("ec2")
def _nat_gateways(ec2: Any) -> Found:
    """A deleted gateway is described for an hour more."""
    for one in _all(ec2, "describe_nat_gateways", "NatGateways"):
        if one["State"] != "deleted":
            yield "natgateway", one["NatGatewayId"], one


@_of("ec2")
def _launch_templates(ec2: Any) -> Found:
    for one in _all(ec2, "describe_launch_templates", "LaunchTemplates"):
        versions = _all(ec2, "describe_launch_template_versions", "LaunchTemplateVersions", LaunchTemplateId=one["LaunchTemplateId"])
        yield (
            "launch-template",
            one["LaunchTemplateId"],
            {**one, "Versions": sorted(versions, key=lambda version: version["VersionNumber"])},
        )


@_of("iam", regional=False)
def _roles(iam: Any) -> Found:
    details = _details(iam, "Role")
    for one in _all(iam, "list_roles", "Roles"):
        detail = details[one["RoleName"]]
        yield (
            "role",
            one["RoleName"],
            {
                **one,
                "Tags": detail.get("Tags", []),
                "PermissionsBoundary": detail.get("PermissionsBoundary"),
                "AttachedManagedPolicies": sorted(policy["PolicyArn"] for policy in detail["AttachedManagedPolicies"]),
                "RolePolicyList": {policy["PolicyName"]: policy["PolicyDocument"] for policy in detail["RolePolicyList"]},
            },
        )


def _details(iam: Any, kind: str) -> dict[str, Any]:
    pages = iam.get_paginator("get_account_authorization_details").paginate(Filter=[kind])
    return {one[f"{kind}Name"]: one for page in pages for one in page[f"{kind}DetailList"]}


@_of("iam", regional=False)
def _iam(iam: Any) -> Found:
    for name, one in _details(iam, "User").items():
        keys = [key["AccessKeyId"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]]
        yield "user", name, {**one, "AccessKeys": keys}
    for name, one in _details(iam, "Group").items():
        yield "group", name, one
    for one in _all(iam, "list_instance_profiles", "InstanceProfiles"):
        tags = iam.list_instance_profile_tags(InstanceProfileName=one["InstanceProfileName"])["Tags"]
        roles = [role["RoleName"] for role in one["Roles"]]
        yield "instance-profile", one["InstanceProfileName"], {**one, "Roles": roles, "Tags": tags}
    for one in _all(iam, "list_policies", "Policies", Scope="Local"):
        versions = [iam.get_policy_version(PolicyArn=one["Arn"], VersionId=one["DefaultVersionId"])["PolicyVersion"]]
        tags = iam.list_policy_tags(PolicyArn=one["Arn"])["Tags"]
        yield "policy", one["PolicyName"], {**one, "Document": versions[0]["Document"], "Tags": tags}
    for one in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        yield "oidc-provider", one["Arn"].partition("/")[2], iam.get_open_id_connect_provider(OpenIDConnectProviderArn=one["Arn"])


@_of("kms")
def _kms(kms: Any) -> Found:
    for key in _all(kms, "list_keys", "Keys"):
        one = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if one["KeyManager"] == "AWS":
            continue
        rotation = kms.get_key_rotation_status(KeyId=key["KeyId"])
        yield (
            "key",
            key["KeyId"],
            {
                **one,
                "Policy": json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]),
                "Rotation": rotation.get("RotationPeriodInDays") if rotation["KeyRotationEnabled"] else None,
                "Tags": _all(kms, "list_resource_tags", "Tags", KeyId=key["KeyId"]),
            },
        )
    for one in _all(kms, "list_aliases", "Aliases"):
        if not one["AliasName"].startswith("alias/aws/"):
            yield "alias", one["AliasName"].removeprefix("alias/"), one


@_of("logs")
def _logs(logs: Any) -> Found:
    for one in _all(logs, "describe_log_groups", "logGroups"):
        del one["storedBytes"]
        yield "log-group", one["logGroupName"], {**one, "tags": logs.list_tags_for_resource(resourceArn=one["logGroupArn"])["tags"]}


@_of("ssm")
def _ssm(ssm: Any) -> Found:
    for one in _all(ssm, "describe_parameters", "Parameters"):
        if not one["Name"].startswith("/aws/"):
            tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=one["Name"])["TagList"]
            yield "parameter", one["Name"], {**one, "Value": ssm.get_parameter(Name=one["Name"])["Parameter"]["Value"], "Tags": tags}


@_of("eks")
def _eks(eks: Any) -> Found:
    for cluster in _all(eks, "list_clusters", "clusters"):
        described = eks.describe_cluster(name=cluster)["cluster"]
        yield "cluster", cluster, described
        for name in _all(eks, "list_nodegroups", "nodegroups", clusterName=cluster):
            yield "nodegroup", f"{cluster}/{name}", eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
        for name in _all(eks, "list_addons", "addons", clusterName=cluster):
            yield "addon", f"{cluster}/{name}", eks.describe_addon(clusterName=cluster, addonName=name)["addon"]
        for name in _all(eks, "list_fargate_profiles", "fargateProfileNames", clusterName=cluster):
            profile = eks.describe_fargate_profile(clusterName=cluster, fargateProfileName=name)["fargateProfile"]
            yield "fargate-profile", f"{cluster}/{name}", profile
        if described["accessConfig"]["authenticationMode"] != "CONFIG_MAP":
            yield from _eks_access_entries(eks, cluster)
        yield from _eks_identities(eks, cluster)


def _eks_access_entries(eks: Any, cluster: str) -> Found:
    for principal in _all(eks, "list_access_entries", "accessEntries", clusterName=cluster):
        entry = eks.describe_access_entry(clusterName=cluster, principalArn=principal)["accessEntry"]
        policies = _all(eks, "list_associated_access_policies", "associatedAccessPolicies", clusterName=cluster, principalArn=principal)
        yield "access-entry", f"{cluster}/{principal}", {**entry, "associatedAccessPolicies": policies}


def _eks_identities(eks: Any, cluster: str) -> Found:
    for one in _all(eks, "list_pod_identity_associations", "associations", clusterName=cluster):
        answer = eks.describe_pod_identity_association(clusterName=cluster, associationId=one["associationId"])
        yield "pod-identity-association", f"{cluster}/{one['namespace']}/{one['serviceAccount']}", answer["association"]
    for one in _all(eks, "list_identity_provider_configs", "identityProviderConfigs", clusterName=cluster):
        answer = eks.describe_identity_provider_config(clusterName=cluster, identityProviderConfig=one)
        yield "identity-provider-config", f"{cluster}/{one['name']}", answer["identityProviderConfig"][one["type"]]
