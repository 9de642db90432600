# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is done to a run.

Each trial begins with nothing there, raises AssertionError, and ends with everything as it should be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from localcloud.compare import compare

from ..edge.site import Running, writes
from .ground import AT_ONCE, ClusterGround, Ground
from .watching import EVENTS, wait_for

Victim = Literal["controller", "tree"]
When = Literal["before", "after"]
Faults = dict[str, Any]

EVERY_FIFTH = 5
LAG = 2.0
# From the clock's standing still on, a run gets no further than to its first wait: what comes before the cluster's
# is left out.
WITHOUT_CERTIFICATE: dict[str, Any] = {"certificates": {}, "site_enabled": False, "site_content_folder": None}
# What slow things are started by, the how-manyth such call, what is read while they are waited for, the how-manyth read
# falls into the wait, and the variables of the run that is killed.
WAITS: dict[str, tuple[str, int, str, int, dict[str, Any]]] = {
    "the NAT gateway": ("ec2 CreateNatGateway", 1, "ec2 DescribeNatGateways", 6, {}),
    "the certificate": ("acm RequestCertificate", 1, "acm DescribeCertificate", 6, {}),
    "the cluster": ("eks CreateCluster", 1, "eks DescribeCluster", 6, WITHOUT_CERTIFICATE),
    "the node group": ("eks CreateNodegroup", 1, "eks DescribeNodegroup", 6, {}),
    "an add-on": ("eks CreateAddon", 4, "eks DescribeAddon", 30, {}),
}
DISTURBANCES: dict[str, Faults] = {
    "every fifth call throttled": {"errors": [{"kind": "throttled", "every": EVERY_FIFTH}]},
    "every fifth call failing": {"errors": [{"kind": "server_error", "every": EVERY_FIFTH}]},
    "reads lagging two seconds": {"lag": LAG},
}


class Trial(Protocol):
    def __str__(self) -> str: ...

    def run(self, ground: Any) -> None: ...


@dataclass(frozen=True)
class KilledAtWrite:
    """Killed at the so-manyth write: before it is sent on, or when the server has taken it and not yet answered."""

    number: int
    when: When
    victim: Victim
    disturbance: str = ""

    def __str__(self) -> str:
        disturbed = f", {self.disturbance}" if self.disturbance else ""
        return f"{self.victim} killed {self.when} write {self.number}{disturbed}"

    def run(self, ground: Ground) -> None:
        ground.reference  # noqa: B018  # made before it is needed, for it takes the same cloud
        ground.clear()
        faults = DISTURBANCES.get(self.disturbance, {})
        with ground.site.running() as run:
            point = {"number": self.number, "when": self.when, "action": _kill(self.victim, run)}
            ground.cloud.faults(**faults, points=[point])
            killed = run.wait()
            assert killed.status < 0, f"the run ended by itself before its write {self.number}: {killed.output[-300:]}"
            ground.cloud.faults(**faults)
            ground.site.run(**({} if "lag" in faults else AT_ONCE)).succeeded()
            run.wait_gone()
        ground.check_finished()


@dataclass(frozen=True)
class KilledWhileWaiting:
    """Killed while it waits for something slow."""

    what: str
    victim: Victim

    def __str__(self) -> str:
        return f"{self.victim} killed while it waits for {self.what}"

    def run(self, ground: Ground) -> None:
        ground.reference  # noqa: B018
        ground.clear()
        cloud = ground.cloud
        start, which, look, times, variables = WAITS[self.what]
        with ground.site.running(**variables) as run:
            cloud.faults(points=[{"number": which, "when": "before", "operations": [start], "action": {"pause": True}}])
            assert cloud.wait_fired()
            cloud.clock(held=True)
            cloud.faults(
                points=[{"number": times, "when": "before", "operations": [look], "action": _kill(self.victim, run)}]
            )
            killed = run.wait()
            assert killed.status < 0, f"the run did not wait: {killed.output[-300:]}"
            cloud.faults()
            cloud.clock(held=False)
            ground.site.run(**AT_ONCE).succeeded()
            run.wait_gone()
        ground.check_finished()


@dataclass(frozen=True)
class Disturbed:
    """A run that is not killed, but finds it hard."""

    disturbance: str

    def __str__(self) -> str:
        return self.disturbance

    def run(self, ground: Ground) -> None:
        ground.reference  # noqa: B018
        ground.clear()
        ground.cloud.faults(**DISTURBANCES[self.disturbance])
        ground.site.run().succeeded()
        assert ground.site.run().succeeded().changed == 0
        ground.check_finished()


