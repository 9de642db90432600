# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module buckets."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw

READER = {
    "Sid": "Reader",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
    "Action": ["s3:GetObject", "s3:ListBucket"],
}
BUCKETS: dict[str, Any] = {
    "uploads": {
        "kms_key": "storage",
        "vpc_only": True,
        "access_logs": "logs",
        "policy_statements": [READER],
        "lifecycle": {
            "former": {"noncurrent_expire_days": 30},
            "invoices": {
                "prefix": "invoices/",
                "transitions": {"GLACIER": 180, "STANDARD_IA": 30},
                "expire_days": 3650,
            },
        },
        "on_removal": "empty",
    },
    "logs": {"versioned": False, "abort_uploads_days": 0, "on_removal": "empty"},
}


def name(raw: Raw, key: str = "uploads") -> str:
    return str(raw.found("Bucket", key)["Name"])


def open_policy(raw: Raw) -> None:
    raw.client("s3").delete_bucket_policy(Bucket=name(raw))


def unblock(raw: Raw) -> None:
    raw.client("s3").delete_public_access_block(Bucket=name(raw))


def allow_acls(raw: Raw) -> None:
    rules = [{"ObjectOwnership": "ObjectWriter"}]
    raw.client("s3").put_bucket_ownership_controls(Bucket=name(raw), OwnershipControls={"Rules": rules})


def forget_key(raw: Raw) -> None:
    raw.client("s3").delete_bucket_encryption(Bucket=name(raw))


def suspend(raw: Raw) -> None:
    raw.client("s3").put_bucket_versioning(Bucket=name(raw), VersioningConfiguration={"Status": "Suspended"})


def forget_rules(raw: Raw) -> None:
    raw.client("s3").delete_bucket_lifecycle(Bucket=name(raw))


def stop_logs(raw: Raw) -> None:
    raw.client("s3").put_bucket_logging(Bucket=name(raw), BucketLoggingStatus={})


def tag(raw: Raw) -> None:
    s3, bucket = raw.client("s3"), name(raw)
    tags = {each["Key"]: each["Value"] for each in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]}
    tags |= {"team": "someone else", "keelson:on-removal": "retain", "their": "own"}
    s3.put_bucket_tagging(
        Bucket=bucket, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}
    )


def broken(bucket: object, key: str = "uploads") -> Options:
    return {"buckets": {**BUCKETS, key: bucket}}


def statement(**changed: Any) -> Options:
    """A statement with some members changed, and those that are None left out."""
    return broken(
        {"policy_statements": [{key: value for key, value in {**READER, **changed}.items() if value is not None}]}
    )


def rule(given: object, key: str = "r") -> Options:
    return broken({"lifecycle": {key: given}})


