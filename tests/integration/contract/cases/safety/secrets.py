# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module secrets."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw

READER = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::222222222222:role/reader"},
    "Action": "secretsmanager:GetSecretValue",
}
SECRETS: dict[str, Any] = {
    "mail": {
        "description": "The mail server",
        "kms_key": "secrets",
        "policy_statements": [READER],
        "recovery_window_days": 7,
    },
    "shop/session": {"length": 64, "exclude_characters": "/@", "recovery_window_days": 0},
    "reports": {
        "template": {"username": "reports"},
        "generated_key": "password",
        "exclude_punctuation": True,
        "recovery_window_days": 0,
    },
}
VALUES: dict[str, Any] = {"mail": {"username": "acme", "password": "planted-mail-password"}}


def arn(raw: Raw, key: str = "mail") -> str:
    return str(raw.found("Secret", key)["ARN"])


def describe(raw: Raw) -> None:
    raw.client("secretsmanager").update_secret(SecretId=arn(raw), Description="x", KmsKeyId="alias/aws/secretsmanager")


def change_value(raw: Raw) -> None:
    raw.client("secretsmanager").put_secret_value(SecretId=arn(raw), SecretString="somebody-elses-value")


def close_policy(raw: Raw) -> None:
    raw.client("secretsmanager").delete_resource_policy(SecretId=arn(raw))


def schedule_end(raw: Raw) -> None:
    raw.client("secretsmanager").delete_secret(SecretId=arn(raw), RecoveryWindowInDays=7)


def tag(raw: Raw) -> None:
    tags = [{"Key": "team", "Value": "someone else"}, {"Key": "keelson:recovery-window-days", "Value": "30"}]
    raw.client("secretsmanager").tag_resource(SecretId=arn(raw), Tags=tags)


def broken(secret: object, key: str = "other") -> Options:
    return {"secrets": {**SECRETS, key: secret}}


def given(value: object) -> Options:
    return {"values": {"mail": value}}


CASE = Case(
    module="secrets",
    needs=(("encryption_keys", {"keys": {"secrets": {}}}),),
    options={"secrets": SECRETS, "values": VALUES},
    changes={
        ("Secret", "Description"): describe,
        ("Secret", "KmsKeyId"): describe,
        ("Secret", "SecretString"): change_value,
        ("Secret", "ResourcePolicy"): close_policy,
        ("Secret", "DeletedDate"): schedule_end,
        ("Secret", "Tags"): tag,
    },
    smaller={"secrets": {}, "values": {}},  # what they are for would be lost: they are not purged
    kept={
        "secretsmanager/secret": "a secret's deletion is scheduled, and takes 7 days at least, unless its window is 0"
    },
    bad={
        "a secret that is no dictionary": (broken("yes"), r"^secrets\.other: the value is not a dictionary of options"),
        "an option that secrets do not have": (broken({"rotate": 3}), r"^secrets\.other\.rotate: "),
        "a name that is none": (
            broken({}, "my secret"),
            r"^secrets\.my secret: a secret's name has letters, digits and",
        ),
        "a name too long": (broken({}, "s" * 512), r"^secrets\.s+: with the environment its name has 522 characters"),
        "a value of nothing": (
            {"values": {"post": "planted-mail-password"}},
            r"^values: 1 of them are for no secret among secrets \(there are mail, ",
        ),
        "no value": (given(None), r"^values\.mail: is empty\. Is the variable that it comes from set\?"),
        "an empty value": (given(""), r"^values\.mail: is empty"),
        "an empty object": (given({}), r"^values\.mail: is empty"),
        "a value that is a number": (
            given(12345678),
            r"^values\.mail: must be text, or a dictionary .*, not int\. Quote numbers",
        ),
        "a value that is a list": (
            given(["planted-mail-password"]),
            r"^values\.mail: must be text, or a dictionary .*, not list",
        ),
        "a value that JSON does not know": (
            given({"day": {1, 2}}),
            r"^values\.mail: has a member that JSON does not know",
        ),
        "a value too long": (given("v" * 65537), r"^values\.mail: is longer than 65536 bytes"),
        "a value that is given and generated": (
            broken({"length": 20}, "mail"),
            r"^secrets\.mail\.length: is for values that are gen",
        ),
        "a template for a given value": (
            broken({"template": {"a": 1}, "generated_key": "b"}, "mail"),
            r"^secrets\.mail\.template: is for",
        ),
        "a password too short": (
            broken({"length": 7}),
            r"^secrets\.other\.length: must be from 8 to 4096 characters, not 7",
        ),
        "a password too long": (broken({"length": 4097}), r"^secrets\.other\.length: must be from 8 to 4096"),
        "a template without what is generated": (
            broken({"template": {"a": "b"}}),
            r"^secrets\.other\.generated_key: is required with",
        ),
        "a template with what is generated": (
            broken({"template": {"password": "x"}, "generated_key": "password"}),
            r"^secrets\.other\.template\.password: is the member that is generated",
        ),
        "a statement for everyone": (
            broken({"policy_statements": [{**READER, "Principal": "*"}]}),
            r"^secrets\.other\.policy_statements\[0\]\.Principal: it allows everyone",
        ),
        "a description too long": (
            broken({"description": "x" * 2049}),
            r"^secrets\.other\.description: must be at most 2048",
        ),
        "a window too short": (
            broken({"recovery_window_days": 6}),
            r"recovery_window_days: must be from 7 to 30 days, or 0 .* not 6",
        ),
        "a window too long": (
            broken({"recovery_window_days": 31}),
            r"recovery_window_days: must be from 7 to 30 days, or 0",
        ),
        "a window before now": (
            broken({"recovery_window_days": -1}),
            r"recovery_window_days: must be from 7 to 30 days, or 0",
        ),
    },
    bad_when_made={
        "a secret that another component has": (
            {"component": "other"},
            r"^Secret mail: exists, and is not this environ",
        )
    },
)
