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
      - The zones by name, null standing for all defaults. V({}) means none. Left out, they stay as they are.
    type: dict
    suboptions:
      domain:
        description:
          - The zone's domain, by default its name. Lower case, without the final dot. It cannot change.
        type: str
      comment:
        description:
          - By default tells domain and environment.
        type: str
      private:
        description:
          - Whether only the environment's VPC asks the zone. A public and a private zone may have the same domain. It
            cannot change.
        type: bool
        default: false
      parent:
        description:
          - The domain of a public zone of the account, which gets the NS record for this one.
        type: str
      records:
        description:
          - The zone's records. Left out, they stay as they are. V([]) means none.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - The full name without the final dot, by default the domain itself. C(*.) stands for every name.
            type: str
          type:
            description:
              - The record's type. V(NS) delegates a name below the domain.
            type: str
            choices: [A, AAAA, CAA, CNAME, MX, NS, TXT]
            required: true
          values:
            description:
              - Its values, as Route 53 takes them. Those of V(TXT) need no quotation marks.
            type: list
            elements: str
          ttl:
            description:
              - Seconds that resolvers may keep it.
            type: int
            default: 300
          alias:
            description:
              - A resource of AWS, in place of values, for the types V(A) and V(AAAA).
            type: dict
            suboptions:
              dns_name:
                description:
                  - The resource's name in DNS.
                type: str
                required: true
              zone_id:
                description:
                  - The id of the zone that this name is in, which AWS tells with it.
                type: str
                required: true
              evaluate_target_health:
                description:
                  - Whether Route 53 looks at the resource's health before it answers.
                type: bool
                default: false
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

from ansible_collections.keelson.eks.plugins.module_utils.components.edge.dns_zones import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
