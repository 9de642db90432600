# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets are masked in what a server says of them, whatever form it gives them."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.components.in_cluster import helm_releases
from ansible_collections.keelson.eks.plugins.module_utils.components.scrub import scrubbed

SECRET = 'S3cr/t "it\\\'s" & ü'
SPEC: dict[str, dict[str, Any]] = {
    "secret_values": {"type": "dict", "no_log": True},
    "name": {"type": "str"},
    "kms_key": {"no_log": False},
}
ARGUMENTS = {
    "secret_values": {"web": {"auth": {"password": SECRET}, "list": ["other-secret", 7]}},
    "name": "web",
    "kms_key": "logs",
}


@pytest.mark.parametrize(
    "shown",
    [
        SECRET,
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        repr(SECRET),
        quote(SECRET),
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_a_secret_is_masked_in_a_message_in_every_form(shown: str) -> None:
    result = scrubbed({"msg": f"Invalid value: {shown} is not a name of web"}, SPEC, ARGUMENTS)
    assert "S3cr" not in result["msg"] and base64.b64encode(SECRET.encode()).decode() not in result["msg"]
    assert result["msg"].startswith("Invalid value: ") and result["msg"].endswith(" is not a name of web")


def test_a_secret_is_masked_however_deep_it_lies() -> None:
    result = scrubbed(
        {"diff": [{"after": {"Values": {"a": json.dumps({"b": SECRET}), "c": "other-secret"}}}]}, SPEC, ARGUMENTS
    )
    assert "S3cr" not in str(result) and "other-secret" not in str(result)


def test_of_a_secret_option_ansible_shows_not_even_the_names_in_it() -> None:
    """Of ``a=b`` given for a dictionary Ansible makes one, with a part of the secret as a name."""
    arguments = dict.fromkeys(helm_releases.COMPONENT.argument_spec) | {
        "secret_values": {"S3cret": "rest"},
        "cluster": "demo",
    }
    shown = helm_releases.COMPONENT.invocation(arguments)["module_args"]
    assert shown["secret_values"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert (shown["cluster"], shown["secret_key"]) == ("demo", None)


def test_what_is_no_secret_stays() -> None:
    result = {"changed": True, "name": "web", "kms_key": "logs", "count": 7}
    assert scrubbed(dict(result), SPEC, ARGUMENTS) == result
    assert scrubbed(dict(result), SPEC, {"secret_values": None}) == result
    assert scrubbed({"msg": "a web"}, SPEC, {"secret_values": {"a": "a", "empty": ""}})["msg"] == "a web"
