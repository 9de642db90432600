# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How each AWS protocol says that a call was throttled, broke, was denied or carried bad credentials.

Codes: the services' "Common Errors" pages; those for throttling are what botocore's retry handlers know.
"""

from __future__ import annotations

from localcloud.calls import Call
from localcloud.wire import Response

# By kind of error: the service's own code and status, else its protocol's.
_CODES: dict[str, dict[str, tuple[str, int]]] = {
    "throttled": {
        "s3": ("SlowDown", 503),
        "ec2": ("RequestLimitExceeded", 503),
        "query": ("Throttling", 400),
        "rest-xml": ("Throttling", 400),
        "rest-json": ("ThrottlingException", 429),
        "json": ("ThrottlingException", 400),
    },
    "server_error": {
        "s3": ("InternalError", 500),
        "ec2": ("InternalError", 500),
        "query": ("InternalFailure", 500),
        "rest-xml": ("InternalFailure", 500),
        "rest-json": ("InternalServerException", 500),
        "json": ("InternalServerError", 500),
    },
    "unavailable": {
        "s3": ("ServiceUnavailable", 503),
        "ec2": ("Unavailable", 503),
        "query": ("ServiceUnavailable", 503),
        "rest-xml": ("ServiceUnavailable", 503),
        "rest-json": ("ServiceUnavailableException", 503),
        "json": ("ServiceUnavailable", 503),
    },
    "denied": {
        "s3": ("AccessDenied", 403),
        "ec2": ("UnauthorizedOperation", 403),
        "query": ("AccessDenied", 403),
        "rest-xml": ("AccessDenied", 403),
        "rest-json": ("AccessDeniedException", 403),
        "json": ("AccessDeniedException", 400),
    },
    "expired_token": {
        "s3": ("ExpiredToken", 400),
        "ec2": ("RequestExpired", 400),
        "query": ("ExpiredToken", 403),
        "rest-xml": ("ExpiredToken", 403),
        "rest-json": ("ExpiredTokenException", 403),
        "json": ("ExpiredTokenException", 400),
    },
    "unsigned": {
        "s3": ("AccessDenied", 403),
        "ec2": ("AuthFailure", 401),
        "query": ("MissingAuthenticationToken", 403),
        "rest-xml": ("MissingAuthenticationToken", 403),
        "rest-json": ("MissingAuthenticationTokenException", 403),
        "json": ("MissingAuthenticationTokenException", 400),
    },
    "unknown_key": {
        "s3": ("InvalidAccessKeyId", 403),
        "ec2": ("AuthFailure", 401),
        "query": ("InvalidClientTokenId", 403),
        "rest-xml": ("InvalidClientTokenId", 403),
        "rest-json": ("UnrecognizedClientException", 403),
        "json": ("UnrecognizedClientException", 400),
    },
}
_MESSAGES = {
    "throttled": "Rate exceeded",
    "server_error": "An internal error has occurred",
    "unavailable": "The service is temporarily unavailable",
    "denied": "You are not authorized to perform this operation.",
    "expired_token": "The security token included in the request is expired",
    "unsigned": "Request is missing Authentication Token",
    "unknown_key": "The security token included in the request is invalid.",
}
KINDS = frozenset(_CODES)


def error(kind: str, call: Call) -> Response:
    """The answer of an AWS service to ``call`` when something of this kind (one of KINDS) happens."""
    codes = _CODES[kind]
    code, status = codes.get(call.service) or codes.get(call.protocol) or codes["json"]
    return call.error(code, _MESSAGES[kind], status)
