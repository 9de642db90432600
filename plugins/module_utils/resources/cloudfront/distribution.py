# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudFront distributions of static sites, with the DNS names that point at them.

A change is deployed to all edges some minutes after the call; changes meanwhile are fine. Before it can be deleted, a
distribution has to be disabled, and that deployed:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowToDeleteDistribution.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.errors import Underway
from ...engine.resource import Owner, Properties, Resource, State
from ..acm.certificate import CertificateLookup
from ..acm.reads import find
from ..route53.reads import alias_objection, aliased, put_aliases, remove_aliases
from ..route53.zone import ZoneLookup
from ..s3.bucket import Bucket
from .access_control import OriginAccessControl
from .distribution_config import (
    ALL_VIEWER_EXCEPT_HOST_HEADER,
    CACHING_DISABLED,
    CACHING_OPTIMIZED,
    items,
    merged,
    shaped,
)
from .function import Function
from .headers_policy import ResponseHeadersPolicy
from .ownership import change, listed, make, tag, tag_items
from .reads import distributions

DEFAULT_ROOT = "index.html"
SECURITY_POLICY = "TLSv1.2_2021"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html"""
ALIAS_ZONE_ID = "Z2FDTNDATAQYW2"
"""The zone of all distributions' domain names:
https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
"""
READING = frozenset({"GET", "HEAD"})
ALL_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Distribution(Resource):
    """A distribution of a bucket's files, and of an API behind some paths.

    ``name``: its comment, begins with ``<platform>-<environment>-``. ``bucket_domain``: the bucket's regional one.
    ``function``: sees the requests for files. ``domains``: names that ``certificate`` covers; in ``zone`` they become
    aliases, without one DNS is left alone. ``api_domain``: where requests for ``api_paths`` (``/api/*``) go, by TLS.
    ``web_acl_arn``: empty for none.
    """

    key: str
    name: str
    bucket: Bucket
    bucket_domain: str
    access_control: OriginAccessControl
    headers_policy: ResponseHeadersPolicy
    function: Function | None = None
    domains: tuple[str, ...] = ()
    certificate: CertificateLookup | None = None
    zone: ZoneLookup | None = None
    api_domain: str | None = None
    api_paths: tuple[str, ...] = ()
    price_class: str = "PriceClass_100"
    web_acl_arn: str = ""

    id_name: ClassVar[str] = "Id"
    arn_name: ClassVar[str] = "ARN"

    def desired(self) -> Properties:
        return {
            "Comment": self.name,
            "Enabled": True,
            "DefaultRootObject": DEFAULT_ROOT,
            "HttpVersion": "http2and3",
            "IsIPV6Enabled": True,
            "PriceClass": self.price_class,
            "WebACLId": self.web_acl_arn,
            "Aliases": set(self.domains),
            "ViewerCertificate": self._viewer_certificate(),
            "Origins": self._origins(),
            "DefaultCacheBehavior": {
                "TargetOriginId": "files",
                "ViewerProtocolPolicy": "redirect-to-https",
                "AllowedMethods": set(READING),
                "Compress": True,
                "CachePolicyId": CACHING_OPTIMIZED,
                "OriginRequestPolicyId": "",
                "ResponseHeadersPolicyId": self.headers_policy.ref("Id"),
                "FunctionAssociations": {"viewer-request": self.function.ref("FunctionARN")} if self.function else {},
            },
            "CacheBehaviors": [self._api_behaviour(path) for path in self.api_paths],
            "CustomErrorResponses": set(),  # they would apply to the API's answers as well
            **({"AliasRecords": dict.fromkeys(self.domains, self.zone.ref("Id"))} if self.zone else {}),
        }

    def _viewer_certificate(self) -> Properties:
        if self.certificate is None:
            return {"CloudFrontDefaultCertificate": True}
        return {
            "ACMCertificateArn": self.certificate.ref("CertificateArn"),
            "MinimumProtocolVersion": SECURITY_POLICY,
            "SSLSupportMethod": "sni-only",
        }

    def _origins(self) -> Properties:
        files = {
            "DomainName": self.bucket_domain,
            "OriginAccessControlId": self.access_control.ref("Id"),
            "CustomOriginConfig": None,
        }
        tls = {"OriginProtocolPolicy": "https-only", "OriginSslProtocols": {"TLSv1.2"}}
        api = {"DomainName": self.api_domain, "OriginAccessControlId": "", "CustomOriginConfig": tls}
        return {"files": files, **({"api": api} if self.api_domain else {})}

    def _api_behaviour(self, path: str) -> Properties:
        """Nothing is cached, and everything but the Host header reaches the API,
        whose own name its certificate bears.
        """
        return {
            "PathPattern": path,
            "TargetOriginId": "api",
            "ViewerProtocolPolicy": "https-only",
            "AllowedMethods": set(ALL_METHODS),
            "Compress": True,
            "CachePolicyId": CACHING_DISABLED,
            "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST_HEADER,
            "ResponseHeadersPolicyId": self.headers_policy.ref("Id"),
            "FunctionAssociations": {},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        found = list(distributions(api, owner))
        for (_summary, tags), one in zip(found, each(lambda one: _described(api, one[0]["Id"]), found), strict=True):
            if one is not None:
                yield tags["keelson:key"], {**one, "Tags": tags}

    def create(self, api: Aws, wanted: Properties) -> Properties:
        """The reference of a create is the same whenever it is sent, so that no second distribution can come of it."""
        reference = "/".join(
            wanted["Tags"][f"keelson:{part}"] for part in ("platform", "environment", "component", "key")
        )
        config = {**merged({}, wanted), "CallerReference": f"keelson/{reference}"}
        given = {"DistributionConfig": config, "Tags": tag_items(wanted["Tags"])}
        made = make(api, "create_distribution_with_tags", DistributionConfigWithTags=given)["Distribution"]
        return {**_shaped(made), "AliasRecords": {}, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> Properties:
        tag(api, observed["ARN"], changes)
        status = observed["Status"]
        if changes.keys() - {"Tags", "AliasRecords"}:
            found = api.call("cloudfront", "get_distribution_config", Id=observed["Id"])
            status = _write(api, observed["Id"], found["ETag"], merged(found["DistributionConfig"], changes))
        if "AliasRecords" in changes:
            _point(api, observed, changes["AliasRecords"])
        return {"Status": status}

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        found = api.find("cloudfront", "get_distribution", Id=observed["Id"])
        if found is None:
            return
        is_enabled, config = (
            found["Distribution"]["DistributionConfig"]["Enabled"],
            found["Distribution"]["DistributionConfig"],
        )
        if found["Distribution"]["Status"] != "Deployed" and not is_enabled:
            raise Underway(f"CloudFront is disabling the distribution {observed['Id']} at its edges", started=False)
        _point(api, observed, {})
        if is_enabled:
            _write(api, observed["Id"], found["ETag"], {**config, "Enabled": False})
            raise Underway(
                f"CloudFront disables the distribution {observed['Id']} at its edges, and then it can be deleted",
                started=True,
            )
        change(api, "delete_distribution", Id=observed["Id"], IfMatch=found["ETag"])

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        if observed["Status"] == "Deployed":
            return State.READY, ""
        return State.PENDING, "CloudFront is deploying it to its edges, which takes about 4 minutes"

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        """What is against the domains."""
        if changes.keys() & {"Aliases", "ViewerCertificate"} and (
            reason := self._uncovered(api, {**observed, **changes})
        ):
            return reason
        added = set(changes.get("Aliases", ())) - set(observed.get("Aliases", ()))
        for other in listed(api, "list_distributions", "DistributionList") if added else ():
            if other["Id"] != observed.get("Id") and (taken := added & set(items(other, "Aliases"))):
                return (
                    f"{', '.join(sorted(taken))} belongs to the distribution {other['Id']} already. "
                    "Take it off there first."
                )
        if self.zone and "AliasRecords" in changes:
            return alias_objection(api, self.zone.key, self.domains, observed.get("DomainName"))
        return ""

    def _uncovered(self, api: Aws, wanted: Properties) -> str:
        arn = wanted["ViewerCertificate"].get("ACMCertificateArn")
        found = find(api.in_region(arn.split(":")[3]), arn) if isinstance(arn, str) else None
        names = found["SubjectAlternativeNames"] if found else set()
        missing = [domain for domain in self.domains if found and not {domain, f"*.{domain.partition('.')[2]}"} & names]
        if not missing:
            return ""
        return (
            f"the certificate covers {', '.join(sorted(names))}, and not {', '.join(missing)}. Add that to its names."
        )


def _described(api: Aws, distribution_id: str) -> Properties | None:
    """None when it has gone meanwhile."""
    found = api.find("cloudfront", "get_distribution", Id=distribution_id)
    if found is None:
        return None
    one = _shaped(found["Distribution"])
    return {**one, "AliasRecords": aliased(api, sorted(one["Aliases"]), one["DomainName"]) if one["Aliases"] else {}}


def _shaped(distribution: dict[str, Any]) -> Properties:
    place = {name: distribution[name] for name in ("Id", "ARN", "DomainName", "Status")}
    return {**place, **shaped(distribution["DistributionConfig"])}


def _write(api: Aws, distribution_id: str, etag: str, config: dict[str, Any]) -> str:
    """The distribution's status afterwards."""
    written = change(api, "update_distribution", Id=distribution_id, IfMatch=etag, DistributionConfig=config)
    return str(written["Distribution"]["Status"])


def _point(api: Aws, observed: Properties, wanted: dict[str, str]) -> None:
    """Make these names, with their zones' ids, aliases of the distribution, and no others."""
    target, present = observed["DomainName"], observed["AliasRecords"]
    for zone_id in sorted({*wanted.values(), *present.values()}):
        put_aliases(
            api,
            zone_id,
            [name for name in wanted if wanted[name] == zone_id != present.get(name)],
            target,
            ALIAS_ZONE_ID,
        )
        remove_aliases(
            api, zone_id, [name for name in present if present[name] == zone_id and name not in wanted], target
        )
