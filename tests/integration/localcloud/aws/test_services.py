# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's IAM, KMS, CloudWatch Logs and Systems Manager where they go beyond moto."""

from __future__ import annotations

import json
from typing import Any

import pytest
from localcloud.testing import Cloud

from .refusals import refusal


def policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


TRUST = policy(Principal={"Service": "eks.amazonaws.com"}, Action="sts:AssumeRole")
READ = policy(Action="s3:GetObject", Resource="*")
ROOT = {"AWS": "arn:aws:iam::123456789012:root"}


@pytest.fixture
def iam(cloud: Cloud) -> Any:
    return cloud.client("iam")


@pytest.fixture
def kms(cloud: Cloud) -> Any:
    return cloud.client("kms")


@pytest.fixture
def logs(cloud: Cloud) -> Any:
    return cloud.client("logs")


@pytest.fixture
def ssm(cloud: Cloud) -> Any:
    return cloud.client("ssm")


def test_a_role_name_is_taken_whatever_its_path_and_case(iam: Any) -> None:
    iam.create_role(RoleName="one", Path="/keelson/a/", AssumeRolePolicyDocument=TRUST)
    assert (
        refusal(iam.create_role, RoleName="ONE", Path="/keelson/b/", AssumeRolePolicyDocument=TRUST)
        == "EntityAlreadyExists"
    )
    assert [role["RoleName"] for role in iam.list_roles(PathPrefix="/keelson/a/")["Roles"]] == ["one"]
    assert iam.list_roles(PathPrefix="/keelson/b/")["Roles"] == []
    assert "Tags" not in iam.list_roles(PathPrefix="/keelson/a/")["Roles"][0]


def test_a_trust_policy_must_be_one(iam: Any) -> None:
    assert refusal(iam.create_role, RoleName="one", AssumeRolePolicyDocument="nonsense") == "MalformedPolicyDocument"


def test_a_role_is_deleted_only_without_policies_and_profiles(iam: Any) -> None:
    iam.create_role(RoleName="one", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="one", PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
    assert refusal(iam.delete_role, RoleName="one") == "DeleteConflict"
    iam.detach_role_policy(RoleName="one", PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
    iam.put_role_policy(RoleName="one", PolicyName="inline", PolicyDocument=READ)
    assert refusal(iam.delete_role, RoleName="one") == "DeleteConflict"
    iam.delete_role_policy(RoleName="one", PolicyName="inline")
    iam.create_instance_profile(InstanceProfileName="profile", Tags=[{"Key": "a", "Value": "b"}])
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="one")
    assert refusal(iam.delete_role, RoleName="one") == "DeleteConflict"
    assert iam.list_instance_profile_tags(InstanceProfileName="profile")["Tags"] == [{"Key": "a", "Value": "b"}]
    iam.remove_role_from_instance_profile(InstanceProfileName="profile", RoleName="one")
    iam.delete_role(RoleName="one")


def test_an_update_of_a_role_keeps_what_it_leaves_out(iam: Any) -> None:
    iam.create_role(RoleName="one", AssumeRolePolicyDocument=TRUST, MaxSessionDuration=7200, Description="before")
    iam.update_role(RoleName="one", Description="after")
    role = iam.get_role(RoleName="one")["Role"]
    assert (role["MaxSessionDuration"], role["Description"]) == (7200, "after")


def test_a_policy_is_deleted_only_unattached_and_with_one_version(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="read", Path="/keelson/", PolicyDocument=READ)["Policy"]["Arn"]
    assert refusal(iam.create_policy, PolicyName="read", Path="/", PolicyDocument=READ) == "EntityAlreadyExists"
    iam.create_role(RoleName="one", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="one", PolicyArn=arn)
    assert refusal(iam.delete_policy, PolicyArn=arn) == "DeleteConflict"
    iam.detach_role_policy(RoleName="one", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=READ, SetAsDefault=True)
    assert refusal(iam.delete_policy, PolicyArn=arn) == "DeleteConflict"
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)


