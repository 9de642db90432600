# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module encryption_keys."""

from __future__ import annotations

from ...case import Case, Options, Raw

KEYS: Options = {
    "logs": {"description": "For logs", "rotation_days": 180, "deletion_window_days": 7},
    "volumes": {"services": ["ec2", "autoscaling", "logs"]},
}


def key_id(raw: Raw, purpose: str = "logs") -> str:
    return str(raw.found("Key", purpose)["KeyId"])


def end_keys(raw: Raw) -> None:
    """One disabled, one scheduled for its deletion."""
    raw.client("kms").disable_key(KeyId=key_id(raw))
    raw.client("kms").schedule_key_deletion(KeyId=key_id(raw, "volumes"), PendingWindowInDays=7)


def tag(raw: Raw) -> None:
    tags = [
        {"TagKey": "team", "TagValue": "someone else"},
        {"TagKey": "keelson:deletion-window-days", "TagValue": "30"},
    ]
    raw.client("kms").tag_resource(KeyId=key_id(raw), Tags=tags)


def open_policy(raw: Raw) -> None:
    policy = (
        '{"Version": "2012-10-17", "Statement": ['
        '{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}]}'
    )
    raw.client("kms").put_key_policy(KeyId=key_id(raw), PolicyName="default", Policy=policy)


def broken(key: object, purpose: str = "logs") -> Options:
    return {"keys": {purpose: key}}


CASE = Case(
    module="encryption_keys",
    options={"keys": KEYS},
    changes={
        ("Key", "Alias"): lambda raw: raw.client("kms").delete_alias(AliasName=raw.found("Key", "logs")["Alias"]),
        ("Key", "Description"): lambda raw: raw.client("kms").update_key_description(
            KeyId=key_id(raw), Description="x"
        ),
        ("Key", "KeyState"): end_keys,
        ("Key", "Policy"): open_policy,
        ("Key", "RotationPeriodInDays"): lambda raw: raw.client("kms").disable_key_rotation(KeyId=key_id(raw)),
        ("Key", "Tags"): tag,
    },
    smaller={"keys": {}},  # keys hold what nobody can read without them: they are not purged
    side_effects=frozenset({"kms/alias"}),
    kept={
        "kms/key": "a key's deletion is scheduled, and takes 7 days at least",
        "kms/alias": "it stays with its key until that is gone",
    },
    bad={
        "keys no dictionary": ({"keys": [1]}, r"keys"),
        "a key that is no dictionary": (broken("yes"), r"^keys\.logs: 'yes' is not a dictionary of options"),
        "an option that keys do not have": (broken({"rotate": True}), r"^keys\.logs\.rotate: "),
        "days that are no number": (broken({"rotation_days": "often"}), r"^keys\.logs\.rotation_days: "),
        "a purpose that is no name": (broken({}, "Logs!"), r"^keys\.Logs!: a purpose is at most 32"),
        "a purpose too long": (broken({}, "l" * 33), r"^keys\.l+: a purpose is at most 32"),
        "an empty purpose": (broken({}, ""), r"^keys\.: a purpose is at most 32"),
        "rotation too often": (
            broken({"rotation_days": 89}),
            r"^keys\.logs\.rotation_days: must be from 90 to 2560 days, not 89",
        ),
        "rotation too seldom": (
            broken({"rotation_days": 2561}),
            r"^keys\.logs\.rotation_days: must be from 90 to 2560",
        ),
        "deletion too soon": (
            broken({"deletion_window_days": 6}),
            r"^keys\.logs\.deletion_window_days: must be from 7 to 30 days, not 6",
        ),
        "deletion too late": (
            broken({"deletion_window_days": 31}),
            r"^keys\.logs\.deletion_window_days: must be from 7 to 30",
        ),
        "a service that is none": (
            broken({"services": ["EC2!"]}),
            r"^keys\.logs\.services: 'EC2!' is not the name of a service",
        ),
        "a description too long": (
            broken({"description": "x" * 8193}),
            r"^keys\.logs\.description: must be at most 8192 characters",
        ),
    },
    bad_when_made={
        "an alias that another component has": (
            {"component": "other"},
            r"^Key logs: exists, and is not this environment's",
        )
    },
)
