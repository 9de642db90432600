# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that exists in the cloud, read with plain boto3 past faults, lag and call log:
the judge of plans and destroys.

A dump maps ``<service>/<kind>/<name or id>`` to properties in AWS's own shape, tags included. Names of regional
services begin with their region, those of another account than the first with its number. What AWS itself owns (managed
policies, keys and aliases of services, public parameters) is left out, and what changes by being read. See compare.py
for what to do with two of them.

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
from localcloud import in_clusters, in_databases

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
    for name, database in health["databases"].items():
        found.update(in_databases.dump(name, database))
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
    client.meta.events.register(
        "before-sign", lambda request, **_: request.headers.add_header("x-moto-account-id", account)
    )
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
        pairs = [
            {name.lower().removeprefix("tag"): text for name, text in one.items()}
            for one in value
            if isinstance(one, dict)
        ]
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
    (
        "egress-only-internet-gateway",
        "describe_egress_only_internet_gateways",
        "EgressOnlyInternetGateways",
        "EgressOnlyInternetGatewayId",
    ),
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

_DELIVERIES = (
    ("delivery-source", "describe_delivery_sources", "deliverySources", "name"),
    ("delivery-destination", "describe_delivery_destinations", "deliveryDestinations", "name"),
    ("delivery", "describe_deliveries", "deliveries", "id"),
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
        versions = _all(
            ec2, "describe_launch_template_versions", "LaunchTemplateVersions", LaunchTemplateId=one["LaunchTemplateId"]
        )
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
                "RolePolicyList": {
                    policy["PolicyName"]: policy["PolicyDocument"] for policy in detail["RolePolicyList"]
                },
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
        yield (
            "oidc-provider",
            one["Arn"].partition("/")[2],
            iam.get_open_id_connect_provider(OpenIDConnectProviderArn=one["Arn"]),
        )


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
        yield (
            "log-group",
            one["logGroupName"],
            {**one, "tags": logs.list_tags_for_resource(resourceArn=one["logGroupArn"])["tags"]},
        )


@_of("s3")
def _s3(s3: Any) -> Found:
    for one in _all(s3, "list_buckets", "Buckets", BucketRegion=s3.meta.region_name):
        name = one["Name"]
        settings = {
            "Tags": _found(s3.get_bucket_tagging, Bucket=name).get("TagSet", []),
            "Policy": json.loads(_found(s3.get_bucket_policy, Bucket=name).get("Policy", "null")),
            "PublicAccessBlock": _found(s3.get_public_access_block, Bucket=name).get("PublicAccessBlockConfiguration"),
            "OwnershipControls": _found(s3.get_bucket_ownership_controls, Bucket=name).get("OwnershipControls"),
            "Encryption": s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"],
            "Versioning": s3.get_bucket_versioning(Bucket=name).get("Status"),
            "Lifecycle": _found(s3.get_bucket_lifecycle_configuration, Bucket=name).get("Rules", []),
            "Logging": s3.get_bucket_logging(Bucket=name).get("LoggingEnabled"),
        }
        yield "bucket", name, {**one, **settings}
        for item in _all(s3, "list_objects_v2", "Contents", Bucket=name):
            head = s3.head_object(Bucket=name, Key=item["Key"])
            kept = {member: head[member] for member in ("CacheControl", "ContentType", "Metadata") if member in head}
            tags = s3.get_object_tagging(Bucket=name, Key=item["Key"])["TagSet"]
            yield "object", f"{name}/{item['Key']}", {**item, **kept, "Tags": tags}


def _found(read: Callable[..., dict[str, Any]], **parameters: Any) -> dict[str, Any]:
    """The answer, empty where AWS says that there is no such setting."""
    try:
        return read(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if not code.startswith("NoSuch") and not code.endswith(("NotFoundError", "NotFoundException")):
            raise
        return {}


@_of("logs")
def _log_deliveries(logs: Any) -> Found:
    for kind, operation, key, name in _DELIVERIES:
        for one in _all(logs, operation, key):
            yield kind, one[name], {**one, "tags": logs.list_tags_for_resource(resourceArn=one["arn"])["tags"]}


@_of("cloudfront", regional=False)
def _cloudfront(cloudfront: Any) -> Found:
    for one in cloudfront.list_distributions()["DistributionList"].get("Items", []):
        tags = cloudfront.list_tags_for_resource(Resource=one["ARN"])["Tags"].get("Items", [])
        yield "distribution", one["Id"], {**cloudfront.get_distribution(Id=one["Id"])["Distribution"], "Tags": tags}
    for one in cloudfront.list_origin_access_controls()["OriginAccessControlList"].get("Items", []):
        yield "origin-access-control", one["Name"], one
    for one in cloudfront.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"].get("Items", []):
        yield (
            "response-headers-policy",
            one["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]["Name"],
            one["ResponseHeadersPolicy"],
        )
    for one in cloudfront.list_functions(Stage="DEVELOPMENT")["FunctionList"].get("Items", []):
        tags = cloudfront.list_tags_for_resource(Resource=one["FunctionMetadata"]["FunctionARN"])["Tags"].get(
            "Items", []
        )
        codes = {stage: _code(cloudfront, one["Name"], stage) for stage in ("DEVELOPMENT", "LIVE")}
        yield "function", one["Name"], {**one, "Code": codes, "Tags": tags}


def _code(cloudfront: Any, name: str, stage: str) -> str | None:
    try:
        code: str = cloudfront.get_function(Name=name, Stage=stage)["FunctionCode"].read().decode()
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchFunctionExists":
            raise
        return None
    return code


@_of("secretsmanager")
def _secrets(secretsmanager: Any) -> Found:
    """Without their values: the dump can be shown to anybody. A value that changes has another version."""
    for one in _all(secretsmanager, "list_secrets", "SecretList", IncludePlannedDeletion=True):
        policy = None
        if "DeletedDate" not in one:
            policy = json.loads(secretsmanager.get_resource_policy(SecretId=one["ARN"]).get("ResourcePolicy", "null"))
        yield "secret", one["Name"], {**one, "ResourcePolicy": policy, "Tags": one.get("Tags", [])}


@_of("ssm")
def _ssm(ssm: Any) -> Found:
    for one in _all(ssm, "describe_parameters", "Parameters"):
        if not one["Name"].startswith("/aws/"):
            tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=one["Name"])["TagList"]
            yield (
                "parameter",
                one["Name"],
                {**one, "Value": ssm.get_parameter(Name=one["Name"])["Parameter"]["Value"], "Tags": tags},
            )


@_of("route53", regional=False)
def _route53(route53: Any) -> Found:
    for zone in _all(route53, "list_hosted_zones", "HostedZones"):
        zone_id = zone["Id"].rpartition("/")[2]
        tags = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)["ResourceTagSet"]["Tags"]
        yield (
            "hosted-zone",
            zone_id,
            {**zone, "VPCs": route53.get_hosted_zone(Id=zone_id).get("VPCs", []), "Tags": tags},
        )
        for one in _all(route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id):
            if not (one["Name"] == zone["Name"] and one["Type"] in ("NS", "SOA")):
                yield (
                    "record-set",
                    "/".join(filter(None, (zone_id, one["Type"], one["Name"], one.get("SetIdentifier")))),
                    one,
                )


@_of("acm")
def _acm(acm: Any) -> Found:
    every = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]
    for summary in _all(acm, "list_certificates", "CertificateSummaryList", Includes={"keyTypes": every}):
        arn = summary["CertificateArn"]
        tags = acm.list_tags_for_certificate(CertificateArn=arn)["Tags"]
        yield (
            "certificate",
            arn.rpartition("/")[2],
            {**acm.describe_certificate(CertificateArn=arn)["Certificate"], "Tags": tags},
        )


