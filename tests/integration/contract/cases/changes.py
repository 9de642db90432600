# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Changes behind a module's back that several cases share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Properties

from ..case import Raw

Change = Callable[[Raw], None]

STRANGE = [{"Key": "team", "Value": "someone else"}]


def ec2(kind: str, operation: str, *names: str, **settings: Any) -> Change:
    """One call of EC2's with these of the resource's properties, such as its id, and these settings."""

    def make(raw: Raw) -> None:
        found = raw.found(kind)
        getattr(raw.client("ec2"), operation)(**{name: found[name] for name in names}, **settings)

    return make


def ec2_tag(kind: str, id_name: str) -> Change:
    return lambda raw: raw.client("ec2").create_tags(Resources=[raw.found(kind)[id_name]], Tags=STRANGE)


def log_group(raw: Raw) -> tuple[Any, Properties]:
    return raw.client("logs"), raw.found("LogGroup")


def tag_log_group(raw: Raw) -> None:
    logs, group = log_group(raw)
    logs.tag_resource(resourceArn=group["arn"].removesuffix(":*"), tags={"team": "someone else"})


def keep_logs_longer(raw: Raw) -> None:
    logs, group = log_group(raw)
    logs.put_retention_policy(logGroupName=group["logGroupName"], retentionInDays=3653)


def take_logs_key(raw: Raw) -> None:
    logs, group = log_group(raw)
    logs.disassociate_kms_key(logGroupName=group["logGroupName"])


LOG_GROUP: dict[tuple[str, str], Change] = {
    ("LogGroup", "Tags"): tag_log_group,
    ("LogGroup", "retentionInDays"): keep_logs_longer,
    ("LogGroup", "kmsKeyId"): take_logs_key,
}
"""Every property of a log group that has a key."""


def eks_tag(kind: str, arn_name: str) -> Change:
    return lambda raw: raw.client("eks").tag_resource(
        resourceArn=raw.found(kind)[arn_name], tags={"team": "someone else"}
    )


ROLE: dict[tuple[str, str], Change] = {
    ("Role", "Tags"): lambda raw: raw.client("iam").tag_role(RoleName=raw.found("Role")["RoleName"], Tags=STRANGE),
    ("Role", "Description"): lambda raw: raw.client("iam").update_role_description(
        RoleName=raw.found("Role")["RoleName"], Description="x"
    ),
    ("Role", "MaxSessionDuration"): lambda raw: raw.client("iam").update_role(
        RoleName=raw.found("Role")["RoleName"], MaxSessionDuration=7200, Description=raw.found("Role")["Description"]
    ),
    ("Role", "AssumeRolePolicyDocument"): lambda raw: raw.client("iam").update_assume_role_policy(
        RoleName=raw.found("Role")["RoleName"],
        PolicyDocument=(
            '{"Version": "2012-10-17", "Statement": ['
            '{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}, '
            '{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
        ),
    ),
    ("Role", "ManagedPolicies"): lambda raw: raw.client("iam").attach_role_policy(
        RoleName=raw.found("Role")["RoleName"], PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"
    ),
    ("Role", "InlinePolicies"): lambda raw: raw.client("iam").put_role_policy(
        RoleName=raw.found("Role")["RoleName"],
        PolicyName="theirs",
        PolicyDocument=(
            '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
        ),
    ),
}
"""Every property of an IAM role."""
