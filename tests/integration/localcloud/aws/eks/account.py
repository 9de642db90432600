# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An account in the local cloud for the tests of its EKS: boto3 clients, over a real socket,
of moto's server in this process.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from localcloud.aws import eks
from localcloud.clock import clock
from moto.core.base_backend import BackendDict
from moto.server import ThreadedMotoServer

REGION = "eu-west-1"
ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


@dataclass
class Account:
    """A VPC with a subnet in each of three zones, roles, and an IAM user whose clients these are."""

    url: str
    user: str = ""
    key: str = "AKIAIOSFODNN7EXAMPLE"
    secret: str = "unknown"
    token: str | None = None
    vpc: str = ""
    subnets: list[str] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            aws_session_token=self.token,
        )

    @property
    def eks(self) -> Any:
        return self.client("eks")

    def create_cluster(self, name: str = "prod", **settings: Any) -> dict[str, Any]:
        settings = {"accessConfig": {"authenticationMode": "API"}, "bootstrapSelfManagedAddons": False, **settings}
        vpc_config = {"subnetIds": self.subnets[:2], **settings.pop("resourcesVpcConfig", {})}
        settings.setdefault("roleArn", self.roles["eks"])
        return self.eks.create_cluster(name=name, resourcesVpcConfig=vpc_config, **settings)["cluster"]

    def create_nodegroup(self, name: str = "system", cluster: str = "prod", **settings: Any) -> dict[str, Any]:
        settings.setdefault("subnets", self.subnets)
        settings.setdefault("nodeRole", self.roles["ec2"])
        return self.eks.create_nodegroup(clusterName=cluster, nodegroupName=name, **settings)["nodegroup"]

    def nodegroup(self, name: str = "system") -> dict[str, Any]:
        return self.eks.describe_nodegroup(clusterName="prod", nodegroupName=name)["nodegroup"]

    def cluster(self, name: str = "prod") -> dict[str, Any]:
        return self.eks.describe_cluster(name=name)["cluster"]

    def addon(self, name: str) -> dict[str, Any]:
        return self.eks.describe_addon(clusterName="prod", addonName=name)["addon"]

    def add(self, name: str, **settings: Any) -> dict[str, Any]:
        return self.eks.create_addon(clusterName="prod", addonName=name, **settings)["addon"]

    def review(self, token: str, cluster: str = "prod") -> dict[str, Any]:
        return eks.review_token(cluster, {"spec": {"token": token}})["status"]

    def bearer(self, cluster: str = "prod", secret: str | None = None) -> str:
        """What `aws eks get-token` prints."""
        from botocore.credentials import Credentials

        url = "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
        request = AWSRequest("GET", url, headers={"x-k8s-aws-id": cluster})
        SigV4QueryAuth(Credentials(self.key, secret or self.secret, self.token), "sts", REGION, expires=60).add_auth(
            request
        )
        return "k8s-aws-v1." + base64.urlsafe_b64encode(request.url.encode()).decode().rstrip("=")


def serve() -> Iterator[str]:
    """The URL of moto's server, taught EKS, while it runs."""
    eks.install()
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    yield "http://{}:{}".format(*running.get_host_and_port())
    running.stop()


def open_account(url: str) -> Iterator[Account]:
    """An account with its VPC, roles and user, at a clock where everything is done at once."""
    eks.use_control_planes(None)
    clock.scale, clock.held = 0.0, False
    account = Account(url)
    iam = account.client("iam")
    account.user = iam.create_user(UserName="operator")["User"]["Arn"]
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    account.key, account.secret = key["AccessKeyId"], key["SecretAccessKey"]
    make_network(account)
    yield account
    eks.reset()
    BackendDict.reset()


def make_network(account: Account) -> None:
    """The VPC and the roles that clusters, nodes and pods need."""
    iam, ec2 = account.client("iam"), account.client("ec2")
    for service in ("eks", "ec2", "pods.eks"):
        account.roles[service] = create_role(iam, service.replace(".", "-"), f"{service}.amazonaws.com")
    account.vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    for index, zone in enumerate("abc"):
        made = ec2.create_subnet(VpcId=account.vpc, CidrBlock=f"10.30.{index}.0/24", AvailabilityZone=REGION + zone)
        account.subnets.append(made["Subnet"]["SubnetId"])


def create_role(iam: Any, name: str, service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    return iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )["Role"]["Arn"]


@contextmanager
def refused(code: str, *words: str) -> Iterator[None]:
    with pytest.raises(ClientError) as raised:
        yield
    assert raised.value.response["Error"]["Code"] == code, raised.value
    for word in words:
        assert word in raised.value.response["Error"]["Message"]


@contextmanager
def held() -> Iterator[None]:
    clock.held = True
    yield
    clock.held = False


@contextmanager
def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> Iterator[None]:
    """As if that much time had passed since."""
    with monkeypatch.context() as patch:
        then = clock.now() + seconds
        patch.setattr(clock, "now", lambda: then)
        yield


def update_of(answer: dict[str, Any]) -> dict[str, Any]:
    return answer["update"]


def ready_cluster(account: Account, **settings: Any) -> None:
    account.create_cluster(**settings)
    account.add("vpc-cni")
