# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates."""

from __future__ import annotations

from typing import Any

from .collectors import Found, every, reads


@reads("acm")
def _certificates(acm: Any) -> Found:
    key_types = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]
    for summary in every(acm, "list_certificates", "CertificateSummaryList", Includes={"keyTypes": key_types}):
        arn = summary["CertificateArn"]
        tags = acm.list_tags_for_certificate(CertificateArn=arn)["Tags"]
        yield (
            "certificate",
            arn.rpartition("/")[2],
            {**acm.describe_certificate(CertificateArn=arn)["Certificate"], "Tags": tags},
        )
