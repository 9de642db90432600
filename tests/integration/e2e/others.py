# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What others have in the account of an environment, under names and tags that look much like the environment's own."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import boto3
from localcloud.controlplane import binaries
from localcloud.testing import REGION, Cloud

from ..edge.site import ROOT

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


class Others:
    """Makes them, by plain boto3 in the account of that number;
    ``name`` is the environment's, such as ``innovate-dev``.
    """

    def __init__(self, cloud: Cloud, account: str, name: str) -> None:
        self._name = name
        self._platform, _separator, self._environment = name.partition("-")
        role = f"arn:aws:iam::{account}:role/keelson-deploy"
        given = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="others")["Credentials"]
        self._session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], REGION)
        self._url = f"{cloud.url}/_localcloud/clean"

    def make(self) -> None:
        self._make_networks()
        self._make_keys_and_logs()
        self._make_databases(self._make_cluster())
        self._make_edge()

    def _client(self, service: str) -> Any:
        return self._session.client(service, endpoint_url=self._url)  # type: ignore[call-overload]

    def _owned(self, platform: str, environment: str, component: str, key: str) -> dict[str, str]:
        """The tags by which another environment marks what it has."""
        return {
            "keelson:platform": platform,
            "keelson:environment": environment,
            "keelson:component": component,
            "keelson:key": key,
            "Name": f"{self._name}-{key}",
        }

    def _make_networks(self) -> None:
        ec2 = self._client("ec2")
        by_hand = {"Name": self._name}
        unfinished = {"keelson:platform": self._platform, "keelson:environment": self._environment, "Name": self._name}
        other_environment = self._owned(self._platform, f"{self._environment}2", "vpc", "main")
        other_platform = self._owned(f"{self._platform}-labs", self._environment, "vpc", "main")
        for number, tags in enumerate((by_hand, unfinished, other_environment, other_platform)):
            vpc = ec2.create_vpc(CidrBlock=f"10.{200 + number}.0.0/16", TagSpecifications=_tagged("vpc", tags))["Vpc"][
                "VpcId"
            ]
            names = {
                **tags,
                "Name": f"{self._name}-private-us-east-1a",
                "kubernetes.io/cluster/" + self._name: "shared",
            }
            ec2.create_subnet(
                VpcId=vpc,
                CidrBlock=f"10.{200 + number}.0.0/24",
                AvailabilityZone="us-east-1a",
                TagSpecifications=_tagged("subnet", names),
            )
            ec2.create_security_group(VpcId=vpc, GroupName=f"{self._name}-endpoints", Description="Another's")
            ec2.allocate_address(Domain="vpc", TagSpecifications=_tagged("elastic-ip", tags))
        for name in (f"{self._name}-old", f"{self._name}2-system"):
            ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData={"InstanceType": "t3.micro"})

    def _make_keys_and_logs(self) -> None:
        kms, logs, ssm = self._client("kms"), self._client("logs"), self._client("ssm")
        for alias in (f"{self._name}2-logs", f"{self._name}elopment-cluster", f"{self._name}-by-hand"):
            key = kms.create_key(Description="Another's")["KeyMetadata"]["KeyId"]
            kms.create_alias(AliasName=f"alias/{alias}", TargetKeyId=key)
        for group in (
            f"/aws/eks/{self._name}2/cluster",
            f"/aws/vpc/{self._name}2/flow-logs",
            f"/aws/vpc/{self._name}/by-hand",
        ):
            logs.create_log_group(logGroupName=group)
        ssm.put_parameter(Name=f"/keelson/{self._platform}/{self._environment}2/lock", Value="{}", Type="String")

    def _make_cluster(self) -> list[str]:
        """A cluster of the environment ``dev2``, in a network of its own, and roles. Returns the subnets."""
        ec2, iam, eks = self._client("ec2"), self._client("iam"), self._client("eks")
        vpc = ec2.create_vpc(CidrBlock="10.210.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.210.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")[
                "Subnet"
            ]["SubnetId"]
            for number, zone in enumerate("ab")
        ]
        other = f"{self._name}2"
        tags = self._owned(self._platform, f"{self._environment}2", "cluster", other)
        path = f"/keelson/{self._platform}/{self._environment}2/cluster/"
        trust = json.dumps(_TRUST)
        role = iam.create_role(
            RoleName=f"{other}-cluster", Path=path, AssumeRolePolicyDocument=trust, Tags=_listed(tags)
        )["Role"]
        iam.attach_role_policy(RoleName=f"{other}-cluster", PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
        iam.create_role(RoleName=f"{self._name}-by-hand", AssumeRolePolicyDocument=trust)
        eks.create_cluster(name=other, roleArn=role["Arn"], resourcesVpcConfig={"subnetIds": subnets}, tags=tags)
        eks.create_addon(
            clusterName=other,
            addonName="vpc-cni",
            tags=self._owned(self._platform, f"{self._environment}2", "addons", "vpc-cni"),
        )
        return subnets

    def _make_databases(self, subnets: list[str]) -> None:
        """An Aurora cluster of the environment ``dev2``, and what has names that begin like the environment's own."""
        rds, ecr, secrets = self._client("rds"), self._client("ecr"), self._client("secretsmanager")
        name = f"{self._name}2-main"
        tags = _listed(self._owned(self._platform, f"{self._environment}2", "aurora", name))
        rds.create_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription="Another's", SubnetIds=subnets, Tags=tags
        )
        rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            DBSubnetGroupName=name,
            MasterUsername="postgres",
            ManageMasterUserPassword=True,
            Tags=tags,
        )
        rds.create_db_cluster_parameter_group(
            DBClusterParameterGroupName=f"{self._name}-by-hand",
            DBParameterGroupFamily="aurora-postgresql16",
            Description="Another's",
        )
        for repository in (f"{self._name}2/api", f"{self._name}/by-hand"):
            ecr.create_repository(repositoryName=repository)
        for secret in (f"{self._name}2/session-key", f"{self._name}/by-hand"):
            secrets.create_secret(Name=secret, SecretString="another's")

    def _make_edge(self) -> None:
        """A bucket, a zone and a certificate of others."""
        s3, route53, acm = self._client("s3"), self._client("route53"), self._client("acm")
        for bucket in (f"{self._name}2-site", f"{self._name}-by-hand"):
            s3.create_bucket(Bucket=bucket)
            s3.put_object(Bucket=bucket, Key="index.html", Body=b"another's")
        route53.create_hosted_zone(Name=f"{self._name}.example", CallerReference="another's")
        tags = self._owned(self._platform, f"{self._environment}2", "certificates", "site")
        acm.request_certificate(DomainName=f"app.{self._name}.example", ValidationMethod="DNS", Tags=_listed(tags))


def install_release(kubeconfig: str, namespace: str, name: str) -> None:
    """A Helm release that somebody else installs in the environment's cluster, in a namespace of their own."""
    subprocess.run(
        [
            *(
                binaries.find() / "helm",
                "install",
                name,
                ROOT / "charts/application",
                "--namespace",
                namespace,
                "--create-namespace",
            ),
            *("--kubeconfig", kubeconfig, "--set-string", "image.repository=docker.io/another/one,image.tag=1"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def _tagged(kind: str, tags: dict[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": _listed(tags)}]


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]
