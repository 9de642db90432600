# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The built collection: its tarball holds what it should, and it works from an empty folder, away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.lint import ROOT, files

DEVELOPMENT_FOLDERS = {".ci", ".github", "collections", "examples", "extensions", "inventories", "tests", "tools"}
DEVELOPMENT_FILES = {
    Path(name)
    for name in (
        "Makefile",
        "ansible.cfg",
        "changelogs/config.yaml",
        "galaxy.yml",
        "pyproject.toml",
        "requirements-dev.in",
        "requirements-dev.lock",
        "requirements.yml",
        "site.yml",
    )
}
MADE_BY_GALAXY = {Path("FILES.json"), Path("MANIFEST.json")}


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tarball = build(folder)
        problems = wrong_files(tarball)
        run(
            folder,
            "ansible-galaxy",
            "collection",
            "install",
            "--offline",
            "--collections-path",
            "collections",
            str(tarball),
        )
        run(
            folder,
            "ansible-playbook",
            "--syntax-check",
            "--inventory",
            "keelson,",
            "keelson.eks.site",
            "keelson.eks.destroy",
        )
        problems += undocumented(folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def build(folder: Path) -> Path:
    run(folder, "ansible-galaxy", "collection", "build", "--output-path", ".", str(ROOT))
    [tarball] = folder.glob("keelson-eks-*.tar.gz")
    return tarball


def run(folder: Path, *command: str) -> str:
    """What ``command`` prints, run in ``folder`` with nothing of this checkout or this user in reach."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {
        "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_NOCOLOR": "1",
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def wrong_files(tarball: Path) -> list[str]:
    """What the tarball lacks of what a user needs, and what it has beyond that."""
    with tarfile.open(tarball) as archive:
        held = {Path(member.name) for member in archive.getmembers() if not member.isdir()} - MADE_BY_GALAXY
    wanted = {path for path in files() if for_users(path)}
    return [
        *(f"galaxy.yml: the tarball lacks {path}" for path in sorted(wanted - held)),
        *(f"galaxy.yml: the tarball should not hold {path}" for path in sorted(held - wanted)),
    ]


def for_users(path: Path) -> bool:
    """Whether ``path`` is more than a matter of development."""
    at_top = len(path.parts) == 1
    return not (
        path.parts[0] in DEVELOPMENT_FOLDERS
        or path in DEVELOPMENT_FILES
        or path.parts[:2] == ("changelogs", "fragments")
        or (at_top and path.name.startswith("."))
    )


def undocumented(folder: Path) -> list[str]:
    """Modules and roles that the installed collection's own documentation does not show in full."""
    modules = {f"keelson.eks.{path.stem}" for path in (ROOT / "plugins/modules").glob("*.py")}
    roles = {f"keelson.eks.{path.name}" for path in (ROOT / "roles").iterdir()}
    shown = json.loads(run(folder, "ansible-doc", "--type", "module", "--json", *sorted(modules)))
    problems = [
        f"{name}: ansible-doc shows no {part}"
        for name in sorted(modules)
        for part in ("doc", "examples", "return")
        if not shown.get(name, {}).get(part)
    ]
    shown = json.loads(run(folder, "ansible-doc", "--type", "role", "--json", *sorted(roles)))
    return problems + [
        f"{name}: ansible-doc shows no entry point"
        for name in sorted(roles)
        if not shown.get(name, {}).get("entry_points")
    ]


if __name__ == "__main__":
    sys.exit(main())
