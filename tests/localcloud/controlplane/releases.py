# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The official releases of the programs of a control plane, each verified against its published SHA-256 checksum."""

from __future__ import annotations

import hashlib
import http.client
import json
import shutil
import socket
import tarfile
import threading
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# Seconds: for a host's name to resolve, for a connection, and between two pieces of an answer.
PATIENCE = 3
KUBERNETES = "https://dl.k8s.io/release"
ETCD = "https://github.com/etcd-io/etcd/releases/download"
KWOK = "https://github.com/kubernetes-sigs/kwok/releases/download"
KWOK_ASSETS = "https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags"
HELM = "https://get.helm.sh"


class CannotDownload(Exception):
    """The reason is the message."""


@dataclass(frozen=True)
class Release:
    """A program's file or archive, and where its checksum is published."""

    program: str
    url: str
    checksums: str

    @property
    def filename(self) -> str:
        return self.url.rsplit("/", 1)[1]


def available(pinned: dict[str, str], system: str, architecture: str) -> list[Release]:
    """What to download for go.mod's versions. Raises CannotDownload at once where there is nothing or no internet."""
    if system != "linux":
        raise CannotDownload(f"Kubernetes publishes no servers for {system}")
    wanted = _releases(pinned, architecture)
    for host in {str(urlsplit(release.url).hostname) for release in wanted}:
        _resolve(host)
    return wanted


def _releases(pinned: dict[str, str], architecture: str) -> list[Release]:
    kubernetes, etcd = pinned["k8s.io/kubernetes"], pinned["go.etcd.io/etcd/server/v3"]
    kwok, helm = pinned["sigs.k8s.io/kwok"], pinned["helm.sh/helm/v4"]
    found = []
    for program in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"):
        url = f"{KUBERNETES}/{kubernetes}/bin/linux/{architecture}/{program}"
        found.append(Release(program, url, f"{url}.sha256"))
    archive = f"{ETCD}/{etcd}/etcd-{etcd}-linux-{architecture}.tar.gz"
    found.append(Release("etcd", archive, f"{ETCD}/{etcd}/SHA256SUMS"))
    found.append(Release("kwok", f"{KWOK}/{kwok}/kwok-linux-{architecture}", f"{KWOK_ASSETS}/{kwok}"))
    archive = f"{HELM}/helm-{helm}-linux-{architecture}.tar.gz"
    found.append(Release("helm", archive, f"{archive}.sha256sum"))
    return found


def _resolve(host: str) -> None:
    """Resolvers have their own, longer patience: ask in a thread that may be left behind."""
    answers: list[object] = []

    def ask() -> None:
        with suppress(OSError):
            answers.append(socket.getaddrinfo(host, 443))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if not answers:
        raise CannotDownload(f"{host} cannot be resolved")


def download(release: Release, directory: Path) -> None:
    """Put the verified program into ``directory``. Raises CannotDownload."""
    target = directory / release.program
    file = directory / release.filename
    try:
        expected = _checksum(release)
        with urllib.request.urlopen(release.url, timeout=PATIENCE) as answer, file.open("wb") as output:
            shutil.copyfileobj(answer, output)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise CannotDownload(f"{release.url}: {error}") from error
    with file.open("rb") as content:
        actual = hashlib.file_digest(content, "sha256").hexdigest()
    if actual != expected:
        raise CannotDownload(f"{release.url} has the checksum {actual}, published is {expected}")
    if file.name.endswith(".tar.gz"):
        _extract(file, target)
        file.unlink()
    elif file != target:
        file.rename(target)
    target.chmod(0o755)


def _checksum(release: Release) -> str:
    """From GitHub's list of a release's assets, a list of checksums and file names, or a checksum alone."""
    with urllib.request.urlopen(release.checksums, timeout=PATIENCE) as answer:
        text = answer.read().decode()
    if text.startswith("{"):
        digests = {
            asset["name"]: str(asset.get("digest")).removeprefix("sha256:") for asset in json.loads(text)["assets"]
        }
    else:
        lines = (line.split() for line in text.splitlines())
        digests = {words[-1].lstrip("*") if len(words) > 1 else release.filename: words[0] for words in lines if words}
    if release.filename not in digests:
        raise ValueError(f"{release.checksums} has no checksum for {release.filename}")
    return digests[release.filename]


def _extract(archive: Path, target: Path) -> None:
    """The one file of the archive that has the program's name."""
    with tarfile.open(archive) as members:
        for member in members:
            if member.isfile() and Path(member.name).name == target.name:
                content = members.extractfile(member)
                assert content is not None, member.name
                with target.open("wb") as output:
                    shutil.copyfileobj(content, output)
                return
    raise CannotDownload(f"{archive.name} has no {target.name}")
