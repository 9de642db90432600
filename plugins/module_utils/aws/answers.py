# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One look at an account: what several ask of it at the same time is asked of AWS once."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class Answers:
    """The answers to questions asked so far. Thread-safe; each who asks gets a copy of its own, or the same error."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given: dict[str, Future[Any]] = {}

    def get(self, question: str, ask: Callable[[], Any]) -> Any:
        """What ``ask`` returns or raises, called by the first who asks; the others wait for it."""
        with self._lock:
            is_new = question not in self._given
            answer = self._given.setdefault(question, Future())
        if is_new:
            try:
                answer.set_result(ask())
            except BaseException as error:
                answer.set_exception(error)
        return copy.deepcopy(answer.result())
