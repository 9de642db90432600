# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Twelve points of the complete run, ``python -m tests.integration.hostile``, drawn from a seed that is printed."""

from __future__ import annotations

import os
import random

import pytest

from .ground import ClusterGround, Ground
from .trials import WAITS, KilledAtWrite, KilledInCluster, KilledWhileWaiting, Orphaned
from .watching import EVENTS

DRAW = random.Random(os.environ["KEELSON_SEED"])
WRITES = [
    (DRAW.random(), DRAW.choice(("before", "after")), DRAW.choice(("controller", "tree"))) for _unused in range(9)
]
WAITED = [(what, DRAW.choice(("controller", "tree"))) for what in DRAW.sample(sorted(WAITS), 2)]
EVENT = DRAW.choice(sorted(EVENTS)), DRAW.choice(("controller", "tree"))


@pytest.mark.parametrize(
    ("where", "when", "victim"), WRITES, ids=lambda value: f"{value:.0%}" if isinstance(value, float) else value
)
def test_killed_at_a_write_the_next_run_finishes(ground: Ground, where: float, when: str, victim: str) -> None:
    KilledAtWrite(1 + int(where * ground.writes), when, victim).run(ground)


@pytest.mark.parametrize(("what", "victim"), WAITED)
def test_killed_in_a_wait_the_next_run_finishes(ground: Ground, what: str, victim: str) -> None:
    KilledWhileWaiting(what, victim).run(ground)


def test_killed_while_it_works_in_the_cluster_the_next_run_finishes(cluster_ground: ClusterGround) -> None:
    event, victim = EVENT
    print(f"{victim} killed when {event}")
    KilledInCluster(event, victim).run(cluster_ground)


def test_a_worker_whose_controller_is_killed_writes_nothing_more(ground: Ground) -> None:
    Orphaned().run(ground)
