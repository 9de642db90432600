# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the dump tells of a cluster's inside, and the kubeconfig beside the cloud's env file."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator

import pytest
from kubernetes import client, config
from localcloud.testing import Cloud

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
RELEASE = {
    "chart": {"metadata": {"name": "application", "version": "1.2.3"}},
    "config": {"replicas": 3},
    "info": {"status": "deployed"},
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud(control_plane=True) as running:
        ec2, eks = running.client("ec2"), running.client("eks")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")[
                "Subnet"
            ]["SubnetId"]
            for number, zone in enumerate("ab")
        ]
        role = running.client("iam").create_role(RoleName="cluster", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        running.client("iam").attach_role_policy(
            RoleName="cluster", PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
        )
        eks.create_cluster(name="demo", roleArn=role, resourcesVpcConfig={"subnetIds": subnets})
        yield running


def test_a_cluster_nobody_connected_to_has_no_inside_and_one_in_use_shows_it(cloud: Cloud) -> None:
    assert not [name for name in cloud.dump() if name.startswith("kubernetes/")]
    with config.new_client_from_config(config_file=str(cloud.directory / "kubeconfig-demo")) as api:
        core = client.CoreV1Api(api)
        core.create_namespace({"metadata": {"name": "web", "labels": {"a": "b"}}})
        data = base64.b64encode(gzip.compress(json.dumps(RELEASE).encode())).decode()
        labels = {"owner": "helm", "name": "api", "version": "1", "team": "web"}
        secret = {"metadata": {"name": "sh.helm.release.v1.api.v1", "labels": labels}, "stringData": {"release": data}}
        core.create_namespaced_secret("web", secret)
        client.AppsV1Api(api).create_namespaced_deployment("web", deployment())
    dump = cloud.dump()
    assert dump["kubernetes/namespace/demo/web"]["labels"]["a"] == "b"
    assert dump["kubernetes/release/demo/web/api"] == {
        "chart": "application",
        "version": "1.2.3",
        "status": "deployed",
        "values": {"replicas": 3},
        "labels": {"team": "web"},
    }
    assert dump["kubernetes/deployment/demo/web/api"] == {"replicas": 2, "ready": 0, "images": ["example/api:1"]}


def deployment() -> dict[str, object]:
    pod = {"metadata": {"labels": {"app": "api"}}, "spec": {"containers": [{"name": "api", "image": "example/api:1"}]}}
    return {
        "metadata": {"name": "api"},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "api"}}, "template": pod},
    }


def test_the_kubeconfig_goes_with_its_cluster(cloud: Cloud) -> None:
    cloud.client("eks").delete_cluster(name="demo")
    cloud.client("eks").list_clusters()
    assert not (cloud.directory / "kubeconfig-demo").exists()
    assert not [name for name in cloud.dump() if name.startswith("kubernetes/")]
