# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults of the local cloud: errors that botocore retries, points at which callers die, reads that lag."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from localcloud.testing import Cloud

# Makes three log groups, as a process of its own with a child of its own.
WRITER = """
import boto3, botocore.config, subprocess, sys
waits = [sys.executable, "-c", "import sys; sys.stdin.read()"]
child = subprocess.Popen(waits, stdin=subprocess.PIPE, start_new_session=True)
print(child.pid, flush=True)
sys.stdin.readline()
logs = boto3.client("logs", config=botocore.config.Config(retries={"total_max_attempts": 1}))
for number in range(3):
    logs.create_log_group(logGroupName=f"/{number}")
"""


def patient(cloud: Cloud, service: str) -> Any:
    """A client that retries as clients do."""
    return boto3.Session().client(
        service,  # type: ignore[call-overload]
        region_name="us-east-1",
        endpoint_url=cloud.url,
        aws_access_key_id=cloud.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=cloud.env["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 4}),
    )


def groups(cloud: Cloud, clean: bool = True) -> list[str]:
    found = cloud.client("logs", clean=clean).describe_log_groups()["logGroups"]
    return [group["logGroupName"] for group in found]


def start_writer(cloud: Cloud) -> tuple[subprocess.Popen[str], int]:
    """The writer, which waits for a line of input, and the process id of its child."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | cloud.env,
    )
    assert writer.stdin and writer.stdout
    return writer, int(writer.stdout.readline())


def go(writer: subprocess.Popen[str]) -> None:
    assert writer.stdin
    writer.stdin.write("go\n")
    writer.stdin.flush()


def is_gone(pid: int) -> bool:
    """Whether the process is dead: gone, or a zombie that nobody waited for."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return not state or state.startswith("Z")


@pytest.mark.parametrize(
    ("service", "read", "kind"),
    [
        ("ec2", "describe_vpcs", "throttled"),
        ("iam", "list_roles", "throttled"),
        ("kms", "list_keys", "throttled"),
        ("eks", "list_clusters", "throttled"),
        ("s3", "list_buckets", "throttled"),
        ("cloudfront", "list_distributions", "throttled"),
        ("ec2", "describe_vpcs", "unavailable"),
        ("eks", "list_clusters", "server_error"),
    ],
)
def test_botocore_retries_what_every_second_call_fails_with(cloud: Cloud, service: str, read: str, kind: str) -> None:
    cloud.faults(errors=[{"kind": kind, "every": 2}])
    for _call in range(2):
        getattr(patient(cloud, service), read)()
    assert [one["status"] == 200 for one in cloud.calls()] == [True, False, True]


def test_an_error_can_be_meant_for_certain_calls(cloud: Cloud) -> None:
    cloud.faults(errors=[{"kind": "denied", "operations": ["logs Create*"]}])
    assert groups(cloud, clean=False) == []
    with pytest.raises(ClientError, match="AccessDeniedException"):
        cloud.client("logs").create_log_group(logGroupName="/x")
    cloud.faults()
    cloud.client("logs").create_log_group(logGroupName="/x")


def test_an_expired_token_is_not_retried(cloud: Cloud) -> None:
    cloud.faults(errors=[{"kind": "expired_token"}])
    with pytest.raises(ClientError, match="RequestExpired"):
        patient(cloud, "ec2").describe_vpcs()
    assert len(cloud.calls()) == 1


@pytest.mark.parametrize(("when", "taken"), [("before", ["/0"]), ("after", ["/0", "/1"])])
def test_a_connection_dropped_at_the_second_write(cloud: Cloud, when: str, taken: list[str]) -> None:
    cloud.faults(points=[{"number": 2, "when": when, "action": {"drop": True}}])
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="/0")
    logs.describe_log_groups()
    with pytest.raises(ConnectionClosedError):
        logs.create_log_group(logGroupName="/1")
    assert groups(cloud) == taken
    assert cloud.admin("GET", "faults")["points"][0]["fired"]
    logs.create_log_group(logGroupName="/2")


