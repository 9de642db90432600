# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where environments are maltreated: a cloud, and what an environment that was let alone looks like on it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from localcloud.compare import compare, normalize
from localcloud.dump import Dump
from localcloud.testing import Cloud

from ..edge.site import Site

AWS_ROLES = (
    *(
        "encryption_keys",
        "network",
        "cluster",
        "dns_zones",
        "certificates",
        "database",
        "registries",
        "buckets",
        "secrets",
        "site",
    ),
    *("site_content", "node_groups", "pod_identities", "addons", "database_users", "ready"),
)
CLUSTER_ROLES = ("namespaces", "helm_releases", "applications")
# After it has taken a dead run's lock over, a run waits until AWS's reads have caught up. Without lag there is nothing
# to catch up.
AT_ONCE = {"environment_lock_settle": 0}
SHOWN = 5


class Ground:
    """The AWS part of the environment ``dev``, on a cloud whose clusters have no API server."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.site = Site(cloud, "dev", AWS_ROLES)

    def clear(self) -> None:
        """Back to where every trial begins."""
        self.cloud.clock(scale=0, held=False)
        self.cloud.reset()

    @cached_property
    def _undisturbed(self) -> tuple[Dump, int]:
        self.clear()
        self.site.run().succeeded()
        return normalize(self.cloud.dump()), sum(call["write"] for call in self.cloud.calls())

    @property
    def reference(self) -> Dump:
        return self._undisturbed[0]

    @property
    def writes(self) -> int:
        """How many writes an undisturbed run takes, with those for the lock."""
        return self._undisturbed[1]

    @cached_property
    def destroying_writes(self) -> int:
        """How many an undisturbed run of the playbook that destroys takes."""
        self.clear()
        self.site.run(**AT_ONCE).succeeded()
        before = len(self.cloud.calls())
        self.site.destroy(**AT_ONCE).succeeded()
        return sum(call["write"] for call in self.cloud.calls(since=before))

    def check_finished(self) -> None:
        """Faults are over: all is as if nothing had happened, and there is nothing left to do."""
        self.cloud.faults()
        found = normalize(self.cloud.dump())
        difference = compare(self.reference, found)
        assert not difference, _described(
            self.reference, found, [*difference.added, *difference.removed, *difference.changed]
        )
        again = self.site.run(**AT_ONCE).succeeded()
        assert again.changed == 0, f"a further run still changes something:\n{again.output}"


class ClusterGround(Ground):
    """What is in the cluster of the environment ``dev``, which stands: a real API server."""

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.site = Site(cloud, "dev", CLUSTER_ROLES)
        Site(cloud, "dev", AWS_ROLES).run().succeeded()

    @property
    def kubeconfig(self) -> str:
        return str(self.cloud.directory / f"kubeconfig-{self.site.name}")

    def clear(self) -> None:
        self.site.destroy(**AT_ONCE).succeeded()


def _described(reference: Dump, found: Dump, names: list[str]) -> str:
    lines = []
    for name in names[:SHOWN]:
        wanted, got = reference.get(name), found.get(name)
        if wanted is None or got is None:
            lines.append(f"{name}: {'is too much' if wanted is None else 'is missing'}")
            continue
        for part in sorted(wanted.keys() | got.keys()):
            if wanted.get(part) != got.get(part):
                lines.append(f"{name}: {part}: {_short(wanted.get(part))} became {_short(got.get(part))}")
    return f"{len(names)} differences: " + "; ".join(lines)


def _short(value: Any) -> str:
    return json.dumps(value, sort_keys=True)[:300]
