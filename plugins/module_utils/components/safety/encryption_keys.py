# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Encryption keys: a KMS key for each purpose, with the policy that the services which use it need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...aws.policy import Document, document
from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...engine.report import known
from ...resources.kms.key import Key, alias
from ..component import Arguments, Component, Context
from ..entries import entries, entry_problems
from .encryption_keys_options import OPTIONS

KEY = OPTIONS["keys"]["entries"]

PURPOSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "cluster": ("Kubernetes secrets", ()),  # EKS works by a grant that whoever makes the cluster gives it
    "logs": ("log groups", ("logs",)),
    "volumes": ("volumes of nodes and pods", ("ec2", "autoscaling")),
    "backups": ("backups", ("backup",)),
    "database": ("databases and their passwords", ("rds", "secretsmanager")),
    "storage": ("buckets", ("s3",)),
    "secrets": ("secrets", ("secretsmanager",)),
    "registries": ("container images", ("ecr",)),
    "site": ("the files of the static site", ("s3", "cloudfront")),
}
"""What a key of this purpose encrypts, and the services that use it."""

PURPOSE_NAME = re.compile(r"[a-z]([a-z0-9-]{0,30}[a-z0-9])?")
SERVICE_NAME = re.compile(r"[a-z][a-z0-9-]*")
ROTATION = (90, 2560)
WINDOW = (7, 30)
"""Days: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html and
API_ScheduleKeyDeletion.html
"""

USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")


def problems(arguments: Arguments) -> Iterator[str]:
    yield from entry_problems("keys", arguments["keys"], KEY)
    for purpose, key in entries(arguments["keys"], KEY).items():
        option = f"keys.{purpose}"
        if not PURPOSE_NAME.fullmatch(purpose):
            yield (
                f"{option}: a purpose is at most 32 lower-case letters, digits and hyphens, beginning with a letter: "
                "it names the key."
            )
        for name, (least, most) in (("rotation_days", ROTATION), ("deletion_window_days", WINDOW)):
            if not least <= key[name] <= most:
                yield f"{option}.{name}: must be from {least} to {most} days, not {key[name]}."
        for service in key["services"] or []:
            if not SERVICE_NAME.fullmatch(service):
                yield (
                    f"{option}.services: {service!r} is not the name of a service as in its endpoint, "
                    "such as logs, ec2 or rds."
                )
        if len(key["description"] or "") > 8192:
            yield f"{option}.description: must be at most 8192 characters."


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    return Declaration(tuple(_key(context, purpose, given) for purpose, given in entries(context["keys"], KEY).items()))


def _key(context: Context, purpose: str, given: dict[str, Any]) -> Key:
    what, services = PURPOSES.get(purpose, (purpose, ()))
    return Key(
        key=purpose,
        alias=alias(context.owner, purpose),
        description=given["description"] or f"Encrypts {what} of {context.owner.name}",
        policy=policy(context, services if given["services"] is None else given["services"]),
        rotation_days=given["rotation_days"],
        deletion_window_days=given["deletion_window_days"],
    )


def policy(context: Context, services: tuple[str, ...] | list[str]) -> Document:
    """The account rules over its key by IAM policies (the only way not to lose it),
    and these services may use it for the account.
    """
    account = {"Effect": "Allow", "Principal": {"AWS": context.aws.account_id}, "Action": "kms:*", "Resource": "*"}
    return document(
        account, *(statement for service in sorted(set(services)) for statement in _statements(context, service))
    )


def _statements(context: Context, service: str) -> Iterator[Document]:
    aws = context.aws
    suffix = "amazonaws.com.cn" if aws.partition == "aws-cn" else "amazonaws.com"
    if service == "logs":
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        groups = f"arn:{aws.partition}:logs:{aws.region}:{aws.account_id}:*"
        yield {
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{aws.region}.{suffix}"},
            "Action": USE,
            "Resource": "*",
            "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
        }
        return
    if service == "cloudfront":
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
        # The bucket admits one distribution; the key, which is there before it, all of the account.
        distributions = f"arn:{aws.partition}:cloudfront::{aws.account_id}:distribution/*"
        yield {
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": distributions}},
        }
        return
    if service == "autoscaling":
        # https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html. Named by a
        # condition and not as the principal, the service-linked role need not exist yet: AWS makes it together with the
        # account's first group.
        name = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
        role = f"arn:{aws.partition}:iam::{aws.account_id}:role/{name}"
        whose: Document = {
            "StringEquals": {"kms:CallerAccount": aws.account_id},
            "ArnEquals": {"aws:PrincipalArn": role},
        }
    else:
        # As AWS's own keys do:
        # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
        whose = {
            "StringEquals": {"kms:CallerAccount": aws.account_id, "kms:ViaService": f"{service}.{aws.region}.{suffix}"}
        }
    everyone = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Resource": "*"}
    yield {**everyone, "Action": USE, "Condition": whose}
    yield {**everyone, "Action": "kms:CreateGrant", "Condition": {**whose, "Bool": {"kms:GrantIsForAWSResource": True}}}


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    paths = {"id": "KeyId", "arn": "Arn", "alias": "Alias"}
    keys = {resource.key: resource for resource in declare(context).resources}
    return {
        "keys": {
            purpose: {name: known(outcome, key, path) for name, path in paths.items()} for purpose, key in keys.items()
        }
    }


COMPONENT = Component(
    name="encryption_keys",
    options=OPTIONS,
    kinds=(Key,),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("keys",),
)
