# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a user may rely on, of every module of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: The plan is complete, also on an empty account; values that AWS decides show as C((known after apply)).
    support: full
  diff_mode:
    description: One entry for each resource that changes, with its properties before and after. Secrets are not shown.
    support: full
  idempotent:
    description: A second run changes nothing, also while what the first started is still under way.
    support: full
  action_group:
    description: Use C(group/keelson.eks.aws), or C(group/amazon.aws.aws), in C(module_defaults).
    support: full
    membership: [keelson.eks.aws]
  async:
    description: Supports C(async), as an ordinary module.
    support: full
"""
