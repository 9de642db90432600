# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""botocore's exceptions in the engine's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.errors import AnswerLost, Blocked, KeelsonError

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the services' own error lists.
THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "RequestThrottled",
    "SlowDown",
}
IN_USE = {
    "DependencyViolation",
    "ResourceInUse",
    "ResourceInUseException",
    "DeleteConflict",
    "InvalidIPAddress.InUse",
    "InvalidAddress.Locked",
    "InvalidSubnet.Conflict",
    "IncorrectState",
    "OperationNotPermitted",
    "ConcurrentModification",
    "InvalidDBClusterStateFault",
    "InvalidDBInstanceState",
    "InvalidDBParameterGroupState",
    "InvalidDBSubnetGroupStateFault",
    "InvalidResourceStateFault",
    "ConcurrentModificationException",
    "PriorRequestNotComplete",  # Route 53: another change of the zone is under way
    "OperationAborted",  # S3: another change of the bucket is under way, or one of this name is just being deleted
}
DONE_ALREADY = {
    "InvalidPermission.Duplicate",
    "NetworkAclEntryAlreadyExists",
    "Resource.AlreadyAssociated",
    "RouteAlreadyExists",
}
"""What a change is told whose first answer was lost, or which rests on an old reading: to look again settles it."""
NOT_FOUND = ("NotFound", "NotFoundException", "NotFoundError", "NotFoundFault")
"""How the codes end that say so, but for S3's, CloudFront's, IAM's and Route 53's, which begin with NoSuch,
and a HEAD's, which is 404.
"""
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthFailure"}

PASSING = (
    "cannot be assumed",
    "could not be assumed",
    "were not found in the trust relationships",
    "invalid principal",
    "is not in ACTIVE status",
    "is not allowed to be used with",
    "invalid repository policy provided",
    "because it was marked for deletion",
)
"""Parts of messages about what was just made and is not known everywhere yet: roles, their trust, key policies;
or about a cluster that is just changing.
"""

EVENTUALLY = 120.0
"""Seconds within which what was just made is visible everywhere in AWS."""


class AwsError(KeelsonError):
    """AWS refused a call. ``operation`` is its name in AWS's documentation, ``code`` AWS's own."""

    def __init__(self, service: str, operation: str, code: str, message: str) -> None:
        super().__init__(f"{service}:{operation}: {code}: {message}{way_out(code)}")
        self.service, self.operation, self.code, self.message = service, operation, code, message

    @property
    def is_not_found(self) -> bool:
        return is_not_found(self.code)


def translated(service: str, operation: str, error: ClientError) -> KeelsonError:
    """What the engine should make of it: Blocked when it passes by itself, else AwsError.

    ``operation``: as AWS names it.
    """
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    text = f"{service}:{operation}: {code}: {message}"
    if code in THROTTLED:
        return Blocked(text)
    if status >= 500:
        return AnswerLost(text)
    if code in IN_USE:
        return Blocked(text)
    settles = is_not_found(code) or code in DONE_ALREADY or code == "KMSInvalidStateException"
    if settles or any(part in message.lower() for part in map(str.lower, PASSING)):
        return Blocked(text, patience=EVENTUALLY)
    return AwsError(service, operation, code, message)


def unanswered(service: str, operation: str, error: BotoCoreError) -> KeelsonError:
    """A request without an answer: no credentials, no route, a connection that broke."""
    from botocore.exceptions import ConnectionClosedError, NoCredentialsError, ReadTimeoutError

    text = f"{service}:{operation}: {error}"
    if isinstance(error, (ConnectionClosedError, ReadTimeoutError)):
        return AnswerLost(text, patience=EVENTUALLY)
    if isinstance(error, NoCredentialsError):
        text += ". Set keelson_profile, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    return KeelsonError(text)


def is_not_found(code: str) -> bool:
    return code == "404" or code.startswith("NoSuch") or code.endswith(NOT_FOUND)


def way_out(code: str) -> str:
    if code in EXPIRED:
        return ". Renew the credentials and run again: the run goes on where it stopped."
    if code in DENIED:
        return ". The caller lacks this permission, or a service control policy denies it."
    return ""
