# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM: names taken whatever their path and case, what may not be deleted, service-linked roles under AWS's names.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlparse

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import (
    DeleteConflictException,
    EntityAlreadyExists,
    IAMException,
    InvalidInput,
    MalformedPolicyDocument,
    ValidationError,
)
from moto.iam.models import IAMBackend, ManagedPolicy, OpenIDConnectProvider
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator
from moto.iam.responses import IamResponse

from .patching import add, override

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
_SERVICE_LINKED_ROLES = {
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "backup.amazonaws.com": "AWSServiceRoleForBackup",
    "config.amazonaws.com": "AWSServiceRoleForConfig",
    "eks-fargate.amazonaws.com": "AWSServiceRoleForAmazonEKSForFargate",
    "eks-nodegroup.amazonaws.com": "AWSServiceRoleForAmazonEKSNodegroup",
    "eks.amazonaws.com": "AWSServiceRoleForAmazonEKS",
    "elasticfilesystem.amazonaws.com": "AWSServiceRoleForAmazonElasticFileSystem",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "guardduty.amazonaws.com": "AWSServiceRoleForAmazonGuardDuty",
    "rds.amazonaws.com": "AWSServiceRoleForRDS",
    "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
    "spotfleet.amazonaws.com": "AWSServiceRoleForEC2SpotFleet",
}


# AWS's own policies by account and partition: to make 1,500 of them costs more than anything else in an empty account.
_aws_policies: dict[tuple[str, str], list[ManagedPolicy]] = {}


def install() -> None:
    override(IAMBackend, "_init_aws_policies", _init_aws_policies)
    override(IAMBackend, "create_role", _create_role)
    override(IAMBackend, "delete_role", _delete_role)
    override(IAMBackend, "create_policy", _create_policy)
    override(IAMBackend, "delete_policy", _delete_policy)
    override(IAMBackend, "create_instance_profile", _create_instance_profile)
    override(IAMBackend, "create_service_linked_role", _create_service_linked_role)
    override(IAMBackend, "delete_service_linked_role", _delete_service_linked_role)
    override(OpenIDConnectProvider, "_validate", _validate_provider)
    add(
        IamResponse,
        update_role,
        list_instance_profile_tags,
        add_client_id_to_open_id_connect_provider,
        remove_client_id_from_open_id_connect_provider,
    )


def _init_aws_policies(original: Callable[..., Any], self: IAMBackend) -> list[ManagedPolicy]:
    key = self.account_id, self.region_name
    if key not in _aws_policies:
        _aws_policies[key] = original(self)
    return [copy.copy(policy) for policy in _aws_policies[key]]


def _create_role(
    original: Callable[..., Any],
    self: IAMBackend,
    role_name: str,
    assume_role_policy_document: str,
    *args: Any,
    **kwargs: Any,
) -> Any:
    if _taken(role_name, (role.name for role in self.roles.values())):
        raise EntityAlreadyExists(f"Role with name {role_name} already exists.")
    _check_trust(assume_role_policy_document)
    return original(self, role_name, assume_role_policy_document, *args, **kwargs)


def _taken(name: str, names: Iterable[str]) -> bool:
    """Names are told apart neither by case nor by path."""
    return name.lower() in (other.lower() for other in names)


def _check_trust(document: str) -> None:
    try:
        IAMTrustPolicyDocumentValidator(document).validate()
    except MalformedPolicyDocument:
        raise
    except Exception as error:  # moto's validator stumbles over what is no JSON at all
        raise MalformedPolicyDocument("This policy contains invalid Json") from error


def _delete_role(original: Callable[..., Any], self: IAMBackend, role_name: str) -> None:
    if self.get_role(role_name)._linked_service:
        reason = (
            f"Cannot perform the operation on the protected role '{role_name}' - this role is only modifiable by AWS"
        )
        raise IAMException("UnmodifiableEntity", reason)
    original(self, role_name)


def _create_policy(original: Callable[..., Any], self: IAMBackend, *args: Any, **kwargs: Any) -> Any:
    before = [policy.name for policy in self.managed_policies.values() if f":{self.account_id}:policy" in policy.arn]
    policy = original(self, *args, **kwargs)
    if _taken(policy.name, before):
        del self.managed_policies[policy.arn]
        raise EntityAlreadyExists(f"A policy called {policy.name} already exists. Duplicate names are not allowed.")
    return policy


def _delete_policy(original: Callable[..., Any], self: IAMBackend, policy_arn: str) -> None:
    policy = self.get_policy(policy_arn)
    if policy.attachment_count:
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise DeleteConflictException(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy."
        )
    original(self, policy_arn)


def _create_instance_profile(
    original: Callable[..., Any], self: IAMBackend, name: str, *args: Any, **kwargs: Any
) -> Any:
    if _taken(name, self.instance_profiles):
        raise EntityAlreadyExists(f"Instance Profile {name} already exists.")
    return original(self, name, *args, **kwargs)


def _create_service_linked_role(
    original: Callable[..., Any], self: IAMBackend, service_name: str, description: str, suffix: str
) -> Any:
    known = _SERVICE_LINKED_ROLES.get(service_name)
    existing = {role.name for role in self.roles.values()}
    if known in existing:
        raise InvalidInput(f"Service role name {known} has been taken in this account, please try a different suffix.")
    role = original(self, service_name, description, suffix)
    role.name = known or role.name
    return role


def _delete_service_linked_role(original: Callable[..., Any], self: IAMBackend, role_name: str) -> str:
    self.get_role(role_name)._linked_service = None
    return str(original(self, role_name))


def _validate_provider(original: Callable[..., Any], self: Any, url: str, *args: Any) -> None:
    if urlparse(url).scheme != "https":
        raise ValidationError("Invalid Open ID Connect Provider URL")
    original(self, url, *args)


def update_role(self: IamResponse) -> EmptyResult:
    """What is left out stays."""
    role = self.backend.get_role(self._get_param("RoleName"))
    role.description = self._get_param("Description", role.description)
    role.max_session_duration = self._get_param("MaxSessionDuration", role.max_session_duration)
    return EmptyResult()


def list_instance_profile_tags(self: IamResponse) -> ActionResult:
    profile = self.backend.get_instance_profile(self._get_param("InstanceProfileName"))
    return ActionResult({"Tags": profile.tags, "IsTruncated": False})


def add_client_id_to_open_id_connect_provider(self: IamResponse) -> EmptyResult:
    provider, client_id = _provider(self)
    if client_id not in provider.client_id_list:
        provider.client_id_list.append(client_id)
    return EmptyResult()


def remove_client_id_from_open_id_connect_provider(self: IamResponse) -> EmptyResult:
    provider, client_id = _provider(self)
    if client_id in provider.client_id_list:
        provider.client_id_list.remove(client_id)
    return EmptyResult()


def _provider(response: IamResponse) -> tuple[OpenIDConnectProvider, str]:
    provider = response.backend.get_open_id_connect_provider(response._get_param("OpenIDConnectProviderArn"))
    return provider, response._get_param("ClientID")
