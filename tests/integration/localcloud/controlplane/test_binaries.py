# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the programs of a control plane come from. The releases here come from a server of our own."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from localcloud.controlplane import binaries, releases
from localcloud.controlplane.releases import CannotDownload, Release

PROGRAM = b"#!/bin/sh\n"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A directory and the URL under which it is served."""
    root = tmp_path / "site"
    root.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield root, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    directory = tmp_path / "programs"
    directory.mkdir()
    return directory


def archive(name: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as members:
        member = tarfile.TarInfo(name)
        member.size = len(PROGRAM)
        members.addfile(member, io.BytesIO(PROGRAM))
    return content.getvalue()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_program_with_its_checksum_beside_it_is_downloaded(site: tuple[Path, str], target: Path) -> None:
    root, url = site
    (root / "kubectl").write_bytes(PROGRAM)
    (root / "kubectl.sha256").write_text(digest(PROGRAM))
    releases.download(Release("kubectl", f"{url}/kubectl", f"{url}/kubectl.sha256"), target)
    assert (target / "kubectl").read_bytes() == PROGRAM
    assert (target / "kubectl").stat().st_mode & 0o777 == 0o755


def test_an_archive_in_a_list_of_checksums_is_downloaded_and_unpacked(site: tuple[Path, str], target: Path) -> None:
    root, url = site
    packed = archive("etcd-v3-linux-amd64/etcd")
    (root / "etcd-v3.tar.gz").write_bytes(packed)
    (root / "SHA256SUMS").write_text(f"{digest(b'')}  other.tar.gz\n{digest(packed)}  etcd-v3.tar.gz\n")
    releases.download(Release("etcd", f"{url}/etcd-v3.tar.gz", f"{url}/SHA256SUMS"), target)
    assert [file.name for file in target.iterdir()] == ["etcd"]
    assert (target / "etcd").read_bytes() == PROGRAM


def test_a_program_whose_checksum_github_lists_is_downloaded(site: tuple[Path, str], target: Path) -> None:
    root, url = site
    (root / "kwok-linux-amd64").write_bytes(PROGRAM)
    (root / "release").write_text(
        json.dumps({"assets": [{"name": "kwok-linux-amd64", "digest": f"sha256:{digest(PROGRAM)}"}]})
    )
    releases.download(Release("kwok", f"{url}/kwok-linux-amd64", f"{url}/release"), target)
    assert [file.name for file in target.iterdir()] == ["kwok"]


def test_a_program_with_another_checksum_is_refused(site: tuple[Path, str], target: Path) -> None:
    root, url = site
    (root / "kubectl").write_bytes(b"something else")
    (root / "kubectl.sha256").write_text(digest(PROGRAM))
    with pytest.raises(CannotDownload, match="has the checksum"):
        releases.download(Release("kubectl", f"{url}/kubectl", f"{url}/kubectl.sha256"), target)


def test_a_program_without_a_published_checksum_is_refused(site: tuple[Path, str], target: Path) -> None:
    root, url = site
    (root / "kwok-linux-amd64").write_bytes(PROGRAM)
    (root / "release").write_text(json.dumps({"assets": []}))
    with pytest.raises(CannotDownload, match="no checksum for kwok-linux-amd64"):
        releases.download(Release("kwok", f"{url}/kwok-linux-amd64", f"{url}/release"), target)


def test_the_directory_in_kubebuilder_assets_comes_first(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in binaries.SERVERS:
        (target / program).write_bytes(PROGRAM)
        (target / program).chmod(0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(target))
    assert binaries.find() == target


def test_where_none_can_be_had_the_error_says_what_was_tried(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binaries._go_version.cache_clear()
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(target))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(releases, "KUBERNETES", "https://releases.invalid")
    with pytest.raises(binaries.NoControlPlane) as error:
        binaries.find()
    binaries._go_version.cache_clear()
    lines = str(error.value).splitlines()
    assert lines[1] == f"  KUBEBUILDER_ASSETS: {target} lacks {', '.join(binaries.SERVERS)}"
    assert lines[2].startswith("  the cache: ")
    assert lines[3].startswith("  the official releases: ")
    assert lines[4] == "  go build: there is no go command"


def test_every_pinned_program_has_an_official_release() -> None:
    urls = {release.program: release.url for release in releases._releases(binaries._pinned(), "amd64")}
    assert sorted(urls) == sorted(binaries.PACKAGES)
