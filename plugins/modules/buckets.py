#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module buckets."""

from __future__ import annotations

DOCUMENTATION = r"""
module: buckets
short_description: Makes private S3 buckets
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes S3 buckets named C(<platform>-<environment>-<name>-<account>-<region>). Nobody outside the account can
    reach them, ACLs are off, objects are encrypted, requests without TLS are refused, and so are uploads with keys
    of the client's own (SSE-C).
  - A bucket that is no longer listed stays, for it holds data. Only O(state=absent) removes buckets, as
    their O(buckets.on_removal) says.
options:
  buckets:
    description:
      - The buckets by name. A name has lower-case letters, digits and hyphens; null stands for all defaults.
      - The value V({}) makes none. Left out, they stay as they are.
    type: dict
    suboptions:
      versioned:
        description:
          - Whether objects that are overwritten or deleted stay as former versions. Switched off later, the
            versions there are stay.
        type: bool
        default: true
      kms_key:
        description:
          - The purpose of a key of M(keelson.eks.encryption_keys) that encrypts new objects, with an S3 bucket key,
            which saves calls to KMS. By default S3's own keys do.
        type: str
      policy_statements:
        description:
          - Statements of the bucket's policy in AWS's own form, besides those that refuse requests without TLS. A
            statement without C(Resource) is about the bucket and all its objects.
          - One that allows everyone without a condition is refused.
        type: list
        elements: dict
        default: []
      vpc_only:
        description:
          - Whether objects can be read and written from the environment's VPC only, through its S3 endpoint. Services
            of AWS still can. Listing and deleting is not restricted by it.
        type: bool
        default: false
      access_logs:
        description:
          - The name of another of these buckets, to which S3 delivers the access logs, under this bucket's name. That
            bucket can have neither O(buckets.kms_key) nor O(buckets.access_logs).
        type: str
      lifecycle:
        description:
          - What becomes of objects with time, rules by name. Each has one at least of C(expire_days),
            C(noncurrent_expire_days) and C(transitions).
        type: dict
        default: {}
        suboptions:
          prefix:
            description:
              - What the keys of its objects begin with. By default the rule is for all.
            type: str
            default: ''
          expire_days:
            description:
              - Days after which objects are deleted; in a versioned bucket they become former versions.
            type: int
          noncurrent_expire_days:
            description:
              - Days after which former versions are deleted, and delete markers with the last of them.
            type: int
          transitions:
            description:
              - Days after which objects move to a storage class, by its name as V(STANDARD_IA), V(ONEZONE_IA),
                V(INTELLIGENT_TIERING), V(GLACIER_IR), V(GLACIER) or V(DEEP_ARCHIVE).
            type: dict
            default: {}
      abort_uploads_days:
        description:
          - Days after which the parts of an upload that was not finished are deleted. V(0) keeps, and pays for, them.
        type: int
        default: 7
      on_removal:
        description:
          - What O(state=absent) does. V(delete) deletes the bucket if it holds nothing, and refuses otherwise;
            V(empty) first deletes all objects and their versions, which cannot be undone; V(retain) leaves the
            bucket and tells so.
          - Kept in the bucket's tag C(keelson:on-removal), so that it has to be applied before it counts.
        type: str
        choices: [delete, empty, retain]
        default: delete
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: A bucket for uploads, whose access is logged to another
  keelson.eks.buckets:
    platform: innovate
    environment: prod
    buckets:
      uploads:
        kms_key: storage
        access_logs: logs
        lifecycle:
          former:
            noncurrent_expire_days: 30
          archive:
            prefix: invoices/
            transitions: {STANDARD_IA: 30, GLACIER: 180}
      logs:
        versioned: false
        on_removal: retain
        lifecycle:
          old: {expire_days: 365}

- name: A bucket that another account may read
  keelson.eks.buckets:
    platform: innovate
    environment: dev
    buckets:
      reports:
        on_removal: empty
        policy_statements:
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::222222222222:role/reader"}
            Action: [s3:GetObject, s3:ListBucket]

- name: Remove the buckets
  keelson.eks.buckets:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
buckets:
  description: The buckets by name.
  returned: when state is present
  type: dict
  sample:
    uploads:
      name: innovate-prod-uploads-111111111111-us-east-1
      arn: arn:aws:s3:::innovate-prod-uploads-111111111111-us-east-1
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

from ansible_collections.keelson.eks.plugins.module_utils.components.data.buckets import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
