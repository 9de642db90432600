# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Helm as a library: its Go SDK in a wheel. The one file that imports ``helm_python``, when it is first used."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..api.cluster import Access
from .interface import HISTORY, MANAGER, HelmFailed, Source, Spec

NOWHERE = json.dumps({"apiVersion": "v1", "kind": "Config"})
"""A kubeconfig for what needs no cluster."""


class GoString(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("length", ctypes.c_ssize_t))


MANAGER_NAME = ctypes.create_string_buffer(MANAGER.encode())
"""Memory that Go points to from then on: it stays as long as this process."""


class HelmLibrary:
    """Raises ImportError when the library is not there, or is not the kind that can be used."""

    def __init__(self) -> None:
        import helm_python
        from helm_python import _native

        self.sdk, self.native = helm_python, _native
        # Helm names its field manager after the process (python, python3.11, ...): the next run, from another, would be
        # in conflict with this one. There is no option for it, but the variable has a name.
        try:
            manager = GoString.in_dll(_native.lib, "helm.sh/helm/v4/pkg/kube.ManagedFieldsManager")
        except ValueError as error:
            raise ImportError(f"this build of helm-python-sdk has no field manager to set: {error}") from error
        manager.data, manager.length = ctypes.addressof(MANAGER_NAME), len(MANAGER)

    def pull(self, source: Source, directory: Path) -> None:
        self.attempt(
            self.sdk.pull, source.name, destination=directory, version=source.version, repo_url=source.repository
        )

    def render(self, spec: Spec, version: str, api_versions: Sequence[str]) -> str:
        options = {"dry_run": "client", "kube_version": version, "api_versions": list(api_versions)}
        with self.sdk.Config(kubeconfig_content=NOWHERE, namespace=spec.namespace) as config:
            return self.release(config, "helm_install", spec, options)

    def render_upgrade(self, access: Access, spec: Spec) -> str:
        with self.config(access, spec.namespace) as config:
            return self.release(config, "helm_upgrade", spec, {"dry_run": "server", "reset_values": True})

    def install(self, access: Access, spec: Spec) -> None:
        with self.config(access, spec.namespace) as config:
            labels = {name: value for name, value in spec.labels.items() if value is not None}
            self.release(config, "helm_install", spec, {**waiting(spec.timeout, spec.wait), "labels": labels})

    def upgrade(self, access: Access, spec: Spec, force_conflicts: bool) -> None:
        options = {"reset_values": True, "max_history": HISTORY, "force_conflicts": force_conflicts}
        labels = {name: "null" if value is None else value for name, value in spec.labels.items()}
        with self.config(access, spec.namespace) as config:
            self.release(
                config, "helm_upgrade", spec, {**waiting(spec.timeout, spec.wait), **options, "labels": labels}
            )

    def rollback(self, access: Access, name: str, namespace: str, revision: int, timeout: int, wait: bool) -> None:
        options = {**waiting(timeout, wait), "version": revision, "force_conflicts": True, "max_history": HISTORY}
        with self.config(access, namespace) as config:
            self.attempt(self.native.call_status, "helm_rollback", config._raw(), name, json.dumps(options))

    def uninstall(self, access: Access, name: str, namespace: str, timeout: int) -> None:
        with self.config(access, namespace) as config:
            self.attempt(config.uninstall, name, ignore_not_found=True, wait="watcher", timeout=timeout)

    def config(self, access: Access, namespace: str) -> Any:
        return self.sdk.Config(kubeconfig_path=access.kubeconfig, namespace=namespace)

    def release(self, config: Any, function: str, spec: Spec, options: dict[str, Any]) -> str:
        """An install or upgrade by the library's C interface: its Python one does not pass on all that this can do."""
        handle = self.native.HANDLE
        payload = json.dumps({"namespace": spec.namespace, "skip_crds": True, **options})
        with self.attempt(self.sdk.Chart.load, spec.chart) as chart:
            values = json.dumps(spec.values)
            answer = self.attempt(
                self.native.call_string,
                function,
                config._raw(),
                handle(0),
                chart._raw(),
                None,
                spec.name,
                values,
                payload,
            )
        return str(json.loads(answer).get("manifest", ""))

    def attempt(self, function: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except self.sdk.HelmError as error:
            raise HelmFailed(str(error)) from error


def waiting(timeout: int, wait: bool) -> dict[str, Any]:
    return {"timeout_seconds": timeout, "wait": "watcher" if wait else "hookOnly"}
