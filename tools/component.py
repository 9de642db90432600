# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lays out a new module with its component, action and role: ``python -m tools.component NAME AREA``.

What it writes is valid and makes nothing yet; the tests then say what is missing.
"""

from __future__ import annotations

import re
import subprocess
import sys

from .generate import ROOT

HEADER = """# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

MODULE = f"""#!/usr/bin/python
{HEADER}\"\"\"The module @NAME@.\"\"\"

from __future__ import annotations

DOCUMENTATION = r\"\"\"
module: @NAME@
short_description: Makes @WORDS@
version_added: @VERSION@
author: Keelson contributors (@keelson)
description:
  - Makes @WORDS@.
options:
  @NAME@:
    description:
      - The @WORDS@ by name. V({{}}) means none. Left out, they stay as they are.
    type: dict
    suboptions:
      description:
        description:
          - What it is for.
        type: str
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
\"\"\"

EXAMPLES = r\"\"\"
- name: Make one
  keelson.eks.@NAME@:
    platform: innovate
    environment: dev
    @NAME@:
      main: {{description: The first}}
\"\"\"

RETURN = r\"\"\"
\"\"\"

from ansible_collections.keelson.eks.plugins.module_utils.components.@AREA@.@NAME@ import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
"""

COMPONENT = f"""{HEADER}\"\"\"@TITLE@.\"\"\"

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ..component import Arguments, Component, Context
from ..entries import entry_problems
from .@NAME@_options import OPTIONS

ENTRY = OPTIONS["@NAME@"]["entries"]


def problems(arguments: Arguments) -> Iterator[str]:
    yield from entry_problems("@NAME@", arguments["@NAME@"], ENTRY)


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    return Declaration()


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    return {{}}


COMPONENT = Component(
    name="@NAME@",
    options=OPTIONS,
    kinds=(),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("@NAME@",),
)
"""

TASK = """---
- name: Make the environment's @WORDS@
  module_defaults:
    group/keelson.eks.aws: "{{ keelson_module_defaults }}"
  keelson.eks.@NAME@:
    @NAME@: "{{ @NAME@ }}"
  register: @NAME@_result
"""
DEFAULTS = """---
@NAME@: {}
"""
META = """---
galaxy_info:
  author: Keelson contributors
  description: Makes an environment's @WORDS@
  license: GPL-3.0-or-later
  min_ansible_version: "2.19"
dependencies:
  - role: keelson.eks.common
"""
SPECS = """---
argument_specs:
  main:
    short_description: Makes an environment's @WORDS@
    description:
      - Makes @WORDS@.
      - See M(keelson.eks.@NAME@).
    author: Keelson contributors
"""
README = """# @NAME@

Makes an environment's @WORDS@.

```yaml
# inventories/<environment>/group_vars/keelson/@NAME@.yml
@NAME@:
  main: {description: The first}
```
"""

FILES = {
    "plugins/modules/@NAME@.py": MODULE,
    "plugins/module_utils/components/@AREA@/@NAME@.py": COMPONENT,
    "roles/@NAME@/tasks/main.yml": TASK,
    "roles/@NAME@/defaults/main.yml": DEFAULTS,
    "roles/@NAME@/meta/main.yml": META,
    "roles/@NAME@/meta/argument_specs.yml": SPECS,
    "roles/@NAME@/README.md": README,
}


def main(arguments: list[str]) -> int:
    areas = sorted(path.name for path in (ROOT / "plugins/module_utils/components").iterdir() if path.is_dir())
    areas = [area for area in areas if not area.startswith("_")]
    if len(arguments) != 2 or not NAME.fullmatch(arguments[0]) or not NAME.fullmatch(arguments[1]):
        print(f"make component NAME=backups AREA=safety: lower-case words with underscores. Areas: {', '.join(areas)}.")
        return 1
    name, area = arguments
    values = {"NAME": name, "AREA": area, "WORDS": name.replace("_", " "), "VERSION": version()}
    values["TITLE"] = values["WORDS"].capitalize()
    laid_out = {ROOT / filled(path, values): filled(text, values) for path, text in FILES.items()}
    if there := [path for path in laid_out if path.exists()]:
        print(f"{there[0].relative_to(ROOT)} is there already.")
        return 1
    for path, text in laid_out.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path.relative_to(ROOT))
    (ROOT / f"plugins/module_utils/components/{area}/__init__.py").touch()
    generated = subprocess.run([sys.executable, "-m", "tools.generate"], cwd=ROOT, check=False).returncode
    if not generated:
        print("Next: its kinds in plugins/module_utils/resources. `make unit contract` says what else is missing.")
    return generated


def version() -> str:
    """The collection's next one: of galaxy.yml."""
    match = re.search(r"^version: (\S+)$", (ROOT / "galaxy.yml").read_text(), re.MULTILINE)
    return match[1] if match else "0.1.0"


def filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"@([A-Z]+)@", lambda match: values[match[1]], text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
