# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The programs of a control plane: found, downloaded or built.

``python -m localcloud.controlplane.binaries`` has them ready ahead of time and prints where they are and
how long it took.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from localcloud.controlplane import releases

MODULE = Path(__file__).resolve().parent
PACKAGES = {
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    "kubectl": "k8s.io/kubernetes/cmd/kubectl",
    "etcd": "go.etcd.io/etcd/server/v3",
    "kwok": "sigs.k8s.io/kwok/cmd/kwok",
    "helm": "helm.sh/helm/v4/cmd/helm",
}
# What a cluster runs. The others are for people and tests.
SERVERS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
# An API server plays at most this many minor versions before its own.
EMULATED_MINORS = 3


class NoControlPlane(Exception):
    """The programs cannot be had here; the message says what was tried and why each try failed."""


class Unavailable(Exception):
    """This way of having the programs does not work here, for the reason given."""


def find() -> Path:
    """The directory of the programs. The first call on a machine may take minutes: it builds them.

    Raises NoControlPlane.
    """
    ways: dict[str, Callable[[], Path]] = {
        "KUBEBUILDER_ASSETS": _assets,
        "the cache": _cached,
        "the official releases": _released,
        "go build": _built,
    }
    failures = []
    for name, way in ways.items():
        try:
            return way()
        except Unavailable as reason:
            failures.append(f"{name}: {reason}")
    raise NoControlPlane("no Kubernetes control plane can be had:\n  " + "\n  ".join(failures))


@cache
def versions(directory: Path) -> tuple[str, ...]:
    """The Kubernetes versions that the API server in ``directory`` can play, oldest first, its own last."""
    output = subprocess.run(
        [directory / "kube-apiserver", "--version"], capture_output=True, text=True, check=True
    ).stdout
    match = re.search(r"v1\.(\d+)", output)
    if match is None:
        raise NoControlPlane(f"{directory}/kube-apiserver does not tell its version: {output!r}")
    minor = int(match[1])
    return tuple(f"1.{number}" for number in range(minor - EMULATED_MINORS, minor + 1))


def _assets() -> Path:
    value = os.environ.get("KUBEBUILDER_ASSETS")
    if not value:
        raise Unavailable("is not set")
    return _complete(Path(value))


def _complete(directory: Path) -> Path:
    missing = [program for program in SERVERS if not os.access(directory / program, os.X_OK)]
    if missing:
        raise Unavailable(f"{directory} lacks {', '.join(missing)}")
    return directory


def _cached() -> Path:
    candidates = [_cache_directory(source) for source in ("release", _go_version()) if source]
    for directory in candidates:
        if directory.is_dir():
            return _complete(directory)
    raise Unavailable(f"{_cache()} holds none for this go.mod, platform and Go version")


def _released() -> Path:
    try:
        archives = releases.available(_pinned(), platform.system().lower(), _architecture())
        with _filled(_cache_directory("release")) as target:
            for release in archives:
                print(f"localcloud: downloading {release.program}", file=sys.stderr, flush=True)
                releases.download(release, target)
    except releases.CannotDownload as error:
        raise Unavailable(str(error)) from error
    return _complete(_cache_directory("release"))


def _built() -> Path:
    go_version = _go_version()
    if not go_version:
        raise Unavailable("there is no go command")
    directory = _cache_directory(go_version)
    with _locked(directory):
        if not directory.is_dir():
            print("localcloud: building the control plane, once for this machine: minutes", file=sys.stderr, flush=True)
            with _filled(directory) as target:
                _build(target)
    return _complete(directory)


def _build(target: Path) -> None:
    """Beside the programs, the API server once more for each version it plays: only the linker can make it say so."""
    own, *older = _kubernetes_versions()
    _go_build(target, own, *PACKAGES.values())
    (target / "server").rename(target / "etcd")
    for version in older:
        _go_build(target / api_server(version), version, PACKAGES["kube-apiserver"])


def _go_build(output: Path, kubernetes_version: str, *packages: str) -> None:
    command = ["go", "build", *_build_flags(kubernetes_version), "-o", str(output), *packages]
    environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
    result = subprocess.run(command, cwd=MODULE, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise Unavailable("failed: " + " | ".join(result.stderr.strip().splitlines()[-5:]))


def _build_flags(kubernetes_version: str) -> list[str]:
    """Kubernetes and Helm learn their own version from the linker."""
    variables = {
        "k8s.io/component-base/version.gitVersion": kubernetes_version,
        "k8s.io/component-base/version.gitMajor": "1",
        "k8s.io/component-base/version.gitMinor": kubernetes_version.split(".")[1],
        "helm.sh/helm/v4/internal/version.version": _pinned()["helm.sh/helm/v4"],
    }
    linker = " ".join(["-s", "-w", *(f"-X={name}={value}" for name, value in variables.items())])
    return ["-buildvcs=false", "-trimpath", "-mod=readonly", "-ldflags", linker]


def _kubernetes_versions() -> list[str]:
    """The pinned version and those before it that it can play, as EKS writes them: like ``v1.36.3-eks-local``."""
    own = _pinned()["k8s.io/kubernetes"]
    minor = int(own.split(".")[1])
    older = [f"v1.{number}.0" for number in range(minor - 1, minor - EMULATED_MINORS - 1, -1)]
    return [f"{version}-eks-local" for version in (own, *older)]


def api_server(version: str) -> str:
    """The file name of the API server that says it is of ``version`` (``1.35`` or ``v1.35...``) without being told."""
    minor = ".".join(version.removeprefix("v").split(".")[:2])
    return f"kube-apiserver-{minor}"


def _pinned() -> dict[str, str]:
    """go.mod's requirements: module path to version."""
    return dict(re.findall(r"^\s+(\S+) (v\S+)", (MODULE / "go.mod").read_text(), re.MULTILINE))


@cache
def _go_version() -> str:
    """Like ``go1.26.8``; empty where Go is not there or too old for go.mod and may not fetch a newer one."""
    if shutil.which("go") is None:
        return ""
    result = subprocess.run(["go", "env", "GOVERSION"], cwd=MODULE, capture_output=True, text=True, check=False)
    return result.stdout.strip()


def _architecture() -> str:
    machine = platform.machine().lower()
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)


def _cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "keelson" / "controlplane"


def _cache_directory(source: str) -> Path:
    """Named after all that decides what is in it. ``source`` is the Go version that builds, or ``release``."""
    facts = [[_build_flags(version) for version in _kubernetes_versions()], source, platform.system(), _architecture()]
    content = (MODULE / "go.mod").read_bytes() + (MODULE / "go.sum").read_bytes() + json.dumps(facts).encode()
    return _cache() / hashlib.sha256(content).hexdigest()[:16]


@contextmanager
def _filled(directory: Path) -> Iterator[Path]:
    """A temporary directory that becomes ``directory`` when the block ends well, and is gone when it does not."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f"{directory.name}.", dir=directory.parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        try:
            temporary.rename(directory)
        except OSError:
            if not directory.is_dir():  # otherwise somebody else was faster
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """One process builds, the others wait for it."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with directory.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    started = time.monotonic()
    try:
        directory = find()
    except NoControlPlane as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{directory} ({time.monotonic() - started:.1f} s; plays Kubernetes {', '.join(versions(directory))})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
