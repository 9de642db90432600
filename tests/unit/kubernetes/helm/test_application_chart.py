# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The application chart: what it makes of values, and which values it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.api.client import load_all
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm.choice import open_helm
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm.interface import HelmFailed, Spec

CHART = Path(__file__).resolve().parents[4] / "charts/application"
IMAGE = {"repository": "acme/api", "tag": "1.4.2"}
PYTHON_APP = {
    "image": {"repository": "acme/python-k8s-app", "tag": "1.0.0"},
    "port": 5000,
    "replicas": 3,
    "service": {"name": "python-app-service", "type": "LoadBalancer", "port": 80, "scheme": "internet-facing"},
}


def rendered(values: dict[str, Any], name: str = "api", namespace: str = "apps") -> dict[str, dict[str, Any]]:
    """The chart's objects by kind."""
    manifest = open_helm().render(Spec(name, namespace, CHART, values), "1.35", [])
    return {each["kind"]: each for each in load_all(manifest)}


def container(objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return dict(objects["Deployment"]["spec"]["template"]["spec"]["containers"][0])


def test_the_python_app_is_three_pods_behind_a_load_balancer() -> None:
    objects = rendered(PYTHON_APP, "python-app", "default")
    deployment, service = objects["Deployment"], objects["Service"]
    assert (deployment["metadata"]["name"], deployment["spec"]["replicas"]) == ("python-app", 3)
    assert (
        deployment["metadata"]["labels"]["app"]
        == deployment["spec"]["template"]["metadata"]["labels"]["app"]
        == "python-app"
    )
    main = container(objects)
    assert (main["name"], main["image"], main["ports"][0]["containerPort"]) == (
        "python-app",
        "acme/python-k8s-app:1.0.0",
        5000,
    )
    assert (service["metadata"]["name"], service["spec"]["type"]) == ("python-app-service", "LoadBalancer")
    [port] = service["spec"]["ports"]
    assert (port["protocol"], port["port"], port["targetPort"]) == ("TCP", 80, 5000)
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= labels.items()
    assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()


def test_a_load_balancer_has_its_scheme_and_its_class_named() -> None:
    service = rendered(PYTHON_APP)["Service"]
    assert (
        service["metadata"]["annotations"]["service.beta.kubernetes.io/aws-load-balancer-scheme"] == "internet-facing"
    )
    assert service["spec"]["loadBalancerClass"] == "service.k8s.aws/nlb"


def test_pods_meet_the_restricted_pod_security_standard() -> None:
    objects = rendered({"image": IMAGE, "port": 80})
    pod = objects["Deployment"]["spec"]["template"]["spec"]
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container(objects)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": False,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False


def test_an_autoscaler_takes_the_number_of_pods_from_the_deployment() -> None:
    objects = rendered({"image": IMAGE, "replicas": {"min": 3, "max": 60}})
    assert "replicas" not in objects["Deployment"]["spec"]
    assert (
        objects["HorizontalPodAutoscaler"]["spec"]["minReplicas"],
        objects["HorizontalPodAutoscaler"]["spec"]["maxReplicas"],
    ) == (3, 60)


@pytest.mark.parametrize(
    ("replicas", "budget"), [(None, True), (1, False), (2, True), (0, False), ({"min": 1, "max": 5}, False)]
)
def test_a_disruption_budget_is_there_when_a_pod_can_be_spared(replicas: Any, budget: bool) -> None:
    assert ("PodDisruptionBudget" in rendered({"image": IMAGE, "replicas": replicas})) is budget


def test_a_change_of_the_configuration_restarts_the_pods() -> None:
    def checksum(level: str) -> str:
        template = rendered({"image": IMAGE, "config": {"LEVEL": level}})["Deployment"]["spec"]["template"]
        return str(template["metadata"]["annotations"]["checksum/config"])

    assert checksum("info") == checksum("info") != checksum("debug")


def test_only_those_who_name_an_application_may_connect_to_it() -> None:
    caller = rendered({"image": IMAGE, "talks_to": ["ledger", "data/cache"]}, "api", "apps")
    called = rendered({"image": IMAGE, "port": 8080}, "ledger", "apps")
    labels = caller["Deployment"]["spec"]["template"]["metadata"]["labels"]
    [rule] = called["NetworkPolicy"]["spec"]["ingress"]
    [source] = rule["from"]
    assert source["podSelector"]["matchLabels"].items() <= labels.items()
    assert labels["talks-to.keelson.dev/data.cache"] == "true"
    assert (
        not source["podSelector"]["matchLabels"].items()
        <= called["Deployment"]["spec"]["template"]["metadata"]["labels"].items()
    )


def test_without_a_port_nobody_may_connect_and_there_is_no_service() -> None:
    objects = rendered({"image": IMAGE})
    assert objects["NetworkPolicy"]["spec"]["ingress"] == []
    assert "Service" not in objects and "ports" not in container(objects) and "readinessProbe" not in container(objects)


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ({"registry": "r.example/", "repository": "api", "tag": "1"}, "r.example/api:1"),
        ({"repository": "api", "digest": f"sha256:{'0' * 64}", "tag": "1"}, f"api@sha256:{'0' * 64}"),
    ],
)
def test_an_image_is_named_by_registry_repository_and_tag_or_digest(image: dict[str, str], name: str) -> None:
    assert container(rendered({"image": image}))["image"] == name


