# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECR: private repositories, named ``<platform>-<environment>/<name>``.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from ...aws.errors import EVENTUALLY
from ...aws.parallel import each
from ...aws.policy import Document, as_json, document, normalised
from ...aws.session import Aws, AwsError
from ...engine.errors import AnswerLost, KeelsonError
from ...engine.resource import Owner, Properties, Resource
from ..kms.key import KeyLookup
from ..removal import REMOVAL_TAG, not_empty, removal


def repository_name(owner: Owner, name: str) -> str:
    return f"{owner.name}/{name}"


@dataclass(frozen=True)
class Repository(Resource):
    """A repository of container images.

    ``mutable_tags``: patterns with ``*`` of the tags that may be pushed again although the others are
    ``immutable``; ``lifecycle``: rules as ECR has them; ``statements``: of the repository's policy, which has none
    about resources. ``kms_key``: None leaves encryption to ECR's own keys; it can be chosen at creation only.
    ``on_removal``: one of ``removal.REMOVALS``.
    """

    key: str
    name: str
    immutable: bool = True
    mutable_tags: tuple[str, ...] = ()
    scan_on_push: bool = True
    kms_key: KeyLookup | None = None
    lifecycle: tuple[Document, ...] = ()
    statements: tuple[Document, ...] = ()
    on_removal: str = "delete"

    stateful: ClassVar[bool] = True
    replaced_by: ClassVar[frozenset[str]] = frozenset({"encryptionConfiguration"})
    id_name: ClassVar[str] = "repositoryName"
    arn_name: ClassVar[str] = "repositoryArn"

    def desired(self) -> Properties:
        with_exclusion = "_WITH_EXCLUSION" if self.mutable_tags else ""
        key = (
            {"encryptionType": "KMS", "kmsKey": self.kms_key.ref("Arn")}
            if self.kms_key
            else {"encryptionType": "AES256"}
        )
        return {
            "imageTagMutability": f"IMMUTABLE{with_exclusion}" if self.immutable else "MUTABLE",
            "imageTagMutabilityExclusionFilters": set(self.mutable_tags),
            "imageScanningConfiguration": {"scanOnPush": self.scan_on_push},
            "encryptionConfiguration": key,
            "lifecyclePolicy": _lifecycle({"rules": self.lifecycle}) if self.lifecycle else None,
            "repositoryPolicy": document(*self.statements) if self.statements else None,
            "Tags": {REMOVAL_TAG: self.on_removal},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        """ECR lists a region's repositories without tags and policies:
        those with a name of the owner's are asked for theirs.
        """
        prefix = repository_name(owner, "")
        listed = api.read("ecr", "describe_repositories", "repositories", maxResults=1000)
        named = [repository for repository in listed if repository["repositoryName"].startswith(prefix)]
        for repository in each(partial(_completed, api, owner), named):
            if repository is not None:
                yield (
                    repository["Tags"].get("keelson:key", repository["repositoryName"].removeprefix(prefix)),
                    repository,
                )

    def create(self, api: Aws, wanted: Properties) -> Properties:
        """Of the settings those that can be given at creation only, or cost no call more."""
        given = ("imageScanningConfiguration", "encryptionConfiguration")
        try:
            made = api.call_once(
                "ecr",
                "create_repository",
                repositoryName=self.name,
                tags=[{"Key": name, "Value": value} for name, value in wanted["Tags"].items()],
                **_mutability(wanted),
                **{name: wanted[name] for name in given},
            )["repository"]
        except AwsError as error:
            if error.code != "RepositoryAlreadyExistsException":
                raise
            raise AnswerLost(
                str(error), EVENTUALLY
            ) from error  # by our own request, or another run's: no such repository was seen before
        return {**_shaped(made), "lifecyclePolicy": None, "repositoryPolicy": None, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        where = {"repositoryName": observed["repositoryName"]}
        if changes.keys() & {"imageTagMutability", "imageTagMutabilityExclusionFilters"}:
            api.call("ecr", "put_image_tag_mutability", **where, **_mutability({**observed, **changes}))
        if "imageScanningConfiguration" in changes:
            scanning = changes["imageScanningConfiguration"]
            api.call("ecr", "put_image_scanning_configuration", **where, imageScanningConfiguration=scanning)
        if changes.get("lifecyclePolicy"):
            api.call("ecr", "put_lifecycle_policy", **where, lifecyclePolicyText=as_json(changes["lifecyclePolicy"]))
        elif "lifecyclePolicy" in changes:
            api.call("ecr", "delete_lifecycle_policy", **where)
        if changes.get("repositoryPolicy"):
            api.call("ecr", "set_repository_policy", **where, policyText=as_json(changes["repositoryPolicy"]))
        elif "repositoryPolicy" in changes:
            api.call("ecr", "delete_repository_policy", **where)
        if "Tags" in changes:
            tags = [{"Key": name, "Value": value} for name, value in changes["Tags"].items()]
            api.call("ecr", "tag_resource", resourceArn=observed["repositoryArn"], tags=tags)

    @classmethod
    def retained(cls, observed: Properties) -> bool:
        return removal(observed) == "retain"

    @classmethod
    def obstacle(cls, api: Aws, observed: Properties) -> str:
        if removal(observed) == "empty":
            return ""
        images = api.find("ecr", "list_images", repositoryName=observed["repositoryName"], maxResults=1) or {}
        return not_empty("images") if images.get("imageIds") else ""

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        try:
            api.call(
                "ecr",
                "delete_repository",
                repositoryName=observed["repositoryName"],
                force=removal(observed) == "empty",
            )
        except AwsError as error:
            if error.code != "RepositoryNotEmptyException":
                raise
            raise KeelsonError(not_empty("images")) from error


def _completed(api: Aws, owner: Owner, repository: dict[str, Any]) -> Properties | None:
    """With what the listing leaves out; another's with its tags alone; None when it has gone meanwhile."""
    tags = api.find("ecr", "list_tags_for_resource", resourceArn=repository["repositoryArn"])
    if tags is None:
        return None
    found = {**_shaped(repository), "Tags": {tag["Key"]: tag["Value"] for tag in tags["tags"]}}
    if not owner.scope.items() <= found["Tags"].items():
        return found
    lifecycle = api.find("ecr", "get_lifecycle_policy", repositoryName=repository["repositoryName"])
    policy = api.find("ecr", "get_repository_policy", repositoryName=repository["repositoryName"])
    found["lifecyclePolicy"] = _lifecycle(json.loads(lifecycle["lifecyclePolicyText"])) if lifecycle else None
    found["repositoryPolicy"] = normalised(policy["policyText"]) if policy else None
    return found


def _shaped(repository: dict[str, Any]) -> Properties:
    filters = repository.get("imageTagMutabilityExclusionFilters") or []
    return {**repository, "imageTagMutabilityExclusionFilters": {each["filter"] for each in filters}}


def _lifecycle(policy: Document) -> Document:
    """The order of rules and of patterns means nothing, and ECR does not keep it."""

    def selection(given: Document) -> Document:
        return {name: set(value) if isinstance(value, list) else value for name, value in given.items()}

    rules = [{**rule, "selection": selection(rule["selection"])} for rule in policy["rules"]]
    return {"rules": sorted(rules, key=lambda rule: int(rule["rulePriority"]))}


def _mutability(wanted: Properties) -> dict[str, Any]:
    """The parameters of what makes or changes it: there are no empty filters."""
    filters = [
        {"filterType": "WILDCARD", "filter": pattern}
        for pattern in sorted(wanted["imageTagMutabilityExclusionFilters"])
    ]
    return {
        "imageTagMutability": wanted["imageTagMutability"],
        **({"imageTagMutabilityExclusionFilters": filters} if filters else {}),
    }
