# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudFront functions with their two stages. Distributions run the published one, and keep it from being deleted."""

from __future__ import annotations

from collections.abc import Iterator

from moto.cloudfront.exceptions import CloudFrontException

from .backend import CloudFrontBackend, Data, Function, behaviours, in_use, one_of, operation, page

_LARGEST = 10 * 1024
_STAGES = ("DEVELOPMENT", "LIVE")


@operation
def create_function(backend: CloudFrontBackend, asked: Data) -> Data:
    name = asked["Name"]
    if name in backend.functions:
        raise CloudFrontException(
            "FunctionAlreadyExists", f"A function with the same name already exists in this AWS account: {name}"
        )
    _check_size(asked)
    made = Function(asked["FunctionConfig"], name=name, code=asked["FunctionCode"], arn=_arn(backend, name))
    backend.functions[name] = made
    backend.tagger.tag_resource(made.arn, asked.get("Tags", {}).get("Items", []))
    return {**_summary(made), "Location": f"https://cloudfront.amazonaws.com/2020-05-31/function/{name}"}


@operation
def describe_function(backend: CloudFrontBackend, asked: Data) -> Data:
    return _summary(_found(backend, asked), _stage(backend, asked))


@operation
def get_function(backend: CloudFrontBackend, asked: Data) -> Data:
    found, stage = _found(backend, asked), _stage(backend, asked)
    code = found.live[1] if found.live and stage == "LIVE" else found.code
    return {"FunctionCode": code, "ETag": found.etag, "ContentType": "application/octet-stream"}


@operation
def list_functions(backend: CloudFrontBackend, asked: Data) -> Data:
    stages = [asked["Stage"]] if "Stage" in asked else _STAGES
    return page(asked, _summaries(backend, stages), "FunctionList")


@operation
def update_function(backend: CloudFrontBackend, asked: Data) -> Data:
    found = _found(backend, asked)
    found.check(asked)
    _check_size(asked)
    found.write(asked["FunctionConfig"])
    found.code = asked["FunctionCode"]
    return _summary(found)


@operation
def publish_function(backend: CloudFrontBackend, asked: Data) -> Data:
    found = _found(backend, asked)
    found.check(asked)
    found.live = (dict(found.config), found.code)
    return {"FunctionSummary": _summary(found, "LIVE")["FunctionSummary"]}


@operation
def delete_function(backend: CloudFrontBackend, asked: Data) -> None:
    found = _found(backend, asked)
    found.check(asked)
    if in_use(backend, lambda config: found.arn in function_arns(config)):
        raise CloudFrontException(
            "FunctionInUse", f"Cannot delete the function {found.name} because it is attached to a cache behavior."
        )
    del backend.functions[found.name]
    backend.tagger.delete_all_tags_for_resource(found.arn)


def function_arns(config: Data) -> list[str]:
    """The functions that a distribution's behaviours run."""
    return [
        one["FunctionARN"]
        for behaviour in behaviours(config)
        for one in behaviour["FunctionAssociations"].get("Items", [])
    ]


def _found(backend: CloudFrontBackend, asked: Data) -> Function:
    name = asked["Name"]
    found: Function = one_of(
        backend.functions, name, "NoSuchFunctionExists", f"The specified function does not exist: {name}"
    )
    return found


def _stage(backend: CloudFrontBackend, asked: Data) -> str:
    stage = str(asked.get("Stage", "DEVELOPMENT"))
    if stage == "LIVE" and _found(backend, asked).live is None:
        raise CloudFrontException("NoSuchFunctionExists", f"The function {asked['Name']} has no LIVE stage.")
    return stage


def _check_size(asked: Data) -> None:
    if len(asked["FunctionCode"]) > _LARGEST:
        raise CloudFrontException("FunctionSizeLimitExceeded", "The function is too large.")


def _arn(backend: CloudFrontBackend, name: str) -> str:
    return f"arn:aws:cloudfront::{backend.account_id}:function/{name}"


def _summaries(backend: CloudFrontBackend, stages: list[str] | tuple[str, ...]) -> Iterator[Data]:
    for function in backend.functions.values():
        for stage in stages:
            if stage == "DEVELOPMENT" or function.live:
                yield _summary(function, stage)["FunctionSummary"]


def _summary(function: Function, stage: str = "DEVELOPMENT") -> Data:
    config = function.live[0] if function.live and stage == "LIVE" else function.config
    is_published = function.live == (function.config, function.code)
    metadata = {
        "FunctionARN": function.arn,
        "Stage": stage,
        "CreatedTime": function.modified,
        "LastModifiedTime": function.modified,
    }
    status = "UNASSOCIATED" if is_published else "UNPUBLISHED"
    summary = {"Name": function.name, "Status": status, "FunctionConfig": config, "FunctionMetadata": metadata}
    return {"FunctionSummary": summary, "ETag": function.etag}
