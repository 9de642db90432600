# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What runs in the local cloud's clusters, seen through the official client."""

from __future__ import annotations

from typing import Any

from kubernetes import client
from localcloud.controlplane import ControlPlanes, Endpoint

from .clusters import ISSUER, admin, available, deployment, eventually, node


def test_nodes_follow_what_is_wanted_and_pods_move_off_those_that_go(planes: ControlPlanes) -> None:
    endpoint = planes.create("resized", issuer=ISSUER)
    core = client.CoreV1Api(admin(endpoint))
    planes.set_nodes("resized", [node(1, labels={"tier": "system"}), node(2)])
    eventually(lambda: [ready(item) for item in core.list_node().items] == ["True", "True"])
    core.patch_node(node(1).name, {"metadata": {"labels": {"team": "blue"}}})
    client.AppsV1Api(admin(endpoint)).create_namespaced_deployment("default", deployment("web", 4))
    eventually(lambda: available(endpoint, "web") == 4)
    taint = {"key": "dedicated", "value": "web", "effect": "NoSchedule"}
    planes.set_nodes("resized", [node(1, cpu="3500m"), node(3, taints=[taint])])
    first, third = (core.read_node(node(number).name) for number in (1, 3))
    assert [item.metadata.name for item in core.list_node().items] == [first.metadata.name, third.metadata.name]
    assert "tier" not in first.metadata.labels
    assert first.metadata.labels["team"] == "blue"
    assert first.metadata.labels["topology.kubernetes.io/region"] == "eu-west-1"
    assert first.status.allocatable["cpu"] == "3500m"
    assert [(item.key, item.effect) for item in third.spec.taints] == [("dedicated", "NoSchedule")]
    assert [item.address for item in third.status.addresses if item.type == "InternalIP"] == ["10.0.0.3"]
    assert third.spec.provider_id == "aws:///eu-west-1a/i-00000000000000003"
    eventually(lambda: available(endpoint, "web") == 4)
    assert {pod.spec.node_name for pod in core.list_namespaced_pod("default").items} == {node(1).name}
    planes.delete("resized")


def ready(item: Any) -> str:
    return next((condition.status for condition in item.status.conditions or [] if condition.type == "Ready"), "")


def test_a_load_balancer_gets_a_host_name_in_the_clusters_region(demo: Endpoint) -> None:
    core = client.CoreV1Api(admin(demo))
    spec = {"type": "LoadBalancer", "selector": {"app": "edge"}, "ports": [{"port": 80}]}
    core.create_namespaced_service("default", {"metadata": {"name": "edge"}, "spec": spec})
    ingress = eventually(lambda: core.read_namespaced_service("edge", "default").status.load_balancer.ingress)
    assert ingress[0].hostname.startswith("k8s-default-edge-")
    assert ingress[0].hostname.endswith(".elb.eu-west-1.amazonaws.com")


def test_a_job_completes(demo: Endpoint) -> None:
    batch = client.BatchV1Api(admin(demo))
    pod = {"spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "busybox"}]}}
    batch.create_namespaced_job("default", {"metadata": {"name": "migrate"}, "spec": {"template": pod}})
    eventually(lambda: batch.read_namespaced_job("migrate", "default").status.succeeded == 1)


def test_an_image_that_does_not_exist_keeps_its_pods_from_getting_ready(demo: Endpoint) -> None:
    apps, core = client.AppsV1Api(admin(demo)), client.CoreV1Api(admin(demo))
    apps.create_namespaced_deployment("default", deployment("broken", 1, image="registry.example/does-not-exist:1"))

    def reasons() -> list[str]:
        pods = core.list_namespaced_pod("default", label_selector="app=broken").items
        return [status.state.waiting.reason for pod in pods for status in pod.status.container_statuses or []]

    assert eventually(reasons) == ["ImagePullBackOff"]
    assert available(demo, "broken") == 0


def test_a_namespace_goes_with_all_that_is_in_it(demo: Endpoint) -> None:
    core, apps = client.CoreV1Api(admin(demo)), client.AppsV1Api(admin(demo))
    core.create_namespace({"metadata": {"name": "passing"}})
    apps.create_namespaced_deployment("passing", deployment("web", 2))
    eventually(lambda: apps.read_namespaced_deployment("web", "passing").status.available_replicas == 2)
    core.delete_namespace("passing")
    eventually(lambda: "passing" not in [item.metadata.name for item in core.list_namespace().items])
