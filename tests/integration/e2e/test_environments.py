# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The life of each inventory's environment: planned on an empty account, made, run again, changed, destroyed.

The tests of a class are one story, told on one cloud, beside what others have in the same account.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
import yaml
from kubernetes import client, config
from localcloud.compare import compare
from localcloud.controlplane import binaries
from localcloud.dump import Dump
from localcloud.testing import Cloud

from ..edge.site import ROOT, Change, Run, Site, writes
from .others import Others
from .plan_and_dump import found, kind_of, planned, without_suffix

ENDED = "Tell how everything ended"


class Environment:
    """``change``: variables that change something, ``changes``: what the plan then says, ``touched``:
    what the dump then shows.
    """

    inventory: ClassVar[str]
    change: ClassVar[dict[str, Any]]
    changes: ClassVar[list[Change]]
    added: ClassVar[list[str]] = []
    touched: ClassVar[list[tuple[str, str]]]
    retained: ClassVar[list[str]] = []
    unprotected: ClassVar[dict[str, Any]] = {}

    @pytest.fixture(scope="class")
    @classmethod
    def cloud(cls) -> Iterator[Cloud]:
        with Cloud(control_plane=True) as cloud:
            yield cloud

    @pytest.fixture(scope="class")
    @classmethod
    def site(cls, cloud: Cloud) -> Site:
        return Site(cloud, cls.inventory)

    @pytest.fixture(scope="class")
    @classmethod
    def empty(cls, cloud: Cloud, site: Site) -> Dump:
        """The account before the environment is there."""
        variables = yaml.safe_load(
            (ROOT / f"inventories/{cls.inventory}/group_vars/keelson/environment.yml").read_text()
        )
        Others(cloud, variables["keelson_account_id"], site.name).make()
        return cloud.dump()

    @pytest.fixture(scope="class")
    @classmethod
    def plan(cls, site: Site, empty: Dump) -> Run:
        return site.check().succeeded()

    @pytest.fixture(scope="class")
    @classmethod
    def first(cls, site: Site, plan: Run) -> Run:
        return site.run().succeeded()

    def test_a_plan_on_the_empty_account_exits_0_and_changes_nothing(
        self, cloud: Cloud, empty: Dump, plan: Run
    ) -> None:
        assert {change.action for change in plan.changes} == {"create"}
        assert not compare(empty, cloud.dump())
        assert not writes(cloud.calls())

    def test_the_plan_lists_what_the_run_then_makes(self, cloud: Cloud, empty: Dump, plan: Run, first: Run) -> None:
        made = compare(empty, dump := cloud.dump())
        names, others = found(dump, made.added)
        for entry, reason in others.items():
            print(f"not planned: {entry}: {reason}")
        assert names == planned(plan.changes)
        assert made.removed == [] and made.changed == []

    def test_the_application_has_three_ready_replicas_and_an_address(
        self, cloud: Cloud, site: Site, first: Run
    ) -> None:
        kubeconfig = str(cloud.directory / f"kubeconfig-{site.name}")
        with config.new_client_from_config(config_file=kubeconfig) as api:
            assert client.AppsV1Api(api).read_namespaced_deployment("python-app", "default").status.ready_replicas == 3
            service = client.CoreV1Api(api).read_namespaced_service("python-app-service", "default")
            assert service.status.load_balancer.ingress[0].hostname
        kubectl = [binaries.find() / "kubectl", "--kubeconfig", kubeconfig, "get", "nodes,namespaces,deployments", "-A"]
        shown = subprocess.run(kubectl, check=True, capture_output=True, text=True, timeout=60).stdout
        assert "node/" in shown and "namespace/kube-system" in shown and "deployment.apps/python-app" in shown

    def test_a_second_run_changes_nothing(self, cloud: Cloud, site: Site, first: Run) -> None:
        before = cloud.dump()
        cloud.clear_calls()
        assert site.run().succeeded().changed == 0
        assert writes(cloud.calls()) == []
        assert site.check().succeeded().changes == []
        assert not compare(before, cloud.dump())

    def test_a_change_is_planned_and_the_run_does_that_and_nothing_else(
        self, cloud: Cloud, site: Site, first: Run
    ) -> None:
        before = cloud.dump()
        assert site.check(**self.change).succeeded().changes == self.changes
        assert not compare(before, cloud.dump())
        assert site.run(**self.change).succeeded().changed == 1
        difference = compare(before, after := cloud.dump())
        assert [kind_of(entry) for entry in difference.added] == self.added
        assert sorted(properties_changed(before, after, difference.changed)) == self.touched
        assert difference.removed == []
        assert site.run(**self.change).succeeded().changed == 0

    def test_it_is_not_destroyed_without_the_word_nor_while_it_is_protected(
        self, cloud: Cloud, site: Site, first: Run
    ) -> None:
        cloud.clear_calls()
        unconfirmed = site.destroy(keelson_confirm_destroy="yes", keelson_protect=False).failed()
        assert f"-e keelson_confirm_destroy={site.name}" in unconfirmed.output
        protected = site.destroy(keelson_protect=True).failed()
        assert "keelson_protect: this environment is protected" in protected.output
        assert cloud.calls() == []

    def test_destroying_leaves_what_it_lists_and_nothing_else(
        self, cloud: Cloud, site: Site, empty: Dump, first: Run
    ) -> None:
        if self.unprotected:
            site.run(**self.unprotected).succeeded()
        to_go = {
            f"{change.kind} {change.key}"
            for change in site.destroy("--check", "--diff", **self.unprotected).succeeded().changes
        }
        ended = site.destroy(**self.unprotected).succeeded().shown(ENDED)
        scheduled = [line.partition(":")[0] for line in ended["scheduled"]]
        print(f"scheduled: {ended['scheduled']}\nretained: {ended['retained']}")
        assert to_go == {*ended["gone"], *scheduled}
        retained = sorted(map(without_suffix, ended["retained"]))
        assert retained == self.retained
        difference = compare(empty, dump := cloud.dump())
        assert difference.removed == [] and difference.changed == [], "others' things are untouched"
        left = [Change(*name.split(" ", 1), "left") for name in (*scheduled, *retained)]
        assert found(dump, difference.added)[0] == planned(left)
        assert site.destroy(**self.unprotected).succeeded().changed == 0


