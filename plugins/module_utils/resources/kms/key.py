# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""KMS keys, each with the alias ``alias/<platform>-<environment>-<purpose>``.

An alias stays with its key until the key is gone for good, also while the key awaits its deletion
(https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from ...aws.parallel import each
from ...aws.policy import Document, as_json, normalised
from ...aws.session import Aws, AwsError
from ...engine.ahead import over
from ...engine.resource import Foresight, Lookup, Owner, Properties, Resource, State

WINDOW_TAG = "keelson:deletion-window-days"
"""Where a key keeps how long its deletion is to take: whoever deletes it knows nothing but the key."""
LONGEST_WINDOW = 30


def alias(owner: Owner, purpose: str) -> str:
    return f"alias/{owner.name}-{purpose}"


@dataclass(frozen=True)
class Key(Resource):
    """A symmetric key.

    ``key``: its purpose; ``rotation_days`` (90-2560) and ``deletion_window_days`` (7-30) are days.
    """

    key: str
    alias: str
    description: str
    policy: Document
    rotation_days: int
    deletion_window_days: int

    stateful = True
    id_name = "KeyId"
    arn_name = "Arn"

    def desired(self) -> Properties:
        return {
            "Alias": self.alias,
            "Description": self.description,
            "KeyState": "Enabled",
            "Policy": normalised(self.policy),
            "RotationPeriodInDays": self.rotation_days,
            "Tags": {WINDOW_TAG: str(self.deletion_window_days)},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        """Keys with one of the owner's aliases, and keys without any: a run may have died before it made the alias."""
        prefix = alias(owner, "")
        aliases = list(api.read("kms", "list_aliases", "Aliases"))
        named = {
            item["TargetKeyId"]: item["AliasName"]
            for item in aliases
            if "TargetKeyId" in item and item["AliasName"].startswith(prefix)
        }
        others = {item.get("TargetKeyId") for item in aliases} - named.keys()
        ids = [item["KeyId"] for item in api.read("kms", "list_keys", "Keys") if item["KeyId"] not in others]
        for key in each(lambda key_id: _key(api, owner, key_id, named.get(key_id)), ids):
            if key is not None:
                yield key["Tags"].get("keelson:key", (key["Alias"] or "").removeprefix(prefix)), key

    def create(self, api: Aws, wanted: Properties) -> Properties:
        made = api.call_once(
            "kms",
            "create_key",
            Description=wanted["Description"],
            Policy=as_json(wanted["Policy"]),
            Tags=_tag_list(wanted["Tags"]),
        )["KeyMetadata"]
        known = {name: wanted[name] for name in ("Description", "Policy", "Tags")}
        return {**made, **known, "Alias": None, "RotationPeriodInDays": None}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        key_id = observed["KeyId"]
        if "KeyState" in changes:
            if observed["KeyState"] == "PendingDeletion":
                api.call("kms", "cancel_key_deletion", KeyId=key_id)
            api.call("kms", "enable_key", KeyId=key_id)
        if "Alias" in changes:
            _point_alias(api, changes["Alias"], key_id)
        if "Description" in changes:
            api.call("kms", "update_key_description", KeyId=key_id, Description=changes["Description"])
        if "Policy" in changes:
            api.call("kms", "put_key_policy", KeyId=key_id, PolicyName="default", Policy=as_json(changes["Policy"]))
        if "RotationPeriodInDays" in changes:
            api.call("kms", "enable_key_rotation", KeyId=key_id, RotationPeriodInDays=changes["RotationPeriodInDays"])
        if "Tags" in changes:
            api.call("kms", "tag_resource", KeyId=key_id, Tags=_tag_list(changes["Tags"]))

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        window = observed["Tags"].get(WINDOW_TAG, "")
        days = int(window) if window.isdigit() else LONGEST_WINDOW
        api.call("kms", "schedule_key_deletion", KeyId=observed["KeyId"], PendingWindowInDays=days)

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        state = observed["KeyState"]
        if state == "PendingDeletion":
            return State.SCHEDULED, f"deleted on {observed['DeletionDate']:%Y-%m-%d}" if observed.get(
                "DeletionDate"
            ) else ""
        if state in ("Enabled", "Creating", "Updating"):
            return State.READY if state == "Enabled" else State.PENDING, f"its state is {state}"
        return State.UNHEALTHY, f"its state is {state}. Run the role encryption_keys: it enables its keys."

    def collides(self, wanted: Properties, other: Properties) -> bool:
        return bool(wanted["Alias"] == other["Alias"])


@dataclass(frozen=True)
class KeyLookup(Lookup):
    """A key of the environment, by its purpose. Known: ``KeyId``, ``Arn``, ``KeyState``."""

    key: str

    role = "encryption_keys"

    @classmethod
    def look_up(cls, api: Aws, owner: Owner, keys: Collection[str]) -> Iterable[tuple[str, Properties]]:
        for key, found in zip(
            keys, each(lambda key: api.find("kms", "describe_key", KeyId=alias(owner, key)), keys), strict=True
        ):
            if found is not None:
                yield key, found["KeyMetadata"]

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return over(found, ahead.of(owner.of("encryption_keys"), Key))

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return Key.state(observed)


def _key(api: Aws, owner: Owner, key_id: str, name: str | None) -> Properties | None:
    """All of a key; None when it has gone,
    or has no alias and is not the owner's either (or we may not look into it).
    """
    tags = _readable(api, "list_resource_tags", key_id, has_alias=name is not None)
    found = {tag["TagKey"]: tag["TagValue"] for tag in tags["Tags"]} if tags else {}
    if tags is None or (name is None and not owner.scope.items() <= found.items()):
        return None
    described = api.find("kms", "describe_key", KeyId=key_id)
    policy = api.find("kms", "get_key_policy", KeyId=key_id, PolicyName="default")
    rotation = api.find("kms", "get_key_rotation_status", KeyId=key_id)
    if described is None or policy is None or rotation is None:
        return None
    return {
        **described["KeyMetadata"],
        "Alias": name,
        "Policy": normalised(policy["Policy"]),
        "RotationPeriodInDays": rotation.get("RotationPeriodInDays") if rotation["KeyRotationEnabled"] else None,
        "Tags": found,
    }


def _readable(api: Aws, operation: str, key_id: str, has_alias: bool) -> dict[str, Any] | None:
    """A read of a key.

    A stranger's key without an alias may well have a policy that keeps us out: that is none of ours.
    """
    try:
        return api.find("kms", operation, KeyId=key_id)
    except AwsError as error:
        if error.code == "AccessDeniedException" and not has_alias:
            return None
        raise


def _point_alias(api: Aws, name: str, key_id: str) -> None:
    try:
        api.call("kms", "create_alias", AliasName=name, TargetKeyId=key_id)
    except AwsError as error:
        if error.code != "AlreadyExistsException":
            raise
        api.call("kms", "update_alias", AliasName=name, TargetKeyId=key_id)


def _tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": name, "TagValue": value} for name, value in tags.items()]
