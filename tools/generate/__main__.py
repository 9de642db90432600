# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``python -m tools.generate``"""

from __future__ import annotations

import sys

from . import ROOT
from .everything import everything


def main() -> int:
    """Everything is worked out before the first file is written."""
    try:
        written = everything()
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 1
    for path, text in written.items():
        place = ROOT / path
        if not place.exists() or place.read_text() != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
