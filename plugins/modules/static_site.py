#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module static_site."""

from __future__ import annotations

DOCUMENTATION = r"""
module: static_site
short_description: Makes a static site with S3 and CloudFront
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes a private, versioned and encrypted bucket, and a CloudFront distribution that alone may read it,
    by origin access control.
  - Viewers get TLS 1.2 or newer, HTTP/2 and HTTP/3, IPv6, compressed files, and headers for their security - HSTS, no
    content sniffing, no frames, a strict referrer policy and, where given, a content security policy.
  - With O(spa_fallback) a CloudFront function answers the paths of a single-page application with its C(index.html). It
    sees the requests for files alone. Custom error responses, which would turn an API's 404 into a page, are not used.
  - Files come from M(keelson.eks.site_content).
  - CloudFront takes about four minutes to deploy a change. With O(wait=false) the site is started, and its access logs
    begin with the next run.
options:
  domain:
    description:
      - The site's own domain name, such as C(app.example.com). Without one it has CloudFront's, whose
        TLS versions CloudFront decides.
    type: str
  alternative_domains:
    description:
      - Further names of the site.
    type: list
    elements: str
    default: []
  certificate:
    description:
      - The name that M(keelson.eks.certificates) knows the certificate by. It must cover all names,
        and be in C(us-east-1).
      - Required with O(domain).
    type: str
  zone:
    description:
      - The public hosted zone, such as C(example.com), in which the names become aliases of the distribution.
      - A record that is there already and points elsewhere is refused, not overwritten. Without a zone
        DNS is left alone.
    type: str
  api_domain:
    description:
      - The domain name of an API that answers O(api_paths). CloudFront reaches it by TLS 1.2, with a certificate of
        that name, caches nothing and passes on everything but the C(Host) header.
    type: str
  api_paths:
    description:
      - The path patterns that go to O(api_domain), the first that matches.
    type: list
    elements: str
    default: ["/api/*"]
  spa_fallback:
    description:
      - Whether paths without a file extension are answered with C(/index.html). Those below C(/.well-known/) are not.
    type: bool
    default: true
  content_security_policy:
    description:
      - The value of the header C(Content-Security-Policy).
    type: str
  price_class:
    description:
      - The edges that serve the site. V(PriceClass_100) is Europe and North America, V(PriceClass_All) the world.
    type: str
    choices: [PriceClass_100, PriceClass_200, PriceClass_All]
    default: PriceClass_100
  web_acl_arn:
    description:
      - The ARN of a web ACL for CloudFront, which is global and lives in C(us-east-1).
    type: str
  kms_key:
    description:
      - The purpose of a key of M(keelson.eks.encryption_keys) that encrypts the files. Its services must include
        V(cloudfront), as those of the purpose V(site) do.
      - Without one, S3 encrypts with keys of its own.
    type: str
  access_logs_retention_days:
    description:
      - Days for which access logs are kept in a bucket of their own. V(0) for no access logs; a bucket that
        has some then stays.
    type: int
    default: 90
  on_removal:
    description:
      - What O(state=absent) does with the two buckets. V(delete) deletes them when they hold nothing, and is refused
        otherwise. V(empty) deletes also all that they hold. V(retain) leaves them.
      - Kept in the buckets' tag C(keelson:on-removal).
    type: str
    choices: [delete, empty, retain]
    default: delete
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: A single-page application at CloudFront's own domain name
  keelson.eks.static_site:
    platform: innovate
    environment: dev
    on_removal: empty

- name: One at its own domain name, with the API of the same platform behind /api/
  keelson.eks.static_site:
    platform: innovate
    environment: prod
    domain: app.innovate.example
    certificate: site
    zone: innovate.example
    api_domain: api.innovate.example
    content_security_policy: default-src 'self'

- name: Remove the site
  keelson.eks.static_site:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
distribution_id:
  description: The distribution's id.
  returned: when state is present
  type: str
  sample: E1A2B3C4D5E6F7
domain_name:
  description: CloudFront's own domain name of the distribution.
  returned: when state is present
  type: str
  sample: d111111abcdef8.cloudfront.net
url:
  description: Where the site is found.
  returned: when state is present
  type: str
  sample: https://app.innovate.example/
bucket:
  description: The name of the bucket that holds the files.
  returned: when state is present
  type: str
  sample: innovate-prod-site-333333333333-us-east-1
# What follows is the same for all modules. It is written by make generate from plugins/doc_fragments/common.py.
resources:
  description:
    - All that the component has or had.
    - Each with C(kind), C(key), C(id), C(arn) and the C(action) that was taken, or is planned - V(none), V(create),
      V(update), V(replace), V(delete) or V(wait).
  returned: always
  type: list
  elements: dict
  sample: [{kind: LogGroup, key: flow-logs, id: /aws/vpc/innovate-prod/flow-logs, action: none}]
pending:
  description:
    - What is still under way, and what is left to a later call because it comes after that, each with the reason.
  returned: when there is anything
  type: list
  elements: str
  sample: ["create OidcProvider innovate-dev: Cluster innovate-dev is pending: its status is CREATING"]
awaited:
  description:
    - What another role has yet to make, and that role's name. Where it is missing, only check mode goes on.
  returned: when there is anything
  type: list
  elements: str
  sample: ["Vpc main: made by the role network"]
gone:
  description:
    - What was deleted and is gone.
  returned: when there is anything
  type: list
  elements: str
  sample: [LogGroup flow-logs]
scheduled:
  description:
    - What will be gone later, and until when that can be called off.
  returned: when there is anything
  type: list
  elements: str
  sample: ["Key logs: deleted on 2026-12-21"]
retained:
  description:
    - What O(state=absent) has left because the options say so, such as a bucket or a last snapshot.
  returned: when there is anything
  type: list
  elements: str
  sample: [Bucket logs]
done:
  description:
    - What was done before something failed.
  returned: on failure, when the plan was begun
  type: list
  elements: str
  sample: [create Vpc main]
"""

from ansible_collections.keelson.eks.plugins.module_utils.components.edge.static_site import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
