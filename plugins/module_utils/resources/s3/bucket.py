# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""S3: private buckets.

All of a bucket's settings are its properties, its policy included. The policy may refer to what needs the bucket
itself, such as the distribution that reads from it: it is then written once that is there.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...aws.errors import EVENTUALLY
from ...aws.policy import Document, as_json, document
from ...aws.session import Aws, AwsError
from ...engine.errors import AnswerLost, Blocked, KeelsonError
from ...engine.resource import Owner, Properties, Resource
from ..ec2.vpc import VpcLookup
from ..kms.key import KeyLookup
from ..removal import REMOVAL_TAG, not_empty, removal
from .objects import empty, holds_objects
from .reads import buckets

LONGEST_NAME = 63

PRIVATE = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}


def bucket_name(api: Aws, owner: Owner, what: str) -> str:
    """Names are taken across all accounts: with account and region in them,
    nobody else has a reason to take one of ours.
    """
    return f"{owner.name}-{what}-{api.account_id}-{api.region}"


def bucket_arn(api: Aws, name: str) -> str:
    return f"arn:{api.partition}:s3:::{name}"


@dataclass(frozen=True)
class Bucket(Resource):
    """A private bucket: no public access, no ACLs, encrypted, reached by TLS only.

    ``name`` is ``bucket_name()`` of the key, ``arn`` its ``bucket_arn()``. ``statements``: of its policy, besides those
    that refuse; they may refer to what is made after the bucket: ``Ref((Distribution, "site"), "ARN")``. ``kms_key``:
    None leaves encryption to S3's own keys. ``lifecycle``: rules as AWS has them, each with an ID. ``access_logs``: the
    bucket that takes the access logs. ``vpc``: objects are read and written from there, and by services of AWS, only.
    ``on_removal``: one of ``removal.REMOVALS``.
    """

    key: str
    name: str
    arn: str
    statements: tuple[Document, ...] = ()
    versioned: bool = True
    kms_key: KeyLookup | None = None
    lifecycle: tuple[Document, ...] = ()
    access_logs: Bucket | None = None
    vpc: VpcLookup | None = None
    on_removal: str = "delete"

    stateful: ClassVar[bool] = True
    id_name: ClassVar[str] = "Name"
    arn_name: ClassVar[str] = "BucketArn"

    def desired(self) -> Properties:
        return {
            "PublicAccessBlock": PRIVATE,
            "ObjectOwnership": "BucketOwnerEnforced",
            "Encryption": {
                "SSEAlgorithm": "aws:kms" if self.kms_key else "AES256",
                "KMSMasterKeyID": self.kms_key.ref("Arn") if self.kms_key else None,
                "BucketKeyEnabled": self.kms_key is not None,
                "BlockedEncryptionTypes": {"SSE-C"},
            },
            "Versioning": "Enabled" if self.versioned else "Suspended",
            "Policy": document(*self.refusals(), *self.statements),
            "LifecycleRules": sorted(self.lifecycle, key=lambda rule: str(rule["ID"])),
            "Logging": {"TargetBucket": self.access_logs.name, "TargetPrefix": f"{self.key}/"}
            if self.access_logs
            else None,
            "Tags": {REMOVAL_TAG: self.on_removal},
        }

    def refusals(self) -> Iterator[Document]:
        """https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html"""
        everyone = {"Effect": "Deny", "Principal": "*"}
        yield {
            **everyone,
            "Sid": "TlsOnly",
            "Action": "s3:*",
            "Resource": [self.arn, f"{self.arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": False}},
        }
        if self.vpc:
            yield {
                **everyone,
                "Sid": "VpcOnly",
                "Action": ["s3:GetObject*", "s3:PutObject*"],
                "Resource": f"{self.arn}/*",
                "Condition": {
                    "StringNotEquals": {"aws:SourceVpc": self.vpc.ref("VpcId")},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": False, "aws:ViaAWSService": False},
                },
            }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        """Buckets of this region whose names begin as the environment's do.

        S3 lists no tags: each bucket is asked for its own.
        """
        suffix = f"-{api.account_id}-{api.region}"
        for bucket in buckets(api, owner):
            what = bucket["Name"].removeprefix(f"{owner.name}-").removesuffix(suffix)
            yield (
                bucket["Tags"].get("keelson:key", what) if owner.scope.items() <= bucket["Tags"].items() else what,
                bucket,
            )

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        if observed:
            return ""
        try:
            taken = api.find("s3", "head_bucket", Bucket=self.name)
        except AwsError as error:
            if error.code != "403":
                raise
            return (
                f"the bucket name {self.name} is taken by another AWS account, or kept from the caller. "
                "Name the bucket otherwise."
            )
        if (
            taken is None or taken.get("BucketRegion") == api.region
        ):  # one of this region that is not ours is refused as such
            return ""
        return (
            f"the bucket {self.name} exists in {taken.get('BucketRegion')}, and this environment is in {api.region}. "
            "Remove that one."
        )

    def create(self, api: Aws, wanted: Properties) -> Properties:
        """Made with tags, an existing bucket is never taken over, in us-east-1 neither.

        Since April 2023 new buckets are private and without ACLs:
        https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
        """
        place = {} if api.region == "us-east-1" else {"LocationConstraint": api.region}
        try:
            api.call_once(
                "s3",
                "create_bucket",
                Bucket=self.name,
                CreateBucketConfiguration={**place, "Tags": tag_set(wanted["Tags"])},
            )
        except AwsError as error:
            if error.code != "BucketAlreadyOwnedByYou":
                raise
            raise AnswerLost(
                str(error), EVENTUALLY
            ) from error  # by our own request, or another run's: no such bucket was seen before
        return {
            "Name": self.name,
            "BucketArn": self.arn,
            "PublicAccessBlock": PRIVATE,
            "ObjectOwnership": "BucketOwnerEnforced",
            "Versioning": "Suspended",
            "LifecycleRules": [],
            "Logging": None,
            "Tags": wanted["Tags"],
        }

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        bucket = observed["Name"]
        for name, change in _CHANGES.items():
            if name in changes:
                operation, parameters = change(changes[name], observed)
                api.call("s3", operation, Bucket=bucket, **parameters)

    @classmethod
    def retained(cls, observed: Properties) -> bool:
        return removal(observed) == "retain"

    @classmethod
    def obstacle(cls, api: Aws, observed: Properties) -> str:
        if removal(observed) == "delete" and holds_objects(api, observed["Name"]):
            return not_empty("objects")
        return ""

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        if removal(observed) == "empty":
            empty(api, observed["Name"])
        try:
            api.call("s3", "delete_bucket", Bucket=observed["Name"])
        except AwsError as error:
            if error.code != "BucketNotEmpty":
                raise
            if removal(observed) == "empty":
                raise Blocked(f"something still writes to the bucket {observed['Name']}") from error
            raise KeelsonError(not_empty("objects")) from error


