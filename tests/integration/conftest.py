# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A local cloud for each file of tests,
and for each test an empty account on it at which everything is done at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from localcloud.testing import Cloud


@pytest.fixture(scope="module")
def running() -> Iterator[Cloud]:
    with Cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(running: Cloud) -> Cloud:
    running.clock(scale=0, held=False)
    running.reset()
    return running
