# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values against an argument spec: every problem at once, each with the path of the value, the rule and the way out.

AnsibleModule tells one problem, in other words, and knows no things by name. The key ``entries`` of a spec's option
says that it is a dictionary of things by name, each with these options.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import DEFAULT_TYPE_VALIDATORS

from ..engine.words import did_you_mean

Spec = Mapping[str, Mapping[str, Any]]

CALLED = {
    "str": "text",
    "path": "a path",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "a dictionary",
}
READ_AS = {True: "yes, on and true", False: "no, off and false"}
"""What YAML reads as a boolean."""


def violations(given: Mapping[str, Any], spec: Spec, path: str = "", quiet: bool = False) -> Iterator[tuple[str, str]]:
    """Path and problem of each value that breaks the spec. ``path``: what the options' paths begin with.

    A null is as if left out. ``quiet``: no value is shown.
    """
    names = {alias: name for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    for name in given:
        if name not in names:
            yield path + str(name), f"there is no such option.{did_you_mean(str(name), spec) or among(spec)}"
    present = {names[name]: value for name, value in given.items() if name in names and value is not None}
    for name, option in spec.items():
        if name in present:
            yield from option_violations(present[name], option, path + name, quiet)
        elif option.get("required"):
            yield path + name, "is required."


def option_violations(
    value: Any, option: Mapping[str, Any], path: str, quiet: bool = False
) -> Iterator[tuple[str, str]]:
    """Those of one option's value, and of what is in it. The spec's ``quiet``, or ``no_log``, shows none of them."""
    kind = option.get("type", "str")
    quiet = quiet or bool(option.get("no_log") or option.get("quiet"))
    try:
        converted = convert(value, kind)
    except (TypeError, ValueError) as problem:
        yield path, f"{shown(value, quiet)} is not {CALLED.get(kind, kind)}.{problem}"
        return
    if kind == "list":
        element = {
            "type": option.get("elements", "raw"),
            **{name: option[name] for name in ("choices", "options") if name in option},
        }
        for index, item in enumerate(converted):
            yield from option_violations(item, element, f"{path}[{index}]", quiet)
    elif option.get("choices") and converted not in option["choices"]:
        yield (
            path,
            f"{shown(value, quiet)} is none of {', '.join(map(str, option['choices']))}.{hint(value, option, quiet)}",
        )
    elif kind == "dict" and "entries" in option:
        yield from entry_violations(converted, option["entries"], path, quiet)
    elif kind == "dict" and "options" in option:
        yield from violations(converted, option["options"], f"{path}.", quiet)


def entry_violations(given: Mapping[str, Any], spec: Spec, path: str, quiet: bool = False) -> Iterator[tuple[str, str]]:
    """Those of things by name. A null thing has all defaults."""
    for name, values in given.items():
        if isinstance(values, Mapping) or values is None:
            yield from violations(values or {}, spec, f"{path}.{name}.", quiet)
        else:
            yield f"{path}.{name}", f"{shown(values, quiet)} is not a dictionary of options."


def convert(value: Any, kind: str) -> Any:
    """As Ansible does, but for what it would make a text or a number of by a guess.

    Raises TypeError or ValueError, with a way out.
    """
    if kind in ("str", "path"):
        if isinstance(value, bool):
            raise TypeError(f" YAML reads {READ_AS[value]} so: quote it.")
        if isinstance(value, float):
            raise TypeError(" It is a number, of which YAML drops the last zero, as in 1.30: quote it.")
        if isinstance(value, (Mapping, list)):
            raise TypeError("")
    if kind in ("int", "float") and isinstance(value, bool):
        raise TypeError("")
    if kind == "list" and isinstance(value, Mapping):
        raise TypeError(" Begin each item with a hyphen.")
    if kind == "dict" and not isinstance(value, (Mapping, str)):
        raise TypeError(" Write name: value, without a hyphen." if isinstance(value, list) else "")
    try:
        return DEFAULT_TYPE_VALIDATORS[kind](value)
    except (TypeError, ValueError):
        raise TypeError("") from None


def hint(value: Any, option: Mapping[str, Any], quiet: bool) -> str:
    return "" if quiet else did_you_mean(str(value), map(str, option["choices"]))


def shown(value: Any, quiet: bool) -> str:
    """A value as a user wrote it; of a secret nothing."""
    if quiet:
        return "the value"
    text = json.dumps(value, default=str, ensure_ascii=False) if not isinstance(value, str) else repr(str(value))
    return text if len(text) <= 80 else f"{text[:77]}..."


def among(spec: Spec) -> str:
    return f" There are {', '.join(sorted(spec))}."


def validated(given: Mapping[str, Any], spec: Spec, **restrictions: Any) -> tuple[dict[str, Any], list[str]]:
    """The values converted, with the defaults filled in, and what Ansible has against them."""
    result = ArgumentSpecValidator(dict(spec), **restrictions).validate(
        {option: value for option, value in given.items() if value is not None}
    )
    return result.validated_parameters, list(result.error_messages)
