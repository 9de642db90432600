# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Helm as the official executable, version 4."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..api.cluster import Access, write_private
from .interface import HISTORY, HelmFailed, Source, Spec


class HelmExecutable:
    """``path`` is the executable's. Values go to it in a file, secrets neither in arguments nor in the environment."""

    def __init__(self, path: str) -> None:
        self.path = path

    def pull(self, source: Source, directory: Path) -> None:
        where = ["--repo", source.repository] if source.repository else []
        version = ["--version", source.version] if source.version else []
        self.run(["pull", source.name, *where, *version, "--destination", str(directory)])

    def render(self, spec: Spec, version: str, api_versions: Sequence[str]) -> str:
        known = ["--api-versions", ",".join(api_versions)] if api_versions else []
        return self.release(None, ["template"], spec, ["--no-hooks", "--kube-version", version, *known])

    def render_upgrade(self, access: Access, spec: Spec) -> str:
        answer = self.release(access, ["upgrade"], spec, ["--reset-values", "--dry-run=server", "--output", "json"])
        return str(json.loads(answer)["manifest"])

    def install(self, access: Access, spec: Spec) -> None:
        labels = labelled({name: value for name, value in spec.labels.items() if value is not None})
        self.release(access, ["install"], spec, [*waiting(spec.timeout, spec.wait), *labels])

    def upgrade(self, access: Access, spec: Spec, force_conflicts: bool) -> None:
        options = ["--reset-values", f"--history-max={HISTORY}", f"--force-conflicts={str(force_conflicts).lower()}"]
        labels = labelled({name: "null" if value is None else value for name, value in spec.labels.items()})
        self.release(access, ["upgrade"], spec, [*waiting(spec.timeout, spec.wait), *options, *labels])

    def rollback(self, access: Access, name: str, namespace: str, revision: int, timeout: int, wait: bool) -> None:
        options = ["--force-conflicts", f"--history-max={HISTORY}", *waiting(timeout, wait)]
        self.run([*located(access, namespace), "rollback", name, str(revision), *options], access)

    def uninstall(self, access: Access, name: str, namespace: str, timeout: int) -> None:
        options = ["--ignore-not-found", *waiting(timeout, True)]
        self.run([*located(access, namespace), "uninstall", name, *options], access)

    def release(self, access: Access | None, verb: list[str], spec: Spec, options: list[str]) -> str:
        where = located(access, spec.namespace) if access else ["--namespace", spec.namespace]
        with tempfile.TemporaryDirectory(prefix="keelson-") as directory:
            values = Path(directory) / "values.json"
            write_private(values, json.dumps(spec.values))
            arguments = [*where, *verb, spec.name, str(spec.chart), "--skip-crds", "--values", str(values), *options]
            return self.run(arguments, access)

    def run(self, arguments: list[str], access: Access | None = None) -> str:
        # What would point helm elsewhere, whatever kubeconfig it is given.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("HELM_KUBE", "HELM_NAMESPACE"))
        }
        pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        try:
            process = subprocess.Popen([self.path, *arguments], env=environment, text=True, **pipes)  # noqa: S603  # no shell
        except OSError as error:
            raise HelmFailed(f"{self.path}: cannot be run: {error}") from error
        with process:
            if access:
                access.processes.append(process)
            output, said = process.communicate()
        if process.returncode:
            raise HelmFailed(said.strip().removeprefix("Error: "))
        return output


def located(access: Access, namespace: str) -> list[str]:
    return ["--kubeconfig", str(access.kubeconfig), "--namespace", namespace]


def waiting(timeout: int, wait: bool) -> list[str]:
    return ["--wait=watcher" if wait else "--wait=hookOnly", f"--timeout={timeout}s"]


def labelled(labels: dict[str, str]) -> list[str]:
    return ["--labels", ",".join(f"{name}={value}" for name, value in sorted(labels.items()))] if labels else []
