# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What EKS asks IAM and STS: may a role be used for this, and who is calling."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from localcloud.clock import clock
from moto.iam.exceptions import NotFoundException as RoleNotFound
from moto.iam.models import Role, iam_backends
from moto.sts.models import sts_backends

from .backend import EksBackend
from .errors import InvalidParameterException


@dataclass(frozen=True)
class Identity:
    """Who has an access key. ``principal`` is the user's or role's IAM ARN, ``arn`` what GetCallerIdentity answers."""

    principal: str
    arn: str
    account: str
    unique_id: str
    session: str
    secret_key: str
    session_token: str | None


def find_role(backend: EksBackend, arn: str) -> Role | None:
    try:
        return backend.iam.get_role_by_arn(arn)
    except RoleNotFound:
        return None


def trusts(role: Role, service: str, *actions: str) -> bool:
    """Whether the role's trust policy lets the service principal do all of the actions."""
    allowed: set[str] = set()
    for statement in _list(json.loads(role.assume_role_policy_document).get("Statement", [])):
        principals = statement.get("Principal", {})
        services = _list(principals.get("Service", [])) if isinstance(principals, dict) else ["*"]
        if statement.get("Effect") == "Allow" and (service in services or "*" in services):
            allowed.update(_list(statement.get("Action", [])))
    return "sts:*" in allowed or "*" in allowed or set(actions) <= allowed


def check_cluster_role(backend: EksBackend, arn: str) -> None:
    role = find_role(backend, arn)
    if role is None:
        message = (
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct"
        )
        raise InvalidParameterException(message)
    _check_trust(role, "eks.amazonaws.com", "clusterRole")


def check_node_role(backend: EksBackend, arn: str) -> None:
    role = find_role(backend, arn)
    if role is None:
        raise InvalidParameterException(f"The role with name {arn.rpartition('/')[2]} cannot be found.")
    _check_trust(role, "ec2.amazonaws.com", "nodeRole")


def check_pod_role(backend: EksBackend, arn: str) -> None:
    """https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html"""
    role = find_role(backend, arn)
    if role is None:
        raise InvalidParameterException(f"Role provided in the request does not exist: {arn}")
    if not trusts(role, "pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession"):
        raise InvalidParameterException("Trust policy of the role provided is invalid")


def exists(backend: EksBackend, arn: str) -> bool:
    """Whether the user or role exists, looked up in its own account as far as this cloud knows that account."""
    account = arn.split(":")[4]
    iam = iam_backends[account][backend.partition]
    if arn.endswith(":root"):
        return True
    return any(user.arn == arn for user in iam.users.values()) or any(role.arn == arn for role in iam.get_roles())


def identify(access_key: str) -> Identity | None:
    """Who signs with this key; None when nobody does, or when the session is over."""
    for account, partitions in list(iam_backends.items()):
        for partition, iam in list(partitions.items()):
            session = sts_backends[account][partition].get_assumed_role_from_access_key(access_key)
            if session:
                return (
                    _session_identity(session)
                    if session.expiration.replace(tzinfo=UTC).timestamp() > clock.now()
                    else None
                )
            user = iam.get_user_from_access_key_id(access_key)
            if user:
                key = next(key for key in user.access_keys if key.access_key_id == access_key)
                return (
                    Identity(user.arn, user.arn, account, user.id, "", key.secret_access_key, None)
                    if key.status == "Active"
                    else None
                )
    return None


def _session_identity(session: Any) -> Identity:
    return Identity(
        principal=session.role_arn,
        arn=session.arn,
        account=session.account_id,
        unique_id=session.user_id,
        session=session.session_name,
        secret_key=session.secret_access_key,
        session_token=session.session_token,
    )


def _check_trust(role: Role, service: str, what: str) -> None:
    if not trusts(role, service, "sts:AssumeRole"):
        message = (
            f"Following required service principals [{service}] were not found in the trust "
            f"relationships of {what} {role.arn}"
        )
        raise InvalidParameterException(message)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
