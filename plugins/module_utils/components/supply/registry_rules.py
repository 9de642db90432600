# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a registry, and the rules for them that can be checked without AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..component import Arguments
from ..entries import entries, entry_problems
from .registries_options import OPTIONS

REGISTRY = OPTIONS["registries"]["entries"]

NAME = re.compile(r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*")
LONGEST_NAME = 256
"""https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html"""
TAG_PATTERN = re.compile(r"[0-9a-zA-Z._*-]{1,128}")
MOST_PATTERNS, MOST_WILDCARDS = 5, 2
"""https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageTagMutabilityExclusionFilter.html"""
PRINCIPAL = re.compile(
    r"\d{12}|arn:aws[a-z-]*:(iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+)|sts::\d{12}:assumed-role/[\w+=,.@/-]+)"
)
RULE_MEMBERS = ("rulePriority", "selection", "action")


def problems(arguments: Arguments) -> Iterator[str]:
    yield from entry_problems("registries", arguments["registries"], REGISTRY)
    for name, registry in entries(arguments["registries"], REGISTRY).items():
        path = f"registries.{name}"
        full_name = f"{arguments['platform']}-{arguments['environment']}/{name}"
        if not NAME.fullmatch(name):
            yield (
                f"{path}: a name has lower-case letters and digits, with '-', '_', '.' or '/' only between them, "
                "such as shop/api."
            )
        elif len(full_name) > LONGEST_NAME:
            yield (
                f"{path}: with the environment its name has {len(full_name)} characters; "
                f"ECR allows {LONGEST_NAME}. Shorten it."
            )
        yield from _tags(path, registry)
        yield from _lifecycle(path, registry)
        for option in ("pull", "push"):
            yield from _principals(f"{path}.{option}", registry[option])


def _tags(path: str, registry: dict[str, Any]) -> Iterator[str]:
    here, patterns = f"{path}.mutable_tags", registry["mutable_tags"]
    if patterns and not registry["immutable"]:
        yield f"{here}: all tags are mutable, as immutable is false. Leave one of the two out."
    if len(patterns) > MOST_PATTERNS:
        yield f"{here}: {len(patterns)} patterns; ECR takes {MOST_PATTERNS}."
    for pattern in patterns:
        if not TAG_PATTERN.fullmatch(pattern) or pattern.count("*") > MOST_WILDCARDS:
            yield (
                f"{here}: {pattern!r} must be 1 to 128 letters, digits, '.', '_' and '-', "
                f"and {MOST_WILDCARDS} '*' at most."
            )
        elif not pattern.strip("*"):
            yield f"{here}: {pattern!r} makes all tags mutable. Set immutable to false instead."


def _lifecycle(path: str, registry: dict[str, Any]) -> Iterator[str]:
    if registry["untagged_expire_days"] < 0:
        yield (
            f"{path}.untagged_expire_days: {registry['untagged_expire_days']} must be 1 or more days, "
            "or 0 to keep untagged images."
        )
    if registry["keep_tagged"] is not None and registry["keep_tagged"] < 1:
        yield f"{path}.keep_tagged: {registry['keep_tagged']} must be 1 or more images. Leave it out to keep all."
    rules = registry["lifecycle_rules"]
    if rules is None:
        return
    if registry["keep_tagged"] is not None:
        yield (
            f"{path}.keep_tagged: lifecycle_rules say all that is to expire. Make this one of them, or leave them out."
        )
    for number, rule in enumerate(rules):
        here = f"{path}.lifecycle_rules[{number}]"
        for member in RULE_MEMBERS:
            if member not in rule:
                yield f"{here}: {member} is missing."
        if not str(rule.get("rulePriority", 1)).isdigit():
            yield f"{here}.rulePriority: {rule['rulePriority']!r} is not a number, 1 or more."
        if not isinstance(rule.get("selection", {}), dict):
            yield f"{here}.selection: {rule['selection']!r} is not a dictionary."
    priorities = [rule["rulePriority"] for rule in rules if "rulePriority" in rule]
    for priority in sorted({each for each in priorities if priorities.count(each) > 1}, key=str):
        yield f"{path}.lifecycle_rules: two have the rulePriority {priority}."


def _principals(path: str, principals: list[str]) -> Iterator[str]:
    for principal in principals:
        if not PRINCIPAL.fullmatch(principal):
            yield (
                f"{path}: {principal!r} is neither an account's twelve digits, quoted in YAML, "
                "nor the ARN of a role or user."
            )
