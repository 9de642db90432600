# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every EC2 call: dry runs, client tokens, tags on create, and what gets done as time passes.

https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import get_service_model
from moto.ec2 import utils
from moto.ec2.exceptions import DryRunClientError, EC2ClientError, InvalidTaggableResourceType
from moto.ec2.models import EC2Backend
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.responses import EC2Response

from ..patching import override

# What each call that takes tags makes. With another type AWS refuses the call.
_TAGGED = {
    "AllocateAddress": {"elastic-ip"},
    "AuthorizeSecurityGroupEgress": {"security-group-rule"},
    "AuthorizeSecurityGroupIngress": {"security-group-rule"},
    "CreateFlowLogs": {"vpc-flow-log"},
    "CreateInternetGateway": {"internet-gateway"},
    "CreateLaunchTemplate": {"launch-template"},
    "CreateNatGateway": {"natgateway", "elastic-ip"},
    "CreateNetworkAcl": {"network-acl"},
    "CreateNetworkInterface": {"network-interface"},
    "CreateRouteTable": {"route-table"},
    "CreateSecurityGroup": {"security-group"},
    "CreateSubnet": {"subnet"},
    "CreateVpc": {"vpc"},
    "CreateVpcEndpoint": {"vpc-endpoint"},
}
# Calls after which what they name is gone at once, and its tags with it.
_ENDS = (
    "DeleteFlowLogs",
    "DeleteInternetGateway",
    "DeleteLaunchTemplate",
    "DeleteNetworkAcl",
    "DeleteNetworkInterface",
    "DeleteRouteTable",
    "DeleteSecurityGroup",
    "DeleteSubnet",
    "DeleteVpc",
    "ReleaseAddress",
)

_settlers: list[Callable[[EC2Backend], None]] = []


def settle_with(settler: Callable[[EC2Backend], None]) -> None:
    """Have it called before every EC2 call, to carry out what time has brought to its end."""
    _settlers.append(settler)


def error(code: str, message: str) -> EC2ClientError:
    return EC2ClientError(code, message)


def dependency(kind: str, resource_id: str) -> EC2ClientError:
    return error("DependencyViolation", f"The {kind} '{resource_id}' has dependencies and cannot be deleted.")


def install() -> None:
    override(EC2Response, "call_action", _call_action)
    override(TaggedEC2Resource, "get_tags", _get_tags)
    utils.is_filter_matching = _is_filter_matching
    utils.EC2_PREFIX_TO_RESOURCE.update(
        {"nat": "natgateway", "fl": "vpc-flow-log", "eipalloc": "elastic-ip", "vpce": "vpc-endpoint"}
    )


def _call_action(original: Callable[..., Any], self: EC2Response) -> Any:
    backend: EC2Backend = self.ec2_backend
    for settler in _settlers:
        settler(backend)
    action = self._get_action()
    try:
        if self._get_param("DryRun", False):
            raise DryRunClientError
        _check_tags(self, action)
        return _call_once(original, self, backend, action)
    except EC2ClientError as refusal:
        return self.serialized(ActionResult(refusal))


def _check_tags(response: EC2Response, action: str) -> None:
    for tags in response._get_param("TagSpecifications", []):
        if action in _TAGGED and tags.get("ResourceType") not in _TAGGED[action]:
            raise InvalidTaggableResourceType(tags.get("ResourceType"))


def _call_once(original: Callable[..., Any], response: EC2Response, backend: EC2Backend, action: str) -> Any:
    """With a client token that was used before, the answer of that time; with other parameters, a refusal."""
    token = response.params.get("ClientToken")
    if not token or not _is_idempotent(action):
        return _call(original, response, backend, action)
    answers = vars(backend).setdefault("answers_by_token", {})
    given = repr(response.params)
    if (action, token) not in answers:
        answer = _call(original, response, backend, action)
        if answer[0] < 400:
            answers[action, token] = given, answer
        return answer
    before, answer = answers[action, token]
    if before != given:
        raise error(
            "IdempotentParameterMismatch",
            f"Client token {token} was used before with different parameters. "
            "Retry with a new token or the same parameters.",
        )
    return answer


def _is_idempotent(action: str) -> bool:
    model = get_service_model("ec2").operation_model(action)
    return model.input_shape is not None and "ClientToken" in model.input_shape.members


def _call(original: Callable[..., Any], response: EC2Response, backend: EC2Backend, action: str) -> Any:
    answer = original(response)
    if action in _ENDS and answer[0] < 400:
        for value in response.params.values():
            for resource_id in value if isinstance(value, list) else [value]:
                if isinstance(resource_id, str):
                    backend.tags.pop(resource_id, None)
    return answer


def _get_tags(_original: Callable[..., Any], self: TaggedEC2Resource) -> list[dict[str, str]]:
    """moto looks through all tags of the account for those of one resource."""
    resource_id: str = self.id
    tags = self.ec2_backend.tags.get(resource_id, {})
    kind = utils.EC2_PREFIX_TO_RESOURCE.get(utils.get_prefix(resource_id), "")
    return [
        {"resource_id": resource_id, "key": key, "value": value, "resource_type": kind} for key, value in tags.items()
    ]


def _is_filter_matching(resource: Any, name: str, patterns: Any) -> bool:
    """Any value that matches any pattern does; moto wants all values of a resource with several, or all patterns."""
    values = resource.get_filter_value(name)
    if isinstance(values, (str, bool, int, datetime)) or values is None:
        values = [values]
    return any(_pattern(pattern).fullmatch(_text(value)) for value in values for pattern in _list(patterns))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return utils.format_timestamp(value) if isinstance(value, datetime) else "" if value is None else str(value)


def _list(patterns: Any) -> list[str]:
    return [patterns] if isinstance(patterns, str) else list(patterns or [])


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """* and ? are the wildcards of EC2's filters."""
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
