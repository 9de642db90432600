#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the action preflight."""

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight
short_description: Checks all variables of a play's tasks before anything is made
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Looks at every task of the play that the tags choose and that is a module of this collection, in the play itself or
    in a role that it imports, and checks what the task's options come to on this host - types, required ones, choices,
    the rules between options, and what one component names and another has to have, such as a key, a zone or a
    namespace. AWS is not asked for that.
  - All problems are told at once, each with the file and the line of the variable that it comes from, the variable's
    path, the rule and a way out.
  - A variable that begins like those of the collection's roles, or is nearly one of them, and is none, is a problem,
    too. So is a tag that no task of the play has.
  - Roles that are included, not imported, are not known before they run, and are not checked here.
  - If nothing is wrong, it asks AWS once who calls, and refuses the caller of another account.
options:
  playbook_state:
    description:
      - What the play is for. The variable C(keelson_state) has to say the same.
    type: str
    choices: [present, absent]
    default: present
  confirmation:
    description:
      - With O(playbook_state=absent), the name of the environment that is to be removed, C(<platform>-<environment>).
    type: str
  other_variables:
    description:
      - Names of variables that look like the collection's and are the user's own.
    type: list
    elements: str
    default: []
  other_tags:
    description:
      - Tags that no task of this play has and another play's may have.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    description: It changes nothing.
    support: full
  diff_mode:
    description: It changes nothing.
    support: none
  action:
    description: It runs on the controller, where the play and the origins of variables are known.
    support: full
"""

EXAMPLES = r"""
- name: Make a network and a cluster
  hosts: keelson
  gather_facts: false
  tasks:
    - name: Check all variables, and who calls AWS
      keelson.eks.preflight:
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
caller:
  description: Who calls AWS. Left out where the tasks of the play run on another machine.
  returned: success
  type: dict
  sample: {account: "333333333333", arn: "arn:aws:sts::333333333333:assumed-role/keelson-deploy/keelson"}
"""
