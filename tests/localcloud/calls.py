# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which AWS call a request is, and errors in that call's own protocol.

Names come from botocore's service models. The service is told by the signature's scope, the operation by the protocol:
``X-Amz-Target``, ``Action``, or method and path.
"""

from __future__ import annotations

import re
import threading
import warnings
from dataclasses import dataclass
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from localcloud.wire import Request, Response
from moto.core.model import OperationModel, ServiceModel
from moto.core.request import determine_request_protocol
from moto.core.routing import NotFound, get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import BackendRequest

# A signature's scope, in the Authorization header or in a presigned URL.
_SCOPE = re.compile(r"Credential=([^/,&]+)/\d+/([^/]+)/([^/]+)/aws4_request")

_QUERY = re.compile(rb'"sql": *"(\\n| )*(SELECT|SHOW)\b', re.IGNORECASE)

# Signing names that are not the name of the service's model.
_MODELS = {
    "aps": "amp",
    "elasticfilesystem": "efs",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}

_READ_PREFIXES = (
    "Describe", "List", "Get", "Head", "BatchGet", "Search", "Lookup", "Query", "Scan", "Select", "Check", "Simulate",
    "Test", "Validate", "Verify", "Estimate", "Decode", "Filter", "Preview", "Download", "Encrypt", "Decrypt",
    "ReEncrypt", "GenerateDataKey", "GenerateRandom", "GenerateMac", "Sign",
)  # fmt: skip
# Operations that keep nothing, whatever their name.
_KEEP_NOTHING = {("iam", "GenerateCredentialReport"), ("iam", "GenerateServiceLastAccessedDetails")}

# moto builds its models and routers when they are first asked for, and half built ones show to whoever asks meanwhile.
_BUILDING = threading.Lock()

# moto warns of codes that a service's model does not name; those of the local cloud and the common ones
# are no oversight.
warnings.filterwarnings("ignore", message=r"Exception\(_Error\)")


class _Error(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Call:
    """One AWS call: ``ec2 DescribeVpcs``. ``operation`` is empty when the model has none for this request."""

    service: str
    operation: str
    region: str
    access_key: str
    write: bool
    protocol: str

    @property
    def name(self) -> str:
        return f"{self.service} {self.operation}"

    def error(self, code: str, message: str, status: int) -> Response:
        """An error answer in the shape of the call's protocol,
        which botocore raises as a ClientError with that code.
        """
        model = _model(self.service)
        if model is None:
            return Response(
                status, f'{{"__type": "{code}", "message": "{message}"}}'.encode(), [("x-amzn-errortype", code)]
            )
        try:
            with _BUILDING:
                operation = model.operation_model(self.operation)
        except OperationNotFoundError:
            operation = OperationModel({"name": self.operation}, model)
        serializer = get_serializer_class(model.service_name, self.protocol)(operation_model=operation)
        answer = serializer.serialize(_Error(code, message))
        headers = [(name, str(value)) for name, value in answer["headers"].items()]
        return Response(status, str(answer["body"]).encode(), headers)


def identify(request: Request) -> Call:
    """The call that a request makes.

    An unsigned one has no access key; one of a service nobody knows has protocol json.
    """
    with _BUILDING:
        return _identify(request)


def _identify(request: Request) -> Call:
    access_key, region, signing_name = _scope(request)
    form = _form(request)
    service = _service(signing_name, request, form)
    model = _model(service)
    if model is None:
        return Call(
            service, request.headers.get("x-amz-target", "").rpartition(".")[2], region, access_key, True, "json"
        )
    asked = BackendRequest(request.environ())
    try:
        protocol = determine_request_protocol(model, asked.content_type)
    except NotImplementedError:
        protocol = str(model.protocol)
    operation = form.get("Action") or request.headers.get("x-amz-target", "").rpartition(".")[2]
    if not operation:
        try:
            operation = str(get_service_router(service).match(asked)[0].name)
        except (NotFound, NotImplementedError):
            operation = ""
    write = is_write(service, operation) and form.get("DryRun") != "true" and not _is_query(service, request)
    return Call(service, operation, region, access_key, write, protocol)


def is_write(service: str, operation: str) -> bool:
    """Whether the operation changes what the account holds. STS only hands out credentials."""
    if service == "sts" or (service, operation) in _KEEP_NOTHING:
        return False
    return not operation.startswith(_READ_PREFIXES)


def _is_query(service: str, request: Request) -> bool:
    """Whether it is an SQL statement that only reads."""
    return service == "rds-data" and bool(_QUERY.search(request.body))


def _scope(request: Request) -> tuple[str, str, str]:
    for text in (
        request.headers.get("authorization", ""),
        request.query_string.replace("%2F", "/").replace("%2f", "/"),
    ):
        if found := _SCOPE.search(text):
            return found.group(1), found.group(2), found.group(3)
    return "", "us-east-1", ""


def _form(request: Request) -> dict[str, str]:
    """The parameters of the query protocols, which are form-encoded in the body or stand in a presigned URL."""
    text = request.query_string
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        text = request.body.decode("utf-8", "replace")
    if "Action=" not in text:
        return {}
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}


def _service(signing_name: str, request: Request, form: dict[str, str]) -> str:
    if signing_name == "elasticloadbalancing":
        return "elb" if form.get("Version") == "2012-06-01" else "elbv2"
    if signing_name == "s3" and request.path.startswith("/v20180820/"):
        return "s3control"
    if signing_name == "ses" and request.path.startswith("/v2/"):
        return "sesv2"
    if not signing_name and form.get("Action", "").startswith("AssumeRoleWith"):
        return "sts"
    return _MODELS.get(signing_name, signing_name) or "s3"


def _model(service: str) -> ServiceModel | None:
    try:
        return get_service_model(service)
    except UnknownServiceError:
        return None
