# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What takes its time: each backend's unfinished work, carried out when it is due and somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.clock import clock
from moto.rds.exceptions import RDSClientError
from moto.rds.models import RDSBackend, rds_backends


def later(backend: RDSBackend, what: str, finish: Callable[[], Any]) -> None:
    """Have ``finish`` called when what (a key of DURATIONS), started now, is done."""
    _jobs(backend).append((clock.deadline(what), finish))


def settle() -> None:
    """Bring everything to where it stands now, in the order in which it happened."""
    for backends in list(rds_backends.values()):
        for backend in list(backends.values()):
            jobs = _jobs(backend)
            while due := [job for job in jobs if clock.passed(job[0])]:
                job = min(due, key=lambda job: job[0])
                jobs.remove(job)
                job[1]()


def _jobs(backend: RDSBackend) -> list[tuple[float, Callable[[], Any]]]:
    jobs: list[tuple[float, Callable[[], Any]]] = backend.__dict__.setdefault("jobs", [])
    return jobs


def refuse(code: str, message: str) -> RDSClientError:
    return RDSClientError(code, message)


def combination(message: str) -> RDSClientError:
    return refuse("InvalidParameterCombination", message)


def value(message: str) -> RDSClientError:
    return refuse("InvalidParameterValue", message)
