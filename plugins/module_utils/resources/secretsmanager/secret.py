# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets Manager: secrets named ``<platform>-<environment>/<name>``, whose values never leave memory.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Union
from weakref import WeakKeyDictionary

from ...aws.errors import EVENTUALLY
from ...aws.parallel import each
from ...aws.policy import Document, as_json, document, normalised
from ...aws.session import Aws, AwsError
from ...engine.errors import AnswerLost
from ...engine.resource import Owner, Properties, Resource, State
from ..kms.key import KeyLookup

WINDOW_TAG = "keelson:recovery-window-days"
VALUE_TAG = "keelson:value"
"""``given`` where each run compares the value with the one that it is given, ``kept`` where nobody looks at it."""
AWS_KEY = "alias/aws/secretsmanager"
LONGEST_WINDOW = 30

Value = Union[str, Mapping[str, Any]]  # noqa: UP007  # pylint takes the | of a subscripted type for an operation on values
"""Text, or the members of a JSON object."""

_made: WeakKeyDictionary[Aws, set[str]] = WeakKeyDictionary()
"""The names that each run has asked for."""


def secret_name(owner: Owner, name: str) -> str:
    return f"{owner.name}/{name}"


@dataclass(frozen=True)
class Generator:
    """A password by AWS's own generator: alone, or as the member ``key`` of the JSON object ``template``."""

    length: int = 32
    exclude_characters: str = ""
    exclude_punctuation: bool = False
    template: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None

    def value(self, api: Aws) -> Value:
        password = api.call(
            "secretsmanager",
            "get_random_password",
            PasswordLength=self.length,
            ExcludeCharacters=self.exclude_characters,
            ExcludePunctuation=self.exclude_punctuation,
        )["RandomPassword"]
        return {**self.template, self.key: password} if self.key else str(password)


