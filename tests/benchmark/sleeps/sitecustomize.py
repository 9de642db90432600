# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Python imports this when it starts, if this folder is on PYTHONPATH:
writes down how long collections and botocore sleep.

A line a sleep, when it began and when it ended (``time.monotonic``), is added to the file that ``BENCHMARK_SLEEPS``
names. Imports nothing that Python has not imported by then: every module's process of the other side pays for it.
"""

from __future__ import annotations

import os
import sys
import time

_sleep = time.sleep


def sleep(seconds: float) -> None:
    began = time.monotonic()
    _sleep(seconds)
    caller = sys._getframe(1).f_code.co_filename
    if "ansible_collections" in caller or "botocore" in caller:
        line = f"{began} {time.monotonic()}\n"
        file = os.open(os.environ["BENCHMARK_SLEEPS"], os.O_WRONLY | os.O_APPEND)
        os.write(file, line.encode())
        os.close(file)


if "BENCHMARK_SLEEPS" in os.environ:
    time.sleep = sleep
