# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes what follows from what people have written: ``make generate``.

A module's DOCUMENTATION says what its options are. From it come the component's argument spec, the variables of roles
that hand them on, and what these roles' argument_specs tell of them.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Written = dict[Path, str]
"""What files should hold, by their paths from the project's root."""
