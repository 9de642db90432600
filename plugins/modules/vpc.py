#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module vpc."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vpc
short_description: Makes an environment's VPC with all that is in it
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes one VPC with its subnets, internet and NAT gateways, route tables, network ACLs, endpoints and flow logs, and
    keeps them as described. Its default security group is emptied.
  - The subnets of a tier are keyed by their zones. Their CIDRs depend on tier and zone alone, so that adding, removing
    or reordering zones touches no other subnet.
  - Each tier has a block, and each zone a fixed eighth of it, by its letter from a to h. By default the tier private
    has the first half of the VPC, public and database an eighth each, and the last quarter stays free. In
    V(10.0.0.0/16) that is C(10.0.0.0/17), C(10.0.128.0/19) and C(10.0.160.0/19); zone a has C(10.0.0.0/20),
    C(10.0.128.0/22) and C(10.0.160.0/22), zone b C(10.0.16.0/20), C(10.0.132.0/22) and C(10.0.164.0/22).
  - Public and private subnets carry the tags by which load balancer controllers find them. No subnet gives out public
    addresses by itself. Subnets of the tier database have no way out of the VPC.
  - Routes, rules and associations that are not described are removed.
options:
  cidr:
    description:
      - The VPC's CIDR, from /16 to /28, such as V(10.0.0.0/16). At least a V(/22) unless O(tier_cidrs) is given.
      - Required when O(state=present).
    type: str
  secondary_cidrs:
    description:
      - Further CIDRs of the VPC, in which O(tier_cidrs) may place tiers. Left out, those that there are stay.
    type: list
    elements: str
  reserved_cidrs:
    description:
      - CIDRs that the VPC must not overlap, because it is or will be connected with them. They are
        checked, and nothing else.
    type: list
    elements: str
    default: []
  zones:
    description:
      - The names of the availability zones. Left out, the region's first three by name, without those in which EKS
        has no control planes.
    type: list
    elements: str
  tiers:
    description:
      - The tiers of subnets. Each has one subnet in each zone.
    type: list
    elements: str
    choices: [public, private, database]
    default: [public, private, database]
  tier_cidrs:
    description:
      - The block of a tier, where it is not to be the default. A dictionary of CIDRs, /25 or larger, by tier.
    type: dict
    default: {}
  subnet_tags:
    description:
      - Tags for the subnets of a tier, such as C(karpenter.sh/discovery). A dictionary of dictionaries, by tier.
    type: dict
    default: {}
  nat:
    description:
      - How private subnets reach the internet. V(single) makes one NAT gateway that all zones share,
        V(per_zone) one in each.
      - A single gateway stays in the zone in which it is for as long as that zone is among O(zones).
    type: str
    choices: [none, single, per_zone]
    default: single
  acl_rules:
    description:
      - Rules of the network ACLs, one of which guards each tier. A tier and direction that has rules
        here has these alone.
      - By default public and private subnets may be reached from anywhere, which leaves the decision to security
        groups, and database subnets from within the VPC. Mind that network ACLs are stateless.
    type: list
    elements: dict
    default: []
    suboptions:
      tier:
        description: The tier that the rule is for.
        type: str
        required: true
      direction:
        description: Whether it is about what enters the subnets, or what leaves them.
        type: str
        choices: [ingress, egress]
        required: true
      number:
        description: Rules are tried in the order of their numbers, from 1 to 32766, and the first that matches decides.
        type: int
        required: true
      protocol:
        description: The protocol. V(icmp) stands for all its types and codes.
        type: str
        choices: [all, icmp, tcp, udp]
        default: all
      from_port:
        description: The first port, for V(tcp) and V(udp).
        type: int
      to_port:
        description: The last port. Defaults to the first.
        type: int
      cidr:
        description: Where the traffic comes from, or goes to.
        type: str
        required: true
      action:
        description: What to do with it.
        type: str
        choices: [allow, deny]
        default: allow
  gateway_endpoints:
    description:
      - Services that public and private subnets reach by a route of their own, free of charge. Left out, those
        that there are stay.
    type: list
    elements: str
    choices: [s3, dynamodb]
  interface_endpoints:
    description:
      - Services that the VPC reaches by addresses in its private subnets, by their short names, such as V(ecr.api).
        They answer to the services' own names, on port 443 and from within the VPC.
      - Left out, those that there are stay.
    type: list
    elements: str
  endpoint_policies:
    description:
      - What endpoints let through. A dictionary of IAM policy documents, by the endpoint's name in O(gateway_endpoints)
        or O(interface_endpoints). By default everything.
    type: dict
    default: {}
  flow_logs:
    description:
      - Which traffic is logged to CloudWatch Logs.
    type: str
    choices: [none, all, accept, reject]
    default: all
  flow_logs_interval:
    description:
      - Seconds over which packets are summed up in one record.
    type: int
    choices: [60, 600]
    default: 600
  flow_logs_retention_days:
    description:
      - How many days flow logs are kept. One of the periods that CloudWatch Logs offers, such as 7, 30 or 365.
    type: int
    default: 30
  flow_logs_kms_key:
    description:
      - The purpose of the key of M(keelson.eks.encryption_keys) that encrypts flow logs. Left out, AWS's own key does.
    type: str
  keep_logs:
    description:
      - With O(state=absent), keep the log group of the flow logs.
    type: bool
    default: false
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
seealso:
  - module: keelson.eks.encryption_keys
