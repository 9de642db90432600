# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets in what others say: a server that refuses a value may quote it,
escaped or encoded in the way of its own language.

Ansible masks the values of ``no_log`` options where they stand as they were given, and in no other form.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from ansible.module_utils.common.parameters import remove_values

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What Ansible itself shows instead."""
SHORTEST = 4
"""Characters: what is shorter would mask parts of ordinary words."""


def scrubbed(
    result: dict[str, Any], spec: Mapping[str, Mapping[str, Any]], arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """The result without the values of the spec's ``no_log`` options, in any form."""
    secrets = [secret for name, option in spec.items() if option.get("no_log") for secret in texts(arguments.get(name))]
    hidden = {form for secret in secrets if len(secret) >= SHORTEST for form in forms(secret)}
    return dict(remove_values(result, hidden)) if hidden else result


def texts(value: Any) -> Iterator[str]:
    """All strings in it, but for the names in dictionaries."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ():
        yield from texts(item)


def forms(secret: str) -> Iterator[str]:
    """As it is; as JSON and Go have it in quotes, and Python; as a part of a URL; in base64, as Kubernetes has it."""
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield base64.b64encode(secret.encode()).decode()
