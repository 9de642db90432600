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
      - The node groups by name, each a dictionary of the options below. V({}) means none. Left out, they
        stay as they are.
      - C(instance_types), a list, required. Types of one architecture, most wanted first. AWS
        recommends several for C(spot).
      - C(min) and C(max), integers, required. Numbers of nodes.
      - C(desired), an integer from C(min) to C(max), by default C(min). The number of nodes to begin with. Afterwards
        it is left to the autoscaler, unless it is outside of C(min) and C(max).
      - C(os), V(al2023) or V(bottlerocket), by default V(al2023). The image fits the instance types' architecture.
      - C(ami_type), such as V(AL2023_x86_64_NVIDIA). Needed for instance types with accelerators.
      - C(capacity_type), V(on_demand) or V(spot), by default V(on_demand).
      - C(disk_size), GiB from 20 to 16384, by default 50. The volume that images and containers are on.
      - C(labels), a dictionary, and C(taints), a list of C(key), C(value) and C(effect), which is V(NoSchedule),
        V(NoExecute) or V(PreferNoSchedule).
      - C(max_unavailable) or C(max_unavailable_percentage), from 1 to 100. How many nodes are replaced at a
        time. By default one.
      - C(version), such as V("1.35"), by default the cluster's. At most three minor versions behind it. A new group
        begins with the cluster's.
      - C(release_version) of the image, such as V(1.35.6-20261112). Left out it is the latest when the group is made
        and whenever its Kubernetes version changes, and stays meanwhile.
      - C(subnet_tier), V(private) or V(database), by default V(private). C(zones), a list of zones of that
        tier, by default all.
      - C(node_repair), a boolean, by default V(true). EKS replaces nodes that are not Ready.
      - C(monitoring), a boolean, by default V(false). Metrics of the instances once a minute, which AWS charges for.
    type: dict
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
resources:
  description: What the component has or had, each with C(kind), C(key), C(id), C(arn) and C(action).
  returned: always
  type: list
  elements: dict
  sample:
    - kind: NodeGroup
      key: innovate-prod/system
      id: system
      arn: "arn:aws:eks:us-east-1:111111111111:nodegroup/..."
      action: none
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
"""

from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.node_groups import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
