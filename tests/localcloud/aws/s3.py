# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""S3: buckets that are private, encrypted and without ACLs from the beginning, tags at creation,
names that another account has.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html

Bucket policies are stored and checked, not enforced, as all of IAM here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import xmltodict  # type: ignore[import-untyped]
from localcloud.aws.patching import override
from moto.iam.access_control import PermissionResult
from moto.s3.exceptions import BucketAlreadyOwnedByYou, S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend, S3BackendDict
from moto.s3.responses import S3Response

_BLOCKED = {"EncryptionType": ["SSE-C"]}


def install() -> None:
    override(S3BackendDict, "clear", _forget)
    override(FakeBucket, "__init__", _make_bucket)
    FakeBucket.get_permission = lambda _self, _action, _resource: (
        PermissionResult.NEUTRAL
    )  # it would deny without a look at conditions
    FakeBucket._log_permissions_enabled_policy = staticmethod(_lets_logs_in)
    override(S3Backend, "log_incoming_request", _log_later)
    override(S3Backend, "delete_bucket_encryption", _reset_encryption)
    override(S3Backend, "put_bucket_policy", _put_policy)
    override(S3Backend, "put_bucket_acl", _put_acl)
    override(S3Response, "_bucket_response_put", _put_bucket)
    override(S3Response, "head_bucket", _head_bucket)
    override(S3Response, "get_bucket_encryption", _get_encryption)


def _forget(original: Callable[..., None], self: S3BackendDict) -> None:
    """The names that are taken, too."""
    original(self)
    self.bucket_accounts.clear()


def _make_bucket(original: Callable[..., None], self: FakeBucket, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self.ownership_rule = "BucketOwnerEnforced"
    self.public_access_block = PublicAccessBlock("true", "true", "true", "true")
    self.encryption = _default_encryption()


def _default_encryption() -> dict[str, Any]:
    return {
        "Rule": {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BucketKeyEnabled": "false",
            "BlockedEncryptionTypes": _BLOCKED,
        }
    }


def _reset_encryption(_original: Any, self: S3Backend, bucket_name: str) -> None:
    self.get_bucket(bucket_name).encryption = _default_encryption()


def _log_later(_original: Any, _self: S3Backend, _request: Any, _bucket_name: str) -> None:
    """AWS delivers access logs within hours, here they never come: a look at a bucket would else make an object."""


def _get_encryption(original: Callable[..., Any], self: S3Response) -> Any:
    """moto's answer, and what is blocked, which botocore's model has and moto drops."""
    answer = original(self)
    rule = self.backend.get_bucket(self.bucket_name).encryption["Rule"]
    types = rule.get("BlockedEncryptionTypes", {}).get("EncryptionType", [])
    blocked = "".join(
        f"<EncryptionType>{one}</EncryptionType>" for one in ([types] if isinstance(types, str) else types)
    )
    status, headers, body = answer
    text = body.decode() if isinstance(body, bytes) else body
    return (
        status,
        headers,
        text.replace("</Rule>", f"<BlockedEncryptionTypes>{blocked}</BlockedEncryptionTypes></Rule>"),
    )


def _put_bucket(
    original: Callable[..., Any], self: S3Response, request: Any, bucket_name: str, querystring: dict[str, Any]
) -> Any:
    if querystring:
        return original(self, request, bucket_name, querystring)
    tags = _tags_at_creation(self.body)
    if (
        tags and bucket_name in self.backend.buckets
    ):  # only without tags does us-east-1 make an existing bucket once more
        raise BucketAlreadyOwnedByYou(bucket_name=bucket_name)
    answer = original(self, request, bucket_name, querystring)
    if tags:
        self.backend.put_bucket_tagging(bucket_name, tags)
    return answer


def _tags_at_creation(body: bytes) -> dict[str, str]:
    given = xmltodict.parse(body)["CreateBucketConfiguration"] if body else None
    tags = ((given or {}).get("Tags") or {}).get("Tag", [])
    return {tag["Key"]: tag["Value"] or "" for tag in ([tags] if isinstance(tags, dict) else tags)}


def _head_bucket(original: Callable[..., Any], self: S3Response) -> Any:
    """Whether another account's bucket exists is no secret, all else about it is."""
    status, headers, body = original(self)
    if status == 200 and self.backend.head_bucket(self.bucket_name).account_id != self.get_current_account():
        return 403, {}, ""
    return status, headers, body


def _put_acl(original: Callable[..., None], self: S3Backend, bucket_name: str, acl: Any) -> None:
    if self.get_bucket(bucket_name).ownership_rule == "BucketOwnerEnforced":
        raise S3ClientError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    original(self, bucket_name, acl)


def _put_policy(original: Callable[..., None], self: S3Backend, bucket_name: str, policy: bytes) -> None:
    bucket = self.get_bucket(bucket_name)
    try:
        statements = list(_statements(policy))
    except (ValueError, KeyError, TypeError) as error:
        raise S3ClientError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'") from error
    for statement in statements:
        if not all(
            resource == bucket.arn or resource.startswith(f"{bucket.arn}/")
            for resource in _listed(statement.get("Resource"))
        ):
            raise S3ClientError("MalformedPolicy", "Policy has invalid resource")
    block = bucket.public_access_block
    if block and block.block_public_policy and any(map(_is_public, statements)):
        reason = "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access."
        raise S3ClientError(
            "AccessDenied", f"User is not authorized to perform: s3:PutBucketPolicy on resource: {bucket.arn} {reason}"
        )
    original(self, bucket_name, policy)


def _is_public(statement: dict[str, Any]) -> bool:
    """For everyone, without a condition that says who
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
    """
    principal = statement.get("Principal")
    everyone = "*" in _listed(principal.get("AWS", []) if isinstance(principal, dict) else principal)
    return statement["Effect"] == "Allow" and everyone and not statement.get("Condition")


def _lets_logs_in(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    allowed = {target_bucket.arn + "/*", f"{target_bucket.arn}/{target_prefix or ''}*"}
    for statement in _statements(target_bucket.policy or b'{"Statement": []}'):
        principal = statement.get("Principal")
        services = _listed(principal.get("Service", [])) if isinstance(principal, dict) else []
        named = "logging.s3.amazonaws.com" in services and "s3:PutObject" in _listed(statement.get("Action"))
        if statement["Effect"] == "Allow" and named and allowed & set(_listed(statement.get("Resource"))):
            return True
    return False


def _statements(policy: bytes) -> Iterator[dict[str, Any]]:
    for statement in _listed(json.loads(policy)["Statement"]):
        if statement["Effect"] not in ("Allow", "Deny"):
            raise ValueError(statement["Effect"])
        yield statement


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