def tag_set(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]


def _encryption(wanted: Properties, _observed: Properties) -> tuple[str, Any]:
    key = {"KMSMasterKeyID": wanted["KMSMasterKeyID"]} if wanted["KMSMasterKeyID"] else {}
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": wanted["SSEAlgorithm"], **key},
        "BucketKeyEnabled": wanted["BucketKeyEnabled"],
        "BlockedEncryptionTypes": {"EncryptionType": sorted(wanted["BlockedEncryptionTypes"])},
    }
    return "put_bucket_encryption", {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def _lifecycle(rules: list[Document], _observed: Properties) -> tuple[str, Any]:
    if not rules:
        return "delete_bucket_lifecycle", {}
    return "put_bucket_lifecycle_configuration", {"LifecycleConfiguration": {"Rules": rules}}


def _tags(wanted: dict[str, str], observed: Properties) -> tuple[str, Any]:
    """The call replaces all tags but those of AWS itself."""
    kept = {name: value for name, value in observed["Tags"].items() if not name.startswith("aws:")}
    return "put_bucket_tagging", {"Tagging": {"TagSet": tag_set({**kept, **wanted})}}


_CHANGES: dict[str, Any] = {
    "PublicAccessBlock": lambda wanted, _: ("put_public_access_block", {"PublicAccessBlockConfiguration": wanted}),
    "ObjectOwnership": lambda wanted, _: (
        "put_bucket_ownership_controls",
        {"OwnershipControls": {"Rules": [{"ObjectOwnership": wanted}]}},
    ),
    "Encryption": _encryption,
    "Versioning": lambda wanted, _: ("put_bucket_versioning", {"VersioningConfiguration": {"Status": wanted}}),
    "Policy": lambda wanted, _: ("put_bucket_policy", {"Policy": as_json(wanted)}),
    "LifecycleRules": _lifecycle,
    "Logging": lambda wanted, _: (
        "put_bucket_logging",
        {"BucketLoggingStatus": {"LoggingEnabled": wanted} if wanted else {}},
    ),
    "Tags": _tags,
}
"""For each property the call that changes it, and its parameters: from what should be and what was observed."""
