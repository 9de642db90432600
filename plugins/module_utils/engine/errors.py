# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The one tree of errors. Each is raised with facts and made into one Ansible failure in one place."""

from __future__ import annotations


class KeelsonError(Exception):
    """Something the user can read and act on."""


class InvalidArguments(KeelsonError):
    """The options contradict a rule: found before anything is read from AWS."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Refused(KeelsonError):
    """The plan must not be carried out. Raised before the first write, with every reason there is."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class Blocked(KeelsonError):
    """Not possible yet, because of something that passes: tried again until a deadline.

    ``patience``: how many seconds it may plausibly last, when that is less than the deadline.
    """

    def __init__(self, message: str, patience: float | None = None) -> None:
        super().__init__(message)
        self.patience = patience


class Underway(Blocked):
    """A change is on its way and takes its time; what is left to do comes after it.

    ``started``: whether this very call has started it.
    """

    def __init__(self, message: str, started: bool) -> None:
        super().__init__(message)
        self.started = started


class AnswerLost(Blocked):
    """A request may or may not have been carried out: look before trying again."""
