# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The folder that holds a site: which of its files are published, and what is wrong with it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...aws.parallel import each
from ...engine.errors import KeelsonError
from ...resources.cloudfront.site_manifest import RECORDS
from .web_files import fits

INDEX = "index.html"
NEVER_HIDDEN = ".well-known"
"""What https://www.rfc-editor.org/rfc/rfc8615 has sites offer begins with a dot and is meant to be seen."""
LONGEST_KEY = 1024
LARGEST_FILE = 5 * 1024**3
"""Bytes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html and upload-objects.html"""


def folder_problems(folder: str, exclude: Sequence[str]) -> Iterator[str]:
    """What is against publishing it, each line beginning with the option's name."""
    root = Path(folder)
    if not root.is_absolute():
        yield (
            f"folder: {folder} is not absolute. Begin it with a variable such as playbook_dir, "
            "for it would mean another on each machine."
        )
    elif not root.is_dir():
        yield (
            f"folder: {folder} {'is no folder' if root.exists() else 'does not exist'}. "
            "Build the site first, or correct the path."
        )
    else:
        found, problems = scan(root, exclude)
        yield from problems
        if not found and not problems:
            yield (
                f"folder: {folder} holds no files to publish, which would remove the whole site. "
                "For that, use state: absent."
            )
        elif INDEX not in found and not problems:
            yield f"folder: {folder} holds no {INDEX}: it is no site, or not the folder that holds it."


def published(folder: str, exclude: Sequence[str]) -> dict[str, Path]:
    """The files to publish by their path within the site, such as ``assets/app.js``."""
    return scan(Path(folder), exclude)[0]


def digests(files: dict[str, Path]) -> dict[str, str]:
    """The SHA-256 of each, in hexadecimal. Raises KeelsonError for one that cannot be read."""
    return dict(zip(files, each(_digest, files.values()), strict=True))


def scan(root: Path, exclude: Sequence[str]) -> tuple[dict[str, Path], list[str]]:
    """The files by path, and what is against publishing those that cannot be."""
    files: dict[str, Path] = {}
    problems: list[str] = []
    real_root = root.resolve()

    def unreadable(error: OSError) -> None:
        problems.append(f"folder: {error.filename} cannot be read: {error.strerror}.")

    for here, folders, names in os.walk(root, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not _is_excluded(_path(root, here, name), exclude))
        for name in folders:
            if (Path(here) / name).is_symlink():
                problems.append(
                    f"folder: {_path(root, here, name)!r} is a link to a folder, which is not followed. "
                    "Put the folder there."
                )
        for name in sorted(names):
            path = _path(root, here, name)
            if _is_excluded(path, exclude):
                continue
            if problem := _problem(path, Path(here) / name, real_root):
                problems.append(f"folder: {path!r} {problem}")
            files[path] = Path(here) / name
    return files, problems


def _path(root: Path, here: str, name: str) -> str:
    return (Path(here) / name).relative_to(root).as_posix()


def _is_excluded(path: str, exclude: Sequence[str]) -> bool:
    return path != NEVER_HIDDEN and any(fits(path, pattern) for pattern in exclude)


def _problem(path: str, file: Path, root: Path) -> str:
    if not path.isprintable():
        return "has a character in its name that is none in an address. Rename or exclude it."
    if len(path.encode()) > LONGEST_KEY:
        return f"is longer than {LONGEST_KEY} bytes, which S3 does not take. Shorten or exclude it."
    if path.startswith(RECORDS):
        return f"lies in {RECORDS}, where the record of what is published has its place. Rename or exclude it."
    if file.is_symlink() and not file.resolve().is_relative_to(root):
        return "is a link that leads out of the folder. Put the file itself there, or exclude it."
    if not file.is_file():
        return "is no file, or a link to none. Remove or exclude it."
    if file.stat().st_size > LARGEST_FILE:
        return "is larger than 5 GiB, which S3 does not take at once. Serve it from elsewhere, or exclude it."
    return ""


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise KeelsonError(f"folder: {file} cannot be read: {error.strerror}.") from error
