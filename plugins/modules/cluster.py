#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster
short_description: Makes an EKS cluster's control plane
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes an EKS control plane with its IAM role, the log group of its control-plane logs, its access entries and
    its IAM OIDC provider.
  - Access is by EKS access entries alone (authentication mode C(API)). The cluster comes without add-ons, see
    M(keelson.eks.addons), and without nodes, see M(keelson.eks.node_groups).
  - Settings change in place. EKS takes one kind of change at a time and works on each for minutes, so several are made
    one after the other.
  - Making a control plane takes about nine minutes. With O(wait=false) it is started; access entries and the OIDC
    provider, which need it, are then made by a later call.
options:
  name:
    description:
      - The cluster's name. Defaults to C(<platform>-<environment>), with which any other has to begin,
        followed by a hyphen.
    type: str
  version:
    description:
      - The minor version of Kubernetes, quoted, such as V("1.35"). Required when O(state=present).
      - A cluster goes up one minor version at a time, and never down. Nodes may be at most three behind.
    type: str
  endpoint:
    description:
      - From where the Kubernetes API can be reached. V(private) is from within the VPC alone.
      - With V(public) nodes also come by the public endpoint, so that their addresses have to be in O(endpoint_cidrs).
    type: str
    choices: [private, public_and_private, public]
    default: private
  endpoint_cidrs:
    description:
      - The IPv4 ranges that may reach the public endpoint. Required unless O(endpoint=private), and V(0.0.0.0/0)
        has to be said.
    type: list
    elements: str
  subnet_tier:
    description:
      - The tier of the subnets in which EKS puts the control plane's network interfaces. They need two
        availability zones or more.
    type: str
    choices: [private, public, database]
    default: private
  security_group_ids:
    description:
      - Up to five security groups for the control plane's network interfaces, beside the cluster's own, which
        admits only itself. Whoever is to reach the private endpoint from elsewhere in the VPC needs one that lets
        him in on port 443.
      - Left out, those that there are stay. An empty list means none.
    type: list
    elements: str
  service_cidr:
    description:
      - The range for Kubernetes services, between a /12 and a /24, private and outside the VPC. It cannot change later.
      - By default EKS chooses 10.100.0.0/16 or 172.20.0.0/16.
    type: str
  log_types:
    description:
      - The control-plane logs that go to the log group C(/aws/eks/<name>/cluster).
    type: list
    elements: str
    choices: [api, audit, authenticator, controllerManager, scheduler]
    default: [audit, authenticator]
  log_retention_days:
    description:
      - Days that logs are kept. One of the periods that CloudWatch Logs offers.
    type: int
    default: 30
  log_kms_key:
    description:
      - The purpose of the key of M(keelson.eks.encryption_keys) that encrypts the logs. By default CloudWatch Logs has
        a key of its own.
    type: str
  keep_logs:
    description:
      - Whether O(state=absent) leaves the log group.
    type: bool
    default: false
  secrets_kms_key:
    description:
      - The purpose of the key of M(keelson.eks.encryption_keys) that encrypts Kubernetes secrets. By default EKS has a
        key of its own.
      - It can be added later, but neither changed nor taken away.
    type: str
  support_type:
    description:
      - What happens when the version's standard support ends. With V(STANDARD) AWS upgrades the cluster, with
        V(EXTENDED) it stays, at a much higher price.
    type: str
    choices: [STANDARD, EXTENDED]
    default: STANDARD
  deletion_protection:
    description:
      - Whether AWS refuses to delete the cluster. O(state=absent) is then refused too. By default as O(protect) says.
    type: bool
  zonal_shift:
    description:
      - Whether Application Recovery Controller may shift the cluster's traffic away from an
        availability zone in trouble.
    type: bool
    default: false
  admin_role_arns:
    description:
      - The IAM roles or users that administer the cluster, by a name of your choice.
      - Removing one takes its access away, after all new ones were given theirs.
      - Left out, the entries that there are stay, unless O(access_entries) is given.
    type: dict
  access_entries:
    description:
      - Access of other principals, by a name of your choice.
    type: dict
    suboptions:
      principal_arn:
        description:
          - The ARN of an IAM role or user, a role's with its path.
        type: str
        required: true
      kubernetes_groups:
        description:
          - Groups that the principal belongs to, for role bindings of Kubernetes.
        type: list
        elements: str
        default: []
      policies:
        description:
          - What it may do, by EKS's own access policies.
        type: list
        elements: dict
        default: []
        suboptions:
          policy:
            description:
              - An access policy's name, such as V(AmazonEKSViewPolicy).
            type: str
            required: true
          namespaces:
            description:
              - The namespaces that it counts in; an asterisk stands for any text. An empty list
                means the whole cluster.
            type: list
            elements: str
            default: []
  caller_is_admin:
    description:
      - Whether whoever runs this administers the cluster without being named. EKS gives a cluster's maker no
        access by itself here.
      - The access of a caller who is not named ends when somebody else runs this. Name everybody, and set this to
        V(false), where several run it under different roles. A caller can never take its own access away.
    type: bool
    default: true
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: A cluster for development, its API open to the office
  keelson.eks.cluster:
    platform: innovate
    environment: dev
    version: "1.35"
    endpoint: public_and_private
    endpoint_cidrs: [203.0.113.0/24]
    log_types: []

- name: A private cluster for production
  keelson.eks.cluster:
    platform: innovate
    environment: prod
    version: "1.35"
    secrets_kms_key: cluster
    log_types: [api, audit, authenticator]
    log_retention_days: 365
    log_kms_key: logs
    deletion_protection: true
    admin_role_arns:
      platform: arn:aws:iam::333333333333:role/platform
      break_glass: arn:aws:iam::333333333333:role/break-glass
    access_entries:
      developers:
        principal_arn: arn:aws:iam::333333333333:role/developers
        policies:
          - policy: AmazonEKSViewPolicy
            namespaces: [shop, "shop-*"]
    caller_is_admin: false

- name: Start a cluster, and go on with something else meanwhile
  keelson.eks.cluster:
    platform: innovate
    environment: dev
    version: "1.35"
    wait: false

- name: Remove the cluster, but keep its logs
  keelson.eks.cluster:
    platform: innovate
    environment: dev
    state: absent
    keep_logs: true
"""

RETURN = r"""
name:
  description: The cluster's name.
  returned: when state is present
  type: str
  sample: innovate-prod
arn:
  description: The cluster's ARN.
  returned: when state is present
  type: str
  sample: arn:aws:eks:us-east-1:111111111111:cluster/innovate-prod
status:
  description: EKS's status of the cluster.
  returned: when state is present
  type: str
  sample: ACTIVE
endpoint:
  description: The URL of the Kubernetes API, known once the cluster is active.
  returned: when state is present
  type: str
  sample: https://0123456789ABCDEF0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com
certificate_authority:
  description: The certificate authority of the Kubernetes API, PEM in base64.
  returned: when state is present
  type: str
  sample: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t
version:
  description: The minor version of Kubernetes.
  returned: when state is present
  type: str
  sample: "1.35"
platform_version:
  description: EKS's version of the control plane.
  returned: when state is present
  type: str
  sample: eks.15
oidc_issuer:
  description: The URL of the cluster's issuer of service account tokens.
  returned: when state is present
  type: str
  sample: https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF
oidc_provider_arn:
  description: The ARN of the IAM OIDC provider that trusts this issuer.
  returned: when state is present
  type: str
  sample: arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF
cluster_security_group_id:
  description: The security group that control plane and nodes share.
  returned: when state is present
  type: str
  sample: sg-0123456789abcdef0
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

from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.cluster import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