@dataclass(frozen=True)
class TwoAtOnce:
    """The second is told who holds the lock, and changes nothing; the first does not notice."""

    def __str__(self) -> str:
        return "two runs at once"

    def run(self, ground: Ground) -> None:
        ground.reference  # noqa: B018
        ground.clear()
        cloud = ground.cloud
        with ground.site.running() as first:
            cloud.faults(
                points=[{"number": 1, "when": "after", "operations": ["ssm PutParameter"], "action": {"pause": True}}]
            )
            assert cloud.wait_fired()
            before = len(cloud.calls())
            second = ground.site.run().failed()
            assert f"(process {first.pid} on " in second.output, second.output
            assert "Wait until that run has ended" in second.output
            assert writes(cloud.calls(since=before)) == []
            cloud.release()
            first.wait().succeeded()
        ground.check_finished()


@dataclass(frozen=True)
class ExpiredToken:
    """Credentials run out at a call: the message says so, and what to do; with new ones the next run goes on."""

    operations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"a token that has expired at {' or '.join(self.operations) or 'the first call'}"

    def run(self, ground: Ground) -> None:
        ground.reference  # noqa: B018
        ground.clear()
        ground.cloud.faults(errors=[{"kind": "expired_token", "operations": self.operations}])
        output = ground.site.run().failed().output
        assert "Renew the credentials and run again: the run goes on where it stopped." in output, output
        ground.cloud.faults()
        ground.site.run(**AT_ONCE).succeeded()
        ground.check_finished()


@dataclass(frozen=True)
class Orphaned:
    """The controller alone is killed while a worker's first write is under way: that worker writes nothing after it."""

    def __str__(self) -> str:
        return "controller killed during a worker's first write"

    def run(self, ground: Ground) -> None:
        ground.clear()
        cloud = ground.cloud
        first = "kms CreateKey"
        with ground.site.running(tags=["encryption_keys"], encryption_keys={"logs": {}}) as run:
            cloud.faults(points=[{"number": 1, "when": "before", "operations": [first], "action": {"pause": True}}])
            assert cloud.wait_fired()
            run.kill(tree=False)
            run.wait()
            cloud.release()
            run.wait_gone()
        cloud.faults()
        assert writes(cloud.calls()) == [first]
        ground.clear()


@dataclass(frozen=True)
class KilledDestroying:
    """Killed at a write of the playbook that destroys: the next one leaves nothing behind, either."""

    number: int
    when: When
    victim: Victim

    def __str__(self) -> str:
        return f"{self.victim} killed {self.when} write {self.number} of destroying"

    def run(self, ground: Ground) -> None:
        ground.clear()
        empty = ground.cloud.dump()
        ground.site.run(**AT_ONCE).succeeded()
        with ground.site.destroying(**AT_ONCE) as run:
            ground.cloud.faults(points=[{"number": self.number, "when": self.when, "action": _kill(self.victim, run)}])
            killed = run.wait()
            ground.cloud.faults()
            assert killed.status < 0, f"the run ended by itself before its write {self.number}: {killed.output[-300:]}"
            ground.site.destroy(**AT_ONCE).succeeded()
            run.wait_gone()
        left = compare(empty, ground.cloud.dump())
        assert not left, f"left behind: {left}"


@dataclass(frozen=True)
class KilledInCluster:
    """Killed when the cluster's API server shows that something has come so far."""

    event: str
    victim: Victim

    def __str__(self) -> str:
        return f"{self.victim} killed when {self.event}"

    def run(self, ground: ClusterGround) -> None:
        ground.reference  # noqa: B018
        ground.clear()
        variables = EVENTS[self.event].before
        if variables:
            ground.site.run(**variables, **AT_ONCE).succeeded()
        with ground.site.running(**AT_ONCE) as run:
            wait_for(ground.kubeconfig, EVENTS[self.event])
            run.kill(tree=self.victim == "tree")
            killed = run.wait()
            assert killed.status < 0, f"the run ended by itself: {killed.output[-300:]}"
            ground.site.run(**AT_ONCE).succeeded()
            run.wait_gone()
        ground.check_finished()


def _kill(victim: Victim, run: Running) -> dict[str, Any]:
    return {"kill": [run.pid]} if victim == "controller" else {"kill_tree": run.pid}
