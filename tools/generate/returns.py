# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The return values that all modules with resources have, at the end of each module's own RETURN."""

from __future__ import annotations

from . import ROOT, Written
from .documentation import FRAGMENT, Module, constants

MARK = (
    "# What follows is the same for all modules. It is written by make generate from plugins/doc_fragments/common.py.\n"
)
WITHOUT = {"environment_info", "environment_lock"}
"""They make no resources."""


def returns(modules: list[Module]) -> Written:
    common = constants((ROOT / FRAGMENT).read_text())["RETURN"].lstrip("\n")
    written = {}
    for module in modules:
        if module.area is None or module.name in WITHOUT:
            continue
        text, old = (ROOT / module.path).read_text(), module.strings["RETURN"]
        own = old.partition(MARK)[0]
        written[module.path] = text.replace(f'RETURN = r"""{old}"""', f'RETURN = r"""{own}{MARK}{common}"""')
    return written
