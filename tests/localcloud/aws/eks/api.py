# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The HTTP side: moto's routing, one method an operation, parameters checked against botocore's model."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model

from .backend import Call, eks_backends
from .errors import InvalidParameterException
from .resources import Data

Operation = Callable[[Call], Data]
OPERATIONS: dict[str, Operation] = {}


def operation(function: Operation) -> Operation:
    """Registers what answers the operation of the function's name."""
    OPERATIONS[function.__name__] = function
    return function


def response_class() -> type[BaseResponse]:
    """moto's Response class for EKS. What is not registered is a NotImplementedError in moto, never a 404."""

    def init(self: BaseResponse) -> None:
        BaseResponse.__init__(self, service_name="eks")
        self.automated_parameter_parsing = True

    methods: dict[str, Any] = {name: _method(function) for name, function in OPERATIONS.items()}
    return type("EksResponse", (BaseResponse,), {"__init__": init, **methods})


def _method(function: Operation) -> Callable[[BaseResponse], ActionResult]:
    model = _operation_model(function.__name__)

    def answer(self: BaseResponse) -> ActionResult:
        backend = eks_backends[self.current_account][self.region]
        request = {name: value for name, value in dict(self.params).items() if value is not None}
        check(model.input_shape, request)
        backend.settle()
        result = function(Call(backend, request, self.get_access_key()))
        backend.settle()
        return ActionResult(result)

    answer.__name__ = function.__name__
    return answer


def _operation_model(name: str) -> OperationModel:
    service = get_service_model("eks")
    found = next(operation for operation in service.operation_names if camelcase_to_underscores(operation) == name)
    return service.operation_model(found)


def check(shape: Shape, value: Any, path: str = "") -> None:
    """Refuse what breaks a constraint of the model that botocore does not check: enums,
    patterns, lengths and ranges.
    """
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if value.get(name) is not None:
                check(member, value[name], f"{path}.{name}" if path else name)
    elif isinstance(shape, ListShape):
        _check_size(shape, len(value), value, path, "length")
        for index, item in enumerate(value):
            check(shape.member, item, f"{path}.{index + 1}.member")
    elif isinstance(shape, MapShape):
        _check_size(shape, len(value), value, path, "length")
    elif isinstance(value, str):
        _check_string(shape, value, path)
    elif isinstance(value, int) and not isinstance(value, bool):
        _check_size(shape, value, value, path, "value")


def _check_string(shape: Shape, value: str, path: str) -> None:
    if "enum" in shape.metadata and value not in shape.metadata["enum"]:
        _refuse(value, path, f"Member must satisfy enum value set: [{', '.join(shape.metadata['enum'])}]")
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern.removeprefix("^"), value):
        _refuse(value, path, f"Member must satisfy regular expression pattern: {pattern}")
    _check_size(shape, len(value), value, path, "length")


def _check_size(shape: Shape, size: int, value: Any, path: str, what: str) -> None:
    if size < shape.metadata.get("min", size):
        _refuse(value, path, f"Member must have {what} greater than or equal to {shape.metadata['min']}")
    if size > shape.metadata.get("max", size):
        _refuse(value, path, f"Member must have {what} less than or equal to {shape.metadata['max']}")


def _refuse(value: Any, path: str, rule: str) -> None:
    raise InvalidParameterException(
        f"1 validation error detected: Value '{value}' at '{path}' failed to satisfy constraint: {rule}"
    )
