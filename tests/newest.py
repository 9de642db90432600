# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The unit tests and the life of inventories/dev on the newest ansible-core,
which needs a newer Python: ``python -m tests.newest``.

Everything but ansible-core comes in the versions of the lock file, into a virtual environment of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".cache" / "newest"
ANSIBLE_CORE = "2.21.5"
PYTHONS = ("3.12", "3.13", "3.14")
"""Those that this ansible-core runs with, the best tried first."""
TESTS = (["-n", "2", "tests/unit"], ["tests/integration/e2e/test_environments.py", "-k", "TestDev"])


def main() -> int:
    interpreter = newer_python()
    if interpreter is None:
        print(f"NOT RUN: ansible-core {ANSIBLE_CORE} needs Python {PYTHONS[0]} or newer, and there is none here")
        return 0
    install(interpreter)
    python = str(ENVIRONMENT / "bin/python")
    return max(subprocess.run([python, "-m", "pytest", *tests], cwd=ROOT, check=False).returncode for tests in TESTS)


def newer_python() -> str | None:
    """One that starts: a version manager's stand-ins are found, too, and may have nothing behind them."""
    managed = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in PYTHONS:
        for candidate in (shutil.which(f"python{version}"), *managed.glob(f"{version}*/bin/python{version}")):
            if (
                candidate
                and subprocess.run(
                    [candidate, "-c", "import venv, ensurepip"], capture_output=True, check=False
                ).returncode
                == 0
            ):
                return str(candidate)
    return None


def install(interpreter: str) -> None:
    lines = (ROOT / "requirements-dev.lock").read_text()
    wanted = re.sub(r"^ansible-core==.*$", f"ansible-core=={ANSIBLE_CORE}", lines, flags=re.MULTILINE)
    installed = ENVIRONMENT / "installed.lock"
    if installed.exists() and installed.read_text() == wanted:
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    subprocess.run([interpreter, "-m", "venv", str(ENVIRONMENT)], check=True)
    requirements = ENVIRONMENT / "requirements.lock"
    requirements.write_text(wanted)
    pip = [str(ENVIRONMENT / "bin/python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--requirement", str(requirements)], check=True)
    requirements.rename(installed)


if __name__ == "__main__":
    sys.exit(main())
