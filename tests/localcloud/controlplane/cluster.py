# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One cluster: an address that is there at once, and the processes behind it once somebody connects."""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from localcloud.controlplane import binaries
from localcloud.controlplane.api import Api
from localcloud.controlplane.certificates import Authority, write_kubeconfig, write_service_account_keys
from localcloud.controlplane.components import Programs
from localcloud.controlplane.etcd import Etcd
from localcloud.controlplane.lazy_listener import Listeners
from localcloud.controlplane.nodes import Node, Nodes
from localcloud.controlplane.processes import Port, ProcessGroup, kill, running, wait_ready

START_SECONDS = 180
LOGGER = logging.getLogger(__name__)


class Deleted(Exception):
    """The cluster was deleted while it was starting."""


@dataclass(frozen=True)
class Shared:
    """What all clusters of one owner have in common. ``find_binaries`` may raise NoControlPlane."""

    group: ProcessGroup
    etcd: Etcd
    listeners: Listeners
    find_binaries: Callable[[], Path]


@dataclass
class Generation:
    """The processes of one version. A version update starts the next one before it ends this one."""

    programs: Programs
    api: Api
    port: Port = field(default_factory=Port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        return self.processes[0].poll() is None

    def stop(self) -> None:
        kill(self.processes)
        self.port.close()


class Cluster:
    """Thread-safe. All methods but ``delete`` return without waiting for processes to start."""

    def __init__(self, shared: Shared, directory: Path, name: str, version: str, issuer: str, webhooks: str) -> None:
        """``webhooks`` is the URL under which ``/authenticate`` and ``/authorize`` answer for this cluster."""
        self._shared = shared
        self._directory = directory
        self._version = version
        self._issuer = issuer
        self._prefix = f"/{name}-{uuid.uuid4().hex[:8]}/"  # a cluster made anew under the same name finds nothing
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._nodes_lock = threading.Lock()
        self._address: Future[int | None] | None = None
        self._generation: Generation | None = None
        self._processes: list[subprocess.Popen[bytes]] = []
        self._deleted = False
        self._wanted_nodes: list[Node] = []
        self._nodes = Nodes()
        directory.mkdir(parents=True)
        self.authority = Authority(directory, name)
        self.authority.issue_client("admin", "system:masters")
        for question in ("authenticate", "authorize"):
            write_kubeconfig(directory / f"{question}.kubeconfig", f"{webhooks}/{question}")
        self._listener = shared.listeners.listen(self.start)
        self.url = f"https://127.0.0.1:{self._listener.port}"
        self.kubeconfig = directory / "admin.kubeconfig"
        write_kubeconfig(self.kubeconfig, self.url, self.authority.pem, directory / "admin")

    def start(self) -> Future[int | None]:
        """The API server's own port, once it is ready, or None when it does not start; the log then says why.

        Starts what does not run, or not any more.
        """
        with self._lock:
            if self._address is None or self._is_gone(self._address):
                self._address = self._start_in_background()
            return self._address

    def _is_gone(self, address: Future[int | None]) -> bool:
        """Whether the start failed, or the API server has ended since."""
        if not address.done():
            return False
        return address.result() is None or self._generation is None or not self._generation.alive

    def set_version(self, version: str) -> None:
        """Connections made from now on reach an API server of ``version``; those there are end when it takes over."""
        with self._lock:
            if version == self._version:
                return
            self._version = version
            if self._address is not None:
                self._address = self._start_in_background()

    def set_nodes(self, nodes: Sequence[Node]) -> None:
        """Applied at once where the cluster runs, else when it starts."""
        with self._nodes_lock:
            self._wanted_nodes = list(nodes)
            if self._generation is not None and self._generation.alive:
                self._nodes.converge(self._generation.api, self._wanted_nodes)

    def delete(self) -> None:
        with self._lock:
            self._deleted = True
            processes = list(self._processes)
        self._listener.close()
        kill(processes)
        with self._starting:  # ends at once: what it waits for is dead
            if self._generation is not None:
                self._generation.stop()
        self._shared.etcd.delete(self._prefix)
        shutil.rmtree(self._directory)

    def _start_in_background(self) -> Future[int | None]:
        address: Future[int | None] = Future()
        threading.Thread(target=self._start, args=(address,), daemon=True).start()
        return address

    def _start(self, address: Future[int | None]) -> None:
        port = None
        try:
            with self._starting:
                port = self._current_port()
        except Deleted:
            pass
        except Exception:
            if not self._deleted:  # its processes were killed
                LOGGER.exception("the control plane under %s does not start", self._directory)
        address.set_result(port)

    def _current_port(self) -> int:
        version = self._version
        if self._generation is None or not self._generation.alive or self._generation.programs.version != version:
            generation = self._launch(version)
            try:
                self._replace_generation(generation)
            except Exception:
                generation.stop()
                raise
        assert self._generation is not None
        return self._generation.port.number

    def _replace_generation(self, generation: Generation) -> None:
        with self._nodes_lock:
            if self._generation is not None:
                self._generation.stop()
            self._generation = generation
            self._nodes.converge(generation.api, self._wanted_nodes)
        kubeconfig = self._directory / "components.kubeconfig"
        write_kubeconfig(
            kubeconfig, f"https://127.0.0.1:{generation.port.number}", self.authority.pem, self._directory / "admin"
        )
        programs = generation.programs
        for command in (
            programs.controller_manager(kubeconfig),
            programs.scheduler(kubeconfig),
            programs.kwok(kubeconfig),
        ):
            self._spawn(generation, command)

    def _launch(self, version: str) -> Generation:
        """An API server that is ready."""
        directory = self._shared.find_binaries()
        self._shared.etcd.start(directory)
        if not (self._directory / "sa.key").exists():
            write_service_account_keys(self._directory)
            self.authority.issue_server("apiserver")
        playable = binaries.versions(directory)
        if version not in playable:
            raise ValueError(f"the programs in {directory} play Kubernetes {', '.join(playable)}, not {version}")
        programs = Programs(directory, self._directory, version, self._issuer)
        port = Port()
        url = f"https://127.0.0.1:{port.number}"
        generation = Generation(programs, Api(url, self.authority.file, self._directory / "admin"), port)
        command = programs.api_server(port.number, self._shared.etcd.url, self._prefix)
        try:
            server = self._spawn(generation, command)
            wait_ready(server, self._log(command), lambda: generation.api.answers("/readyz"), START_SECONDS)
        except Exception:
            generation.stop()
            raise
        return generation

    def _spawn(self, generation: Generation, command: list[str | Path]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._deleted:
                raise Deleted
            process = self._shared.group.start(command, self._log(command))
            generation.processes.append(process)
            self._processes = [*running(self._processes), process]
            return process

    def _log(self, command: list[str | Path]) -> Path:
        return self._directory / f"{Path(command[0]).name}.log"
