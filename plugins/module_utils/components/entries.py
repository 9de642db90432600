# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options that hold many things by name, each with options of its own: Ansible's argument_spec cannot say that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

Spec = Mapping[str, Mapping[str, Any]]


def entries(given: Mapping[str, Any] | None, spec: Spec) -> dict[str, dict[str, Any]]:
    """Every entry with its values converted and its defaults filled in, a null being as if left out;
    none that breaks the spec.
    """
    return {name: values for name, (values, errors) in _validated(given, spec) if not errors}


def entry_problems(option: str, given: Mapping[str, Any] | None, spec: Spec) -> Iterator[str]:
    for name, (_unused, errors) in _validated(given, spec):
        for error in errors:
            yield f"{option}.{name}: {error}"


def _validated(given: Mapping[str, Any] | None, spec: Spec) -> Iterator[tuple[str, tuple[dict[str, Any], list[str]]]]:
    validator = ArgumentSpecValidator(dict(spec))
    for name, values in (given or {}).items():
        if not isinstance(values, (Mapping, type(None))):
            yield str(name), ({}, [f"{values!r} is not a dictionary of options"])
            continue
        result = validator.validate({option: value for option, value in (values or {}).items() if value is not None})
        yield str(name), (result.validated_parameters, list(result.error_messages))
