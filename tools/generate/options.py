# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The argument specs of components, from the documentation of their modules."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import ROOT, Written
from .documentation import Module, Options, common_options, has_things_by_name

COMPONENTS = Path("plugins/module_utils/components")
KEPT = ("type", "elements", "choices", "default", "required", "aliases")

FILE = '''# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of {what}, written by ``make generate`` from {source}."""

from __future__ import annotations

from typing import Any

{name}: dict[str, dict[str, Any]] = {spec!r}
'''


def option_files(modules: list[Module]) -> Written:
    """A file beside each component, and one for the options that all have."""
    written = {
        COMPONENTS / "common_options.py": FILE.format(
            what="all modules",
            source="plugins/doc_fragments/common.py",
            name="COMMON_OPTIONS",
            spec=spec(common_options()),
        )
    }
    for module in modules:
        if module.area is not None:
            written[COMPONENTS / module.area / f"{module.name}_options.py"] = FILE.format(
                what=f"the module {module.name}", source="its documentation", name="OPTIONS", spec=spec(module.options)
            )
    return formatted(written)


def spec(options: Options, in_list: bool = False) -> dict[str, dict[str, Any]]:
    """As AnsibleModule takes it, but that ``entries`` are the options of each of the things by name."""
    found = {}
    for name, option in options.items():
        found[name] = {"type": "str", **{key: option[key] for key in KEPT if key in option}}
        if "suboptions" in option:
            by_name = has_things_by_name(option) and not in_list
            found[name]["entries" if by_name else "options"] = spec(option["suboptions"], not by_name)
    return found


def formatted(files: Written) -> Written:
    """As the project's other Python files are."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(files.values()):
            (folder / f"{number}.py").write_text(text)
        ruff = str(Path(sys.executable).with_name("ruff"))
        command = [ruff, "format", "--quiet", "--no-cache", "--config", str(ROOT / "pyproject.toml"), name]
        subprocess.run(command, check=True)
        return {path: (folder / f"{number}.py").read_text() for number, path in enumerate(files)}
