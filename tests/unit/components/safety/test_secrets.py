# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets: whose value is whose, and that none is ever shown. AWS is not asked."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.components.safety.secrets import COMPONENT, declare, problems
from ansible_collections.keelson.eks.plugins.module_utils.engine.converge import Mode, Outcome
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Plan, Policy, plan
from ansible_collections.keelson.eks.plugins.module_utils.engine.report import report
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Owner, State
from ansible_collections.keelson.eks.plugins.module_utils.resources.secretsmanager.secret import Secret

OWNER = Owner("innovate", "dev", "secrets")
PLANTED = "planted-value"


def arguments(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {**defaults, "platform": "innovate", "environment": "dev", "region": "us-east-1", **given}


def declared(values: dict[str, Any] | None = None, **options: Any) -> Any:
    given = arguments(secrets={"mail": options}, values=values)
    (secret,) = declare(Context(given, OWNER, Aws(Connection(region="us-east-1")))).resources
    return secret


def planned(secret: Secret, **observed: Any) -> Plan:
    there = {**secret.desired(), "ARN": "arn", "Tags": {**secret.desired()["Tags"], **OWNER.tags("mail")}, **observed}
    return plan(Declaration((secret,)), (Secret,), {secret.address: there}, {}, OWNER, Policy())


def test_only_a_given_value_is_compared() -> None:
    assert declared({"mail": PLANTED}).desired()["SecretString"] == PLANTED
    for secret in (declared(), declared({"mail": PLANTED}, overwrite=False)):
        assert "SecretString" not in secret.desired()
        assert secret.desired()["Tags"]["keelson:value"] == "kept"


@pytest.mark.parametrize("value", [PLANTED, {"password": PLANTED}])
def test_no_value_is_in_a_diff_nor_in_what_a_secret_looks_like(value: Any) -> None:
    secret = declared({"mail": value})
    outcome = Outcome(planned(secret, SecretString="another-planted-value"), {})
    (difference,) = report(outcome, Mode(check=True), diff=True)["diff"]
    assert difference["before"] == difference["after"] == {"SecretString": "(sensitive)"}
    assert PLANTED not in repr(secret)


@pytest.mark.parametrize("value", [[PLANTED], 17051705, {"when": {PLANTED}}, PLANTED * 6000])
def test_no_value_is_in_a_message(value: Any) -> None:
    (problem,) = problems(arguments(secrets={"mail": None}, values={"mail": value}))
    assert PLANTED not in problem and "17051705" not in problem


@pytest.mark.parametrize(
    ("window", "state", "why"),
    [
        ("0", State.DELETING, "at once"),
        ("7", State.SCHEDULED, "window of 7 days"),
        ("5", State.SCHEDULED, "window of 30 days"),
        ("", State.SCHEDULED, "window of 30 days"),
    ],
)
def test_a_removed_secret_can_be_called_back_unless_its_window_is_none(window: str, state: State, why: str) -> None:
    found, told = Secret.state({"DeletedDate": "soon", "Tags": {"keelson:recovery-window-days": window}})
    assert found is state and why in told


def test_a_secret_that_awaits_its_end_is_restored_by_an_update() -> None:
    (step,) = planned(declared(), DeletedDate="soon").steps
    assert (step.action, step.after) == ("update", {"DeletedDate": None})
