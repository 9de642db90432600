# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates: ACM's public ones, validated by DNS records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...engine.converge import Outcome
from ...engine.errors import InvalidArguments
from ...engine.plan import Declaration, look_up
from ...engine.report import known, plain
from ...engine.resource import UNKNOWN
from ...resources.acm.certificate import Certificate
from ...resources.acm.reads import regions
from ...resources.route53.reads import is_within
from ...resources.route53.zone import ZoneLookup
from ..component import NAME, Arguments, Component, Context
from ..entries import entries, entry_problems
from .certificates_options import OPTIONS
from .dns_zone_rules import DOMAIN, LONGEST_DOMAIN

CERTIFICATE = OPTIONS["certificates"]["entries"]
LONGEST_COMMON_NAME = 64
MOST_NAMES = 100
"""https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html;
an account may have ten until AWS raises its quota.
"""


def problems(arguments: Arguments) -> Iterator[str]:
    yield from entry_problems("certificates", arguments["certificates"], CERTIFICATE)
    for name, certificate in entries(arguments["certificates"], CERTIFICATE).items():
        option = f"certificates.{name}"
        if not NAME.fullmatch(name):
            yield f"{option}: a certificate's name is lower-case letters, digits and hyphens, beginning with a letter."
        yield from _name_problems(option, certificate)


def _name_problems(option: str, certificate: Mapping[str, Any]) -> Iterator[str]:
    domain, alternatives, zone = (certificate[part] for part in ("domain", "alternatives", "zone"))
    if len(domain) > LONGEST_COMMON_NAME:
        yield (
            f"{option}.domain: has more than {LONGEST_COMMON_NAME} characters. "
            "Take a shorter name, and this one for an alternative."
        )
    if len(alternatives) >= MOST_NAMES:
        yield f"{option}.alternatives: a certificate has at most {MOST_NAMES} names. Make a second one."
    if len({domain, *alternatives}) <= len(alternatives):
        yield f"{option}.alternatives: names one twice, or the domain itself."
    for place, name in [
        ("domain", domain),
        *((f"alternatives[{index}]", name) for index, name in enumerate(alternatives)),
    ]:
        plain_name = name.removeprefix("*.")
        if not DOMAIN.fullmatch(plain_name) or "." not in plain_name or len(name) > LONGEST_DOMAIN:
            yield (
                f"{option}.{place}: {name!r} is no domain name in lower case and without its final dot, "
                "such as app.example.com."
            )
        elif zone and not is_within(plain_name, zone):
            yield (
                f"{option}.{place}: {name} is not in the zone {zone}. "
                "Make a certificate of its own for it, or leave zone out."
            )


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    given = entries(context["certificates"], CERTIFICATE)
    _check_regions(context, given)
    return Declaration(tuple(_certificate(context, name, certificate) for name, certificate in given.items()))


def _check_regions(context: Context, given: Mapping[str, Mapping[str, Any]]) -> None:
    """Only where the module looks would it find a certificate again."""
    allowed = regions(context.aws)
    wrong = {
        name: certificate["region"]
        for name, certificate in given.items()
        if certificate["region"] not in (None, *allowed)
    }
    if wrong:
        told = "the environment's region, or us-east-1 for CloudFront"
        raise InvalidArguments(
            *(f"certificates.{name}.region: {region} is not {told}." for name, region in wrong.items())
        )


def _certificate(context: Context, name: str, given: Mapping[str, Any]) -> Certificate:
    return Certificate(
        key=name,
        domain=given["domain"],
        region=given["region"] or context.aws.region,
        alternatives=tuple(sorted(given["alternatives"])),
        zone=ZoneLookup(given["zone"]) if given["zone"] else None,
        key_algorithm=given["key_algorithm"],
        transparency_logging=given["transparency_logging"],
    )


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    found = {resource.key: resource for resource in declare(context).resources}
    return {"certificates": {name: _told(outcome, certificate) for name, certificate in found.items()}}


def _told(outcome: Outcome, certificate: Any) -> dict[str, Any]:
    records = look_up(outcome.world.get(certificate.address, {}), "ValidationRecords", UNKNOWN)
    if isinstance(records, list):
        records = [{part.lower(): record[part] for part in ("Name", "Type", "Value")} for record in records]
    paths = {"arn": "CertificateArn", "status": "Status"}
    return {
        **{output: known(outcome, certificate, path) for output, path in paths.items()},
        "region": certificate.region,
        "validation_records": plain(records),
    }


COMPONENT = Component(
    name="certificates",
    options=OPTIONS,
    kinds=(Certificate,),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("certificates",),
)
