# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One look at an account."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.answers import Answers
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection


class Recording(Aws):
    """Answers every call by itself, a new number each time."""

    def __init__(self) -> None:
        super().__init__(Connection(region="eu-west-1"))
        self.sent: list[str] = []

    def _send(self, service: str, operation: str, once: bool, parameters: dict[str, Any]) -> dict[str, Any]:
        self.sent.append(operation)
        return {"number": len(self.sent)}


def test_who_asks_the_same_at_the_same_time_waits_for_one_answer() -> None:
    answers, everyone = Answers(), threading.Barrier(8)
    asked: list[int] = []

    def ask(_number: int) -> list[int]:
        everyone.wait()
        found: list[int] = answers.get("vpcs", lambda: asked.append(1) or [1, 2])
        found.append(3)  # a copy of its own
        return found

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [[1, 2, 3]] * 8
    assert asked == [1]


def test_an_error_is_everyones() -> None:
    answers = Answers()
    with pytest.raises(LookupError):
        answers.get("vpcs", lambda: {}["vpcs"])
    with pytest.raises(LookupError):
        answers.get("vpcs", lambda: "asked again")


def test_reads_are_shared_until_it_looks_anew() -> None:
    aws = Recording()
    assert (
        aws.find("eks", "describe_cluster", name="a") == aws.find("eks", "describe_cluster", name="a") == {"number": 1}
    )
    assert aws.find("eks", "describe_cluster", name="b") == {"number": 2}
    aws.look_anew()
    assert aws.find("eks", "describe_cluster", name="a") == {"number": 3}
    assert aws.find("eks", "describe_cluster", name="a") == {"number": 4}


def test_neither_writes_nor_what_can_be_read_only_once_is_shared() -> None:
    aws = Recording()
    for _twice in range(2):
        aws.call("eks", "describe_cluster", name="a")
        aws.find("s3", "get_object", Bucket="a", Key="b")
    assert aws.sent == ["describe_cluster", "get_object"] * 2


def test_another_region_looks_anew_together_with_its_own() -> None:
    aws = Recording()
    early = aws.in_region("us-east-1")
    aws.look_anew()
    assert (aws.answers, early.answers, aws.in_region("us-east-2").answers) == (None, None, None)