@dataclass(frozen=True)
class Secret(Resource):
    """A secret. ``value`` is given, or else generated when the secret is made, and never changed thereafter.

    ``overwrite``: whether a value that differs from the given one is replaced. ``kms_key``: None leaves encryption to
    AWS's own key. ``recovery_window_days``: 7 to 30, within which a removal can be called off; 0 removes at once.
    """

    key: str
    name: str
    description: str
    generator: Generator
    value: Value | None = field(default=None, repr=False)
    overwrite: bool = True
    kms_key: KeyLookup | None = None
    statements: tuple[Document, ...] = ()
    recovery_window_days: int = LONGEST_WINDOW

    stateful: ClassVar[bool] = True
    sensitive: ClassVar[frozenset[str]] = frozenset({"SecretString"})
    id_name: ClassVar[str] = "Name"
    arn_name: ClassVar[str] = "ARN"

    def desired(self) -> Properties:
        given = {"SecretString": _comparable(_text(self.value))} if self.value is not None and self.overwrite else {}
        return {
            "Description": self.description,
            "KmsKeyId": self.kms_key.ref("Arn") if self.kms_key else None,
            "ResourcePolicy": document(*self.statements) if self.statements else None,
            "DeletedDate": None,
            **given,
            "Tags": {WINDOW_TAG: str(self.recovery_window_days), VALUE_TAG: "given" if given else "kept"},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        """The listing may be minutes behind, DescribeSecret is not: each that is listed,
        or made just now, is described.

        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
        """
        prefix = secret_name(owner, "")
        named = [{"Key": "name", "Values": [prefix]}]
        listed = api.read(
            "secretsmanager", "list_secrets", "SecretList", Filters=named, IncludePlannedDeletion=True, MaxResults=100
        )
        names = sorted({secret["Name"] for secret in listed} | _made.get(api, set()))
        for secret in each(partial(_described, api, owner.scope), names):
            if secret is not None:
                yield secret["Tags"].get("keelson:key", secret["Name"].removeprefix(prefix)), secret

    def create(self, api: Aws, wanted: Properties) -> Properties:
        _made.setdefault(api, set()).add(self.name)
        value = self.generator.value(api) if self.value is None else self.value
        encryption = {"KmsKeyId": wanted["KmsKeyId"]} if wanted["KmsKeyId"] else {}
        try:
            made = api.call_once(
                "secretsmanager",
                "create_secret",
                Name=self.name,
                Description=wanted["Description"],
                SecretString=_text(value),
                ClientRequestToken=wanted["ClientToken"],
                Tags=[{"Key": name, "Value": text} for name, text in wanted["Tags"].items()],
                **encryption,
            )
        except AwsError as error:
            if error.code != "ResourceExistsException" and "scheduled for deletion" not in error.message:
                raise
            raise AnswerLost(
                str(error), EVENTUALLY
            ) from error  # made, or on its way out, though it is not listed: looked at by its name
        settled = ("Description", "KmsKeyId", "DeletedDate", "SecretString", "Tags")
        done: Properties = {name: wanted[name] for name in settled if name in wanted}
        return {"ARN": made["ARN"], "Name": self.name, "ResourcePolicy": None, **done}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        where = {"SecretId": observed["ARN"]}
        if "DeletedDate" in changes:
            api.call("secretsmanager", "restore_secret", **where)
        settings = {name: changes[name] for name in ("Description", "KmsKeyId") if name in changes}
        if settings:
            if "KmsKeyId" in settings:
                settings["KmsKeyId"] = settings["KmsKeyId"] or AWS_KEY
            api.call("secretsmanager", "update_secret", **where, **settings)
        if "SecretString" in changes:
            token = uuid.uuid5(api.run, observed["ARN"])  # a run changes a secret once, however often it asks
            api.call(
                "secretsmanager",
                "put_secret_value",
                **where,
                ClientRequestToken=str(token),
                SecretString=_text(changes["SecretString"]),
            )
        if changes.get("ResourcePolicy"):
            policy = as_json(changes["ResourcePolicy"])
            api.call("secretsmanager", "put_resource_policy", **where, ResourcePolicy=policy, BlockPublicPolicy=True)
        elif "ResourcePolicy" in changes:
            api.call("secretsmanager", "delete_resource_policy", **where)
        if "Tags" in changes:
            tags = [{"Key": name, "Value": value} for name, value in changes["Tags"].items()]
            api.call("secretsmanager", "tag_resource", **where, Tags=tags)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        days = _window(observed)
        how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
        api.call("secretsmanager", "delete_secret", SecretId=observed["ARN"], **how)

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        if not observed.get("DeletedDate"):
            return State.READY, ""
        days = _window(observed)
        if not days:
            return State.DELETING, "it is removed at once"
        return (
            State.SCHEDULED,
            f"removed at the end of its recovery window of {days} days; run the role secrets to restore it",
        )


def _described(api: Aws, scope: Mapping[str, str], name: str) -> Properties | None:
    """A secret in the shape of ``desired()``; another's with its tags alone; None when it has gone."""
    found = api.find("secretsmanager", "describe_secret", SecretId=name)
    if found is None:
        return None
    tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags") or []}
    if not scope.items() <= tags.items():
        return {"Name": name, "Tags": tags}
    key, awaits_end = (
        found.get("KmsKeyId"),
        "DeletedDate" in found,
    )  # until it is restored, policy and value cannot be read
    policy = {} if awaits_end else api.find("secretsmanager", "get_resource_policy", SecretId=name) or {}
    return {
        **found,
        "Description": found.get("Description", ""),
        "KmsKeyId": None if key == AWS_KEY else key,
        "DeletedDate": found.get("DeletedDate"),
        "ResourcePolicy": normalised(policy["ResourcePolicy"]) if policy.get("ResourcePolicy") else None,
        "SecretString": _value(api, name) if tags.get(VALUE_TAG) == "given" and not awaits_end else None,
        "Tags": tags,
    }


def _value(api: Aws, name: str) -> Value | None:
    """None where it has no value, or one that is no text."""
    text = (api.find("secretsmanager", "get_secret_value", SecretId=name) or {}).get("SecretString")
    return None if text is None else _comparable(text)


def _comparable(text: str) -> Value:
    """Two JSON objects are the same whatever the order of their members and the space between them."""
    try:
        members = json.loads(text)
    except ValueError:
        return text
    return members if isinstance(members, dict) else text


def _text(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _window(observed: Properties) -> int:
    """Days of recovery; the most where the tag was lost or changed."""
    tag = observed["Tags"].get(WINDOW_TAG, "")
    return int(tag) if tag == "0" or (tag.isdigit() and 7 <= int(tag) <= LONGEST_WINDOW) else LONGEST_WINDOW
