# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags, which of all the kinds here distributions and functions have."""

from __future__ import annotations

from moto.cloudfront.exceptions import CloudFrontException

from .backend import CloudFrontBackend, Data, operation


@operation
def list_tags_for_resource(backend: CloudFrontBackend, asked: Data) -> Data:
    _check(backend, asked["Resource"])
    return {"Tags": {"Items": backend.tagger.list_tags_for_resource(asked["Resource"])["Tags"]}}


@operation
def tag_resource(backend: CloudFrontBackend, asked: Data) -> None:
    _check(backend, asked["Resource"])
    backend.tagger.tag_resource(asked["Resource"], asked["Tags"].get("Items", []))


@operation
def untag_resource(backend: CloudFrontBackend, asked: Data) -> None:
    _check(backend, asked["Resource"])
    backend.tagger.untag_resource_using_names(asked["Resource"], asked["TagKeys"].get("Items", []))


def _check(backend: CloudFrontBackend, arn: str) -> None:
    kept = [*backend.distributions.values(), *backend.functions.values(), *backend.key_value_stores.values()]
    if not any(one.arn == arn for one in kept):
        raise CloudFrontException("NoSuchResource", f"The resource {arn} was not found.")
