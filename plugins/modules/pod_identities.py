#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module pod_identities."""

from __future__ import annotations

DOCUMENTATION = r"""
module: pod_identities
short_description: Gives the pods of service accounts in an EKS cluster IAM roles of their own
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes an IAM role for each service account, and the EKS Pod Identity association that hands it to
    the service account's pods.
  - The role's trust policy names the cluster, the namespace and the service account. No other pod can assume it.
  - The add-on C(eks-pod-identity-agent) has to run on the nodes. See M(keelson.eks.addons).
  - A pod gets its role when it is admitted. Pods that are older than their association go on without it
    until they are restarted.
  - A namespace or a service account cannot change in place, and is refused. Leave the entry out, and make one under
    another name. Or set O(allow_replacement), which deletes the association first.
  - Needs the cluster (role C(cluster)).
options:
  pod_identities:
    description:
      - The identities by name. V({}) means none. Left out, they stay as they are.
      - Without a profile, a namespace, a service account and something that its pods may do are required.
    type: dict
    suboptions:
      profile:
        description:
          - Stands for what an add-on of AWS's needs. The other options then say what is to differ.
        type: str
        choices: [aws-ebs-csi-driver, vpc-cni]
      namespace:
        description:
          - The service account's namespace, which need not exist yet.
        type: str
      service_account:
        description:
          - The service account, which need not exist yet.
        type: str
      managed_policies:
        description:
          - Names of AWS's own policies, with their path if they have one, such as
            V(service-role/AmazonEFSCSIDriverPolicy).
        type: list
        elements: str
      policy_arns:
        description:
          - ARNs of other policies.
        type: list
        elements: str
        default: []
      policy:
        description:
          - A policy document of the role's own. C(Version) may be left out.
        type: dict
  cluster:
    description:
      - The name of the cluster. Defaults to C(<platform>-<environment>), and begins with that.
    type: str
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: Give two add-ons and an application their roles
  keelson.eks.pod_identities:
    platform: innovate
    environment: prod
    pod_identities:
      vpc-cni: {profile: vpc-cni}
      aws-ebs-csi-driver: {profile: aws-ebs-csi-driver}
      api:
        namespace: api
        service_account: api
        policy:
          Statement:
            - Effect: Allow
              Action: s3:GetObject
              Resource: arn:aws:s3:::innovate-prod-media/*

- name: Let the EBS driver also use a key for its volumes
  keelson.eks.pod_identities:
    platform: innovate
    environment: prod
    pod_identities:
      aws-ebs-csi-driver:
        profile: aws-ebs-csi-driver
        policy_arns: [arn:aws:iam::111111111111:policy/use-volumes-key]

- name: Remove all pod identities of the environment
  keelson.eks.pod_identities:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
pod_identities:
  description: Each declared identity by name. In check mode what there is so far.
  returned: when state is present
  type: dict
  sample:
    api:
      association_id: a-abcdefghijklmnop1
      association_arn: arn:aws:eks:us-east-1:111111111111:podidentityassociation/innovate-prod/a-abcdefghijklmnop1
      role_arn: arn:aws:iam::111111111111:role/keelson/innovate/prod/pod_identities/innovate-prod-api
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

from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.pod_identities import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
