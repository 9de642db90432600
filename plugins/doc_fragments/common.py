# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options that every AWS module of the collection takes."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  platform:
    description:
      - The name of the product that the environment belongs to. Two products in one account do not see each other.
      - At most 20 lower-case letters, digits and hyphens; names of resources begin with it.
    type: str
    required: true
  environment:
    description:
      - The name of the environment, such as V(dev) or V(prod). At most 12 lower-case letters, digits and hyphens.
    type: str
    required: true
  component:
    description:
      - Which part of the environment the resources belong to, kept in the tag C(keelson:component).
      - Needed only when one module is used twice in an environment, for then each call would purge what the other made.
        Defaults to the module's name.
    type: str
  account_id:
    description:
      - The account that the environment lives in, twelve digits. A caller from any other account is refused.
    type: str
  state:
    description:
      - V(present) makes the resources what the options say. V(absent) removes all that the component owns.
    type: str
    choices: [present, absent]
    default: present
  tags:
    description:
      - Tags for every resource, beside the owner's own. Tags that others have set are left alone.
    type: dict
    aliases: [resource_tags]
    default: {}
  wait:
    description:
      - Whether to wait until the resources are ready, or gone.
      - With V(false) slow things are started and not waited for. What cannot be started before they are ready is told
        in RV(ignore:pending) and left to the next call.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds after which waiting is given up. The next run goes on waiting.
    type: int
    default: 1800
  wait_interval:
    description:
      - Seconds between two looks at what is waited for.
    type: float
    default: 5.0
  allow_replacement:
    description:
      - Whether a resource may be deleted and made again when AWS cannot change it in place. Never done
        to what holds data.
    type: bool
    default: false
  prune_limit:
    description:
      - A plan that deletes more resources than this because they are no longer declared is refused.
    type: int
    default: 20
  protect:
    description:
      - Whether O(state=absent) is refused, whatever else allows it.
    type: bool
    default: false
  region:
    description:
      - The AWS region. Defaults to E(AWS_REGION) or E(AWS_DEFAULT_REGION), or the profile's.
    type: str
    aliases: [aws_region, ec2_region]
  profile:
    description:
      - A named profile of the AWS configuration files.
    type: str
    aliases: [aws_profile]
  access_key:
    description:
      - An AWS access key id. Without one, the usual places are searched, as by the AWS command line.
    type: str
    aliases: [aws_access_key_id, aws_access_key]
  secret_key:
    description:
      - The secret access key of O(access_key).
    type: str
    aliases: [aws_secret_access_key, aws_secret_key]
  session_token:
    description:
      - The session token of O(access_key), where it is a temporary one.
    type: str
    aliases: [aws_session_token]
  endpoint_url:
    description:
      - Where to find AWS instead of its own endpoints. Defaults to E(AWS_ENDPOINT_URL).
    type: str
    aliases: [aws_endpoint_url]
  validate_certs:
    description:
      - Whether to verify the certificates of AWS's endpoints.
    type: bool
    default: true
  aws_ca_bundle:
    description:
      - A file of certificate authorities to trust.
    type: path
  aws_config:
    description:
      - Settings for botocore, such as C(connect_timeout), as in C(botocore.config.Config).
    type: dict
  assume_role_arn:
    description:
      - A role to assume with the credentials found, and to work as.
    type: str
requirements:
  - python >= 3.11
  - boto3 >= 1.40
"""

    RETURN = r"""
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
