# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where charts come from, and what is in them: read without Helm.

Fetched charts are kept in the user's cache directory.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ...engine.errors import KeelsonError
from ..api.client import Object, load_all
from .interface import Helm, Source


@dataclass(frozen=True)
class Chart:
    """A chart on this machine. ``digest`` is of its files' names and contents, the same whether packed or not."""

    source: Source
    path: Path
    name: str
    version: str
    digest: str

    def definitions(self) -> list[Object]:
        """The custom resource definitions in its ``crds`` directories, its subcharts' included."""
        files = [content for name, content in files_of(self.path) if is_definition(name)]
        found = [each for content in files for each in load_all(content.decode())]
        return [each for each in found if each.get("kind") == "CustomResourceDefinition"]


def fetch(source: Source, helm: Callable[[], Helm]) -> Chart:
    """A version that was fetched once is not fetched again: versions are pinned,
    and a published version does not change.

    Raises KeelsonError when there is no such chart.
    """
    if source.is_local:
        return read(source, Path(source.name))
    kept = cache() / hashlib.sha256(str(source).encode()).hexdigest()[:32]
    if not (archives := sorted(kept.glob("*.tgz"))):
        kept.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=kept.parent))
        try:
            helm().pull(source, new)
            archives = sorted(new.glob("*.tgz"))
            if not archives:
                raise KeelsonError(f"chart {source}: nothing came of fetching it")
            kept.mkdir(exist_ok=True)
            archives = [archive.rename(kept / archive.name) for archive in archives]
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return read(source, archives[0])


def cache() -> Path:
    """https://specifications.freedesktop.org/basedir-spec/latest/."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "keelson" / "charts"


def read(source: Source, path: Path) -> Chart:
    try:
        files = sorted(files_of(path))
    except (OSError, tarfile.TarError) as error:
        raise KeelsonError(f"chart {source}: cannot be read: {error}") from error
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    described = dict(files).get("Chart.yaml")
    if described is None:
        raise KeelsonError(f"chart {source}: there is no Chart.yaml in {path}")
    metadata = next(iter(load_all(described.decode())), {})
    return Chart(source, path, str(metadata.get("name")), str(metadata.get("version")), digest.hexdigest()[:40])


def files_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's name within the chart, and its content; those of a packed subchart as of a directory."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file():
                yield from unpacked(file.relative_to(path).as_posix(), file.read_bytes())
    else:
        for name, content in members(path.read_bytes()):
            yield from unpacked(name, content)


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if name.startswith("charts/") and name.endswith(".tgz"):
        for inner, data in members(content):
            yield f"{name.removesuffix('.tgz')}/{inner}", data
    else:
        yield name, content


def members(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """A packed chart holds one directory of the chart's name."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:*") as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is not None:
                yield member.name.partition("/")[2], stream.read()


def is_definition(name: str) -> bool:
    folders = name.split("/")[:-1]
    in_chart = [
        folder
        for index, folder in enumerate(folders)
        if not (folder == "charts" or (index and folders[index - 1] == "charts"))
    ]
    return in_chart[:1] == ["crds"] and name.endswith((".yaml", ".yml", ".json"))
