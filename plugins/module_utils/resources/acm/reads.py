# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ACM: what there is of an owner's certificates, in its region and in CloudFront's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.resource import Owner, Properties

ZONE_TAG = "keelson:zone"
"""Where a certificate keeps the name of the zone that has its validation records:
whoever deletes it knows nothing but it.
"""
CLOUDFRONT_REGION = "us-east-1"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html"""
KEY_TYPES = ("RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")
"""Unless asked for all of them ListCertificates leaves some out:
https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
"""
LIVING = ("PENDING_VALIDATION", "ISSUED")


def regions(api: Aws) -> list[str]:
    """Where the environment can have certificates."""
    return sorted({api.region, CLOUDFRONT_REGION} if api.partition == "aws" else {api.region})


def certificates(api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
    """Key by key the certificate that counts, the newest that lives,
    with ``Arns`` of all and ``Superseded``, which nobody uses.

    ``FailureReason``: why none lives.
    """
    found: dict[str, list[Properties]] = {}
    for certificate in each(
        lambda one: find(*one), [(api.in_region(one["Region"]), one["CertificateArn"]) for one in listed(api)]
    ):
        if certificate and owner.scope.items() <= certificate["Tags"].items():
            found.setdefault(certificate["Tags"].get("keelson:key", ""), []).append(certificate)
    for key, all_of_key in found.items():
        if shown := [one for one in all_of_key if one["Status"] != "PENDING_VALIDATION" or one["ValidationRecords"]]:
            current = max(shown, key=lambda one: (one["Status"] in LIVING, one["CreatedAt"], one["CertificateArn"]))
            unused = {one["CertificateArn"] for one in all_of_key if one is not current and not one["InUseBy"]}
            yield key, {**current, "Arns": sorted(one["CertificateArn"] for one in all_of_key), "Superseded": unused}


def listed(api: Aws) -> list[Properties]:
    """The summaries of all certificates that ACM has issued, or is to issue, each with its ``Region``."""
    filters = {"keyTypes": list(KEY_TYPES)}

    def of_region(region: str) -> list[Properties]:
        found = api.in_region(region).read("acm", "list_certificates", "CertificateSummaryList", Includes=filters)
        return [{**one, "Region": region} for one in found if one.get("Type", "AMAZON_ISSUED") == "AMAZON_ISSUED"]

    return [one for found in each(of_region, regions(api)) for one in found]


def find(acm: Aws, arn: str) -> Properties | None:
    """A certificate in the shape of the kind; None when it has gone.

    Names and ``ValidationRecords`` are plain and sorted.

    ``ValidationRecords``: ``Name``, ``Type``, ``Value``, and the domains that each is ``For``; empty for
    seconds after the request.
    """
    tags = acm.find("acm", "list_tags_for_certificate", CertificateArn=arn)
    described = acm.find("acm", "describe_certificate", CertificateArn=arn) if tags else None
    if tags is None or described is None:
        return None
    certificate = described["Certificate"]
    status, reason = certificate["Status"], certificate.get("FailureReason", "")
    return {
        **certificate,
        "Region": acm.region,
        "SubjectAlternativeNames": set(certificate["SubjectAlternativeNames"]),
        "KeyAlgorithm": certificate["KeyAlgorithm"].replace(
            "-", "_"
        ),  # ACM tells RSA-2048 where it is asked for RSA_2048
        "TransparencyLogging": certificate.get("Options", {}).get(
            "CertificateTransparencyLoggingPreference", "ENABLED"
        ),
        "FailureReason": "" if status in LIVING else f"ACM reports {status}{f' ({reason})' if reason else ''}",
        "InUseBy": certificate.get("InUseBy", []),
        "ValidationRecords": _validation_records(certificate.get("DomainValidationOptions", [])),
        "Tags": {tag["Key"]: tag.get("Value", "") for tag in tags["Tags"]},
    }


def _validation_records(options: Iterable[dict[str, Any]]) -> list[Properties]:
    """A name and its wildcard have one record; all of none are told as long as one is missing."""
    found: dict[str, Properties] = {}
    for option in options:
        if "ResourceRecord" not in option:
            return []
        record = option["ResourceRecord"]
        found.setdefault(record["Name"], {**record, "For": set()})["For"].add(option["DomainName"].removeprefix("*."))
    return [found[name] for name in sorted(found)]


def sharing_names(api: Aws, arn: str) -> set[str]:
    """The domains, wildcards taken off, that the account's other certificates are for:
    ACM validates all of a domain by one record.
    """
    others = [one for one in listed(api) if one["CertificateArn"] != arn and one["Status"] in LIVING]
    return {
        name.removeprefix("*.")
        for one in others
        for name in (one["DomainName"], *one.get("SubjectAlternativeNameSummaries", []))
    }