"""

EXAMPLES = r"""
- name: Make a small network for development
  keelson.eks.vpc:
    platform: innovate
    environment: dev
    cidr: 10.10.0.0/16
    gateway_endpoints: [s3]
    flow_logs: none

- name: Make a network for production
  keelson.eks.vpc:
    platform: innovate
    environment: prod
    cidr: 10.30.0.0/16
    zones: [us-east-1a, us-east-1b, us-east-1d]
    nat: per_zone
    gateway_endpoints: [s3, dynamodb]
    interface_endpoints: [ecr.api, ecr.dkr, sts, logs, secretsmanager, kms, ec2, eks, eks-auth]
    flow_logs_retention_days: 365
    flow_logs_kms_key: logs

- name: Let PostgreSQL alone into the database subnets
  keelson.eks.vpc:
    platform: innovate
    environment: prod
    cidr: 10.30.0.0/16
    acl_rules:
      - tier: database
        direction: ingress
        number: 100
        protocol: tcp
        from_port: 5432
        cidr: 10.30.0.0/17
      - tier: database
        direction: egress
        number: 100
        protocol: tcp
        from_port: 1024
        to_port: 65535
        cidr: 10.30.0.0/17

- name: Remove the network, and keep its flow logs
  keelson.eks.vpc:
    platform: innovate
    environment: dev
    state: absent
    keep_logs: true
"""

RETURN = r"""
vpc_id:
  description: The VPC's id.
  returned: when state is present
  type: str
  sample: vpc-0a1b2c3d4e5f60718
cidr:
  description: The VPC's first CIDR, as given.
  returned: when state is present
  type: str
  sample: 10.30.0.0/16
subnets:
  description: The ids of the subnets, by tier and zone.
  returned: when state is present
  type: dict
  sample: {private: {us-east-1a: subnet-0a1b2c3d4e5f60718}, public: {us-east-1a: subnet-1a2b3c4d5e6f70819}}
nat_gateway_ips:
  description: The public addresses from which private subnets reach the internet, by zone.
  returned: when state is present
  type: dict
  sample: {us-east-1a: 203.0.113.7}
route_tables:
  description: The ids of the route tables. Private subnets have one for each zone.
  returned: when state is present
  type: dict
  sample: {public: rtb-0a1b2c3d4e5f60718, private-us-east-1a: rtb-1a2b3c4d5e6f70819}
endpoints:
  description: The ids of the VPC endpoints, by the service's short name.
  returned: when state is present
  type: dict
  sample: {s3: vpce-0a1b2c3d4e5f60718}
security_groups:
  description: The ids of the security groups. V(endpoints) is that of the interface endpoints.
  returned: when state is present
  type: dict
  sample: {endpoints: sg-0a1b2c3d4e5f60718}
flow_log_group:
  description: The name of the log group that holds the flow logs.
  returned: when state is present
  type: str
  sample: /aws/vpc/innovate-prod/flow-logs
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

from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module
from ansible_collections.keelson.eks.plugins.module_utils.components.network.vpc import COMPONENT


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