@_of("ecr")
def _ecr(ecr: Any) -> Found:
    for one in _all(ecr, "describe_repositories", "repositories"):
        where = {"repositoryName": one["repositoryName"]}
        settings = {
            "tags": ecr.list_tags_for_resource(resourceArn=one["repositoryArn"])["tags"],
            "lifecyclePolicy": json.loads(_found(ecr.get_lifecycle_policy, **where).get("lifecyclePolicyText", "null")),
            "policy": json.loads(_found(ecr.get_repository_policy, **where).get("policyText", "null")),
            "images": _all(ecr, "list_images", "imageIds", **where),
        }
        yield "repository", one["repositoryName"], {**one, **settings}


@_of("rds")
def _rds(rds: Any) -> Found:
    """Automated snapshots go with their database; those of a database that is gone are retained backups."""
    for one in _all(rds, "describe_db_clusters", "DBClusters"):
        yield "cluster", one["DBClusterIdentifier"], _lasting(one)
    for one in _all(rds, "describe_db_instances", "DBInstances"):
        yield "instance", one["DBInstanceIdentifier"], _lasting(one)
    for one in _all(rds, "describe_db_cluster_snapshots", "DBClusterSnapshots", SnapshotType="manual"):
        yield "cluster-snapshot", one["DBClusterSnapshotIdentifier"], one
    for one in _all(rds, "describe_db_snapshots", "DBSnapshots", SnapshotType="manual"):
        yield "snapshot", one["DBSnapshotIdentifier"], one
    for one in _all(rds, "describe_db_instance_automated_backups", "DBInstanceAutomatedBackups"):
        if one["Status"] == "retained":
            yield "automated-backup", one["DBInstanceIdentifier"], one
    for one in _all(rds, "describe_db_subnet_groups", "DBSubnetGroups"):
        tags = rds.list_tags_for_resource(ResourceName=one["DBSubnetGroupArn"])["TagList"]
        yield "subnet-group", one["DBSubnetGroupName"], {**one, "Tags": tags}
    for kind, member, of_clusters in (
        ("parameter-group", "DBParameterGroup", ""),
        ("cluster-parameter-group", "DBClusterParameterGroup", "cluster_"),
    ):
        for one in _all(rds, f"describe_db_{of_clusters}parameter_groups", f"{member}s"):
            name = one[f"{member}Name"]
            if not name.startswith("default."):
                tags = rds.list_tags_for_resource(ResourceName=one[f"{member}Arn"])["TagList"]
                changed = _all(
                    rds,
                    f"describe_db_{of_clusters}parameters",
                    "Parameters",
                    **{f"{member}Name": name, "Source": "user"},
                )
                values = {parameter["ParameterName"]: parameter["ParameterValue"] for parameter in changed}
                yield kind, name, {**one, "Parameters": values, "Tags": tags}


