# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module certificates."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw

ZONE: tuple[str, Options] = ("dns_zones", {"zones": {"acme.example": {}}})
SITE: Options = {
    "domain": "app.acme.example",
    "alternatives": ["*.app.acme.example", "acme.example"],
    "zone": "acme.example",
    "key_algorithm": "EC_prime256v1",
}


def arn(raw: Raw, key: str = "site") -> str:
    return str(raw.found("Certificate", key)["CertificateArn"])


def ask(raw: Raw, region: str, domain: str, *names: str) -> None:
    """A newer certificate under the same key."""
    tags = [{"Key": name, "Value": value} for name, value in raw.found("Certificate", "site")["Tags"].items()]
    raw.cloud.client("acm", region, clean=True).request_certificate(
        DomainName=domain, SubjectAlternativeNames=[domain, *names], ValidationMethod="DNS", Tags=tags
    )


def take_validation_record(raw: Raw) -> None:
    route53, site = raw.client("route53"), raw.found("Certificate", "site")
    zone, wanted = site["ValidationZone"], site["ValidationRecords"][0]["Name"]
    for record in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]:
        if record["Name"] == wanted:
            changes = [{"Action": "DELETE", "ResourceRecordSet": record}]
            route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def log_nowhere(raw: Raw) -> None:
    options = {"CertificateTransparencyLoggingPreference": "DISABLED"}
    raw.client("acm").update_certificate_options(CertificateArn=arn(raw), Options=options)


def tag(raw: Raw) -> None:
    tags = [{"Key": "team", "Value": "someone else"}, {"Key": "keelson:zone", "Value": "other.example"}]
    raw.client("acm").add_tags_to_certificate(CertificateArn=arn(raw), Tags=tags)


def broken(**options: Any) -> Options:
    return {"certificates": {"site": {**SITE, **options}}}


AT = r"^certificates\.site\."

CASE = Case(
    module="certificates",
    options={"certificates": {"site": SITE}},
    needs=(ZONE,),
    changes={
        ("Certificate", "DomainName"): lambda raw: ask(raw, "us-east-1", "other.acme.example"),
        ("Certificate", "KeyAlgorithm"): lambda raw: ask(raw, "us-east-1", SITE["domain"], *SITE["alternatives"]),
        ("Certificate", "SubjectAlternativeNames"): lambda raw: ask(raw, "us-east-1", SITE["domain"]),
        ("Certificate", "Superseded"): lambda raw: ask(raw, "us-east-1", SITE["domain"], "one.more.example"),
        ("Certificate", "Tags"): tag,
        ("Certificate", "TransparencyLogging"): log_nowhere,
        ("Certificate", "ValidationZone"): take_validation_record,
    },
    unchangeable={
        ("Certificate", "FailureReason"): "ACM alone decides: see test_certificates.py",
        ("Certificate", "Region"): "a certificate stays where it is: see test_certificates.py",
    },
    smaller={"certificates": {}},
    purged=frozenset({"Certificate"}),
    side_effects=frozenset({"route53/record-set"}),
    bad={
        "certificates no dictionary": ({"certificates": ["a"]}, r"certificates"),
        "a certificate that is no dictionary": (
            {"certificates": {"site": "a"}},
            r"^certificates\.site: 'a' is not a dictionary of options",
        ),
        "no domain": ({"certificates": {"site": {}}}, r"^certificates\.site\.domain: "),
        "an option that certificates do not have": (broken(validation="EMAIL"), r"^certificates\.site\.validation: "),
        "a key that ACM does not make": (
            broken(key_algorithm="RSA_1024"),
            r"^certificates\.site\.key_algorithm: .*RSA_1024",
        ),
        "a name that is none": (
            {"certificates": {"Site!": SITE}},
            r"^certificates\.Site!: a certificate's name is lower-case",
        ),
        "a domain with its final dot": (broken(domain="acme.example."), AT + r"domain: .* without its final dot"),
        "a domain in upper case": (broken(domain="Acme.example"), AT + r"domain: .* in lower case"),
        "a wildcard in the middle": (
            broken(domain="a.*.acme.example"),
            AT + r"domain: 'a\.\*\.acme\.example' is no domain name",
        ),
        "a domain too long": (broken(domain="x" * 52 + ".acme.example"), AT + r"domain: has more than 64 characters"),
        "an alternative that is no name": (
            broken(alternatives=["http://x"]),
            AT + r"alternatives\[0\]: 'http://x' is no domain name",
        ),
        "a name twice": (
            broken(alternatives=["app.acme.example"]),
            AT + r"alternatives: names one twice, or the domain itself",
        ),
        "too many names": (
            broken(alternatives=[f"a{one}.acme.example" for one in range(100)]),
            AT + r"alternatives: .* at most 100 names",
        ),
        "a name outside of the zone": (
            broken(alternatives=["www.other.example"]),
            AT + r"alternatives\[0\]: .* is not in the zone acme",
        ),
        "a region where nobody looks": (
            broken(region="eu-west-1"),
            AT + r"region: eu-west-1 is not the environment's region, or us-east-1",
        ),
    },
)
