#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module registries."""

from __future__ import annotations

DOCUMENTATION = r"""
module: registries
short_description: Makes private ECR repositories
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes ECR repositories named C(<platform>-<environment>/<name>), with immutable tags, a scan of each image that is
    pushed, encryption, a lifecycle, and a policy that says who outside the account may pull and push.
  - A registry that is no longer listed stays, for it holds images. Only O(state=absent) removes registries, as their
    O(registries.on_removal) says.
options:
  registries:
    description:
      - The registries by name. A name has lower-case letters and digits, with hyphens, underscores, dots or slashes
        between them; null stands for all defaults.
      - The value V({}) makes none. Left out, they stay as they are.
    type: dict
    suboptions:
      immutable:
        description:
          - Whether a tag, once pushed, always means the same image.
        type: bool
        default: true
      mutable_tags:
        description:
          - Patterns of the tags that may be pushed again nevertheless, such as V(latest) or V(dev-*). At most five,
            with at most two asterisks each.
        type: list
        elements: str
        default: []
      scan_on_push:
        description:
          - Whether images are scanned for known vulnerabilities when they are pushed. It counts as long as the
            account's registry has no scanning configuration of its own.
        type: bool
        default: true
      kms_key:
        description:
          - The purpose of a key of M(keelson.eks.encryption_keys) that encrypts the images. By default
            ECR's own key does.
          - It is chosen when the registry is made, and ECR cannot change it later.
        type: str
      untagged_expire_days:
        description:
          - Days after which images without a tag are deleted. V(0) keeps them.
        type: int
        default: 14
      keep_tagged:
        description:
          - How many tagged images are kept, the newest. All are by default. An image that still runs somewhere may
            be among the older.
        type: int
      lifecycle_rules:
        description:
          - The rules of the lifecycle policy in ECR's own form, in place of O(registries.untagged_expire_days) and
            O(registries.keep_tagged).
        type: list
        elements: dict
      pull:
        description:
          - Who may pull besides those whom this account's IAM policies allow to - numbers of accounts, ARNs of roles
            and users. Of an account those may whom its own IAM policies allow to.
        type: list
        elements: str
        default: []
      push:
        description:
          - Who may push and pull likewise.
        type: list
        elements: str
        default: []
      on_removal:
        description:
          - What O(state=absent) does. V(delete) deletes the registry if it holds no image, and refuses otherwise;
            V(empty) deletes it with all its images, which cannot be undone; V(retain) leaves it and tells so.
          - Kept in the registry's tag C(keelson:on-removal), so that it has to be applied before it counts.
        type: str
        choices: [delete, empty, retain]
        default: delete
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: Registries that another account's clusters pull from and a pipeline pushes to
  keelson.eks.registries:
    platform: innovate
    environment: shared
    registries:
      api:
        mutable_tags: [latest]
        keep_tagged: 200
        pull: ["333333333333"]
        push: ["arn:aws:iam::444444444444:role/pipeline"]
      web:

- name: A registry with rules of its own
  keelson.eks.registries:
    platform: innovate
    environment: dev
    registries:
      shop/api:
        immutable: false
        on_removal: empty
        lifecycle_rules:
          - rulePriority: 1
            selection:
              tagStatus: tagged
              tagPrefixList: [pr-]
              countType: sinceImagePushed
              countUnit: days
              countNumber: 7
            action: {type: expire}

- name: Remove the registries
  keelson.eks.registries:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
registries:
  description: The registries by name.
  returned: when state is present
  type: dict
  sample:
    api:
      name: innovate-shared/api
      arn: arn:aws:ecr:us-east-1:111111111111:repository/innovate-shared/api
      uri: 111111111111.dkr.ecr.us-east-1.amazonaws.com/innovate-shared/api
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
from ansible_collections.keelson.eks.plugins.module_utils.components.supply.registries import COMPONENT


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
