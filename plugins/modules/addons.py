#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module addons."""

from __future__ import annotations

DOCUMENTATION = r"""
module: addons
short_description: Installs the add-ons of an EKS cluster
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Installs EKS add-ons in versions that fit the cluster's Kubernetes version, configures them and keeps
    them up to date.
  - C(vpc-cni), C(kube-proxy) and C(eks-pod-identity-agent) are installed as soon as there is a cluster, for nodes need
    them. All others wait until one node group of the cluster is active, for without nodes they are unhealthy.
  - An add-on that EKS reports to be unhealthy fails the task at once, with EKS's own words. Only missing replicas are
    waited for, for five minutes after a change.
  - An add-on that runs in the cluster without EKS managing it is taken over, and its fields get EKS's values. When an
    add-on is updated later, fields that others have changed in the cluster are left as they are.
  - Add-ons of this environment that are no longer declared are removed. Those that somebody else has
    installed are left alone.
  - Needs the cluster (role C(cluster)), for most add-ons a node group (role C(node_groups)) and, where C(pod_identity)
    says so, the pod identity (role C(pod_identities)).
options:
  addons:
    description:
      - The add-ons by name. V({}) means none. Left out, they stay as they are.
    type: dict
    suboptions:
      version:
        description:
          - An exact version, V(latest), or V(default), which is what AWS recommends for the cluster's
            Kubernetes version. Left out, it is AWS's default when the add-on is installed, and stays as long as
            it fits the cluster's Kubernetes version.
        type: str
      configuration:
        description:
          - The add-on's configuration, as its own JSON schema has it.
        type: dict
        default: {}
      pod_identity:
        description:
          - The name of the entry of M(keelson.eks.pod_identities) that gives the add-on's pods their IAM role. The
            add-on is installed only once that is there, for pods that are older than it go on without a role.
        type: str
      service_account_role_arn:
        description:
          - The IAM role of the add-on's pods, if they get it through the cluster's OIDC provider.
        type: str
      preserve_on_delete:
        description:
          - Whether the add-on's pods stay in the cluster when it is removed.
        type: bool
        default: false
  cluster:
    description:
      - The name of the cluster. Defaults to C(<platform>-<environment>), and begins with that.
    type: str
  kubernetes_version:
    description:
      - The Kubernetes version that the plan is for while there is no cluster yet. Otherwise the cluster's counts.
    type: str
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: Install what every cluster needs
  keelson.eks.addons:
    platform: innovate
    environment: prod
    addons:
      vpc-cni: {pod_identity: vpc-cni}
      kube-proxy: {}
      coredns: {}
      eks-pod-identity-agent: {}
      aws-ebs-csi-driver: {pod_identity: aws-ebs-csi-driver}

- name: Pin one version, follow another, and configure both
  keelson.eks.addons:
    platform: innovate
    environment: prod
    addons:
      vpc-cni:
        version: v1.22.4-eksbuild.3
        pod_identity: vpc-cni
        configuration: {enableNetworkPolicy: "true", env: {ENABLE_PREFIX_DELEGATION: "true"}}
      coredns:
        version: latest
        configuration: {replicaCount: 3}

- name: Remove all add-ons of the environment
  keelson.eks.addons:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
addons:
  description: Each declared add-on by name. In check mode what there is so far.
  returned: when state is present
  type: dict
  sample:
    coredns:
      arn: arn:aws:eks:us-east-1:111111111111:addon/innovate-prod/coredns/7ac7b5d2-0b6a-4d1e-9b1c-2f1f5e6a7b8c
      status: ACTIVE
      version: v1.14.3-eksbuild.3
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

from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.addons import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
