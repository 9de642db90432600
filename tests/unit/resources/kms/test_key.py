# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""KMS keys: their states, and what becomes of them in a plan."""

from __future__ import annotations

from datetime import datetime

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.policy import document
from ansible_collections.keelson.eks.plugins.module_utils.engine.plan import Declaration, Plan, Policy, plan
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Address, Owner, Properties, State
from ansible_collections.keelson.eks.plugins.module_utils.resources.kms.key import Key, KeyLookup

OWNER = Owner("innovate", "dev", "encryption_keys")
KEY = Key(
    "logs", "alias/innovate-dev-logs", "Encrypts log groups", document(), rotation_days=365, deletion_window_days=30
)
AWAITING = {"KeyState": "PendingDeletion", "DeletionDate": datetime(2026, 12, 21)}


def present(**other: object) -> dict[Address, Properties]:
    tags = {**KEY.desired()["Tags"], **OWNER.tags("logs")}
    return {KEY.address: {**KEY.desired(), "KeyId": "1", "Tags": tags, **other}}


def planned(declaration: Declaration, world: dict[Address, Properties]) -> Plan:
    return plan(declaration, (Key,), world, {}, OWNER, Policy())


@pytest.mark.parametrize(
    ("key_state", "state"),
    [
        ("Enabled", State.READY),
        ("Creating", State.PENDING),
        ("Disabled", State.UNHEALTHY),
        ("PendingImport", State.UNHEALTHY),
        ("PendingDeletion", State.SCHEDULED),
    ],
)
def test_a_keys_state_is_that_of_whoever_needs_it(key_state: str, state: State) -> None:
    assert Key.state({"KeyState": key_state})[0] is KeyLookup.state({"KeyState": key_state})[0] is state


def test_a_key_that_is_as_declared_needs_nothing() -> None:
    assert planned(Declaration((KEY,)), present()).steps == []


def test_a_key_that_awaits_its_deletion_is_called_back_when_it_is_declared() -> None:
    (step,) = planned(Declaration((KEY,)), present(**AWAITING)).steps
    assert (step.action, step.after) == ("update", {"KeyState": "Enabled"})


def test_a_key_that_awaits_its_deletion_is_told_and_not_deleted_again() -> None:
    found = planned(Declaration(absent=True), present(**AWAITING))
    assert found.steps == []
    assert found.scheduled == ["Key logs: deleted on 2026-12-21"]


def test_a_key_that_is_no_longer_declared_stays() -> None:
    assert planned(Declaration(), present()).steps == []


def test_a_deletion_window_is_kept_with_the_key() -> None:
    tags = {**OWNER.tags("logs"), "keelson:deletion-window-days": "7"}
    (step,) = planned(Declaration((KEY,)), present(Tags=tags)).steps
    assert step.after["Tags"]["keelson:deletion-window-days"] == "30"
