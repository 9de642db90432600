#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module environment_lock."""

from __future__ import annotations

DOCUMENTATION = r"""
module: environment_lock
short_description: Lets one run at a time work on an environment
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Holds an environment's lock, a lease in the SSM parameter C(/keelson/<platform>/<environment>/lock),
    or gives it back.
  - The lock of a run whose process is gone on this same host is taken over at once. Any other is taken over when its
    lease has run out, or with O(force).
  - Who is refused is told who holds the lock since when.
options:
  lease:
    description:
      - Seconds after which another host may take the lock over. Longer than the longest run.
    type: int
    default: 10800
  force:
    description:
      - Take the lock over from whoever holds it. For a run that cannot end any more.
    type: bool
    default: false
  settle:
    description:
      - Seconds to wait after a lock was taken over, in which AWS's reads catch up with what the
        earlier run has written.
    type: float
    default: 5.0
  process:
    description:
      - The process id of the run that holds the lock. Filled in when the module runs from a playbook.
    type: int
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: Work on an environment alone
  block:
    - name: Hold the environment's lock
      keelson.eks.environment_lock:
        platform: innovate
        environment: dev
    - name: Make the network
      ansible.builtin.include_role:
        name: keelson.eks.network
  always:
    - name: Give the environment's lock back
      keelson.eks.environment_lock:
        platform: innovate
        environment: dev
        state: absent
"""

RETURN = r"""
lock:
  description: The lease that is now held. C(expires) is a Unix time in seconds.
  returned: when state is present
  type: dict
  sample:
    name: /keelson/innovate/dev/lock
    holder: arn:aws:iam::111111111111:role/deploy
    host: runner-7
    process: 4711
    begun: "81234"
    since: "2026-11-21T10:00:00+00:00"
    expires: 1795345200.0
taken_over_from:
  description: Whose lock was taken over.
  returned: when a lock was taken over
  type: str
  sample: arn:aws:iam::111111111111:role/deploy (process 4711 on runner-7) since 2026-11-21T10:00:00+00:00
"""

from ansible_collections.keelson.eks.plugins.module_utils.components.environment.environment_lock import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
