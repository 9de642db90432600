#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module helm_releases."""

from __future__ import annotations

DOCUMENTATION = r"""
module: helm_releases
short_description: Converges the Helm releases of an EKS cluster
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Installs, upgrades and uninstalls Helm releases, the whole list in one call, in parallel where C(needs) allow it.
  - A release is unchanged when its chart's content, its values and the cluster's Kubernetes version are. A chart that
    renders something new each time, such as a certificate, is not upgraded for that.
  - What somebody changed in the cluster is found by comparing the live objects with the manifest that Helm has stored,
    and set right again without a new revision. The number of pods is left to an autoscaler where there is one. A field
    that another tool applies is never taken from it. The error names that tool.
  - Before an upgrade every object is tried against the API server by a dry run. What it would refuse is reported before
    anything changes, also in check mode.
  - An upgrade that fails is rolled back, and the error says why the pods do not become ready. A release that an earlier
    run left unfinished when it died is finished.
  - Custom resource definitions in a chart's C(crds) directory are made first and kept up to date, which Helm does not
    do. They are deleted with O(state=absent) only.
  - Releases of this component that are no longer declared are uninstalled, those that need others first. Where one of
    O(releases) and O(applications) is given, it is all that the component has, and the other one counts as empty.
  - A release that somebody else has made is refused, and so are objects that exist outside of a release.
  - Needs the cluster (role C(cluster)), and waits for it while it is being created, and the namespaces (role
    C(namespaces)). The token for the cluster's API is made from the AWS credentials. The caller needs an access entry
    that allows what the charts make.
  - O(tags) are not used. They are for AWS.
options:
  releases:
    description:
      - The releases by name, of at most 53 characters. V({}) means none. Left out, they stay as they are.
    type: dict
    suboptions:
      namespace:
        description:
          - The namespace that the release is in.
        type: str
        required: true
      chart:
        description:
          - The absolute path of a chart's directory or C(.tgz), a reference that begins with C(oci://), or the name of
            a chart in a repository.
        type: path
        required: true
      repository:
        description:
          - The URL of a chart repository.
        type: str
      version:
        description:
          - One exact version. Required unless the chart is a path. A version that was fetched is kept in
            E(XDG_CACHE_HOME), C(~/.cache) by default, and not fetched again.
        type: str
      values:
        description:
          - Values, laid over the chart's own.
        type: dict
        default: {}
      needs:
        description:
          - Releases that have to be ready before this one is installed or upgraded, and that stay until it is gone.
        type: list
        elements: str
        default: []
      timeout:
        description:
          - Seconds that Helm may take until the release's workloads are ready.
        type: int
        default: 300
      crds:
        description:
          - Whether the definitions in the chart's C(crds) directories are made and kept up to date. With V(false) they
            are left to somebody else.
        type: bool
        default: true
  applications:
    description:
      - Applications by name, each a release of O(application_chart). V({}) means none. Left out, they stay as they are.
      - C(namespace) is the application's namespace, by default O(application_namespace). C(needs) lists releases that
        have to be ready before this one and that stay until it is gone. C(timeout) is how many seconds Helm may take
        until the workloads are ready, by default 300. All else are the chart's values.
    type: dict
  application_chart:
    description:
      - The absolute path of the chart that O(applications) are installed with.
    type: path
  application_namespace:
    description:
      - The namespace of applications that name none.
    type: str
    default: default
  secret_values:
    description:
      - Secret values by release, laid over the other values. They are shown nowhere, and of them nothing is kept
        outside of Helm's own record in the cluster, a Secret.
      - To have no secret there either, let the chart refer to a Secret that External Secrets or the CSI driver fills.
    type: dict
  kubernetes_version:
    description:
      - The minor version that charts are rendered for in check mode while there is no cluster, quoted.
    type: str
  helm_executable:
    description:
      - The path of a C(helm) executable, version 4, to be used instead of the Python library. Without the library the
        C(helm) in E(PATH) is used.
    type: path
  cluster:
    description:
      - The name of the cluster. Defaults to C(<platform>-<environment>), and begins with that.
    type: str
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
requirements:
  - kubernetes >= 34
  - helm-python-sdk == 0.2.2, or helm >= 4
"""

EXAMPLES = r"""
- name: Install a controller from its repository, and what needs it from a chart beside the playbook
  keelson.eks.helm_releases:
    platform: innovate
    environment: prod
    releases:
      external-secrets:
        namespace: platform
        chart: external-secrets
        repository: https://charts.external-secrets.io
        version: 2.9.0
        timeout: 600
      secret-stores:
        namespace: platform
        chart: "{{ playbook_dir }}/charts/secret-stores"
        needs: [external-secrets]

- name: Install a chart from a registry, with a password that shows nowhere
  keelson.eks.helm_releases:
    platform: innovate
    environment: dev
    component: ci
    releases:
      jenkins:
        namespace: ci
        chart: oci://ghcr.io/jenkinsci/helm-charts/jenkins
        version: 5.9.53
        values: {controller: {numExecutors: 2}}
    secret_values:
      jenkins: {controller: {admin: {password: "{{ vault_jenkins_password }}"}}}

- name: Uninstall all releases of that component
  keelson.eks.helm_releases:
    platform: innovate
    environment: dev
    component: ci
    state: absent
"""

RETURN = r"""
releases:
  description:
    - Each declared release by name. In check mode what there is so far. C(endpoints) are the host names
      of its load balancers.
  returned: when state is present
  type: dict
  sample:
    python-app:
      namespace: default
      chart: application-0.1.0
      revision: 3
      status: deployed
      endpoints: [k8s-default-pythonap-c24dac1fc6.elb.us-east-1.amazonaws.com]
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

from ansible_collections.keelson.eks.plugins.module_utils.components.in_cluster.helm_releases import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
