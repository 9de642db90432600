# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ACM certificates: how far one is, in words. AWS is not asked."""

from __future__ import annotations

from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Properties, State
from ansible_collections.keelson.eks.plugins.module_utils.resources.acm.certificate import (
    Certificate,
    CertificateLookup,
)

RECORD = {
    "Name": "_a.app.acme.example.",
    "Type": "CNAME",
    "Value": "_b.acm-validations.aws.",
    "For": {"app.acme.example"},
}


def certificate(status: str, **more: object) -> Properties:
    names = {"app.acme.example"}
    return {
        "Status": status,
        "FailureReason": "",
        "SubjectAlternativeNames": names,
        "ValidationRecords": [RECORD],
        "Tags": {},
        **more,
    }


def test_an_issued_one_is_ready() -> None:
    assert Certificate.state(certificate("ISSUED")) == (State.READY, "")


def test_a_pending_one_tells_the_records_that_somebody_has_to_put_somewhere() -> None:
    state, why = CertificateLookup.state(certificate("PENDING_VALIDATION"))
    assert state is State.PENDING
    assert why.endswith(
        "Put these records into the DNS of these names: _a.app.acme.example. CNAME _b.acm-validations.aws."
    )


def test_a_pending_one_with_a_zone_tells_that_this_has_to_be_delegated_to() -> None:
    why = Certificate.state(certificate("PENDING_VALIDATION", Tags={"keelson:zone": "acme.example"}))[1]
    assert why == (
        "ACM validates app.acme.example by the records in the zone acme.example, "
        "to which acme.example has to be delegated"
    )


def test_a_dead_one_does_not_get_well_by_itself() -> None:
    state, why = Certificate.state(certificate("EXPIRED", FailureReason="ACM reports EXPIRED"))
    assert state is State.UNHEALTHY
    assert why == "ACM reports EXPIRED. Once its reason is gone, the role certificates asks for it anew."
