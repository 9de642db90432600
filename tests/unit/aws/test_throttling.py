# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests that are sent once."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection, pause_when_throttled
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import AnswerLost, Blocked
from botocore.awsrequest import AWSResponse


class Body:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self) -> list[bytes]:
        return [self.content]


def aws(monkeypatch: pytest.MonkeyPatch, *answers: tuple[int, str]) -> tuple[Aws, list[int]]:
    """An account whose EC2 gives these answers (HTTP status and error code),
    the last one again and again; and what was sent.
    """
    found, sent = (
        Aws(Connection(region="eu-west-1", access_key="AKIA", secret_key="x", endpoint_url="http://nowhere")),
        [],
    )
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def answer(**_event: Any) -> AWSResponse:
        status, code = answers[min(len(sent), len(answers) - 1)]
        sent.append(status)
        error = (
            f"<Errors><Error><Code>{code}</Code><Message>m</Message></Error></Errors>"
            if code
            else "<groupId>sg-1</groupId>"
        )
        return AWSResponse("http://nowhere", status, {}, Body(f"<Response>{error}</Response>".encode()))

    found.client("ec2", once=True).meta.events.register("before-send", answer)
    return found, sent


def create(account: Aws) -> Any:
    return account.call_once("ec2", "create_security_group", GroupName="a", Description="a")["GroupId"]


def test_a_throttled_request_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    account, sent = aws(monkeypatch, (503, "RequestLimitExceeded"), (503, "RequestLimitExceeded"), (200, ""))
    assert create(account) == "sg-1"
    assert sent == [503, 503, 200]


def test_one_that_stays_throttled_is_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    account, sent = aws(monkeypatch, (503, "RequestLimitExceeded"))
    with pytest.raises(Blocked, match="ec2:CreateSecurityGroup: RequestLimitExceeded"):
        create(account)
    assert len(sent) == 5


def test_one_that_may_have_been_carried_out_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    account, sent = aws(monkeypatch, (500, "InternalError"), (200, ""))
    with pytest.raises(AnswerLost):
        create(account)
    assert sent == [500]


def test_each_pause_is_longer_than_the_one_before() -> None:
    throttled = None, {"Error": {"Code": "Throttling"}}
    pauses = [pause_when_throttled(throttled, attempts) for attempts in range(1, 6)]
    assert pauses[4] is None
    assert all(0.5 * 2**number <= pause <= 2**number for number, pause in enumerate(pauses[:4]) if pause is not None)
    assert pause_when_throttled(None, 1) is None
