# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Registries: an ECR repository for each image, with who may pull and push it, and how long images are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...aws.policy import Document
from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...engine.report import known
from ...resources.ecr.repository import Repository, repository_name
from ...resources.kms.key import KeyLookup
from ..component import Component, Context
from ..entries import entries
from .registries_options import OPTIONS
from .registry_rules import REGISTRY, problems

PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
PUSH = (*PULL, "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart")
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html and image-pull-iam.html"""


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    return Declaration(
        tuple(_repository(context, name, given) for name, given in entries(context["registries"], REGISTRY).items())
    )


def _repository(context: Context, name: str, given: dict[str, Any]) -> Repository:
    return Repository(
        key=name,
        name=repository_name(context.owner, name),
        immutable=given["immutable"],
        mutable_tags=tuple(given["mutable_tags"]),
        scan_on_push=given["scan_on_push"],
        kms_key=KeyLookup(given["kms_key"]) if given["kms_key"] else None,
        lifecycle=tuple(given["lifecycle_rules"] if given["lifecycle_rules"] is not None else _lifecycle(given)),
        statements=tuple(_statements(given)),
        on_removal=given["on_removal"],
    )


def _lifecycle(given: dict[str, Any]) -> Iterator[Document]:
    """ECR's own shape: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html"""
    if days := given["untagged_expire_days"]:
        selection = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
        yield {
            "rulePriority": 1,
            "description": "Untagged images",
            "selection": selection,
            "action": {"type": "expire"},
        }
    if number := given["keep_tagged"]:
        selection = {
            "tagStatus": "tagged",
            "tagPatternList": ["*"],
            "countType": "imageCountMoreThan",
            "countNumber": number,
        }
        yield {
            "rulePriority": 2,
            "description": "All but the newest images",
            "selection": selection,
            "action": {"type": "expire"},
        }


def _statements(given: dict[str, Any]) -> Iterator[Document]:
    for name, principals, actions in (("Pull", given["pull"], PULL), ("Push", given["push"], PUSH)):
        if principals:
            yield {"Sid": name, "Effect": "Allow", "Principal": {"AWS": principals}, "Action": actions}


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    paths = {"name": "repositoryName", "arn": "repositoryArn", "uri": "repositoryUri"}
    repositories = {resource.key: resource for resource in declare(context).resources}
    return {
        "registries": {
            key: {name: known(outcome, repository, path) for name, path in paths.items()}
            for key, repository in repositories.items()
        }
    }


COMPONENT = Component(
    name="registries",
    options=OPTIONS,
    kinds=(Repository,),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("registries",),
)
