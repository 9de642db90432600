#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module environment_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: environment_info
short_description: Tells what there is of an environment
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Reads an environment's network, cluster, node groups, Aurora clusters and static site, found by their owner. Changes
    nothing, and does not fail when they do not exist.
options:
  cluster:
    description:
      - The cluster's name. Defaults to C(<platform>-<environment>).
    type: str
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: See what there is
  keelson.eks.environment_info:
    platform: innovate
    environment: dev
  register: environment_result

- name: Show the API server's address
  ansible.builtin.debug:
    var: environment_result.cluster.endpoint
"""

RETURN = r"""
network:
  description: The VPC, and its subnets by tier and zone. The values of what does not exist are null.
  returned: always
  type: dict
  sample: {vpc_id: vpc-0a1, cidr: 10.10.0.0/16, subnets: {private: {us-east-1a: subnet-0b2}}}
cluster:
  description: The EKS control plane. Null when there is none.
  returned: always
  type: dict
  sample:
    name: innovate-dev
    arn: arn:aws:eks:us-east-1:111111111111:cluster/innovate-dev
    status: ACTIVE
    version: "1.35"
    endpoint: https://0123.gr7.us-east-1.eks.amazonaws.com
node_groups:
  description: The managed node groups by name. C(desired) is a number of nodes.
  returned: always
  type: dict
  sample: {system: {status: ACTIVE, version: "1.35", instance_types: [t4g.medium], desired: 1}}
databases:
  description: The Aurora clusters by identifier.
  returned: always
  type: dict
  sample:
    innovate-dev-main:
      status: available
      version: "16.6"
      endpoint: innovate-dev-main.cluster-0123.us-east-1.rds.amazonaws.com
      reader_endpoint: innovate-dev-main.cluster-ro-0123.us-east-1.rds.amazonaws.com
      port: 5432
site:
  description: The static site. Null when there is none.
  returned: always
  type: dict
  sample: {url: "https://app.dev.innovate.example/", distribution_id: E1A2B3, status: Deployed}
"""

from ansible_collections.keelson.eks.plugins.module_utils.components.environment.environment_info import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
