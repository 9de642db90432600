# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud in the background: started once, stopped for good, no secret left readable."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2]


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "cloud"
    localcloud(tmp_path / "cloud", "down")


def localcloud(directory: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "localcloud", "--directory", str(directory), *arguments]
    env = os.environ | {"PYTHONPATH": str(TESTS), "KEELSON_WITHOUT_CONTROL_PLANE": "1"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


def identity(directory: Path) -> str:
    """Who AWS says we are, in a shell that sourced the env file."""
    script = (
        f"source {shlex.quote(str(directory / 'env'))} && {shlex.quote(sys.executable)} -c "
        '\'import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])\''
    )
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.strip()


def test_up_starts_one_cloud_and_down_ends_it(directory: Path) -> None:
    started = localcloud(directory, "up")
    assert f"source {directory / 'env'}" in started
    assert identity(directory) == "arn:aws:iam::123456789012:user/operator"
    env = (directory / "env").read_text()
    localcloud(directory, "up")
    assert (directory / "env").read_text() == env
    assert '"iam/user/operator"' in localcloud(directory, "dump")
    assert "stopped" in localcloud(directory, "down")
    assert not (directory / "env").exists()
    assert "No local cloud" in localcloud(directory, "down")


def test_a_tests_cloud_ends_with_the_test_even_when_that_is_killed() -> None:
    script = (
        "from localcloud.testing import Cloud; cloud = Cloud().__enter__(); "
        "print(cloud._running.pid, flush=True); input()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(TESTS)}
    ) as test:
        assert test.stdout
        server = int(test.stdout.readline())
        test.kill()
    while subprocess.run(
        ["ps", "-o", "stat=", "-p", str(server)], capture_output=True, text=True, check=False
    ).stdout.strip(" \nZ"):
        pass


def test_a_stale_server_file_is_replaced(directory: Path) -> None:
    directory.mkdir()
    stale = '{"pid": 1, "url": "http://127.0.0.1:9", "access_key": "x", "secret_key": "y"}'
    (directory / "server.json").write_text(stale)
    localcloud(directory, "up")
    assert (directory / "server.json").read_text() != stale
    assert identity(directory)


def test_the_env_file_is_its_owners_alone_and_its_keys_are_long(directory: Path) -> None:
    localcloud(directory, "up")
    for name in ("env", "server.json"):
        assert stat.S_IMODE((directory / name).stat().st_mode) == 0o600
    keys = dict(
        line.removeprefix("export ").split("=", 1)
        for line in (directory / "env").read_text().splitlines()
        if "=" in line
    )
    assert len(keys["AWS_ACCESS_KEY_ID"]) == 20
    assert len(keys["AWS_SECRET_ACCESS_KEY"]) == 40