def _lasting(database: Properties) -> Properties:
    """Without what moves on by itself."""
    return {
        name: value
        for name, value in database.items()
        if name not in ("LatestRestorableTime", "EarliestRestorableTime")
    }


@_of("eks")
def _eks(eks: Any) -> Found:
    for cluster in _all(eks, "list_clusters", "clusters"):
        described = eks.describe_cluster(name=cluster)["cluster"]
        yield "cluster", cluster, described
        for name in _all(eks, "list_nodegroups", "nodegroups", clusterName=cluster):
            yield (
                "nodegroup",
                f"{cluster}/{name}",
                eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"],
            )
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
        policies = _all(
            eks,
            "list_associated_access_policies",
            "associatedAccessPolicies",
            clusterName=cluster,
            principalArn=principal,
        )
        yield "access-entry", f"{cluster}/{principal}", {**entry, "associatedAccessPolicies": policies}


def _eks_identities(eks: Any, cluster: str) -> Found:
    for one in _all(eks, "list_pod_identity_associations", "associations", clusterName=cluster):
        answer = eks.describe_pod_identity_association(clusterName=cluster, associationId=one["associationId"])
        yield "pod-identity-association", f"{cluster}/{one['namespace']}/{one['serviceAccount']}", answer["association"]
    for one in _all(eks, "list_identity_provider_configs", "identityProviderConfigs", clusterName=cluster):
        answer = eks.describe_identity_provider_config(clusterName=cluster, identityProviderConfig=one)
        yield "identity-provider-config", f"{cluster}/{one['name']}", answer["identityProviderConfig"][one["type"]]
