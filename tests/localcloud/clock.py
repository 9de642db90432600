# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How long AWS takes, and when something that was started is done.

Emulators finish everything at once. Here each slow thing asks ``clock.deadline(what)`` when it is started, keeps
what it gets, and is done once ``clock.passed(deadline)``. Nothing sleeps and no thread is needed: a state is
computed when it is read.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

# Seconds that AWS takes.
DURATIONS = {
    "eks.cluster.create": 540,
    "eks.cluster.version": 600,
    "eks.cluster.config": 120,
    "eks.cluster.delete": 180,
    "eks.nodegroup.create": 120,
    "eks.nodegroup.config": 30,
    "eks.nodegroup.version": 300,
    "eks.nodegroup.delete": 240,
    "eks.addon.create": 30,
    "eks.addon.update": 30,
    "eks.addon.delete": 15,
    "acm.records": 5,
    "acm.validation": 120,
    "cloudfront.deploy": 240,
    "cloudfront.invalidation": 60,
    "ec2.natgateway.create": 102,
    "ec2.natgateway.delete": 60,
    "ec2.endpoint.create": 90,
    "ec2.endpoint.delete": 30,
    "rds.cluster.resume": 15,
    "route53.change": 60,
    "rds.cluster.create": 60,
    "rds.cluster.modify": 30,
    "rds.cluster.upgrade": 600,
    "rds.cluster.delete": 120,
    "rds.instance.create": 390,
    "rds.instance.modify": 300,
    "rds.instance.upgrade": 600,
    "rds.instance.delete": 240,
}


@dataclass
class Clock:
    """``scale`` 1 is AWS's own pace, 1/30 thirty times as fast, 0 at once.

    While ``held``, nothing started gets done.
    """

    scale: float = 0.0
    held: bool = False
    begun: list[tuple[str, float, float]] = field(default_factory=list)
    """All that was started: what, when, and when it is done (Unix times)."""

    def now(self) -> float:
        return time.time()

    def deadline(self, what: str) -> float:
        """When something of this sort (a key of DURATIONS), started now, is done: a Unix time."""
        started = self.now()
        done = started + DURATIONS[what] * self.scale
        self.begun.append((what, started, done))
        return done

    def passed(self, deadline: float) -> bool:
        return not self.held and self.now() >= deadline


clock = Clock()
