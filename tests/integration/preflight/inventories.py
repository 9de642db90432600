# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Inventories of many environments, of which each host has its variables in a file of its own,
and what a run says of them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from localcloud.testing import Cloud

from tests.lint import ROOT

_FAILED = re.compile(r"^fatal: \[(?P<host>[\w-]+)\]: FAILED! => \n(?P<result>(?:    .*\n|\n(?=    ))+)", re.MULTILINE)
END_SECONDS = 240


@dataclass(frozen=True)
class Said:
    """How a run ended. ``messages``: of each host that failed, its message."""

    status: int
    output: str
    messages: Mapping[str, str]


class Inventory:
    """A folder with ``hosts.yml`` and ``host_vars``."""

    def __init__(self, folder: Path, hosts: Mapping[str, str], group: str = "keelson") -> None:
        self.folder = folder
        (folder / "host_vars").mkdir(parents=True)
        listed = "".join(f"    {host}:\n" for host in hosts)
        (folder / "hosts.yml").write_text(f"{group}:\n  hosts:\n{listed}")
        for host, variables in hosts.items():
            self.file(host).write_text(variables)

    def file(self, host: str) -> Path:
        return self.folder / "host_vars" / f"{host}.yml"

    def run(self, cloud: Cloud, *arguments: str, playbook: str = "site.yml", **environment: str) -> Said:
        command = [str(Path(sys.executable).with_name("ansible-playbook")), playbook, "-i", str(self.folder)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
        done = subprocess.run(
            [*command, *arguments],
            cwd=ROOT,
            env={**clean, **cloud.env, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORKS": "8", **environment},
            capture_output=True,
            text=True,
            timeout=END_SECONDS,
            check=False,
        )
        output = done.stdout + done.stderr
        failed = {
            match["host"]: str(yaml.safe_load(textwrap.dedent(match["result"]))["msg"])
            for match in _FAILED.finditer(done.stdout)
        }
        return Said(done.returncode, output, failed)