def test_service_linked_roles_have_awss_names_and_are_awss_own(iam: Any) -> None:
    for service, name in (
        ("eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),
        ("eks-nodegroup.amazonaws.com", "AWSServiceRoleForAmazonEKSNodegroup"),
        ("spot.amazonaws.com", "AWSServiceRoleForEC2Spot"),
        ("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
    ):
        assert iam.create_service_linked_role(AWSServiceName=service)["Role"]["RoleName"] == name
        assert refusal(iam.create_service_linked_role, AWSServiceName=service) == "InvalidInput"
    assert refusal(iam.delete_role, RoleName="AWSServiceRoleForEC2Spot") == "UnmodifiableEntity"
    iam.delete_service_linked_role(RoleName="AWSServiceRoleForEC2Spot")
    assert refusal(iam.get_role, RoleName="AWSServiceRoleForEC2Spot") == "NoSuchEntity"


def test_an_oidc_provider_has_tags_clients_and_an_https_url(iam: Any) -> None:
    url = "https://oidc.eks.us-east-1.amazonaws.com/id/ABC"
    arn = iam.create_open_id_connect_provider(
        Url=url, ClientIDList=["sts.amazonaws.com"], Tags=[{"Key": "a", "Value": "b"}]
    )["OpenIDConnectProviderArn"]
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="other")
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="sts.amazonaws.com")
    iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=[{"Key": "c", "Value": "d"}])
    provider = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert provider["ClientIDList"] == ["other"]
    assert len(provider["Tags"]) == 2
    assert refusal(iam.create_open_id_connect_provider, Url=url) == "EntityAlreadyExists"
    assert refusal(iam.create_open_id_connect_provider, Url=url.replace("https", "http")) == "ValidationError"


def test_a_key_pending_deletion_allows_little_and_comes_back_disabled(kms: Any) -> None:
    key = kms.create_key(Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]
    assert key["KeyUsage"] == "ENCRYPT_DECRYPT"
    key_id = key["KeyId"]
    assert refusal(kms.schedule_key_deletion, KeyId=key_id, PendingWindowInDays=6) == "ValidationException"
    assert refusal(kms.cancel_key_deletion, KeyId=key_id) == "KMSInvalidStateException"
    scheduled = kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
    assert (scheduled["KeyState"], scheduled["KeyId"]) == ("PendingDeletion", key["Arn"])
    assert kms.describe_key(KeyId=key_id)["KeyMetadata"]["DeletionDate"] == scheduled["DeletionDate"]
    for call, parameters in (
        (kms.schedule_key_deletion, {}),
        (kms.enable_key, {}),
        (kms.enable_key_rotation, {}),
        (kms.tag_resource, {"Tags": [{"TagKey": "c", "TagValue": "d"}]}),
        (kms.encrypt, {"Plaintext": b"x"}),
    ):
        assert refusal(call, KeyId=key_id, **parameters) == "KMSInvalidStateException"
    assert refusal(kms.create_alias, AliasName="alias/x", TargetKeyId=key_id) == "KMSInvalidStateException"
    kms.cancel_key_deletion(KeyId=key_id)
    assert kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] == "Disabled"
    assert refusal(kms.encrypt, KeyId=key_id, Plaintext=b"x") == "DisabledException"
    kms.enable_key(KeyId=key_id)


