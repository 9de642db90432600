# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets: values that are generated, given, kept, restored, and shown to nobody."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from localcloud.testing import Cloud

from ..contract.case import ROOT, Account

NAME = "acme-test/mail"
ABSENT = {"secrets": None, "values": None, "state": "absent"}
PLANTED = 'pla"nted/före\n&+secret'


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@pytest.fixture
def account(cloud: Cloud) -> Account:
    cloud.faults()
    cloud.reset()
    return Account(cloud)


@pytest.fixture
def client(cloud: Cloud) -> Any:
    return cloud.client("secretsmanager", clean=True)


def secret(**options: Any) -> dict[str, Any]:
    return {"secrets": {"mail": options}}


def given(value: Any, **options: Any) -> dict[str, Any]:
    return {**secret(**options), "values": {"mail": value}}


def value(client: Any) -> str:
    return str(client.get_secret_value(SecretId=NAME)["SecretString"])


def versions(client: Any) -> int:
    return len(client.list_secret_version_ids(SecretId=NAME)["Versions"])


def calls(account: Account, options: dict[str, Any]) -> Counter[str]:
    account.cloud.clear_calls()
    account.apply("secrets", options)
    return Counter(call["operation"] for call in account.cloud.calls() if call["service"] == "secretsmanager")


def test_a_generated_value_has_the_characters_asked_for(account: Account, client: Any) -> None:
    account.apply("secrets", secret(length=64, exclude_punctuation=True, exclude_characters="abcABC123"))
    generated = value(client)
    assert len(generated) == 64 and generated.isalnum() and not set(generated) & set("abcABC123")


def test_a_generated_member_joins_those_of_the_template(account: Account, client: Any) -> None:
    account.apply("secrets", secret(template={"username": "acme", "port": 25}, generated_key="password"))
    members = json.loads(value(client))
    assert len(members.pop("password")) == 32
    assert members == {"username": "acme", "port": 25}


def test_a_generated_value_is_neither_changed_nor_read_by_a_later_run(account: Account, client: Any) -> None:
    account.apply("secrets", secret())
    before = value(client)
    assert calls(account, secret(length=20)) == {"ListSecrets": 1, "DescribeSecret": 1, "GetResourcePolicy": 1}
    assert value(client) == before


def test_a_given_value_is_read_to_compare_it_and_replaced_when_it_differs(account: Account, client: Any) -> None:
    account.apply("secrets", given("one"))
    assert calls(account, given("one")) == {
        "ListSecrets": 1,
        "DescribeSecret": 1,
        "GetResourcePolicy": 1,
        "GetSecretValue": 1,
    }
    assert account.apply("secrets", given("two"))["changed"] is True
    assert value(client) == "two" and versions(client) == 2


@pytest.mark.parametrize("other", [{"b": {"c": [1]}, "a": "x"}, '{"b":{"c":[1]},\n "a":"x"}'])
def test_two_json_objects_are_the_same_whatever_they_look_like(account: Account, client: Any, other: Any) -> None:
    account.apply("secrets", given({"a": "x", "b": {"c": [1]}}))
    assert account.apply("secrets", given(other))["changed"] is False
    assert versions(client) == 1


def test_a_value_that_is_only_for_the_beginning_is_left_alone_afterwards(account: Account, client: Any) -> None:
    account.apply("secrets", given("first", overwrite=False))
    client.put_secret_value(SecretId=NAME, SecretString="rotated")
    assert "GetSecretValue" not in calls(account, given("first", overwrite=False))
    assert value(client) == "rotated"


def test_a_secret_that_was_generated_can_be_given_a_value_and_keeps_it(account: Account, client: Any) -> None:
    account.apply("secrets", secret())
    account.apply("secrets", given("given"))
    assert value(client) == "given"
    account.apply("secrets", secret())
    assert value(client) == "given"
    assert account.plan("secrets", secret())["changed"] is False


def test_a_removed_secret_awaits_its_end_and_is_restored_with_its_value(account: Account, client: Any) -> None:
    account.apply("secrets", secret(recovery_window_days=7))
    before = value(client)
    result = account.apply("secrets", ABSENT)
    assert result["scheduled"] == [
        "Secret mail: removed at the end of its recovery window of 7 days; run the role secrets to restore it"
    ]
    assert account.apply("secrets", ABSENT)["changed"] is False
    result = account.apply("secrets", secret(recovery_window_days=7))
    assert [row["action"] for row in result["resources"]] == ["update"]
    assert value(client) == before


def test_a_given_value_that_changed_while_the_secret_awaited_its_end_is_the_new_one(
    account: Account, client: Any
) -> None:
    account.apply("secrets", given("one"))
    account.apply("secrets", ABSENT)
    account.apply("secrets", given("two"))
    assert value(client) == "two"
    assert account.plan("secrets", given("two"))["changed"] is False


