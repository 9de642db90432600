#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module encryption_keys."""

from __future__ import annotations

DOCUMENTATION = r"""
module: encryption_keys
short_description: Makes the KMS keys of an environment
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes a symmetric KMS key for each purpose, with the alias C(alias/<platform>-<environment>-<purpose>), automatic
    rotation and a key policy.
  - The policy lets the account's IAM policies rule over the key, and lets the services that need it use it
    on the account's behalf.
  - A key whose purpose is no longer listed stays, for what it has encrypted would be lost. Only O(state=absent) removes
    keys. KMS then deletes them after their deletion window; making them again before its end cancels that.
options:
  keys:
    description:
      - The keys by purpose. A purpose is at most 32 lower-case letters, digits and hyphens; null
        stands for all defaults.
      - The purposes V(cluster), V(logs), V(volumes), V(backups), V(database), V(storage), V(secrets), V(registries) and
        V(site) have the services filled in that usually use such keys.
      - The value V({}) makes none. Left out, they stay as they are.
    type: dict
    suboptions:
      description:
        description:
          - The key's description. By default it tells purpose and environment.
        type: str
      services:
        description:
          - The services that use the key on behalf of whoever in the account may use them, named as in their endpoints,
            such as V(ec2), V(rds) or V(secretsmanager).
          - V(logs) stands for CloudWatch Logs itself, V(autoscaling) for the service-linked role that starts nodes with
            encrypted volumes, V(cloudfront) for the account's distributions.
          - Defaults to V(logs) for the purpose V(logs), V(ec2) and V(autoscaling) for V(volumes), V(backup) for
            V(backups), V(rds) and V(secretsmanager) for V(database), V(s3) for V(storage), V(secretsmanager) for
            V(secrets), V(ecr) for V(registries), V(s3) and V(cloudfront) for V(site), and none for any other.
        type: list
        elements: str
      rotation_days:
        description:
          - Days after which KMS changes the key's material, from 90 to 2560. What was encrypted before stays readable.
        type: int
        default: 365
      deletion_window_days:
        description:
          - Days between O(state=absent) and the key's end, from 7 to 30. Kept in the key's tag
            C(keelson:deletion-window-days).
        type: int
        default: 30
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: Keys for Kubernetes secrets, log groups and volumes
  keelson.eks.encryption_keys:
    platform: innovate
    environment: prod
    keys:
      cluster:
      logs:
      volumes:
        rotation_days: 180

- name: A key for a database, and one for what a queue holds, gone a week after the environment
  keelson.eks.encryption_keys:
    platform: innovate
    environment: dev
    keys:
      database:
        deletion_window_days: 7
      queue:
        services: [sqs]
        deletion_window_days: 7

- name: Have the keys deleted at the end of their windows
  keelson.eks.encryption_keys:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
keys:
  description: The keys by purpose.
  returned: when state is present
  type: dict
  sample:
    logs:
      id: 0d990263-018e-4e65-a703-eff731de951e
      arn: arn:aws:kms:us-east-1:111111111111:key/0d990263-018e-4e65-a703-eff731de951e
      alias: alias/innovate-prod-logs
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
from ansible_collections.keelson.eks.plugins.module_utils.components.safety.encryption_keys import COMPONENT


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