def test_rotation_has_a_period(kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 180
    kms.enable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365


def test_alias_names_are_taken_once_and_awss_own_never(kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/one", TargetKeyId=key)
    assert refusal(kms.create_alias, AliasName="alias/one", TargetKeyId=key) == "AlreadyExistsException"
    assert refusal(kms.create_alias, AliasName="alias/aws/one", TargetKeyId=key) == "NotAuthorizedException"
    assert kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["KeyManager"] == "AWS"


def test_a_key_policy_must_be_one(kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert (
        refusal(kms.put_key_policy, KeyId=key, PolicyName="default", Policy="{}") == "MalformedPolicyDocumentException"
    )


def test_a_log_group_is_encrypted_with_a_key_that_lets_the_service_in(kms: Any, logs: Any) -> None:
    key = kms.create_key()["KeyMetadata"]
    assert refusal(logs.create_log_group, logGroupName="/x", kmsKeyId=key["Arn"]) == "InvalidParameterException"
    logs.create_log_group(logGroupName="/x")
    assert refusal(logs.associate_kms_key, logGroupName="/x", kmsKeyId=key["Arn"]) == "InvalidParameterException"
    document = policy(Principal={"Service": "logs.us-east-1.amazonaws.com", **ROOT}, Action="kms:*", Resource="*")
    kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=document)
    logs.associate_kms_key(logGroupName="/x", kmsKeyId=key["Arn"])
    assert logs.describe_log_groups()["logGroups"][0]["kmsKeyId"] == key["Arn"]
    logs.disassociate_kms_key(logGroupName="/x")
    assert "kmsKeyId" not in logs.describe_log_groups()["logGroups"][0]


def test_retention_is_one_of_awss_periods(logs: Any) -> None:
    logs.create_log_group(logGroupName="/x", logGroupClass="INFREQUENT_ACCESS")
    assert refusal(logs.put_retention_policy, logGroupName="/x", retentionInDays=31) == "InvalidParameterException"
    logs.put_retention_policy(logGroupName="/x", retentionInDays=30)
    group = logs.describe_log_groups()["logGroups"][0]
    assert (group["retentionInDays"], group["logGroupClass"]) == (30, "INFREQUENT_ACCESS")


def test_the_tags_of_a_log_group_end_with_it(logs: Any) -> None:
    logs.create_log_group(logGroupName="/x", tags={"a": "b"})
    arn = logs.describe_log_groups()["logGroups"][0]["logGroupArn"]
    logs.tag_resource(resourceArn=arn, tags={"c": "d"})
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "b", "c": "d"}
    logs.delete_log_group(logGroupName="/x")
    assert refusal(logs.list_tags_for_resource, resourceArn=arn) == "ResourceNotFoundException"
    logs.create_log_group(logGroupName="/x")
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {}


def test_a_parameter_is_overwritten_only_when_told_and_counts_its_versions(ssm: Any) -> None:
    lock = {"Name": "/keelson/lock", "Value": "one", "Type": "String"}
    ssm.put_parameter(**lock, Tags=[{"Key": "a", "Value": "b"}])
    assert refusal(ssm.put_parameter, **lock) == "ParameterAlreadyExists"
    assert ssm.put_parameter(**{**lock, "Value": "two"}, Overwrite=True)["Version"] == 2
    ssm.put_parameter(Name="/keelsonx", Value="x", Type="String")
    assert [one["Name"] for one in ssm.get_parameters_by_path(Path="/keelson")["Parameters"]] == ["/keelson/lock"]
    ssm.delete_parameter(Name="/keelson/lock")
    assert refusal(ssm.get_parameter, Name="/keelson/lock") == "ParameterNotFound"


def test_node_images_of_offered_versions_are_public_parameters(ssm: Any) -> None:
    images = set()
    for architecture in ("x86_64", "arm64"):
        path = f"/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/{architecture}/standard/recommended"
        recommended = json.loads(ssm.get_parameter(Name=path)["Parameter"]["Value"])
        images.add(recommended["image_id"])
        assert recommended["image_id"] == ssm.get_parameter(Name=f"{path}/image_id")["Parameter"]["Value"]
        assert recommended["release_version"].startswith("1.35.")
        bottlerocket = f"/aws/service/bottlerocket/aws-k8s-1.35/{architecture}/latest/image_id"
        images.add(ssm.get_parameter(Name=bottlerocket)["Parameter"]["Value"])
    assert len(images) == 4
    old = "/aws/service/eks/optimized-ami/1.20/amazon-linux-2023/x86_64/standard/recommended/image_id"
    assert refusal(ssm.get_parameter, Name=old) == "ParameterNotFound"
