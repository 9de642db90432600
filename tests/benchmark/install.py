# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The virtual environment of the other side: the package ansible, which nothing else here needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "bench"
LOCK = HERE / "requirements.lock"

COMMON = ("ansible-core", "boto3", "botocore", "urllib3", "Jinja2", "PyYAML")
"""What both sides run on: it has to be the same."""
VERSIONS = f"""
import platform, importlib.metadata
print(platform.python_version(), *map(importlib.metadata.version, {COMMON!r}))
"""


def install() -> Path:
    """Make the environment unless it stands as the lock file has it; returns its folder of programs.

    Raises SystemExit when it would not be the same Python, Ansible and boto3 as that of the process that asks.
    """
    programs, mark = CACHE / "venv" / "bin", CACHE / "installed"
    if not mark.exists() or mark.read_text() != LOCK.read_text():
        print(f"Installing {LOCK.relative_to(ROOT)} into {programs.parent.relative_to(ROOT)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", programs.parent], check=True)
        pip: list[str | Path] = [programs / "python", "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "--no-deps", "--requirement", LOCK], check=True)
        subprocess.run([*pip, "check"], check=True)
        mark.write_text(LOCK.read_text())
    here, there = versions(Path(sys.executable)), versions(programs / "python")
    if here != there:
        raise SystemExit(
            f"The two sides differ in Python, {', '.join(COMMON)}: {here} here, {there} in {LOCK.name}. "
            "Bring them together."
        )
    return programs


def versions(python: Path) -> str:
    return subprocess.run([python, "-c", VERSIONS], check=True, capture_output=True, text=True).stdout.strip()
