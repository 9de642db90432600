# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options that hold things by name, each with options of its own: Ansible's argument_spec cannot say that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .spec import Spec, entry_violations, validated, violations


def entries(given: Mapping[str, Any] | None, spec: Spec) -> dict[str, dict[str, Any]]:
    """Every entry with its values converted and its defaults filled in, a null being as if left out;
    none that breaks the spec.
    """
    found = {}
    for name, values in (given or {}).items():
        if (isinstance(values, Mapping) or values is None) and not any(violations(values or {}, spec)):
            found[str(name)] = validated(values or {}, spec)[0]
    return found


def entry_problems(option: str, given: Mapping[str, Any] | None, spec: Spec, quiet: bool = False) -> Iterator[str]:
    """``quiet``: no value is shown, for what stands there by mistake may be a secret."""
    for path, problem in entry_violations(given or {}, spec, option, quiet):
        yield f"{path}: {problem}"
