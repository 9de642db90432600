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
      - The identities by name, each a dictionary of the options below. V({}) means none. Left out, they
        stay as they are.
      - C(profile), V(vpc-cni) or V(aws-ebs-csi-driver). Stands for what that add-on needs. The other options then say
        what is to differ.
      - C(namespace) and C(service_account), required without C(profile). Neither needs to exist yet.
      - C(managed_policies), a list of names of AWS's own policies, with their path if they have one, such as
        V(service-role/AmazonEFSCSIDriverPolicy).
      - C(policy_arns), a list of ARNs of other policies.
      - C(policy), a policy document of the role's own. C(Version) may be left out.
      - One of C(managed_policies), C(policy_arns) and C(policy) at least is required without C(profile).
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
resources:
  description: What the component has or had, each with C(kind), C(key), C(id), C(arn) and C(action).
  returned: always
  type: list
  elements: dict
  sample:
    - kind: PodIdentityAssociation
      key: innovate-prod/api
      id: a-abcdefghijklmnop1
      arn: "arn:aws:eks:..."
      action: none
pod_identities:
  description: Each declared identity by name. In check mode what there is so far.
  returned: when state is present
  type: dict
  sample:
    api:
      association_id: a-abcdefghijklmnop1
      association_arn: arn:aws:eks:us-east-1:111111111111:podidentityassociation/innovate-prod/a-abcdefghijklmnop1
      role_arn: arn:aws:iam::111111111111:role/keelson/innovate/prod/pod_identities/innovate-prod-api
"""

from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.pod_identities import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