@pytest.mark.parametrize(("when", "taken"), [("before", ["/0"]), ("after", ["/0", "/1"])])
def test_the_caller_is_killed_at_its_second_write(cloud: Cloud, when: str, taken: list[str]) -> None:
    writer, child = start_writer(cloud)
    cloud.faults(points=[{"number": 2, "when": when, "action": {"kill": [writer.pid]}}])
    go(writer)
    assert writer.wait(30) == -9
    assert cloud.wait_fired(30)
    assert groups(cloud) == taken
    os.kill(child, 9)


def test_a_whole_tree_is_killed_whatever_session_its_members_are_in(cloud: Cloud) -> None:
    writer, child = start_writer(cloud)
    cloud.faults(points=[{"number": 1, "when": "before", "action": {"kill_tree": writer.pid}}])
    go(writer)
    assert writer.wait(30) == -9
    assert cloud.wait_fired(30)
    assert is_gone(child)
    assert groups(cloud) == []


def test_a_session_is_killed_and_no_other(cloud: Cloud) -> None:
    writer, child = start_writer(cloud)
    cloud.faults(points=[{"number": 1, "when": "before", "action": {"kill_session": child}}])
    go(writer)
    assert writer.wait(30) == 1
    assert is_gone(child)


def test_a_write_waits_until_it_is_told_to_go_on(cloud: Cloud) -> None:
    cloud.faults(
        points=[{"number": 1, "when": "before", "operations": ["logs CreateLogGroup"], "action": {"pause": True}}]
    )
    writing = threading.Thread(target=cloud.client("logs").create_log_group, kwargs={"logGroupName": "/x"})
    writing.start()
    assert cloud.wait_fired(30)
    assert groups(cloud) == []
    cloud.release()
    writing.join(30)
    assert groups(cloud) == ["/x"]


def test_nonsense_is_refused(cloud: Cloud) -> None:
    with pytest.raises(RuntimeError, match="kind"):
        cloud.faults(errors=[{"kind": "nothing"}])
    with pytest.raises(RuntimeError, match="when"):
        cloud.faults(points=[{"number": 1, "when": "sometimes", "action": {"drop": True}}])
    with pytest.raises(RuntimeError, match="unexpected keyword"):
        cloud.faults(surprise=1)


def test_lagging_reads_do_not_show_what_was_made_but_writes_can_use_it(cloud: Cloud) -> None:
    cloud.faults(lag=3600)
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    with pytest.raises(ClientError, match=r"InvalidVpcID\.NotFound"):
        ec2.describe_vpcs(VpcIds=[vpc])
    assert vpc not in [one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]]
    cloud.faults()
    assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]


def test_lagging_reads_still_show_what_was_deleted_and_changed(cloud: Cloud) -> None:
    cloud.client("iam").create_user(UserName="gone")
    cloud.client("ssm").put_parameter(Name="/p", Value="old", Type="String")
    cloud.faults(lag=3600)
    cloud.client("iam").delete_user(UserName="gone")
    cloud.client("ssm").put_parameter(Name="/p", Value="new", Type="String", Overwrite=True)
    assert cloud.client("iam").get_user(UserName="gone")
    assert cloud.client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "old"
    cloud.faults()
    assert cloud.client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "new"
    with pytest.raises(ClientError, match="NoSuchEntity"):
        cloud.client("iam").get_user(UserName="gone")


def test_lagging_reads_know_a_session_that_began_after_what_they_show(cloud: Cloud) -> None:
    cloud.faults(lag=3600)
    cloud.client("logs").create_log_group(logGroupName="/x")
    role = "arn:aws:iam::111111111111:role/keelson-deploy"
    given = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], "us-east-1")
    assert session.client("iam", endpoint_url=cloud.url).get_role(RoleName="keelson-deploy")["Role"]["Arn"] == role


def test_reads_catch_up_once_the_lag_is_over(cloud: Cloud) -> None:
    cloud.faults(lag=0.3)
    cloud.client("logs").create_log_group(logGroupName="/x")
    assert groups(cloud, clean=False) == []
    while groups(cloud, clean=False) == []:
        pass
    assert groups(cloud, clean=False) == ["/x"]
