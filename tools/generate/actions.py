# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Ansible wants of each module beside the module itself: an action of its name,
and its place in the action group.
"""

from __future__ import annotations

import re
from pathlib import Path

from . import ROOT, Written
from .documentation import Module
from .options import formatted

RUNTIME = Path("meta/runtime.yml")
LISTED = re.compile(r"(    - )\w+\n(?:    - \w+\n)*\Z")
"""The modules at the end of the action group, which is the file's end."""

ACTION = '''# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module ``{name}``, run in the task's worker."""

from __future__ import annotations

from ansible_collections.keelson.eks.plugins.module_utils.components.{area}.{name} import COMPONENT as _COMPONENT
from ansible_collections.keelson.eks.plugins.plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    COMPONENT = _COMPONENT
'''


def actions(modules: list[Module]) -> Written:
    """Those that are missing."""
    missing = [
        module
        for module in modules
        if module.area is not None and not (ROOT / f"plugins/action/{module.name}.py").exists()
    ]
    texts = {
        Path(f"plugins/action/{module.name}.py"): ACTION.format(name=module.name, area=module.area)
        for module in missing
    }
    return formatted(texts) if texts else {}


def action_group(modules: list[Module]) -> Written:
    """All modules that have a component, for ``module_defaults``."""
    listed = "".join(f"    - {module.name}\n" for module in modules if module.area is not None)
    return {RUNTIME: LISTED.sub(listed, (ROOT / RUNTIME).read_text())}
