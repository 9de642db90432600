# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How moto's classes are taught: a method is put in place of moto's own, which it may call."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


def override(owner: type, name: str, method: Callable[..., Any]) -> None:
    """``method(original, self, ...)`` takes the place of the owner's method of that name,
    which it gets as ``original``.
    """
    original = getattr(owner, name)

    @functools.wraps(original)
    def replacement(self: Any, *args: Any, **kwargs: Any) -> Any:
        return method(original, self, *args, **kwargs)

    setattr(owner, name, replacement)


def add(owner: type, *methods: Callable[..., Any]) -> None:
    """Methods that moto does not have, or whose own version is of no use, under the names of the functions."""
    for method in methods:
        setattr(owner, method.__name__, method)
