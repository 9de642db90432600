# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The seed, drawn once for all processes that share the trials, and a ground of each sort for each of them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from localcloud.testing import Cloud

from .ground import ClusterGround, Ground


def pytest_configure() -> None:
    os.environ.setdefault("KEELSON_SEED", str(random.randrange(10**6)))


def pytest_report_header() -> str:
    return f"seed: {os.environ['KEELSON_SEED']} (again with KEELSON_SEED={os.environ['KEELSON_SEED']})"


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    with Cloud() as cloud:
        yield Ground(cloud)


@pytest.fixture(scope="session")
def cluster_ground() -> Iterator[ClusterGround]:
    with Cloud(control_plane=True) as cloud:
        yield ClusterGround(cloud)
