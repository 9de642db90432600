# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every trial there is, two at a time, and a table of how each ended:
``python -m tests.integration.hostile [what to run, in words]``.

A word chooses the trials whose names hold it: ``waits``, ``"write 17"``, ``throttled``.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from localcloud.testing import Cloud

from .ground import ClusterGround, Ground
from .trials import (
    DISTURBANCES,
    WAITS,
    Disturbed,
    ExpiredToken,
    KilledAtWrite,
    KilledDestroying,
    KilledInCluster,
    KilledWhileWaiting,
    Orphaned,
    Trial,
    TwoAtOnce,
    Victim,
    When,
)
from .watching import EVENTS

PARALLEL = 2
# Of the writes, every so-manyth is tried once more under each disturbance, and while the environment is destroyed.
SPREAD = 10
VICTIMS: tuple[Victim, Victim] = ("controller", "tree")
WHENS: tuple[When, When] = ("after", "before")


@dataclass
class Result:
    trial: Trial
    seconds: float
    problem: str

    def __str__(self) -> str:
        return f"{self.seconds:7.1f} s  {'FAILED' if self.problem else 'passed'}  {self.trial}"


def trials(writes: int, destroying: int) -> Iterator[Trial]:
    """``writes`` and ``destroying``: how many there are in a run that stands the environment up,
    and in one that destroys it.
    """
    yield from (ExpiredToken(), ExpiredToken(["ec2 CreateSubnet"]), TwoAtOnce(), Orphaned())
    yield from map(Disturbed, DISTURBANCES)
    for event in EVENTS:
        yield from (KilledInCluster(event, victim) for victim in VICTIMS)
    for what in WAITS:
        yield from (KilledWhileWaiting(what, victim) for victim in VICTIMS)
    for number in range(1, writes + 1):
        one, other = VICTIMS if number % 2 else VICTIMS[::-1]
        yield KilledAtWrite(number, "before", one)
        yield KilledAtWrite(number, "after", other)
    for place, disturbance in enumerate(DISTURBANCES):
        for count, number in enumerate(range(SPREAD - 3 * place, writes, SPREAD)):
            yield KilledAtWrite(number, WHENS[count % 2], VICTIMS[count // 2 % 2], disturbance)
    for count, number in enumerate(range(1, destroying + 1, SPREAD)):
        yield KilledDestroying(number, WHENS[count % 2], VICTIMS[count // 2 % 2])


class Worker(threading.Thread):
    """Takes trials from the queue until it is empty, on grounds of its own."""

    def __init__(self, todo: queue.SimpleQueue[Trial], results: list[Result]) -> None:
        super().__init__()
        self._todo, self._results = todo, results
        self._grounds: dict[type[Ground], Ground] = {}

    def run(self) -> None:
        with ExitStack() as stack:
            while True:
                try:
                    trial = self._todo.get_nowait()
                except queue.Empty:
                    return
                self._try(trial, stack)

    def _try(self, trial: Trial, stack: ExitStack) -> None:
        begun, problem = time.monotonic(), ""
        try:
            trial.run(self._ground(ClusterGround if isinstance(trial, KilledInCluster) else Ground, stack))
        except AssertionError as error:
            problem = str(error) or traceback.format_exc()
        except Exception:  # what is broken here must not keep the other trials from running
            problem = traceback.format_exc()
        result = Result(trial, time.monotonic() - begun, problem)
        self._results.append(result)
        print(result, *([problem] if problem else []), sep="\n", flush=True)

    def _ground(self, kind: type[Ground], stack: ExitStack) -> Ground:
        if kind not in self._grounds:
            self._grounds[kind] = kind(stack.enter_context(Cloud(control_plane=kind is ClusterGround)))
        return self._grounds[kind]


def main(words: list[str]) -> int:
    with Cloud() as cloud:
        ground = Ground(cloud)
        every = trials(ground.writes, ground.destroying_writes)
        chosen = [trial for trial in every if not words or any(word in str(trial) for word in words)]
    todo: queue.SimpleQueue[Trial] = queue.SimpleQueue()
    for trial in chosen:
        todo.put(trial)
    results: list[Result] = []
    begun = time.monotonic()
    workers = [Worker(todo, results) for _unused in range(PARALLEL)]
    for worker in workers:
        worker.start()
    try:
        for worker in workers:
            worker.join()
    finally:  # when interrupted, after the trials under way
        while not todo.empty():
            todo.get_nowait()
    failed = [result for result in results if result.problem]
    print("\n──── all trials")
    for result in sorted(results, key=lambda result: chosen.index(result.trial)):
        print(result)
    print(f"{len(results)} trials, {len(failed)} failed, {time.monotonic() - begun:.0f} s")
    return 1 if failed or len(results) < len(chosen) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