def properties_changed(before: Dump, after: Dump, entries: list[str]) -> Iterator[tuple[str, str]]:
    """The kinds of these entries, each with the names of what has changed in it."""
    for entry in entries:
        for name in before[entry].keys() | after[entry].keys():
            if before[entry].get(name) != after[entry].get(name):
                yield kind_of(entry), name


class TestDev(Environment):
    inventory = "dev"
    change: ClassVar = {"network_nat": "per_zone"}
    changes: ClassVar = [
        Change("Eip", "us-east-1b", "create"),
        Change("Eip", "us-east-1c", "create"),
        Change("NatGateway", "us-east-1b", "create"),
        Change("NatGateway", "us-east-1c", "create"),
        Change("RouteTable", "private-us-east-1b", "update"),
        Change("RouteTable", "private-us-east-1c", "update"),
    ]
    added: ClassVar = ["ec2/elastic-ip"] * 2 + ["ec2/natgateway"] * 2 + ["ec2/network-interface"] * 2
    touched: ClassVar = [("ec2/route-table", "Routes")] * 2 + [("ec2/subnet", "AvailableIpAddressCount")] * 2


class TestStaging(Environment):
    inventory = "staging"
    change: ClassVar = {
        "node_groups": {"system": {"instance_types": ["m7g.large"], "min": 2, "max": 3, "labels": {"team": "shop"}}}
    }
    changes: ClassVar = [Change("NodeGroup", "innovate-staging/system", "update")]
    touched: ClassVar = [("eks/nodegroup", "labels"), ("eks/nodegroup", "modifiedAt")]
    retained: ClassVar = ["DBClusterSnapshot innovate-staging-main-final"]


class TestProd(Environment):
    inventory = "prod"
    change: ClassVar = {
        "applications": {
            "python-app": {
                "image": {"repository": "docker.io/innovate/python-k8s-app", "tag": "1.0.0"},
                "port": 5000,
                "replicas": 4,
                "service": {"name": "python-app-service", "type": "LoadBalancer", "port": 80},
            }
        }
    }
    changes: ClassVar = [Change("HelmRelease", "default/python-app", "update")]
    touched: ClassVar = [
        ("kubernetes/deployment", "ready"),
        ("kubernetes/deployment", "replicas"),
        ("kubernetes/release", "values"),
    ]
    retained: ClassVar = [
        "Bucket site",
        "Bucket site-logs",
        "Bucket uploads",
        "DBClusterSnapshot innovate-prod-main-final",
        "LogGroup cluster",
        "LogGroup flow-logs",
        "LogGroup main-postgresql",
        "Repository api",
    ]
    unprotected: ClassVar = {"keelson_protect": False}
