# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Origin access controls: a name each in an account, none goes while an origin uses it."""

from __future__ import annotations

from moto.cloudfront.exceptions import CloudFrontException

from .backend import CloudFrontBackend, Data, Versioned, in_use, one_of, operation, page


@operation
def create_origin_access_control(backend: CloudFrontBackend, asked: Data) -> Data:
    _check_name(backend, asked["OriginAccessControlConfig"])
    made = Versioned(asked["OriginAccessControlConfig"])
    backend.access_controls[made.id] = made
    return {**_shown(made), "Location": f"https://cloudfront.amazonaws.com/2020-05-31/origin-access-control/{made.id}"}


@operation
def get_origin_access_control(backend: CloudFrontBackend, asked: Data) -> Data:
    return _shown(_found(backend, asked))


@operation
def list_origin_access_controls(backend: CloudFrontBackend, asked: Data) -> Data:
    items = ({"Id": one.id, "Description": "", **one.config} for one in backend.access_controls.values())
    return page(asked, items, "OriginAccessControlList", marked=True)


@operation
def update_origin_access_control(backend: CloudFrontBackend, asked: Data) -> Data:
    found = _found(backend, asked)
    found.check(asked)
    _check_name(backend, asked["OriginAccessControlConfig"], found.id)
    found.write(asked["OriginAccessControlConfig"])
    return _shown(found)


@operation
def delete_origin_access_control(backend: CloudFrontBackend, asked: Data) -> None:
    found = _found(backend, asked)
    found.check(asked)
    if in_use(
        backend,
        lambda config: any(origin["OriginAccessControlId"] == found.id for origin in config["Origins"]["Items"]),
    ):
        message = "Cannot delete the origin access control because it's in use by one or more distributions."
        raise CloudFrontException("OriginAccessControlInUse", message)
    del backend.access_controls[found.id]


def _found(backend: CloudFrontBackend, asked: Data) -> Versioned:
    message = "The origin access control does not exist."
    found: Versioned = one_of(backend.access_controls, asked["Id"], "NoSuchOriginAccessControl", message)
    return found


def _check_name(backend: CloudFrontBackend, config: Data, but: str = "") -> None:
    if len(config["Name"]) > 64 or len(config.get("Description", "")) > 256:
        raise CloudFrontException(
            "InvalidArgument", "An argument is invalid: a name has at most 64 characters, a description 256."
        )
    if any(one.config["Name"] == config["Name"] and one.id != but for one in backend.access_controls.values()):
        message = "An origin access control with the same name already exists."
        raise CloudFrontException("OriginAccessControlAlreadyExists", message)


def _shown(one: Versioned) -> Data:
    return {
        "OriginAccessControl": {"Id": one.id, "OriginAccessControlConfig": {"Description": "", **one.config}},
        "ETag": one.etag,
    }
