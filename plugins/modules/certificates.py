#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module certificates."""

from __future__ import annotations

DOCUMENTATION = r"""
module: certificates
short_description: Makes the ACM certificates of an environment
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Asks ACM for public certificates, and puts the records by which ACM validates them into a Route 53 zone of the
    account. ACM renews them by the same records.
  - A certificate without C(zone) stays pending until somebody has put its records, RV(certificates), into the DNS of
    its names. The module does not wait for that, and tells it as RV(pending).
  - ACM changes neither the names nor the key of a certificate. A change asks for another one, which counts
    from then on. What used the old one turns to it when its own role runs, and a later run deletes the old one
    once nobody uses it.
  - A certificate that ACM could not validate, or that has expired, is asked for anew.
  - A certificate that is no longer listed, or is to go by O(state=absent), goes with its records once nobody uses it.
    Records that another certificate of the account shares, in the environment's region or in us-east-1, stay.
  - Needs the zone (role C(dns_zones), or any other public zone of the account).
options:
  certificates:
    description:
      - The certificates by name. V({}) means none. Left out, they stay as they are.
    type: dict
    suboptions:
      domain:
        description:
          - The name that it is for, such as V(app.example.com) or V(*.example.com). At most 64 characters.
        type: str
        required: true
      alternatives:
        description:
          - Further names. ACM allows ten names in all until AWS raises the account's quota.
        type: list
        elements: str
        default: []
      zone:
        description:
          - The domain of the public zone for the validation records. It has all names of the certificate.
        type: str
      region:
        description:
          - By default the environment's. CloudFront takes certificates from V(us-east-1) only, and
            these two are allowed.
        type: str
      key_algorithm:
        description:
          - The algorithm of its key.
        type: str
        choices: [RSA_2048, EC_prime256v1]
        default: RSA_2048
      transparency_logging:
        description:
          - Whether it is written into public logs. Browsers distrust certificates that are in none.
        type: bool
        default: true
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: Have certificates for the site, which is behind CloudFront, and for the API
  keelson.eks.certificates:
    platform: innovate
    environment: prod
    wait: false
    certificates:
      site:
        domain: app.innovate.example
        alternatives: [www.innovate.example]
        zone: innovate.example
        region: us-east-1
      api:
        domain: api.innovate.example
        zone: innovate.example
        key_algorithm: EC_prime256v1
"""

RETURN = r"""
certificates:
  description: The certificates by name, with the records that validate them.
  returned: when state is present
  type: dict
  sample:
    site:
      arn: arn:aws:acm:us-east-1:111111111111:certificate/5ab9dde3-7d6d-4a1f-a0b8-1a4d6a3f3a0e
      status: PENDING_VALIDATION
      region: us-east-1
      validation_records:
        - name: _3639ac514e785e898d2646601fa951d5.app.innovate.example.
          type: CNAME
          value: _98d2646601fa951d53639ac514e785e8.jkddzztszm.acm-validations.aws.
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

from ansible_collections.keelson.eks.plugins.module_utils.components.edge.certificates import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
