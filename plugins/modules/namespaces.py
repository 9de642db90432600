#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module namespaces."""

from __future__ import annotations

DOCUMENTATION = r"""
module: namespaces
short_description: Makes the namespaces of an EKS cluster
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes namespaces with their labels, annotations and Pod Security levels, by server-side apply under
    the field manager C(keelson).
  - Labels and annotations that others have set are left alone. One of ours that somebody edits or removes is set again,
    and one that is no longer declared is removed.
  - A namespace is never deleted because it is no longer declared, for all that is in it would go too. O(state=absent)
    deletes those that this environment has made. One that does not go is reported with the content, the finalizer or
    the API service that holds it.
  - A namespace that exists and that this environment has not made is refused, with the exception of those that
    Kubernetes makes itself (V(default), V(kube-system), V(kube-public) and V(kube-node-lease)). These can be labelled,
    and are never deleted.
  - Needs the cluster (role C(cluster)), and waits for it while it is being created. The token for its API is made from
    the AWS credentials. The caller needs an access entry that allows it to manage namespaces.
  - O(tags) are not used. They are for AWS.
options:
  namespaces:
    description:
      - The namespaces by name, null standing for all defaults. Left out, they stay as they are.
    type: dict
    suboptions:
      pod_security:
        description:
          - What the namespace enforces, by default V(baseline), and V(privileged) for V(kube-system). Unless it is
            V(privileged), what V(restricted) would refuse is warned of and audited. See
            U(https://kubernetes.io/docs/concepts/security/pod-security-standards/).
        type: str
        choices: [privileged, baseline, restricted]
      labels:
        description:
          - Labels, a dictionary of texts.
        type: dict
        default: {}
      annotations:
        description:
          - Annotations, a dictionary of texts.
        type: dict
        default: {}
  others:
    description:
      - Namespaces that somebody else makes and that releases may be in. They are checked by M(keelson.eks.preflight),
        and nothing else.
    type: list
    elements: str
    default: []
  cluster:
    description:
      - The name of the cluster. Defaults to C(<platform>-<environment>), and begins with that.
    type: str
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
requirements:
  - kubernetes >= 34
"""

EXAMPLES = r"""
- name: Make a namespace for the applications and one for monitoring
  keelson.eks.namespaces:
    platform: innovate
    environment: prod
    namespaces:
      apps: {pod_security: restricted, labels: {team: web}}
      monitoring: {pod_security: privileged}

- name: Forbid privileged pods in the default namespace
  keelson.eks.namespaces:
    platform: innovate
    environment: prod
    namespaces:
      default: {pod_security: baseline}

- name: Remove all namespaces that the environment has made, with everything in them
  keelson.eks.namespaces:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
namespaces:
  description: The names of the namespaces that the environment has. In check mode those that there are so far.
  returned: when state is present
  type: list
  elements: str
  sample: [apps, monitoring]
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

from ansible_collections.keelson.eks.plugins.module_utils.components.in_cluster.namespaces import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
