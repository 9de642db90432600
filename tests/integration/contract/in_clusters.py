# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The clusters of an account as an administrator sees them,
through the official client and without any code of Keelson's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from kubernetes import client, config
from localcloud.testing import Cloud


def kubeconfig(cloud: Cloud, cluster: str) -> Path:
    return cloud.directory / f"kubeconfig-{cluster}"


def connect(cloud: Cloud, cluster: str) -> AbstractContextManager[client.ApiClient]:
    return config.new_client_from_config(config_file=str(kubeconfig(cloud, cluster)))


def clusters(cloud: Cloud) -> Iterator[tuple[str, client.ApiClient]]:
    for file in sorted(cloud.directory.glob("kubeconfig-*")):
        name = file.name.removeprefix("kubeconfig-")
        with connect(cloud, name) as api:
            yield name, api


def start(cloud: Cloud) -> None:
    """Every cluster's API server: it starts when it is first asked, and a dump tells what is in it from then on."""
    for _unused, api in clusters(cloud):
        client.VersionApi(api).get_code()


def hold(cloud: Cloud, held: bool) -> None:
    """Whether new pods stay as they are: no node takes any."""
    for _unused, api in clusters(cloud):
        core = client.CoreV1Api(api)
        for node in _items(core.list_node):
            core.patch_node(node["metadata"]["name"], {"spec": {"unschedulable": held or None}})


def marks(cloud: Cloud) -> dict[str, Any]:
    """Of all that modules write to what is another after every write, and after nothing else."""
    found = {}
    for name, api in clusters(cloud):
        core, extensions = client.CoreV1Api(api), client.ApiextensionsV1Api(api)
        for kind, items in (
            ("namespace", _items(core.list_namespace)),
            ("definition", _items(extensions.list_custom_resource_definition)),
            ("revision", _items(core.list_secret_for_all_namespaces, label_selector="owner=helm")),
        ):
            for item in items:
                metadata = item["metadata"]
                own = {
                    part: value for part, value in metadata.items() if part not in ("managedFields", "resourceVersion")
                }
                found[f"{name}: {kind} {metadata.get('namespace', '')}/{metadata['name']}"] = [own, item.get("data")]
    return found


def _items(read: Any, **parameters: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(read(_preload_content=False, **parameters).data)["items"]
    return items
