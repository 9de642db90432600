#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module dns_zones."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dns_zones
short_description: Makes the Route 53 hosted zones of an environment, and records in them
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes public hosted zones, and private ones for the environment's VPC, with the records that are listed for them.
  - A zone holds what others put into it as well, such as certificates, distributions and ExternalDNS. So a zone keeps
    the digests of the records that its own list has made in the TXT record C(_keelson.<domain>). Only these are changed
    and removed. A record that is there already and says something else is refused, never overwritten.
  - A zone that is no longer listed stays, for its name servers would be others if it were made again. Only
    O(state=absent) removes zones, and only those that hold nothing but their own records. Otherwise it says
    what is in them.
  - A public zone is asked by nobody before its parent delegates to it. With C(parent) that is done where the account
    has the parent zone. Elsewhere give RV(zones) to whoever keeps the parent.
  - Private zones need the VPC (role C(network)).
options:
  zones:
    description:
      - The zones by name, each a dictionary of the options below, or null. V({}) means none.
        Required when O(state=present).
      - C(domain), by default the zone's name. Lower case, without the final dot. It cannot change.
      - C(comment), by default tells domain and environment.
      - C(private), a boolean, by default V(false). Only the environment's VPC asks the zone. A public and a private
        zone may have the same domain. It cannot change.
      - C(parent), the domain of a public zone of the account, which gets the NS record for this one.
      - C(records), a list of dictionaries. Left out, the zone's records stay as they are. V([]) means none.
      - C(records[].name), the full name without the final dot, by default the domain itself. C(*.)
        stands for every name.
      - C(records[].type), V(A), V(AAAA), V(CAA), V(CNAME), V(MX), V(NS) or V(TXT), required. V(NS) delegates a
        name below the domain.
      - C(records[].values), a list of texts as Route 53 takes them. The values of V(TXT) need no quotation marks.
      - C(records[].ttl), seconds that resolvers may keep it, by default 300.
      - C(records[].alias), in place of C(values), with C(dns_name) and C(zone_id) of an AWS resource, and
        C(evaluate_target_health), by default V(false). For the types V(A) and V(AAAA).
    type: dict
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: Make a public zone with mail and a private one of the same name
  keelson.eks.dns_zones:
    platform: innovate
    environment: prod
    zones:
      innovate.example:
        records:
          - {type: MX, values: ["10 mail.innovate.example"]}
          - {type: CAA, values: ['0 issue "amazon.com"']}
          - {name: status.innovate.example, type: CNAME, values: [status.provider.example], ttl: 60}
      internal:
        domain: innovate.example
        private: true

- name: Make a zone to which another zone of the account delegates
  keelson.eks.dns_zones:
    platform: innovate
    environment: dev
    zones:
      dev.innovate.example:
        parent: innovate.example
"""

RETURN = r"""
zones:
  description: The zones by name, with the name servers that a public zone's parent has to name.
  returned: when state is present
  type: dict
  sample:
    innovate.example:
      id: Z08265313B5FEV8N3ISG2
      domain: innovate.example
      name_servers:
        - ns-1391.awsdns-45.org
        - ns-1735.awsdns-24.co.uk
        - ns-338.awsdns-42.com
        - ns-821.awsdns-38.net
resources:
  description: What the component has, and what was done with it.
  returned: always
  type: list
  elements: dict
  sample:
    - kind: HostedZone
      key: innovate.example
      id: Z08265313B5FEV8N3ISG2
      action: create
"""

from ansible_collections.keelson.eks.plugins.module_utils.components.edge.dns_zones import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
