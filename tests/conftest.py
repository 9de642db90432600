# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tests import the collection by its full name, through the checkout's collections path,
and the local cloud as ``localcloud``.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

for folder in (ROOT / "collections", ROOT / "tests"):
    sys.path.insert(0, str(folder))