CASE = Case(
    module="buckets",
    needs=(("vpc", {"cidr": "10.20.0.0/16"}), ("encryption_keys", {"keys": {"storage": {}}})),
    options={"buckets": BUCKETS},
    changes={
        ("Bucket", "PublicAccessBlock"): unblock,
        ("Bucket", "ObjectOwnership"): allow_acls,
        ("Bucket", "Encryption"): forget_key,
        ("Bucket", "Versioning"): suspend,
        ("Bucket", "Policy"): open_policy,
        ("Bucket", "LifecycleRules"): forget_rules,
        ("Bucket", "Logging"): stop_logs,
        ("Bucket", "Tags"): tag,
    },
    smaller={"buckets": {}},  # buckets hold data: they are not purged
    bad={
        "a bucket that is no dictionary": (broken("yes"), r"^buckets\.uploads: 'yes' is not a dictionary of options"),
        "an option that buckets do not have": (broken({"public": True}), r"^buckets\.uploads\.public: "),
        "a name that is none": (broken({}, "Up_loads"), r"^buckets\.Up_loads: a bucket's name has lower-case letters"),
        "a name too long": (broken({}, "u" * 40), r"^buckets\.u+: .* its name has 73 characters; S3 allows 63"),
        "a way of removal that is none": (broken({"on_removal": "burn"}), r"^buckets\.uploads\.on_removal: "),
        "a statement for everyone": (
            statement(Principal="*"),
            r"policy_statements\[0\]\.Principal: it allows everyone",
        ),
        "a statement for all accounts": (
            statement(Principal={"AWS": ["*"]}),
            r"policy_statements\[0\]\.Principal: it allows everyone",
        ),
        "a statement without effect": (statement(Effect=None), r"policy_statements\[0\]: Effect is missing"),
        "a statement for nobody": (
            statement(Principal=None),
            r"policy_statements\[0\]: Principal or NotPrincipal is missing",
        ),
        "a statement about nothing": (
            statement(Action=None),
            r"policy_statements\[0\]: Action or NotAction is missing",
        ),
        "an effect that is none": (
            statement(Effect="Maybe"),
            r"policy_statements\[0\]\.Effect: 'Maybe' must be Allow or Deny",
        ),
        "a policy too long": (
            statement(Sid="x" * 20480),
            r"policy_statements: is longer than 20480 characters, AWS's limit",
        ),
        "logs to nowhere": (
            broken({"access_logs": "trail"}),
            r"^buckets\.uploads\.access_logs: 'trail' is not among the buckets: logs",
        ),
        "logs to itself": (
            broken({"access_logs": "logs"}, "logs"),
            r"^buckets\.logs\.access_logs: logs takes access logs and has",
        ),
        "logs of logs": (
            broken({"access_logs": "uploads"}, "logs"),
            r"^buckets\.uploads\.access_logs: logs takes access logs and has",
        ),
        "logs that a KMS key encrypts": (
            broken({"kms_key": "storage"}, "logs"),
            r"^buckets\.uploads\.access_logs: logs has a kms_key",
        ),
        "uploads aborted yesterday": (
            broken({"abort_uploads_days": -1}),
            r"abort_uploads_days: -1 must be 1 or more days, or 0",
        ),
        "a rule that does nothing": (rule({}), r"^buckets\.uploads\.lifecycle\.r: does nothing"),
        "a rule that is no dictionary": (rule(3), r"^buckets\.uploads\.lifecycle\.r: 3 is not a dictionary"),
        "a rule whose name is taken": (
            rule({"expire_days": 1}, "abort-uploads"),
            r"lifecycle\.abort-uploads: a rule's name has",
        ),
        "too many rules": (
            broken({"lifecycle": {f"r{n}": {"expire_days": 1} for n in range(1000)}}),
            r"lifecycle: 1000 rules; S3 takes",
        ),
        "an end before the beginning": (
            rule({"expire_days": -1}),
            r"lifecycle\.r\.expire_days: -1 must be 1 or more days",
        ),
        "former versions ended too soon": (
            rule({"noncurrent_expire_days": -1}),
            r"noncurrent_expire_days: -1 must be 1 or more days",
        ),
        "former versions of none": (
            broken({"versioned": False, "lifecycle": {"r": {"noncurrent_expire_days": 3}}}),
            r"lifecycle\.r\.noncurrent_expire_days: the bucket keeps no versions",
        ),
        "a storage class that is none": (
            rule({"transitions": {"COLD": 3}}),
            r"transitions\.COLD: is not one of STANDARD_IA, ONEZONE_IA",
        ),
        "a move at no time": (
            rule({"transitions": {"GLACIER": "soon"}}),
            r"transitions\.GLACIER: 'soon' is not a number of days",
        ),
        "a move too soon": (
            rule({"transitions": {"STANDARD_IA": 29}}),
            r"transitions\.STANDARD_IA: 29 days; S3 moves .* after 30 days",
        ),
        "a move to the warmer": (
            rule({"transitions": {"STANDARD_IA": 60, "GLACIER": 60}}),
            r"transitions\.GLACIER: 60 days is not after STANDARD_IA, at 60 days",
        ),
        "an end before a move": (
            rule({"transitions": {"GLACIER": 60}, "expire_days": 60}),
            r"lifecycle\.r\.expire_days: 60 is not after the last transition, at 60 days",
        ),
    },
    bad_when_made={
        "a bucket that another component has": (
            {"component": "other"},
            r"^Bucket uploads: exists, and is not this environ",
        )
    },
)
