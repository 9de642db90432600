# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Distributions: made and changed at once, deployed to all edges some minutes later;
deleted only when disabled and deployed.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html
"""

from __future__ import annotations

import copy

from moto.acm.models import acm_backends
from moto.cloudfront.exceptions import CloudFrontException

from .backend import CloudFrontBackend, Data, Distribution, one_of, operation, page
from .checks import check
from .defaults import completed

_NONE = {"Enabled": False, "Quantity": 0}
# What a summary of ListDistributions leaves out of the configuration.
_NOT_LISTED = ("CallerReference", "DefaultRootObject", "Logging", "ContinuousDeploymentPolicyId")


@operation
def create_distribution(backend: CloudFrontBackend, asked: Data) -> Data:
    return _create(backend, asked["DistributionConfig"], [])


@operation
def create_distribution_with_tags(backend: CloudFrontBackend, asked: Data) -> Data:
    given = asked["DistributionConfigWithTags"]
    return _create(backend, given["DistributionConfig"], given["Tags"].get("Items", []))


def _create(backend: CloudFrontBackend, given: Data, tags: list[Data]) -> Data:
    for other in backend.distributions.values():
        if other.config["CallerReference"] == given["CallerReference"]:
            message = (
                "The caller reference that you are using to create a distribution is associated "
                "with another distribution."
            )
            raise CloudFrontException("DistributionAlreadyExists", f"{message} Already exists: {other.id}")
    config = completed(given)
    made = Distribution(config, account=backend.account_id)
    check(backend, config, made.id)
    backend.distributions[made.id] = made
    backend.tagger.tag_resource(made.arn, tags)
    _note_certificates(backend, made)
    return {**_shown(made), "Location": made.location}


@operation
def get_distribution(backend: CloudFrontBackend, asked: Data) -> Data:
    return _shown(_found(backend, asked))


@operation
def get_distribution_config(backend: CloudFrontBackend, asked: Data) -> Data:
    found = _found(backend, asked)
    return {"DistributionConfig": found.config, "ETag": found.etag}


@operation
def list_distributions(backend: CloudFrontBackend, asked: Data) -> Data:
    return page(asked, map(_summary, backend.distributions.values()), "DistributionList", marked=True)


@operation
def update_distribution(backend: CloudFrontBackend, asked: Data) -> Data:
    found = _found(backend, asked)
    found.check(asked)
    config = completed(asked["DistributionConfig"])
    if config["CallerReference"] != found.config["CallerReference"]:
        raise CloudFrontException(
            "IllegalUpdate", "The update contains modifications that are not allowed: CallerReference."
        )
    check(backend, config, found.id)
    found.write(config)
    _note_certificates(backend, found)
    return _shown(found)


@operation
def delete_distribution(backend: CloudFrontBackend, asked: Data) -> None:
    found = _found(backend, asked)
    found.check(asked)
    if found.config["Enabled"] or found.status != "Deployed":
        raise CloudFrontException(
            "DistributionNotDisabled", "The distribution you are trying to delete has not been disabled."
        )
    del backend.distributions[found.id]
    backend.invalidations.pop(found.id, None)
    backend.tagger.delete_all_tags_for_resource(found.arn)
    _note_certificates(backend, found)


def _found(backend: CloudFrontBackend, asked: Data) -> Distribution:
    found: Distribution = one_of(
        backend.distributions, asked["Id"], "NoSuchDistribution", "The specified distribution does not exist."
    )
    return found


def _note_certificates(backend: CloudFrontBackend, distribution: Distribution) -> None:
    """ACM tells who uses a certificate."""
    used = (
        distribution.config["ViewerCertificate"].get("ACMCertificateArn")
        if distribution.id in backend.distributions
        else None
    )
    for arn, certificate in acm_backends[backend.account_id]["us-east-1"]._certificates.items():
        others = [user for user in certificate.in_use_by if user != distribution.arn]
        certificate.in_use_by = [*others, distribution.arn] if arn == used else others


def _shown(one: Distribution) -> Data:
    described = {
        "Id": one.id,
        "ARN": one.arn,
        "Status": one.status,
        "LastModifiedTime": one.modified,
        "InProgressInvalidationBatches": 0,
        "DomainName": one.domain_name,
        "ActiveTrustedSigners": _NONE,
        "ActiveTrustedKeyGroups": _NONE,
        "DistributionConfig": one.config,
        "AliasICPRecordals": [
            {"CNAME": alias, "ICPRecordalStatus": "APPROVED"} for alias in one.config["Aliases"].get("Items", [])
        ],
    }
    return {"Distribution": described, "ETag": one.etag}


def _summary(one: Distribution) -> Data:
    config = {name: value for name, value in copy.deepcopy(one.config).items() if name not in _NOT_LISTED}
    place = {"Id": one.id, "ARN": one.arn, "ETag": one.etag, "Status": one.status, "DomainName": one.domain_name}
    return {**place, "LastModifiedTime": one.modified, **config}
