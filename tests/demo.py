# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Keelson does, shown: an environment from nothing on the local cloud, the same again,
and the plan of a change.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from localcloud import daemon
from localcloud.controlplane import NoControlPlane, binaries
from localcloud.dump import dump

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "collections"))
DIRECTORY = ROOT / ".localcloud"
INVENTORY = "inventories/dev"
IN_CLUSTER = "namespaces,helm_releases,applications"
CHANGE = {"network_nat": "per_zone", "network_interface_endpoints": ["ecr.api", "ecr.dkr"]}
# A thirtieth of AWS's time, so that one sees what is waited for.
SCALE = 1 / 30
WAIT_INTERVAL = 0.2


@dataclass(frozen=True)
class Run:
    """One ansible-playbook: ``seconds`` on the clock, ``calls`` to AWS, ``changed`` tasks."""

    title: str
    seconds: float
    calls: int
    changed: int
    succeeded: bool


def main() -> int:
    control_plane = has_control_plane()
    daemon.down(DIRECTORY)
    cloud = daemon.up(DIRECTORY, 0, SCALE, control_plane)
    skipped = [] if control_plane else ["--skip-tags", IN_CLUSTER]
    runs = [run(cloud, "the first run", skipped)]
    if runs[0].succeeded:
        runs.append(run(cloud, "the same again", skipped))
        runs.append(
            run(cloud, "the plan of a change", ["--check", "--diff", "--tags", "network", "-e", json.dumps(CHANGE)])
        )
    if not control_plane:
        render()
    summary(cloud, runs)
    return 0 if all(each.succeeded for each in runs) and len(runs) == 3 and runs[1].changed == 0 else 1


def has_control_plane() -> bool:
    if os.environ.get("KEELSON_WITHOUT_CONTROL_PLANE") == "1":
        print(
            "Without a Kubernetes control plane, as KEELSON_WITHOUT_CONTROL_PLANE says: "
            "the releases are rendered to files.\n"
        )
        return False
    print(
        "Looking for a Kubernetes control plane; where there is none yet it is built, which takes some minutes.",
        flush=True,
    )
    try:
        binaries.find()
    except NoControlPlane as error:
        print(f"There is none to be had, so the releases are rendered to files:\n{error}\n")
        return False
    return True


def run(cloud: daemon.Running, title: str, arguments: list[str]) -> Run:
    command = [
        "ansible-playbook",
        "site.yml",
        "-i",
        INVENTORY,
        "-e",
        f"keelson_wait_interval={WAIT_INTERVAL}",
        *arguments,
    ]
    print(f"\n──── {title}: {' '.join(command)}\n", flush=True)
    before, begun = calls(cloud), time.monotonic()
    environment = {
        **os.environ,
        **cloud.env,
        "ANSIBLE_DISPLAY_OK_HOSTS": "false",
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    }
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        changed = 0
        for line in process.stdout:
            print(line, end="", flush=True)
            if recap := re.search(r"changed=(\d+)", line):
                changed += int(recap.group(1))
    return Run(title, time.monotonic() - begun, calls(cloud) - before, changed, process.returncode == 0)


def calls(cloud: daemon.Running) -> int:
    """How many calls to AWS the cloud has answered so far."""
    with urllib.request.urlopen(f"{cloud.url}/_localcloud/calls?since=0", timeout=60) as answer:
        return len(json.load(answer))


def render() -> None:
    """What would run in the cluster, to files: one a release."""
    from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm.choice import open_helm
    from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm.interface import Spec

    command = ["ansible-inventory", "-i", INVENTORY, "--host", "innovate-dev"]
    variables = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    folder = DIRECTORY / "rendered"
    folder.mkdir(exist_ok=True)
    print("\n──── what would run in the cluster\n")
    for name, values in variables["applications"].items():
        spec = Spec(name, "default", ROOT / "charts/application", values)
        file = folder / f"{name}.yaml"
        file.write_text(open_helm().render(spec, variables["cluster_version"], []))
        print(f"  {file.relative_to(ROOT)}")


def summary(cloud: daemon.Running, runs: list[Run]) -> None:
    print("\n──── what there is now\n")
    found = dump(cloud.url, cloud.access_key, cloud.secret_key)
    kinds = Counter("/".join(name.split("/")[:2]) for name, item in found.items() if "keelson:platform" in str(item))
    print("  " + ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())))
    for kubeconfig in sorted(DIRECTORY.glob("kubeconfig-*")):
        asked = [
            "--kubeconfig",
            str(kubeconfig.relative_to(ROOT)),
            "get",
            "nodes,namespaces,deployments,services",
            "-A",
        ]
        print(f"\n  kubectl {' '.join(asked)}\n", flush=True)
        subprocess.run([binaries.find() / "kubectl", *asked], cwd=ROOT, check=False)
    print("\n──── how long it took\n")
    for each in runs:
        state = f"changed={each.changed}" if each.succeeded else "FAILED"
        print(f"  {each.title:<22}{each.seconds:6.1f} s {each.calls:5d} calls to AWS   {state}")
    print(
        f"\n  AWS's own time passes at 1/{1 / SCALE:.0f} here. "
        "The cloud goes on running: source .localcloud/env; make cloud-down."
    )


if __name__ == "__main__":
    sys.exit(main())
