# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ACM: certificates that are validated by the records in this cloud's own zones, in their time; keys;
who uses a certificate.

https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
https://docs.aws.amazon.com/acm/latest/userguide/caa-records.html
https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from localcloud.clock import clock
from moto.acm.exceptions import AWSError
from moto.acm.models import AWSCertificateManagerBackend, CertBundle, acm_backends
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import unix_time
from moto.route53.models import FakeZone, RecordSet, route53_backends

from .patching import add, override

_LISTED_BY_DEFAULT = ["RSA_1024", "RSA_2048"]
_AUTHORITIES = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")
_ONLY_WHEN_ISSUED = ("IssuedAt", "Issuer", "NotAfter", "NotBefore", "Serial")


def install() -> None:
    override(CertBundle, "check", _check)
    override(CertBundle, "describe", _describe)
    override(AWSCertificateManagerBackend, "delete_certificate", _delete)
    override(AWSCertificateManagerResponse, "request_certificate", _request)
    override(AWSCertificateManagerResponse, "list_certificates", _list)
    add(AWSCertificateManagerResponse, update_certificate_options)


def _request(original: Callable[..., Any], self: Any) -> Any:
    answer: Any = original(self)
    certificate = self.acm_backend._certificates[answer.result["CertificateArn"]]
    if not hasattr(certificate, "key_algorithm"):  # one that is asked for anew, by its token, is the same
        certificate.key_algorithm = self._get_param("KeyAlgorithm") or "RSA_2048"
        certificate.names = list(
            dict.fromkeys([self._get_param("DomainName"), *(self._get_param("SubjectAlternativeNames") or [])])
        )
        certificate.records_told = clock.deadline("acm.records")
        certificate.validated, certificate.failure = None, None
        look_at_records(self.current_account)
    return answer


def _check(original: Callable[..., Any], self: Any) -> None:
    """Issued, or not, once ACM has had its time to see the records."""
    if self.type != "AMAZON_ISSUED":
        return original(self)
    if self.status != "PENDING_VALIDATION":
        return None
    if self.validated is None or not clock.passed(self.validated):
        return None
    zones = list(_zones(_account(self)))
    if any(_is_forbidden(name.removeprefix("*."), zones) for name in self.names):
        self.status, self.failure = "FAILED", "CAA_ERROR"
    else:
        self.status = "ISSUED"
    return None


def look_at_records(account: str) -> None:
    """Once the records of all its names stand in the zones that the world asks for them, ACM begins to see that."""
    zones = list(_zones(account))
    for backend in acm_backends[account].values():
        for certificate in backend._certificates.values():
            waits = certificate.status == "PENDING_VALIDATION" and getattr(certificate, "validated", 0) is None
            if waits and all(_is_there(certificate, name, zones) for name in certificate.names):
                certificate.validated = clock.deadline("acm.validation")


def _describe(original: Callable[..., Any], self: Any) -> dict[str, Any]:
    self.check()
    answer: dict[str, Any] = original(self)
    certificate = answer["Certificate"]
    if self.type != "AMAZON_ISSUED":
        return answer
    certificate |= {
        "CreatedAt": unix_time(self.created_at),
        "KeyAlgorithm": self.key_algorithm.replace("_", "-"),
        "SubjectAlternativeNames": self.names,
        "DomainValidationOptions": [_option(self, name) for name in self.names],
        "RenewalEligibility": "ELIGIBLE" if certificate["InUseBy"] else "INELIGIBLE",
    }
    if self.failure:
        certificate["FailureReason"] = self.failure
    if self.status != "ISSUED":
        for name in _ONLY_WHEN_ISSUED:
            certificate.pop(name, None)
    return answer


