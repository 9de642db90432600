# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module registries."""

from __future__ import annotations

import json
from typing import Any

from ...case import Case, Options, Raw

RULE = {
    "rulePriority": 1,
    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3},
    "action": {"type": "expire"},
}
REGISTRIES: dict[str, Any] = {
    "api": {
        "mutable_tags": ["latest", "dev-*"],
        "kms_key": "registries",
        "keep_tagged": 100,
        "pull": ["222222222222", "arn:aws:iam::333333333333:role/nodes"],
        "push": ["arn:aws:iam::333333333333:role/pipeline"],
        "on_removal": "empty",
    },
    "shop/web": {"immutable": False, "scan_on_push": False, "lifecycle_rules": [RULE]},
}


def name(raw: Raw) -> str:
    return str(raw.found("Repository", "api")["repositoryName"])


def make_mutable(raw: Raw) -> None:
    raw.client("ecr").put_image_tag_mutability(repositoryName=name(raw), imageTagMutability="MUTABLE")


def stop_scanning(raw: Raw) -> None:
    raw.client("ecr").put_image_scanning_configuration(
        repositoryName=name(raw), imageScanningConfiguration={"scanOnPush": False}
    )


def keep_one(raw: Raw) -> None:
    rule = {**RULE, "selection": {**RULE["selection"], "countNumber": 1}}  # type: ignore[dict-item]
    raw.client("ecr").put_lifecycle_policy(repositoryName=name(raw), lifecyclePolicyText=json.dumps({"rules": [rule]}))


def open_policy(raw: Raw) -> None:
    raw.client("ecr").delete_repository_policy(repositoryName=name(raw))


def tag(raw: Raw) -> None:
    tags = [{"Key": "team", "Value": "someone else"}, {"Key": "keelson:on-removal", "Value": "retain"}]
    raw.client("ecr").tag_resource(resourceArn=raw.found("Repository", "api")["repositoryArn"], tags=tags)


def broken(registry: object, key: str = "api") -> Options:
    return {"registries": {key: registry}}


CASE = Case(
    module="registries",
    needs=(("encryption_keys", {"keys": {"registries": {}}}),),
    options={"registries": REGISTRIES},
    changes={
        ("Repository", "imageTagMutability"): make_mutable,
        ("Repository", "imageTagMutabilityExclusionFilters"): make_mutable,
        ("Repository", "imageScanningConfiguration"): stop_scanning,
        ("Repository", "lifecyclePolicy"): keep_one,
        ("Repository", "repositoryPolicy"): open_policy,
        ("Repository", "Tags"): tag,
    },
    smaller={"registries": {}},  # registries hold images: they are not purged
    bad={
        "a registry that is no dictionary": (broken("yes"), r"^registries\.api: 'yes' is not a dictionary of options"),
        "an option that registries do not have": (broken({"public": True}), r"^registries\.api\.public: "),
        "a name that is none": (broken({}, "Api"), r"^registries\.Api: a name has lower-case letters and digits"),
        "a name that ends in a slash": (broken({}, "api/"), r"^registries\.api/: a name has lower-case letters"),
        "a name too long": (
            broken({}, "a" * 250),
            r"^registries\.a+: with the environment its name has 260 characters; ECR allows 256",
        ),
        "a way of removal that is none": (broken({"on_removal": "burn"}), r"^registries\.api\.on_removal: "),
        "mutable tags among mutable tags": (
            broken({"immutable": False, "mutable_tags": ["latest"]}),
            r"^registries\.api\.mutable_tags: all tags are mutable, as immutable is false",
        ),
        "a pattern that is none": (broken({"mutable_tags": ["a b"]}), r"mutable_tags: 'a b' must be 1 to 128 letters"),
        "a pattern with too many wildcards": (
            broken({"mutable_tags": ["*a*b*"]}),
            r"mutable_tags: '\*a\*b\*' must be .* 2 '\*' at most",
        ),
        "a pattern for all": (broken({"mutable_tags": ["*"]}), r"mutable_tags: '\*' makes all tags mutable"),
        "too many patterns": (broken({"mutable_tags": list("abcdef")}), r"mutable_tags: 6 patterns; ECR takes 5"),
        "untagged images gone yesterday": (
            broken({"untagged_expire_days": -1}),
            r"untagged_expire_days: -1 must be 1 or more days",
        ),
        "no image kept": (broken({"keep_tagged": 0}), r"^registries\.api\.keep_tagged: 0 must be 1 or more images"),
        "two lifecycles": (
            broken({"keep_tagged": 3, "lifecycle_rules": [RULE]}),
            r"^registries\.api\.keep_tagged: lifecycle_rules say all that is to expire",
        ),
        "a rule without a selection": (
            broken({"lifecycle_rules": [{"rulePriority": 1, "action": {}}]}),
            r"^registries\.api\.lifecycle_rules\[0\]: selection is missing",
        ),
        "a priority that is none": (
            broken({"lifecycle_rules": [{**RULE, "rulePriority": "first"}]}),
            r"^registries\.api\.lifecycle_rules\[0\]\.rulePriority: 'first' is not a number",
        ),
        "a selection that is none": (
            broken({"lifecycle_rules": [{**RULE, "selection": "old"}]}),
            r"^registries\.api\.lifecycle_rules\[0\]\.selection: 'old' is not a dictionary",
        ),
        "two rules of one priority": (
            broken({"lifecycle_rules": [RULE, RULE]}),
            r"lifecycle_rules: two have the rulePriority 1",
        ),
        "an account that is none": (
            broken({"pull": ["12345"]}),
            r"^registries\.api\.pull: '12345' is neither an account's twelve digits",
        ),
        "everyone": (broken({"push": ["*"]}), r"^registries\.api\.push: '\*' is neither an account's twelve digits"),
        "an ARN of something else": (
            broken({"push": ["arn:aws:s3:::x"]}),
            r"^registries\.api\.push: 'arn:aws:s3:::x' is neither",
        ),
    },
    bad_when_made={
        "a registry that another component has": (
            {"component": "other"},
            r"^Repository api: exists, and is not this environment's",
        ),
        "another encryption": (
            {"registries": {"api": {}}},
            r"^Repository api: cannot change encryptionConfiguration in place, and it holds data: it is never replaced",
        ),
    },
)
