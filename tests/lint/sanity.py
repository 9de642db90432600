# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs `ansible-test sanity`, with this program's arguments, over a copy of the project.

ansible-test wants the collection at its real path below ``ansible_collections``, which a link is not, and outside of
another git work tree. It makes itself a virtual environment for each test, with a pip that it downloads from a place of
its own and without the user's pip settings: here pip is the interpreter's own and its settings come along, so that the
package index is all it needs.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.lint import ROOT, files

HOME = ROOT / ".cache" / "ansible-test"


def main(arguments: list[str]) -> int:
    prepare_home()
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ["ansible-test", "sanity", "--local", "--python", python, "--color", "no", *arguments]
    with tempfile.TemporaryDirectory() as folder:
        collection = Path(folder) / "ansible_collections" / "keelson" / "eks"
        copy_project(collection)
        return subprocess.run(command, cwd=collection, env={**os.environ, "HOME": str(HOME)}, check=False).returncode


def copy_project(collection: Path) -> None:
    """As a work tree, because ansible-test sees other files where git does not list them."""
    for path in files():
        target = collection / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target, follow_symlinks=False)
    subprocess.run(["git", "init", "--quiet"], cwd=collection, check=True)


def prepare_home() -> None:
    """A home folder whose cache has what ansible-test would download,
    and whose pip settings are those of PIP_* variables.
    """
    downloads = HOME / ".ansible" / "test" / "cache"
    downloads.mkdir(parents=True, exist_ok=True)
    (downloads / f"get_pip_{pip_version().replace('.', '_')}.py").write_text(
        "import ensurepip\nensurepip.bootstrap()\n"
    )
    settings = [
        f"{name[4:].lower().replace('_', '-')} = {value}"
        for name, value in os.environ.items()
        if name.startswith("PIP_")
    ]
    configuration = HOME / ".config" / "pip" / "pip.conf"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    configuration.write_text("\n".join(["[global]", *settings, ""]))


def pip_version() -> str:
    """The version of pip that this ansible-test would download."""
    package = importlib.util.find_spec("ansible_test")
    assert package is not None and package.origin is not None
    source = (Path(package.origin).parent / "_internal" / "python_requirements.py").read_text()
    found = re.search(r"pip='([\d.]+)'", source)
    assert found is not None, "ansible-test has changed: it no longer names the version of pip where it did"
    return found[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
