# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS and its API servers together: nodes that join, tokens that open,
access policies that decide, versions that change.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client
from kubernetes.client.exceptions import ApiException
from localcloud.testing import Cloud

from .account import Account, create_role, make_network

PATIENCE = 120  # seconds


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Cloud(control_plane=True) as cloud:
        environment = cloud.env
        account = Account(cloud.url, key=environment["AWS_ACCESS_KEY_ID"], secret=environment["AWS_SECRET_ACCESS_KEY"])
        make_network(account)
        account.create_cluster(version="1.34")
        account.add("vpc-cni")
        account.create_nodegroup(
            labels={"pool": "system"},
            taints=[{"key": "dedicated", "value": "system", "effect": "NO_SCHEDULE"}],
            scalingConfig={"minSize": 1, "maxSize": 3, "desiredSize": 2},
        )
        assert account.nodegroup()["status"] == "ACTIVE"
        yield account


def connect(account: Account, folder: Path, caller: Account | None = None) -> client.ApiClient:
    """A client whose credential is the caller's EKS token."""
    cluster = account.cluster()
    authority = folder / "ca.pem"
    authority.write_bytes(base64.b64decode(cluster["certificateAuthority"]["data"]))
    configuration = client.Configuration(host=cluster["endpoint"])
    configuration.ssl_ca_cert = str(authority)
    configuration.api_key = {"authorization": f"Bearer {(caller or account).bearer()}"}
    return client.ApiClient(configuration)


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came true"


def test_the_nodes_of_a_group_are_in_the_api_server(account: Account, tmp_path: Path) -> None:
    api = client.CoreV1Api(connect(account, tmp_path))
    nodes = api.list_node().items
    assert len(nodes) == 2
    labels = nodes[0].metadata.labels
    assert labels["eks.amazonaws.com/nodegroup"] == "system" and labels["pool"] == "system"
    assert labels["node.kubernetes.io/instance-type"] == "t3.medium" and labels["kubernetes.io/arch"] == "amd64"
    assert len({node.metadata.labels["topology.kubernetes.io/zone"] for node in nodes}) == 2
    assert ("dedicated", "system", "NoSchedule") in [
        (taint.key, taint.value, taint.effect) for taint in nodes[0].spec.taints
    ]
    assert nodes[0].spec.provider_id.startswith("aws:///eu-west-1")
    assert nodes[0].status.node_info.kubelet_version.startswith("v1.34.")
    scaling = {"minSize": 1, "maxSize": 3, "desiredSize": 3}
    account.eks.update_nodegroup_config(clusterName="prod", nodegroupName="system", scalingConfig=scaling)
    assert account.nodegroup()["scalingConfig"] == scaling
    assert len(api.list_node().items) == 3


def test_an_access_policy_decides_in_the_api_server(account: Account, tmp_path: Path) -> None:
    role = create_role(account.client("iam"), "viewer", "ec2.amazonaws.com")
    session = account.client("sts").assume_role(RoleArn=role, RoleSessionName="jo")["Credentials"]
    caller = Account(
        account.url, key=session["AccessKeyId"], secret=session["SecretAccessKey"], token=session["SessionToken"]
    )
    with pytest.raises(ApiException) as unknown:
        client.CoreV1Api(connect(account, tmp_path, caller)).list_namespaced_pod("default")
    assert unknown.value.status == 401
    account.eks.create_access_entry(clusterName="prod", principalArn=role)
    account.eks.associate_access_policy(
        clusterName="prod",
        principalArn=role,
        policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        accessScope={"type": "namespace", "namespaces": ["default"]},
    )
    api = client.CoreV1Api(connect(account, tmp_path, caller))
    assert api.list_namespaced_pod("default").items == []
    for forbidden in (
        lambda: api.list_namespaced_pod("kube-system"),
        lambda: api.list_namespaced_secret("default"),
        api.list_node,
    ):
        with pytest.raises(ApiException) as refused:
            forbidden()
        assert refused.value.status == 403


def test_a_version_update_reaches_the_api_server_and_its_nodes(account: Account, tmp_path: Path) -> None:
    account.eks.update_cluster_version(name="prod", version="1.35")
    account.eks.update_nodegroup_version(clusterName="prod", nodegroupName="system", version="1.35")
    assert account.nodegroup()["version"] == "1.35"
    wait_until(lambda: server_minor(account, tmp_path) == "35")
    nodes = client.CoreV1Api(connect(account, tmp_path)).list_node().items
    assert {node.status.node_info.kubelet_version.rpartition("-eks")[0].rpartition(".")[0] for node in nodes} == {
        "v1.35"
    }


def server_minor(account: Account, folder: Path) -> str:
    try:
        answer: Any = client.VersionApi(connect(account, folder)).get_code(_preload_content=False)
        return str(json.loads(answer.data)["minor"]).rstrip("+")
    except Exception:  # connections end while one server takes over from the other
        return ""
