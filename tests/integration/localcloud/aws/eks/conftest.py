# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An account whose EKS has no API servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .account import Account, open_account, serve


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    yield from serve()


@pytest.fixture
def account(server: str) -> Iterator[Account]:
    yield from open_account(server)
