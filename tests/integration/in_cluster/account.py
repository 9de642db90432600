# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cluster ``acme-test`` with a real API server, for the tests of what is in it: components run,
raw changes, small charts.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Component
from ansible_collections.keelson.eks.plugins.module_utils.components.in_cluster import helm_releases, namespaces
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.api.client import Client
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.api.cluster import Cluster
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm.records import Record, history
from localcloud.testing import Cloud

Options = dict[str, Any]
Result = dict[str, Any]
CLUSTER = "acme-test"
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: main
          image: {{ .Values.image }}
          resources: {requests: {cpu: {{ .Values.cpu | quote }}}}
"""
DEFAULTS = {"replicas": 1, "image": "web:1", "cpu": "1000m"}


@dataclass(frozen=True)
class Account:
    """An account of the local cloud. ``helm``: the executable to use instead of the library."""

    cloud: Cloud
    helm: str | None = None

    @property
    def common(self) -> Options:
        env = self.cloud.env
        return {
            "platform": "acme",
            "environment": "test",
            "region": "us-east-1",
            "endpoint_url": env["AWS_ENDPOINT_URL"],
            "access_key": env["AWS_ACCESS_KEY_ID"],
            "secret_key": env["AWS_SECRET_ACCESS_KEY"],
            "wait_interval": 0.1,
            "wait_timeout": 60,
        }

    def releases(self, check: bool = False, **options: Any) -> Result:
        return self.run(helm_releases.COMPONENT, {"helm_executable": self.helm, **options}, check)

    def namespaces(self, check: bool = False, **options: Any) -> Result:
        return self.run(namespaces.COMPONENT, options, check)

    def run(self, component: Component, options: Options, check: bool) -> Result:
        validation = ArgumentSpecValidator(component.argument_spec, **component.restrictions).validate(
            {**self.common, **options}
        )
        assert not validation.error_messages, validation.error_messages
        return component.run(validation.validated_parameters, check=check, diff=True)

    @property
    def cluster(self) -> Cluster:
        names = ("region", "endpoint_url", "access_key", "secret_key")
        return Cluster(Aws(Connection(**{name: self.common[name] for name in names})), CLUSTER)

    @cached_property
    def api(self) -> Client:
        """For changes behind the components' backs, and to see what there is."""
        return self.cluster.client

    def history(self, name: str, namespace: str = "default") -> list[Record]:
        return history(self.api, namespace, name)

    def edit(self, path: str, patch: dict[str, Any], manager: str = "kubectl-edit") -> None:
        """As ``kubectl edit`` does it."""
        self.api.request("PATCH", path, {"fieldManager": manager}, patch, "application/merge-patch+json")

    def apply(self, path: str, manifest: dict[str, Any], manager: str = "other-tool") -> None:
        self.api.apply(path, manifest, manager=manager, force=True)


@contextlib.contextmanager
def cluster_account(nodes: int = 2) -> Iterator[Account]:
    """With nodes of 2 CPUs, whose pods become ready at once."""
    with Cloud(control_plane=True) as cloud:
        make_cluster(cloud, nodes)
        yield Account(cloud)


def make_cluster(cloud: Cloud, nodes: int) -> None:
    ec2, eks = cloud.client("ec2"), cloud.client("eks")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    zones = {"10.0.0.0/24": "us-east-1a", "10.0.1.0/24": "us-east-1b"}
    made = [ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone) for cidr, zone in zones.items()]
    subnets = [each["Subnet"]["SubnetId"] for each in made]
    eks.create_cluster(
        name=CLUSTER,
        version="1.35",
        roleArn=make_role(cloud, "control-plane", "eks", ["AmazonEKSClusterPolicy"]),
        resourcesVpcConfig={"subnetIds": subnets},
        accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
        tags={"keelson:platform": "acme", "keelson:environment": "test"},
    )
    eks.get_waiter("cluster_active").wait(name=CLUSTER, WaiterConfig={"Delay": 1})
    if not nodes:
        return
    policies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy"]
    role = make_role(cloud, "node", "ec2", policies)
    scaling = {"minSize": nodes, "maxSize": nodes, "desiredSize": nodes}
    eks.create_nodegroup(
        clusterName=CLUSTER, nodegroupName="system", subnets=subnets, nodeRole=role, scalingConfig=scaling
    )
    eks.get_waiter("nodegroup_active").wait(clusterName=CLUSTER, nodegroupName="system", WaiterConfig={"Delay": 1})


def make_role(cloud: Cloud, name: str, service: str, policies: list[str]) -> str:
    iam = cloud.client("iam")
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    for policy in policies:
        iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    return str(arn)


def write_chart(folder: Path, version: str = "1.0.0", templates: dict[str, str] | None = None, **more: str) -> str:
    """A chart with one Deployment unless ``templates`` says otherwise; ``more``: other files,
    by their paths with __ for /.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text(yaml.safe_dump({"apiVersion": "v2", "name": folder.name, "version": version}))
    (folder / "values.yaml").write_text(yaml.safe_dump(DEFAULTS))
    files = {f"templates/{name}.yaml": text for name, text in (templates or {"deployment": DEPLOYMENT}).items()}
    files.update({name.replace("__", "/") + ".yaml": text for name, text in more.items()})
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return str(folder)


def acted(result: Result) -> dict[str, str]:
    """What was done to what, by key; a failed result fails."""
    assert not result.get("failed"), result["msg"]
    return {row["key"]: row["action"] for row in result["resources"] if row["action"] != "none"}


def diff_of(result: Result, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    [entry] = [entry for entry in result["diff"] if entry["before_header"].startswith(f"{name} ")]
    return entry["before"], entry["after"]
