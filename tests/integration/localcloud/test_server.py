# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's server: who may call, what is loud, the call log, the clock, the empty account."""

from __future__ import annotations

import socket
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from localcloud import errors
from localcloud.clock import DURATIONS
from localcloud.testing import Cloud

ONE_READ = {
    "ec2": "describe_vpcs",
    "iam": "list_roles",
    "kms": "list_keys",
    "eks": "list_clusters",
    "logs": "describe_log_groups",
    "s3": "list_buckets",
    "cloudfront": "list_distributions",
    "sts": "get_caller_identity",
}
UNKNOWN_KEY = {
    "ec2": "AuthFailure",
    "iam": "InvalidClientTokenId",
    "kms": "UnrecognizedClientException",
    "eks": "UnrecognizedClientException",
    "logs": "UnrecognizedClientException",
    "s3": "InvalidAccessKeyId",
    "cloudfront": "InvalidClientTokenId",
    "sts": "InvalidClientTokenId",
}


def refusal(call: Any, **parameters: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response: dict[str, Any] = caught.value.response  # type: ignore[assignment]
    return response


def stranger(cloud: Cloud, service: str, **settings: Any) -> Any:
    return boto3.Session().client(
        service,  # type: ignore[call-overload]
        region_name="us-east-1",
        endpoint_url=cloud.url,
        aws_access_key_id="AKIA" + "Q" * 16,
        aws_secret_access_key="x",
        config=Config(retries={"total_max_attempts": 1}, **settings),
    )


def test_the_caller_is_an_iam_user_with_an_arn(cloud: Cloud) -> None:
    identity = cloud.client("sts").get_caller_identity()
    assert identity["Arn"] == "arn:aws:iam::123456789012:user/operator"
    assert cloud.client("iam").get_user()["User"]["Arn"] == identity["Arn"]


def test_a_session_of_a_role_is_known_and_tells_its_own_arn(cloud: Cloud) -> None:
    arn = "arn:aws:iam::333333333333:role/keelson-deploy"
    credentials = cloud.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    sts = boto3.Session().client(
        "sts",
        region_name="us-east-1",
        endpoint_url=cloud.url,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    assert sts.get_caller_identity()["Arn"] == "arn:aws:sts::333333333333:assumed-role/keelson-deploy/test"
    assert (
        refusal(cloud.client("sts").assume_role, RoleArn=f"{arn}r", RoleSessionName="test")["Error"]["Code"]
        == "AccessDenied"
    )


@pytest.mark.parametrize("service", ONE_READ)
def test_an_unknown_access_key_is_refused_in_the_services_own_words(cloud: Cloud, service: str) -> None:
    assert refusal(getattr(stranger(cloud, service), ONE_READ[service]))["Error"]["Code"] == UNKNOWN_KEY[service]


@pytest.mark.parametrize("service", ["ec2", "iam", "kms", "eks"])
def test_an_unsigned_call_is_refused(cloud: Cloud, service: str) -> None:
    answer = refusal(getattr(stranger(cloud, service, signature_version=UNSIGNED), ONE_READ[service]))
    assert answer["ResponseMetadata"]["HTTPStatusCode"] in (400, 401, 403)


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("ec2", "describe_fast_launch_images", {}),
        ("iam", "list_organizations_features", {}),
        ("ssm", "list_nodes", {}),
        ("backup", "list_backup_jobs", {}),
        ("cloudfront", "list_cache_policies", {}),
        ("cloudwatch", "put_composite_alarm", {"AlarmName": "x", "AlarmRule": "TRUE"}),
        ("logs", "list_anomalies", {}),
        ("gamelift", "list_builds", {}),
    ],
)
def test_a_call_that_is_not_implemented_says_so_in_its_own_name(
    cloud: Cloud, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    answer = refusal(getattr(cloud.client(service), operation), **parameters)
    name = "".join(part.capitalize() for part in operation.split("_"))
    assert answer["Error"]["Code"] == "NotImplementedByLocalCloud"
    assert f"{service} {name}" in answer["Error"]["Message"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_what_is_not_there_is_still_not_found(cloud: Cloud) -> None:
    assert refusal(cloud.client("eks").describe_cluster, name="none")["Error"]["Code"] == "ResourceNotFoundException"
    assert refusal(cloud.client("s3").head_bucket, Bucket="none")["Error"]["Code"] == "404"
    assert refusal(cloud.client("iam").get_role, RoleName="none")["Error"]["Code"] == "NoSuchEntity"


def test_the_call_log_names_services_operations_and_writes(cloud: Cloud) -> None:
    cloud.client("ec2").describe_vpcs()
    cloud.client("iam").list_roles()
    cloud.client("eks", region="eu-west-1").list_clusters()
    cloud.client("kms").create_key()
    cloud.client("logs").create_log_group(logGroupName="/x")
    cloud.client("s3").create_bucket(Bucket="some-bucket")
    cloud.client("sts").get_caller_identity()
    cloud.client("ec2", clean=True).describe_vpcs()
    refusal(cloud.client("ec2").create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)
    assert [(one["service"], one["operation"], one["write"]) for one in cloud.calls()] == [
        ("ec2", "DescribeVpcs", False),
        ("iam", "ListRoles", False),
        ("eks", "ListClusters", False),
        ("kms", "CreateKey", True),
        ("logs", "CreateLogGroup", True),
        ("s3", "CreateBucket", True),
        ("sts", "GetCallerIdentity", False),
        ("ec2", "CreateVpc", False),
    ]
    assert cloud.calls()[2]["region"] == "eu-west-1"
    assert [one["number"] for one in cloud.calls(since=6)] == [7, 8]
    assert "Botocore" in cloud.calls()[0]["user_agent"]
    assert [one["status"] for one in cloud.calls(since=6)] == [200, 412]
    cloud.clear_calls()
    assert cloud.calls() == []


def test_a_reset_empties_the_account_and_keeps_the_callers_key(cloud: Cloud) -> None:
    before = cloud.dump().keys()
    cloud.client("logs").create_log_group(logGroupName="/x")
    cloud.client("iam").create_user(UserName="someone")
    cloud.reset()
    after = cloud.dump().keys()
    assert {name for name in after if not name.startswith("ec2/")} == {
        name for name in before if not name.startswith("ec2/")
    }
    assert len(after) == len(before)
    assert cloud.client("sts").get_caller_identity()["Arn"].endswith("user/operator")


def test_the_clock_can_be_asked_and_refuses_nonsense(cloud: Cloud) -> None:
    assert cloud.clock(scale=0.5, held=True) == {"scale": 0.5, "held": True}
    assert cloud.admin("GET", "clock") == {"scale": 0.5, "held": True}
    with pytest.raises(RuntimeError, match="scale"):
        cloud.clock(scale="fast")


def test_the_clock_tells_what_was_begun_and_when_it_is_done(cloud: Cloud) -> None:
    cloud.clock(scale=0.5, held=False)
    ec2 = cloud.client("ec2")
    ec2.create_nat_gateway(SubnetId=ec2.describe_subnets()["Subnets"][0]["SubnetId"], ConnectivityType="private")
    ((what, started, done),) = cloud.begun()
    assert what == "ec2.natgateway.create"
    assert done - started == pytest.approx(DURATIONS[what] / 2)
    cloud.reset()
    assert cloud.begun() == []


def test_who_asks_whether_to_send_a_body_is_told_at_once(cloud: Cloud) -> None:
    host, port = cloud.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"PUT /bucket/key HTTP/1.1\r\nHost: s3\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 100 Continue")


def test_an_unknown_admin_path_is_an_error(cloud: Cloud) -> None:
    with pytest.raises(RuntimeError, match="no GET"):
        cloud.admin("GET", "nothing")


@pytest.mark.parametrize("service", ONE_READ)
@pytest.mark.parametrize("kind", sorted(errors.KINDS))
def test_every_kind_of_error_is_a_client_error_of_every_protocol(cloud: Cloud, service: str, kind: str) -> None:
    cloud.faults(errors=[{"kind": kind}])
    answer = refusal(getattr(cloud.client(service), ONE_READ[service]))
    assert answer["Error"]["Code"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] >= 400
