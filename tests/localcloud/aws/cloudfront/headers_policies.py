# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Response headers policies: the account's own, and AWS's,
which only ListResponseHeadersPolicies of type custom leaves out.
"""

from __future__ import annotations

from moto.cloudfront.exceptions import CloudFrontException

from .backend import CloudFrontBackend, Data, Versioned, behaviours, in_use, one_of, operation, page

MANAGED = {
    "67f7725c-6f97-4210-82d7-5512b31e9d03": "Managed-SecurityHeadersPolicy",
    "60669652-455b-4ae9-85a4-c4c02393f86c": "Managed-SimpleCORS",
    "5cc3b908-e619-4b99-88e5-2cf7f45965bd": "Managed-CORS-With-Preflight",
    "e61eb60c-9c35-4d20-a928-2b84e02af89c": "Managed-CORS-and-SecurityHeadersPolicy",
    "eaab4381-ed33-4a86-88ca-d9558dc6cd63": "Managed-CORS-with-preflight-and-SecurityHeadersPolicy",
}
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html"""


@operation
def create_response_headers_policy(backend: CloudFrontBackend, asked: Data) -> Data:
    _check(backend, asked["ResponseHeadersPolicyConfig"])
    made = Versioned(asked["ResponseHeadersPolicyConfig"])
    backend.headers_policies[made.id] = made
    return {
        **_shown(made),
        "Location": f"https://cloudfront.amazonaws.com/2020-05-31/response-headers-policy/{made.id}",
    }


@operation
def get_response_headers_policy(backend: CloudFrontBackend, asked: Data) -> Data:
    return _shown(_found(backend, asked))


@operation
def list_response_headers_policies(backend: CloudFrontBackend, asked: Data) -> Data:
    kind = asked.get("Type")
    items = [
        {"Type": "custom", "ResponseHeadersPolicy": _shown(one)["ResponseHeadersPolicy"]}
        for one in backend.headers_policies.values()
    ]
    if kind != "custom":
        managed = [
            {
                "Type": "managed",
                "ResponseHeadersPolicy": _shown(Versioned({"Name": name}, id_))["ResponseHeadersPolicy"],
            }
            for id_, name in MANAGED.items()
        ]
        items = managed if kind == "managed" else [*managed, *items]
    return page(asked, items, "ResponseHeadersPolicyList")


@operation
def update_response_headers_policy(backend: CloudFrontBackend, asked: Data) -> Data:
    found = _found(backend, asked)
    found.check(asked)
    _check(backend, asked["ResponseHeadersPolicyConfig"], found.id)
    found.write(asked["ResponseHeadersPolicyConfig"])
    return _shown(found)


@operation
def delete_response_headers_policy(backend: CloudFrontBackend, asked: Data) -> None:
    found = _found(backend, asked)
    found.check(asked)
    if in_use(
        backend, lambda config: any(one.get("ResponseHeadersPolicyId") == found.id for one in behaviours(config))
    ):
        message = "Cannot delete the response headers policy because it is attached to one or more cache behaviors."
        raise CloudFrontException("ResponseHeadersPolicyInUse", message)
    del backend.headers_policies[found.id]


def _found(backend: CloudFrontBackend, asked: Data) -> Versioned:
    message = "The response headers policy does not exist."
    found: Versioned = one_of(backend.headers_policies, asked["Id"], "NoSuchResponseHeadersPolicy", message)
    return found


def _check(backend: CloudFrontBackend, config: Data, but: str = "") -> None:
    if len(config.get("Comment", "")) > 128:
        raise CloudFrontException("InvalidArgument", "The comment cannot be longer than 128 characters.")
    if any(one.config["Name"] == config["Name"] and one.id != but for one in backend.headers_policies.values()):
        message = "A response headers policy with this name already exists."
        raise CloudFrontException("ResponseHeadersPolicyAlreadyExists", message)


def _shown(one: Versioned) -> Data:
    policy = {"Id": one.id, "LastModifiedTime": one.modified, "ResponseHeadersPolicyConfig": one.config}
    return {"ResponseHeadersPolicy": policy, "ETag": one.etag}
