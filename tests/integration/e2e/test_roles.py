# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each role alone, by its tag, in a process of its own: on an empty account, on one where all is made,
and while it is being made.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from localcloud.compare import compare
from localcloud.dump import Dump
from localcloud.testing import Cloud

from ..edge.site import ROOT, Site, writes
from .others import install_release

# In the order of site.yml, each with the roles that make what it cannot do without.
NEEDS = {
    "encryption_keys": [],
    "network": [],
    "cluster": ["network"],
    "dns_zones": [],
    "certificates": ["dns_zones"],
    "database": ["cluster", "network"],
    "rds_instances": ["cluster", "network"],
    "registries": [],
    "buckets": [],
    "secrets": [],
    "site": ["certificates", "dns_zones"],
    "site_content": ["site"],
    "node_groups": ["cluster", "network"],
    "pod_identities": ["cluster"],
    "addons": ["cluster", "node_groups", "pod_identities"],
    "namespaces": ["cluster"],
    "database_users": ["database"],
    "helm_releases": ["cluster"],
    "applications": ["cluster", "namespaces"],
    "ready": [],
}
IN_CLUSTER = ("namespaces", "helm_releases", "applications")
AWS_ROLES = tuple(role for role in NEEDS if role not in (*IN_CLUSTER, "database_users", "ready"))
# What takes no time, and comes before what does.
FIRST = {"network": ["encryption_keys"], "certificates": ["dns_zones"], "addons": ["pod_identities"]}
# So that each role has something to make.
VARIABLES = {
    "encryption_keys": {"logs": {}},
    "rds_instances": {"reports": {"engine": "postgres", "instance_class": "db.t4g.micro"}},
    "namespaces": {"shop": {}},
    "helm_releases": {
        "cache": {
            "namespace": "shop",
            "chart": str(ROOT / "charts/application"),
            "values": {"image": {"repository": "c", "tag": "1"}},
        }
    },
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud(control_plane=True) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def site(cloud: Cloud) -> Site:
    return Site(cloud, "dev")


class TestOnAnEmptyAccount:
    @pytest.mark.parametrize("role", [role for role in NEEDS if role != "ready"])
    def test_a_check_plans_with_what_is_not_known_yet(self, site: Site, role: str) -> None:
        changes = site.check(tags=[role], **VARIABLES).succeeded().changes
        assert changes and {change.action for change in changes} == {"create"}

    @pytest.mark.parametrize("role", [role for role in NEEDS if NEEDS[role]])
    def test_a_run_names_what_is_missing_and_the_role_that_makes_it_and_writes_nothing(
        self, site: Site, role: str
    ) -> None:
        site.cloud.clear_calls()
        output = site.run(tags=[role], **VARIABLES).failed().output
        assert output.count("fatal:") == 1
        for needed in NEEDS[role]:
            assert f"made by the role {needed}. Run that role first." in output
        assert writes(site.cloud.calls()) == []


class TestWhereAllIsMade:
    @pytest.fixture(scope="class")
    @classmethod
    def made(cls, site: Site) -> Dump:
        site.run(**VARIABLES).succeeded()
        return site.cloud.dump()

    @pytest.mark.parametrize("role", NEEDS)
    def test_a_role_changes_nothing(self, site: Site, made: Dump, role: str) -> None:
        site.cloud.clear_calls()
        assert site.run(tags=[role], **VARIABLES).succeeded().changed == 0
        assert writes(site.cloud.calls()) == []
        assert not compare(made, site.cloud.dump())

    def test_in_the_cluster_only_what_is_ones_own_is_removed(self, site: Site, made: Dump) -> None:
        install_release(str(site.cloud.directory / f"kubeconfig-{site.name}"), "shop2", "python-app")
        others = site.cloud.dump()
        site.destroy(tags=IN_CLUSTER, **VARIABLES).succeeded()
        difference = compare(others, site.cloud.dump())
        assert difference.added == [] and difference.changed == []
        assert difference.removed == [
            f"kubernetes/{entry}"
            for entry in (
                "deployment/innovate-dev/default/python-app",
                "deployment/innovate-dev/shop/cache",
                "namespace/innovate-dev/shop",
                "release/innovate-dev/default/python-app",
                "release/innovate-dev/shop/cache",
            )
        ]


def test_while_things_are_still_being_made_a_role_changes_nothing() -> None:
    """The clock is held while a role starts what it starts, so that this is not ready when the role runs again."""
    with Cloud() as cloud:
        site = Site(cloud, "staging")
        for role, entries, name, state in (
            ("network", "ec2/natgateway/", "State", "pending"),
            ("certificates", "acm/certificate/", "Status", "PENDING_VALIDATION"),
            ("cluster", "eks/cluster/", "status", "CREATING"),
            ("database", "rds/cluster/", "Status", "creating"),
            ("site", "cloudfront/distribution/", "Status", "InProgress"),
            ("node_groups", "eks/nodegroup/", "status", "CREATING"),
            ("addons", "eks/addon/", "status", "CREATING"),
        ):
            start_holding_the_clock(site, role)
            assert state in {one.get(name) for entry, one in cloud.dump().items() if entry.startswith(entries)}
            cloud.clear_calls()
            assert site.run(tags=[role], keelson_wait=False).succeeded().changed == 0, role
            assert writes(cloud.calls()) == []
            cloud.clock(held=False)
            cloud.dump()  # what is read after its time is ready for good
        site.run(tags=AWS_ROLES).succeeded()
        assert site.run(tags=AWS_ROLES).succeeded().changed == 0


def start_holding_the_clock(site: Site, role: str) -> None:
    """Add-ons of the second class start when nodes are ready: the clock is held from the first of these on."""
    cloud = site.cloud
    if role != "addons":
        cloud.clock(held=True)
        site.run(tags=[*FIRST.get(role, []), role], keelson_wait=False).succeeded()
        return
    cloud.faults(points=[{"number": 4, "when": "before", "operations": ["eks CreateAddon"], "action": {"pause": True}}])
    with site.running(tags=[*FIRST[role], role], keelson_wait=False) as run:
        assert cloud.wait_fired()
        cloud.clock(held=True)
        cloud.faults()
        run.wait().succeeded()