def _option(certificate: Any, name: str) -> dict[str, Any]:
    """The record is told some seconds after the request, also while the clock is held: whoever asks waits for it."""
    statuses = {"ISSUED": "SUCCESS", "FAILED": "FAILED"}
    option: dict[str, Any] = {
        "DomainName": name,
        "ValidationDomain": name,
        "ValidationStatus": statuses.get(certificate.status, "PENDING_VALIDATION"),
        "ValidationMethod": "DNS",
    }
    if clock.now() >= certificate.records_told:
        option["ResourceRecord"] = _resource_record(certificate, name)
    return option


def _resource_record(certificate: Any, name: str) -> dict[str, str]:
    """The same for all certificates of an account for a domain, its wildcard included, in whatever region."""
    domain = name.removeprefix("*.")
    left, right = (
        hashlib.md5(f"{_account(certificate)} {domain} {side}".encode()).hexdigest() for side in ("name", "value")
    )
    return {"Name": f"_{left}.{domain}.", "Type": "CNAME", "Value": f"_{right}.jkddzztszm.acm-validations.aws."}


def _list(original: Callable[..., Any], self: Any) -> ActionResult:
    wanted = (self._get_param("Includes") or {}).get("keyTypes") or _LISTED_BY_DEFAULT
    found = []
    for certificate in self.acm_backend.list_certificates(self._get_param("CertificateStatuses"), None):
        summary = certificate.describe()["Certificate"]
        algorithm = summary["KeyAlgorithm"].replace("-", "_")
        if algorithm in wanted:
            names = summary["SubjectAlternativeNames"]
            told = {"KeyAlgorithm": algorithm, "InUse": bool(summary["InUseBy"]), "Exported": False}
            found.append(
                {
                    **summary,
                    **told,
                    "SubjectAlternativeNameSummaries": names,
                    "HasAdditionalSubjectAlternativeNames": False,
                }
            )
    return ActionResult({"CertificateSummaryList": found})


def update_certificate_options(self: Any) -> EmptyResult:
    certificate = self.acm_backend.get_certificate(self._get_param("CertificateArn"))
    certificate.cert_options.update(self._get_param("Options"))
    return EmptyResult()


def _delete(original: Callable[..., Any], self: Any, arn: str) -> None:
    certificate = self._certificates.get(arn)
    if certificate and certificate.in_use_by:
        raise AWSError(f"Certificate {arn} in account {self.account_id} is in use.", "ResourceInUseException")
    original(self, arn)
    self._idempotency_tokens = {token: kept for token, kept in self._idempotency_tokens.items() if kept["arn"] != arn}


def _account(certificate: Any) -> str:
    return str(certificate.arn.split(":")[4])


# What the world's DNS says


def _zones(account: str) -> Iterator[FakeZone]:
    return (zone for zone in route53_backends[account]["aws"].zones.values() if not zone.private_zone)


def _asked(name: str, zones: list[FakeZone]) -> list[RecordSet]:
    """The record sets of the zone that is asked for a name."""
    of_name = [zone for zone in zones if f".{name}.".endswith(f".{zone.name}")]
    return max(of_name, key=lambda zone: len(zone.name)).rrsets if of_name else []


def _is_there(certificate: Any, name: str, zones: list[FakeZone]) -> bool:
    wanted = _resource_record(certificate, name)
    says = wanted["Name"], "CNAME", [wanted["Value"].rstrip(".")]
    found = _asked(name.removeprefix("*."), zones)
    return any(
        (record.name, record.type, [value.rstrip(".") for value in record.records or []]) == says for record in found
    )


def _is_forbidden(name: str, zones: list[FakeZone]) -> bool:
    """Whether the nearest CAA records above a name let only other authorities issue."""
    labels = name.split(".")
    for start in range(len(labels)):
        domain = ".".join(labels[start:])
        found = [record for record in _asked(domain, zones) if (record.name, record.type) == (f"{domain}.", "CAA")]
        if found:
            issuers = [value.split('"')[1] for value in found[0].records or [] if " issue " in value]
            return bool(issuers) and not set(issuers) & set(_AUTHORITIES)
    return False
