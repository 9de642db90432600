#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the action plan."""

from __future__ import annotations

DOCUMENTATION = r"""
module: plan
short_description: Plans a whole run before anything is made
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Plans every task of the play that the tags choose and that is a module of this collection, in the play itself or in
    a role that it imports, in the play's order, over one look at AWS and at the cluster. Each sees what those before it
    will have made - a node group the new version of its cluster, a bucket the key that is made for it.
  - Shows a line for each resource that will be made, changed or removed, with the variable that it comes from, the file
    and the line of that variable, and what whoever uses the resource feels of it; then how many there are.
  - What any of these tasks would refuse is refused here, all at once, before anything is made.
  - What exists and is no longer declared, but holds data, is left alone and told. So is what a task has made whose
    C(when) does not hold any more, with the way to remove it.
  - The tasks behind it need not look again. In check mode each answers with its part of this plan. Else those that have
    nothing to do answer at once, as long as nothing before them in the plan changes; the others look anew. What tasks
    of others change in between is not seen.
  - Roles that are included, not imported, and tasks in a loop are not known before they run, and plan for themselves.
    So does a task whose options name what an earlier task registers.
options:
  file:
    description:
      - The file that the plan is written to, as JSON, for its owner alone. Its C(resources) are the RV(plan).
    type: path
  approved:
    description:
      - A file that O(file) has written. A run whose plan says something else is refused before anything is made.
    type: path
attributes:
  check_mode:
    description: It changes nothing.
    support: full
  diff_mode:
    description: The plan says itself what changes.
    support: none
  action:
    description: It runs on the controller, and only where the tasks of the play run there, too. Else it is skipped, and
      each task plans for itself.
    support: full
"""

EXAMPLES = r"""
- name: Make a network and a cluster
  hosts: keelson
  gather_facts: false
  connection: local
  tasks:
    - name: Check all variables, and who calls AWS
      ansible.builtin.import_role:
        name: keelson.eks.preflight
      tags: [always]

    - name: Plan the run
      keelson.eks.plan:
      tags: [always]

    - name: Make the network
      ansible.builtin.import_role:
        name: keelson.eks.network
      tags: [network]

    - name: Make the cluster
      ansible.builtin.import_role:
        name: keelson.eks.cluster
      tags: [cluster]
"""

RETURN = r"""
plan:
  description: What becomes of each resource that does not stay as it is.
  returned: success
  type: list
  elements: dict
  contains:
    role:
      description: The role whose task it is; the module's name where the task stands in no role.
      type: str
      sample: node_groups
    kind:
      description: The resource's kind.
      type: str
      sample: NodeGroup
    key:
      description: The resource's key, one of its kind and role.
      type: str
      sample: innovate-prod/system
    action:
      description:
        - C(create), C(update), C(replace), C(delete), C(wait) for what is being deleted already, or C(left) for what is
          no longer declared and stays.
      type: str
      sample: update
    before:
      description: What changes, as it is. Secrets are masked.
      type: dict
      sample: {version: "1.34"}
    after:
      description: What changes, as it will be. C((known after apply)) stands for what AWS decides.
      type: dict
      sample: {version: "1.35"}
    unknown:
      description: The names of the properties of which something is not known yet.
      type: list
      elements: str
      sample: []
    variable:
      description: The variable that it comes from; empty where no single one is it.
      type: str
      sample: cluster_version
    place:
      description: File, line and column of the variable; empty where the inventory does not set it.
      type: str
      sample: inventories/prod/group_vars/keelson/cluster.yml:2:18
    effect:
      description: What whoever uses the resource feels; empty where nothing.
      type: str
      sample: replaces its nodes, 1 at a time
"""