def test_environment_comes_from_values_secrets_and_the_configuration() -> None:
    values = {
        "image": IMAGE,
        "env": {"DEBUG": True},
        "secretEnv": {"URL": {"secret": "db"}},
        "config": {"A": 1},
        "envFromSecrets": ["keys"],
    }
    main = container(rendered(values))
    assert main["env"] == [
        {"name": "DEBUG", "value": "true"},
        {"name": "URL", "valueFrom": {"secretKeyRef": {"name": "db", "key": "URL"}}},
    ]
    assert main["envFrom"] == [{"configMapRef": {"name": "api-config"}}, {"secretRef": {"name": "keys"}}]


def test_probes_ask_by_http_by_tcp_or_not_at_all() -> None:
    probes = {"readiness": {"path": "/health", "periodSeconds": 5}, "liveness": {}, "startup": False}
    main = container(rendered({"image": IMAGE, "port": 80, "probes": probes}))
    assert main["readinessProbe"] == {"httpGet": {"path": "/health", "port": "main"}, "periodSeconds": 5}
    assert main["livenessProbe"] == {"tcpSocket": {"port": "main"}}
    assert "startupProbe" not in main


def test_everything_at_once_renders() -> None:
    extra = [{"name": "extra", "image": "busybox:1"}]
    values = {
        **PYTHON_APP,
        "initContainers": extra,
        "sidecars": [{**extra[0], "name": "sidecar"}],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
        "ingress": {"enabled": True, "host": "app.example", "paths": ["/api"], "annotations": {"a": "b"}},
        "podAnnotations": {"c": "d"},
        "podLabels": {"e": "f"},
        "nodeSelector": {"g": "h"},
        "tolerations": [{"operator": "Exists"}],
        "priorityClassName": "high",
        "command": ["python"],
        "args": ["app.py"],
    }
    objects = rendered(values)
    assert {
        "Deployment",
        "Service",
        "Ingress",
        "NetworkPolicy",
        "ServiceAccount",
        "PodDisruptionBudget",
    } == objects.keys()
    assert [each["name"] for each in objects["Deployment"]["spec"]["template"]["spec"]["containers"]] == [
        "api",
        "sidecar",
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "at '/image': missing property 'repository'"),
        ({"image": {"repository": "api"}}, "at '/image': missing property 'tag'"),
        ({"image": IMAGE, "prot": 80}, "additional properties 'prot' not allowed"),
        ({"image": IMAGE, "port": 70000}, "at '/port': maximum: got 70,000, want 65,535"),
        ({"image": IMAGE, "replicas": {"min": 3}}, "at '/replicas': missing property 'max'"),
        ({"image": IMAGE, "replicas": {"min": 3, "max": 2}}, "replicas.max (2) must not be less than replicas.min (3)"),
        (
            {"image": IMAGE, "service": {"type": "NodePort"}},
            "at '/service/type': value must be one of 'ClusterIP', 'LoadBalancer'",
        ),
        ({"image": IMAGE, "talks_to": ["Not A Name"]}, "at '/talks_to/0'"),
    ],
)
def test_values_that_make_no_sense_are_refused_with_their_path(values: dict[str, Any], told: str) -> None:
    with pytest.raises(HelmFailed) as refused:
        rendered(values)
    assert told in str(refused.value)
