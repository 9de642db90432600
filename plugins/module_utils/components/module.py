# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs a component as an ordinary module: on remote hosts, with async, become and environment."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .component import Component


def run_module(component: Component) -> None:
    module = AnsibleModule(argument_spec=component.argument_spec, supports_check_mode=True, **component.restrictions)
    result = component.run(module.params, check=module.check_mode, diff=module._diff)
    result["invocation"] = component.invocation(module.params)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)
