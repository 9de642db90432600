# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a static site, and the rules between them that can be checked without AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...engine.resource import Owner
from ...resources.cloudfront.ownership import LONGEST_TEXT, as_text
from ...resources.cloudfront.reads import COMPONENT, KEY
from ...resources.route53.reads import is_within
from ..component import Arguments
from ..data.bucket_rules import name_problems
from .dns_zone_rules import DOMAIN, LONGEST_DOMAIN

LOGS_KEY = f"{KEY}-logs"


WEB_ACL = re.compile(r"arn:[a-z-]+:wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[0-9a-f-]{36}")
PATH = re.compile(r"/[A-Za-z0-9_.*$/~\"'@:+&?-]{0,254}")
"""https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CacheBehavior.html"""
EVERYTHING = "/*"


def problems(arguments: Arguments) -> Iterator[str]:
    if arguments["state"] == "absent":
        return
    yield from name_problems("platform", LOGS_KEY, arguments)
    owner = Owner(arguments["platform"], arguments["environment"], arguments["component"] or COMPONENT)
    if len(as_text(owner.tags(KEY))) > LONGEST_TEXT:
        yield (
            f"component: {owner.component!r} is too long: with platform and environment it has to fit into "
            f"{LONGEST_TEXT} characters."
        )
    yield from _domain_problems(arguments)
    yield from _api_problems(arguments)
    if arguments["web_acl_arn"] and not WEB_ACL.fullmatch(arguments["web_acl_arn"]):
        yield (
            f"web_acl_arn: {arguments['web_acl_arn']!r} is not the ARN of a web ACL for CloudFront, "
            "a global one of us-east-1."
        )
    if not (arguments["content_security_policy"] or "").isprintable():
        yield "content_security_policy: must be one line of printable characters, for it is the value of a header."
    if arguments["access_logs_retention_days"] < 0:
        yield (
            f"access_logs_retention_days: {arguments['access_logs_retention_days']} must be 1 or more days, "
            "or 0 for no access logs."
        )


def _domain_problems(arguments: Arguments) -> Iterator[str]:
    domain, zone = arguments["domain"], arguments["zone"]
    names = {"domain": domain} if domain else {}
    names.update(
        {f"alternative_domains[{number}]": name for number, name in enumerate(arguments["alternative_domains"])}
    )
    for path, name in names.items():
        if not _is_domain(name if path == "domain" else name.removeprefix("*.")):
            yield (
                f"{path}: {name!r} is no domain name in lower case and without its final dot, such as app.example.com."
            )
        elif zone and not is_within(name, zone):
            yield f"{path}: {name} does not belong to the zone {zone}. Name its own zone, or none to leave DNS alone."
    if len(set(names.values())) < len(names):
        yield "alternative_domains: a name is there twice."
    if domain and not arguments["certificate"]:
        yield (
            f"certificate: is required for {domain}. Name a certificate of the role certificates "
            "whose region is us-east-1."
        )
    for option in ("alternative_domains", "certificate", "zone"):
        if arguments[option] and not domain:
            yield f"{option}: is of no use without domain."


def _api_problems(arguments: Arguments) -> Iterator[str]:
    domain, paths = arguments["api_domain"], arguments["api_paths"]
    if domain and not _is_domain(domain):
        yield (
            f"api_domain: {domain!r} is no domain name in lower case, without https:// and path, "
            "such as api.example.com."
        )
    if domain and not paths:
        yield "api_paths: is empty, so that nothing would reach api_domain. Name a path, such as /api/*."
    for number, path in enumerate(paths):
        if not PATH.fullmatch(path):
            yield (
                f"api_paths[{number}]: {path!r} must begin with / and be a path pattern of at most 255 characters, "
                "such as /api/*."
            )
        elif path == EVERYTHING:
            yield (
                f"api_paths[{number}]: {EVERYTHING} would leave nothing to the site. "
                "Name the paths that the API answers."
            )
    if len(set(paths)) < len(paths):
        yield "api_paths: a path is there twice."


def _is_domain(name: str) -> bool:
    return bool(DOMAIN.fullmatch(name)) and "." in name and len(name) <= LONGEST_DOMAIN
