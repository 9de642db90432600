# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The API servers of the local cloud's clusters, seen through the official client, and their processes."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from localcloud.controlplane import ControlPlanes, Endpoint
from localcloud.controlplane.api import Api
from urllib3.exceptions import MaxRetryError

from .clusters import ISSUER, PATIENCE, Answers, admin, available, deployment, eventually, node

TESTS = Path(__file__).resolve().parents[3]


def bearer(endpoint: Endpoint, token: str, authority: Path) -> Any:
    authority.write_text(endpoint.certificate_authority_pem)
    settings = client.Configuration(host=endpoint.url, api_key={"authorization": f"Bearer {token}"})
    settings.ssl_ca_cert = str(authority)
    return client.CoreV1Api(client.ApiClient(settings))


def all_available(endpoint: Endpoint, name: str, replicas: int) -> bool:
    return available(endpoint, name) == replicas


def refuses(endpoint: Endpoint) -> bool:
    host, port = endpoint.url.removeprefix("https://").split(":")
    try:
        socket.create_connection((host, int(port))).close()
    except ConnectionRefusedError:
        return True
    return False


def alive(pid: int) -> bool:
    """Not gone, and not a zombie that nobody has waited for."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def processes_with(text: str) -> list[int]:
    lines = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if text in line and "ps -ww" not in line]


def test_a_cluster_that_nobody_connects_to_starts_no_process(planes: ControlPlanes) -> None:
    endpoint = planes.create("untouched")
    planes.set_nodes("untouched", [node(1)])
    planes.set_version("untouched", "1.36")
    assert processes_with(str(endpoint.kubeconfig.parent)) == []
    planes.delete("untouched")
    assert refuses(endpoint)


def test_three_clusters_at_once_each_run_a_deployment_of_their_own(planes: ControlPlanes, demo: Endpoint) -> None:
    endpoints = {"demo": demo, "second": planes.create("second", "1.36"), "third": planes.create("third", "1.33")}
    for name, endpoint in endpoints.items():
        planes.set_nodes(name, [node(1), node(2)])
        client.AppsV1Api(admin(endpoint)).create_namespaced_deployment("default", deployment(f"web-{name}", 3))
    for name, endpoint in endpoints.items():
        eventually(partial(all_available, endpoint, f"web-{name}", 3))
        names = [
            item.metadata.name for item in client.AppsV1Api(admin(endpoint)).list_deployment_for_all_namespaces().items
        ]
        assert names == [f"web-{name}"]
        pods = client.CoreV1Api(admin(endpoint)).list_namespaced_pod("default").items
        assert {pod.spec.node_name for pod in pods} == {node(1).name, node(2).name}
        assert all(pod.status.phase == "Running" and pod.status.pod_ip for pod in pods)
    for name in ("second", "third"):
        planes.delete(name)


def test_many_first_connections_at_once_all_reach_the_one_api_server(planes: ControlPlanes, tmp_path: Path) -> None:
    endpoint = planes.create("crowded")

    def ask(_number: int) -> str:
        return str(client.VersionApi(admin(endpoint)).get_code().minor)

    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(ask, range(30))) == {"35"}
    assert len(processes_with(str(endpoint.kubeconfig.parent / "apiserver.crt"))) == 1
    planes.delete("crowded")


@pytest.mark.parametrize("version", ["1.33", "1.34", "1.35", "1.36"])
def test_the_api_server_says_that_it_is_of_the_clusters_version(planes: ControlPlanes, version: str) -> None:
    endpoint = planes.create(f"version-{version}", version)
    answer = client.VersionApi(admin(endpoint)).get_code()
    assert (f"{answer.major}.{answer.minor}", ".".join(answer.git_version.split(".")[:2])) == (version, f"v{version}")
    planes.delete(f"version-{version}")


def test_a_deleted_cluster_leaves_no_process_no_file_and_no_data(planes: ControlPlanes) -> None:
    endpoint = planes.create("short-lived")
    client.CoreV1Api(admin(endpoint)).create_namespace({"metadata": {"name": "kept"}})
    etcd = Api(planes._shared.etcd.url)
    everything = {
        "key": base64.b64encode(b"/").decode(),
        "range_end": base64.b64encode(b"0").decode(),
        "keys_only": True,
    }

    def keys() -> list[str]:
        found = etcd.call("POST", "/v3/kv/range", everything).get("kvs", [])
        return [key for item in found if "short-lived" in (key := base64.b64decode(item["key"]).decode())]

    assert any(key.endswith("/namespaces/kept") for key in keys())
    planes.delete("short-lived")
    assert keys() == []
    assert refuses(endpoint)
    assert not endpoint.kubeconfig.parent.exists()
    assert processes_with(str(endpoint.kubeconfig.parent)) == []
    again = planes.create("short-lived")
    assert "kept" not in [item.metadata.name for item in client.CoreV1Api(admin(again)).list_namespace().items]
    planes.delete("short-lived")


def test_a_token_that_was_refused_is_asked_about_again(demo: Endpoint, answers: Answers, tmp_path: Path) -> None:
    alice = bearer(demo, "secret-1", tmp_path / "ca.pem")
    with pytest.raises(ApiException) as unknown:
        alice.list_namespace()
    assert unknown.value.status == 401
    path, spec = answers.asked[-1]
    assert (path, spec["token"]) == ("/_localcloud/clusters/demo/authenticate", "secret-1")
    answers.users["secret-1"] = "arn:aws:iam::123456789012:user/alice"
    with pytest.raises(ApiException) as refused:
        alice.list_namespace()
    assert refused.value.status == 403
    assert "arn:aws:iam::123456789012:user/alice" in refused.value.body


def test_what_rbac_does_not_allow_is_asked_about_each_time(demo: Endpoint, answers: Answers, tmp_path: Path) -> None:
    answers.users["secret-2"] = "bob"
    answers.allowed.add("bob")
    bob = bearer(demo, "secret-2", tmp_path / "ca.pem")
    assert "default" in [item.metadata.name for item in bob.list_namespace().items]
    path, spec = answers.asked[-1]
    assert path == "/_localcloud/clusters/demo/authorize"
    assert (spec["user"], spec["resourceAttributes"]["verb"], spec["resourceAttributes"]["resource"]) == (
        "bob",
        "list",
        "namespaces",
    )
    answers.allowed.remove("bob")
    with pytest.raises(ApiException) as refused:
        bob.list_namespace()
    assert refused.value.status == 403


def test_the_administrators_kubeconfig_needs_no_answer_from_the_cloud(demo: Endpoint, answers: Answers) -> None:
    before = len(answers.asked)
    client.CoreV1Api(admin(demo)).list_node()
    assert len(answers.asked) == before


def test_service_account_tokens_name_the_clusters_issuer(demo: Endpoint) -> None:
    core = client.CoreV1Api(admin(demo))
    eventually(
        lambda: [
            item for item in core.list_namespaced_service_account("default").items if item.metadata.name == "default"
        ]
    )
    request = {"spec": {"audiences": ["sts.amazonaws.com"], "expirationSeconds": 3600}}
    token = core.create_namespaced_service_account_token("default", "default", request).status.token
    header, payload = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    assert (header["alg"], payload["iss"], payload["aud"]) == ("RS256", ISSUER, ["sts.amazonaws.com"])


def test_a_version_update_keeps_what_is_in_the_cluster(planes: ControlPlanes) -> None:
    endpoint = planes.create("updated", "1.34")
    planes.set_nodes("updated", [node(1)])
    client.CoreV1Api(admin(endpoint)).create_namespace({"metadata": {"name": "kept"}})
    planes.set_version("updated", "1.35")
    assert client.VersionApi(admin(endpoint)).get_code().minor == "35"
    assert client.CoreV1Api(admin(endpoint)).read_namespace("kept").status.phase == "Active"
    client.AppsV1Api(admin(endpoint)).create_namespaced_deployment("default", deployment("after", 1))
    eventually(lambda: available(endpoint, "after") == 1)
    assert len(processes_with(str(endpoint.kubeconfig.parent / "apiserver.crt"))) == 1
    planes.delete("updated")


def test_an_api_server_that_died_is_started_again_with_its_data(planes: ControlPlanes) -> None:
    endpoint = planes.create("crashed")
    client.CoreV1Api(admin(endpoint)).create_namespace({"metadata": {"name": "kept"}})
    (pid,) = processes_with(str(endpoint.kubeconfig.parent / "apiserver.crt"))
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not alive(pid))
    assert client.CoreV1Api(admin(endpoint)).read_namespace("kept").status.phase == "Active"
    planes.delete("crashed")


def test_deleting_a_cluster_that_is_starting_is_quick_and_silent(
    planes: ControlPlanes, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = planes.create("given-up", eager=True)
    server = str(endpoint.kubeconfig.parent / "apiserver.crt")
    eventually(lambda: processes_with(server))
    planes.delete("given-up")
    assert processes_with(str(endpoint.kubeconfig.parent)) == []
    assert caplog.records == []


def test_a_version_that_cannot_be_played_ends_connections_and_says_why(
    planes: ControlPlanes, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = planes.create("ancient", "1.20")
    core = client.VersionApi(admin(endpoint))
    core.api_client.configuration.retries = False
    with pytest.raises(MaxRetryError):
        core.get_code()
    assert "play Kubernetes 1.33, 1.34, 1.35, 1.36, not 1.20" in caplog.text
    planes.delete("ancient")


def test_a_watch_goes_on_while_others_come_and_go(demo: Endpoint) -> None:
    core = client.CoreV1Api(admin(demo))
    version = core.list_namespaced_config_map("default").metadata.resource_version
    stream = core.list_namespaced_config_map(
        "default", watch=True, resource_version=version, timeout_seconds=PATIENCE, _preload_content=False
    )
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda number: create_config_map(demo, f"watched-{number}"), range(16)))
    seen = set()
    for line in stream:
        seen.add(json.loads(line)["object"]["metadata"]["name"])
        if seen.issuperset(names):
            break
    stream.close()
    assert seen == set(names)


def create_config_map(endpoint: Endpoint, name: str) -> str:
    client.CoreV1Api(admin(endpoint)).create_namespaced_config_map("default", {"metadata": {"name": name}})
    return name


def test_no_process_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from localcloud.controlplane import ControlPlanes\n"
        "planes = ControlPlanes(Path(sys.argv[1]), 'http://127.0.0.1:1')\n"
        "print(planes.create('orphan').url, flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as parent:
        assert parent.stdout
        assert parent.stdout.readline().startswith("https://127.0.0.1:")
        kubeconfig = tmp_path / "controlplane" / "clusters" / "orphan" / "admin.kubeconfig"
        client.CoreV1Api(config.new_client_from_config(str(kubeconfig))).list_namespace()
        children = eventually(lambda: len(found := processes_with(f"{tmp_path}/controlplane")) == 5 and found)
        parent.kill()
    eventually(lambda: not any(alive(pid) for pid in children))
