#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module node_groups."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_groups
short_description: Makes the managed node groups of an EKS cluster
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes managed node groups, each from a launch template of its own, all with one IAM role and that role's access
    entry in the cluster.
  - Instances answer IMDSv2 alone, with a hop limit of 1, so that pods cannot take the node's role. Volumes are
    encrypted gp3. Instances, volumes and network interfaces carry the environment's tags.
  - The role has the policies C(AmazonEKSWorkerNodePolicy), C(AmazonEC2ContainerRegistryPullOnly) and
    C(AmazonSSMManagedInstanceCore). The policy of the add-on C(vpc-cni) is not among them, as AWS recommends.
    M(keelson.eks.pod_identities) gives it to the add-on.
  - Nodes become Ready only once the add-on C(vpc-cni) runs. In a cluster that has none yet, run this with O(wait=false)
    and M(keelson.eks.addons) after it.
  - Labels, taints, sizes and settings change in place. A change of what the launch template holds (disk
    size, key, monitoring, tags) or of a version replaces the nodes one after the other, as
    O(node_groups) says with C(max_unavailable).
  - Instance types, image, capacity type, subnets and zones cannot change in place, and are refused. Make a second
    group under another name, let the pods move, then leave the first one out. Or set O(allow_replacement), which
    deletes the group first.
  - Needs the cluster (role C(cluster)), its subnets (role C(network)) and, with O(volumes_kms_key), that
    key (role C(encryption_keys)).
options:
  node_groups:
    description:
      - The node groups by name. V({}) means none. Left out, they stay as they are.
    type: dict
    suboptions:
      instance_types:
        description:
          - Types of one architecture, most wanted first. AWS recommends several for V(spot).
        type: list
        elements: str
        required: true
      min:
        description:
          - The least number of nodes.
        type: int
        required: true
      max:
        description:
          - The greatest number of nodes.
        type: int
        required: true
      desired:
        description:
          - The number of nodes to begin with. By default the least. Afterwards it is left to the autoscaler, unless it
            is outside of what the group may have.
        type: int
      os:
        description:
          - The nodes' operating system, by default V(al2023). The image fits the instance types' architecture.
        type: str
        choices: [al2023, bottlerocket]
      ami_type:
        description:
          - The image's type, such as V(AL2023_x86_64_NVIDIA). Needed for instance types with accelerators.
        type: str
      capacity_type:
        description:
          - How instances are bought.
        type: str
        choices: [on_demand, spot]
        default: on_demand
      disk_size:
        description:
          - GiB of the volume that images and containers are on, from 20 to 16384.
        type: int
        default: 50
      labels:
        description:
          - Labels of the nodes in Kubernetes.
        type: dict
        default: {}
      taints:
        description:
          - Taints of the nodes in Kubernetes.
        type: list
        elements: dict
        default: []
        suboptions:
          key:
            description:
              - The taint's key.
            type: str
            required: true
          value:
            description:
              - The taint's value.
            type: str
          effect:
            description:
              - What becomes of pods that do not tolerate it.
            type: str
            choices: [NoSchedule, NoExecute, PreferNoSchedule]
            required: true
      max_unavailable:
        description:
          - How many nodes are replaced at a time, from 1 to 100. By default one.
        type: int
      max_unavailable_percentage:
        description:
          - The same as a percentage of the nodes. Give one of the two.
        type: int
      version:
        description:
          - The minor version of Kubernetes, such as V("1.35"), by default the cluster's. At most three minor versions
            behind it. A new group begins with the cluster's.
        type: str
      release_version:
        description:
          - The version of the image, such as V(1.35.6-20261112). Left out, it is the latest when the group is made and
            whenever its Kubernetes version changes, and stays meanwhile.
        type: str
      subnet_tier:
        description:
          - The tier of the nodes' subnets.
        type: str
        choices: [private, database]
        default: private
      zones:
        description:
          - Zones of that tier, by default all.
        type: list
        elements: str
      node_repair:
        description:
          - Whether EKS replaces nodes that are not Ready.
        type: bool
        default: true
      monitoring:
        description:
          - Whether there are metrics of the instances once a minute, which AWS charges for.
        type: bool
        default: false
  cluster:
    description:
      - The name of the cluster. Defaults to C(<platform>-<environment>), and begins with that.
    type: str
  volumes_kms_key:
    description:
      - Purpose of the environment's key that encrypts the nodes' volumes. Without one the account's default
        key for EBS does.
      - The key's policy has to let C(AWSServiceRoleForAutoScaling) use it.
    type: str
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: Make two groups, one of Graviton instances for the system and one of Spot instances for batch work
  keelson.eks.node_groups:
    platform: innovate
    environment: prod
    volumes_kms_key: volumes
    node_groups:
      system: {instance_types: [m7g.large], min: 2, max: 3}
      batch:
        instance_types: [m7i.xlarge, m6i.xlarge, m5.xlarge]
        capacity_type: spot
        min: 0
        max: 20
        labels: {workload: batch}
        taints:
          - {key: workload, value: batch, effect: NoSchedule}
        max_unavailable_percentage: 33

- name: Run Bottlerocket in one zone, on larger disks
  keelson.eks.node_groups:
    platform: innovate
    environment: dev
    node_groups:
      main: {instance_types: [t3.large], os: bottlerocket, min: 1, max: 2, disk_size: 100, zones: [us-east-1a]}

- name: Start the groups, and wait for nothing
  keelson.eks.node_groups:
    platform: innovate
    environment: dev
    node_groups:
      main: {instance_types: [t3.large], min: 1, max: 2}
    wait: false

- name: Remove all node groups with their launch templates and role
  keelson.eks.node_groups:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
node_groups:
  description: Each declared group by name. In check mode what there is so far.
  returned: when state is present
  type: dict
  sample:
    system:
      arn: arn:aws:eks:us-east-1:111111111111:nodegroup/innovate-prod/system/3ac7b5d2-0b6a-4d1e-9b1c-2f1f5e6a7b8c
      status: ACTIVE
      version: "1.35"
      release_version: 1.35.6-20261112
      ami_type: AL2023_ARM_64_STANDARD
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

from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.node_groups import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
