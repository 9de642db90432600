# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All files that are generated, or completed, as they should be."""

from __future__ import annotations

from . import ROOT, Written
from .actions import action_group, actions
from .documentation import modules
from .options import option_files
from .returns import returns
from .roles import roles


def everything() -> Written:
    """Raises ValueError for what a person has to decide, or has written in a way that cannot be read."""
    found = modules()
    written: Written = {}
    for part in (option_files(found), roles(found), returns(found), actions(found), action_group(found)):
        written.update(part)
    return written


def outdated() -> list[str]:
    """The files that ``make generate`` would write anew."""
    return [
        str(path)
        for path, text in everything().items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text() != text
    ]
