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
      - The namespaces by name, each a dictionary of the options below, or empty.
      - C(pod_security), V(privileged), V(baseline) or V(restricted), by default V(baseline), and V(privileged) for
        V(kube-system). What the namespace enforces. Unless it is V(privileged), what V(restricted) would refuse is
        warned of and audited. See U(https://kubernetes.io/docs/concepts/security/pod-security-standards/).
      - C(labels), a dictionary of texts. C(annotations), a dictionary of texts.
    type: dict
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
resources:
  description: What the component has or had, each with C(kind), C(key), C(id), C(arn) and C(action).
  returned: always
  type: list
  elements: dict
  sample:
    - {kind: Namespace, key: apps, id: 0b6a3ac7-b5d2-4d1e-9b1c-2f1f5e6a7b8c, action: none}
namespaces:
  description: The names of the namespaces that the environment has. In check mode those that there are so far.
  returned: when state is present
  type: list
  elements: str
  sample: [apps, monitoring]
"""

from ansible_collections.keelson.eks.plugins.module_utils.components.in_cluster.namespaces import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