def test_without_a_window_a_removed_secret_is_gone_and_made_anew(account: Account, client: Any) -> None:
    account.apply("secrets", secret(recovery_window_days=0))
    before = value(client)
    assert account.apply("secrets", ABSENT)["gone"] == ["Secret mail"]
    assert client.list_secrets(IncludePlannedDeletion=True)["SecretList"] == []
    account.apply("secrets", secret(recovery_window_days=0))
    assert value(client) != before


def test_a_secret_whose_window_tag_was_lost_can_be_restored_for_as_long_as_there_is(
    account: Account, client: Any
) -> None:
    account.apply("secrets", secret(recovery_window_days=0))
    client.untag_resource(SecretId=NAME, TagKeys=["keelson:recovery-window-days"])
    assert "recovery window of 30 days" in account.apply("secrets", ABSENT)["scheduled"][0]


@pytest.mark.parametrize("scheduled", [False, True])
def test_what_a_run_made_that_died_is_taken_on_although_nothing_shows_it_yet(
    account: Account, client: Any, scheduled: bool
) -> None:
    account.apply("secrets", secret())
    before = value(client)
    tags = client.describe_secret(SecretId=NAME)["Tags"]
    client.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    account.cloud.faults(lag=1.0)
    account.cloud.client("secretsmanager").create_secret(Name=NAME, SecretString=before, Tags=tags)
    if scheduled:
        account.cloud.client("secretsmanager").delete_secret(SecretId=NAME)
    account.apply("secrets", {**secret(), "wait": False})
    assert value(client) == before


def test_the_secrets_of_an_environment_whose_name_begins_alike_are_left_alone(account: Account, client: Any) -> None:
    account.apply("secrets", {**secret(recovery_window_days=0), "environment": "test2"})
    account.apply("secrets", secret(recovery_window_days=0))
    account.apply("secrets", ABSENT)
    assert [each["Name"] for each in client.list_secrets()["SecretList"]] == ["acme-test2/mail"]


def play(cloud: Cloud, folder: Path, planted: Any, in_worker: bool, *arguments: str) -> str:
    """All that Ansible says while the role runs with this value."""
    (folder / "values.json").write_text(json.dumps({"planted": planted}))
    variables = {
        "keelson_platform": "acme",
        "keelson_environment": "test",
        "keelson_region": "us-east-1",
        "keelson_wait_interval": 0.05,
        "ansible_python_interpreter": sys.executable,
        "secrets": {"mail": {"description": "Of the mail server"}, "session": None},
        "secrets_values": {"mail": "{{ planted }}"},
    }
    hosts = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": variables,
        "roles": ["keelson.eks.secrets"],
    }
    (folder / "play.json").write_text(json.dumps([hosts]))
    command = [str(Path(sys.executable).parent / "ansible-playbook"), str(folder / "play.json"), "-vvv", "--diff"]
    environment = {**os.environ, **cloud.env, "KEELSON_IN_WORKER": "1" if in_worker else "0"}
    command += ["-e", f"@{folder / 'values.json'}", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


def forms(planted: str) -> set[str]:
    """A secret as it is, and as it would look inside of something else."""
    raw = planted.encode()
    return {
        planted,
        base64.b64encode(raw).decode(),
        urllib.parse.quote(planted),
        urllib.parse.quote_plus(planted),
        json.dumps(planted)[1:-1],
        json.dumps(planted, ensure_ascii=False)[1:-1],
        repr(planted)[1:-1],
    }


@pytest.mark.parametrize("in_worker", [True, False])
@pytest.mark.parametrize("shape", ["text", "object"])
def test_a_value_is_in_nothing_that_ansible_says_nor_in_a_tag(
    account: Account, client: Any, tmp_path: Path, in_worker: bool, shape: str
) -> None:
    values = [f"{PLANTED}-{number}" for number in (1, 2)]
    shaped = values if shape == "text" else [{"username": "planted-username", "password": each} for each in values]
    said = [play(account.cloud, tmp_path, each, in_worker) for each in shaped]
    assert "changed=1" in said[0] and "changed=1" in said[1], said
    assert (
        json.loads(value(client) if shape == "object" else json.dumps({"password": value(client)}))["password"]
        == values[1]
    )
    said.append(play(account.cloud, tmp_path, shaped[1], in_worker, "--check"))
    assert "changed=0" in said[2]
    said.append(play(account.cloud, tmp_path, [values[0]], in_worker))
    assert "values.mail: must be text" in said[3]
    dump = json.dumps(account.cloud.dump())
    generated = client.get_secret_value(SecretId="acme-test/session")["SecretString"]
    for text in (*values, generated):
        for form in forms(text):
            assert not any(form in each for each in (*said, dump)), form
