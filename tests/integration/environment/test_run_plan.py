# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a whole run: it is what the run then does, whichever roles a change goes through, and it refuses what any
role would refuse before the first write.

The tests are one story, told on one cloud.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from localcloud.compare import compare
from localcloud.testing import Cloud

from ..e2e.plan_and_dump import Name, found, planned
from ..edge.site import Change, Run, Site, writes

IN_CLUSTER = ("--skip-tags", "namespaces,helm_releases,applications")
ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]
WITHOUT_DATABASE: dict[str, Any] = {"database_enabled": False, "database_users": {}}
NODES = {"instance_types": ["t4g.medium"], "min": 1, "max": 2}

_COUNT = re.compile(r"^Plan for (\S+): (.*)\.$", re.MULTILINE)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as running:
        yield running


@dataclass
class Story:
    """``variables``: as they are by now."""

    site: Site
    variables: dict[str, Any] = field(default_factory=dict)

    def plan(self, **changed: Any) -> Run:
        return self.site.run("--check", "--diff", *IN_CLUSTER, **{**self.variables, **changed})

    def run(self, **changed: Any) -> Run:
        return self.site.run("--diff", *IN_CLUSTER, **{**self.variables, **changed})

    def change(self, **changed: Any) -> list[str]:
        """What the plan of a change says, which is what the run then does, and what the account then shows."""
        cloud = self.site.cloud
        plan, before = self.plan(**changed).succeeded(), cloud.dump()
        run = self.run(**changed).succeeded()
        self.variables.update(changed)
        assert plan.changes == run.changes
        difference = compare(before, after := cloud.dump())
        assert found(after, difference.added)[0] == of(plan.changes, "create")
        assert found(before, difference.removed)[0] == of(plan.changes, "delete")
        return [str(change) for change in plan.changes]

    def refused(self, **changed: Any) -> str:
        """What is said of a change that is refused, by the plan and by the run, with nothing written."""
        self.site.cloud.clear_calls()
        plan, run = self.plan(**changed).failed(), self.run(**changed).failed()
        assert writes(self.site.cloud.calls()) == []
        assert message(plan) == message(run)
        return message(run)


def of(changes: list[Change], action: str) -> list[Name]:
    return planned(change for change in changes if change.action == action)


def message(run: Run) -> str:
    told = re.search(r"^\[ERROR\]: Task failed: Action failed: (.*?)\nOrigin:", run.output, re.MULTILINE | re.DOTALL)
    assert told, run.output
    return told[1]


def counted(run: Run) -> str:
    told = _COUNT.search(run.output)
    assert told, run.output
    return told[2]


@pytest.fixture(scope="module")
def story(cloud: Cloud) -> Story:
    story = Story(Site(cloud, "dev"), {"node_groups": {"system": NODES}, "network_zones": ZONES})
    assert {change.partition(" ")[0] for change in story.change(**WITHOUT_DATABASE)} == {"create"}
    return story


def test_a_database_is_added(story: Story) -> None:
    changes = story.change(database_enabled=True, database_users={"api": {}})
    assert {"create AuroraCluster innovate-dev-main", "create DbSubnetGroup innovate-dev-main"} <= set(changes)


def test_a_run_without_a_change_looks_once(cloud: Cloud, story: Story) -> None:
    story.run().succeeded()
    cloud.clear_calls()
    run = story.run().succeeded()
    assert counted(run) == "0 to add, 0 to change, 0 to destroy"
    assert run.changed == 0
    asked = [call["operation"] for call in cloud.calls()]
    assert asked.count("DescribeRouteTables") == 1 and asked.count("ListHostedZones") == 1


DELETE = """
from boto3 import Session, client
role = dict(RoleArn="arn:aws:iam::111111111111:role/keelson-deploy", RoleSessionName="somebody")
found = client("sts").assume_role(**role)["Credentials"]
session = Session(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"], "us-east-1")
session.client("ecr").delete_repository(repositoryName="innovate-dev/api", force=True)
"""


def test_who_asks_again_is_told_what_there_is_by_then(story: Story, tmp_path: Path) -> None:
    def role(name: str) -> dict[str, Any]:
        return {"ansible.builtin.import_role": {"name": f"keelson.eks.{name}"}, "tags": ["registries"]}

    delete = {
        "ansible.builtin.command": {"argv": [sys.executable, "-c", DELETE]},
        "vars": {"ansible_python_interpreter": sys.executable},
        "tags": ["registries"],
    }
    tasks = [role("preflight"), role("plan"), role("registries"), delete, role("registries"), role("registries")]
    play = {"hosts": "keelson", "gather_facts": False, "connection": "local", "tasks": tasks}
    (tmp_path / "play.yml").write_text(json.dumps([play]))
    run = story.site.run(playbook=str(tmp_path / "play.yml"), tags=["registries"], **story.variables).succeeded()
    answers = re.findall(r"^TASK \[.*registries : Make .*\n(\w+):", run.output, re.MULTILINE)
    assert answers == ["ok", "changed", "ok"]


def test_a_new_version_of_kubernetes_reaches_nodes_and_add_ons(story: Story) -> None:
    assert story.change(cluster_version="1.36") == [
        "update Addon innovate-dev/kube-proxy",
        "update Cluster innovate-dev",
        "update NodeGroup innovate-dev/system",
    ]


def test_a_line_tells_the_variable_its_place_and_what_its_users_feel(story: Story) -> None:
    disk = {"system": {**NODES, "disk_size": 70}}
    plan = story.plan(node_groups=disk, network_nat="per_zone").succeeded()
    assert counted(plan) == "4 to add, 4 to change, 0 to destroy"
    assert re.search(
        r"~ NodeGroup innovate-dev/system .* node_groups\.system +! replaces its nodes, 1 at a", plan.output
    )
    assert re.search(r"~ RouteTable private-us-east-1b +Routes +network_nat +! outgoing addresses change", plan.output)
    older = {name: value for name, value in story.variables.items() if name != "cluster_version"}
    told = message(story.site.run("--check", *IN_CLUSTER, **older).failed())
    assert told.startswith(
        "inventories/dev/group_vars/keelson/cluster.yml:2:18: Cluster innovate-dev: cluster_version: "
    )


def test_a_nat_gateway_in_each_zone_and_back(story: Story) -> None:
    others = [f"{kind} us-east-1{zone}" for kind in ("Eip", "NatGateway") for zone in "bc"]
    tables = [f"update RouteTable private-us-east-1{zone}" for zone in "bc"]
    assert sorted(story.change(network_nat="per_zone")) == sorted([f"create {name}" for name in others] + tables)
    assert sorted(story.change(network_nat="single")) == sorted([f"delete {name}" for name in others] + tables)


def test_a_key_that_is_added_is_used_by_another_role_at_once(story: Story) -> None:
    changes = story.change(encryption_keys={"storage": {}}, buckets={"uploads": {"kms_key": "storage"}})
    assert changes == ["update Bucket uploads", "create Key storage"]


def test_an_approved_plan_is_carried_out_and_nothing_else(cloud: Cloud, story: Story, tmp_path: Path) -> None:
    file, change = tmp_path / "plan.json", {"registries": {"api": {"on_removal": "empty"}, "web": {}}}
    story.plan(**change, keelson_plan_file=str(file)).succeeded()
    assert file.stat().st_mode & 0o777 == 0o600
    assert [(row["action"], row["kind"], row["key"]) for row in json.loads(file.read_text())["resources"]] == [
        ("create", "Repository", "web")
    ]
    cloud.clear_calls()
    more = {"registries": {**change["registries"], "more": {}}}
    told = message(story.run(**more, keelson_approved_plan=str(file)).failed())
    assert told.split("\n")[1:] == ["not approved: create Repository more (registries)"]
    less = message(story.run(keelson_approved_plan=str(file)).failed())
    assert less.split("\n")[1:] == ["approved, and not to be done any more: create Repository web (registries)"]
    at = story.site.run("--start-at-task", "keelson.eks.ready : See what there is", keelson_approved_plan=str(file))
    assert "keelson_approved_plan: --start-at-task leaves out" in at.failed().output
    assert writes(cloud.calls()) == []
    assert [str(made) for made in story.run(**change, keelson_approved_plan=str(file)).succeeded().changes] == [
        "create Repository web"
    ]
    story.variables.update(change)


def test_a_zone_that_a_node_group_would_take_is_refused_with_the_groups_variable(story: Story) -> None:
    told = story.refused(network_zones=[*ZONES, "us-east-1d"])
    assert told.startswith("NodeGroup innovate-dev/system: node_groups.system: AWS cannot change subnets in place")


def test_a_zone_that_it_does_not_take_is_added(story: Story) -> None:
    changes = story.change(network_zones=[*ZONES, "us-east-1d"], node_groups={"system": {**NODES, "zones": ZONES}})
    assert {"create Subnet private-us-east-1d", "update Cluster innovate-dev"} <= set(changes)
    assert "update DbSubnetGroup innovate-dev-main" in changes


def test_a_zone_in_use_does_not_go(story: Story) -> None:
    told = story.refused(network_zones=ZONES)
    assert told.startswith("network_zones: us-east-1d cannot go, for its subnets are in use by eni-")
    assert "Amazon EKS innovate-dev" in told


def test_a_tier_does_not_go_from_under_a_database_that_is_left_alone(story: Story) -> None:
    plan = story.plan(**WITHOUT_DATABASE).succeeded()
    assert re.search(
        r"= AuroraCluster innovate-dev-main +database_enabled +! .*destroy.yml --tags database", plan.output
    )
    assert counted(plan).endswith("left alone")
    told = story.refused(network_tiers=["public", "private"], **WITHOUT_DATABASE)
    assert told.startswith("network_tiers: database cannot go, for its subnets are in use by eni-")
    assert "RDSNetworkInterface" in told


def test_everything_that_is_refused_is_told_at_once(story: Story) -> None:
    told = story.refused(network_zones=ZONES, cluster_version="1.35")
    assert [line.partition(": ")[0] for line in told.split("\n")] == ["network_zones", "Cluster innovate-dev"]
    assert "cluster_version: the cluster runs 1.36" in told


def test_a_tier_and_a_database_come_back_after_both_are_gone(story: Story) -> None:
    story.site.destroy(tags=["database"], **story.variables).succeeded()
    gone = story.change(**WITHOUT_DATABASE, network_tiers=["public", "private"])
    assert any(change.startswith("delete Subnet database-") for change in gone)
    back = {"database_enabled": True, "database_users": {"api": {}}, "network_tiers": ["public", "private", "database"]}
    changes = story.change(**back)
    assert {"create Subnet database-us-east-1a", "create AuroraCluster innovate-dev-main"} <= set(changes)
    assert "create DbSubnetGroup innovate-dev-main" in changes
    assert story.plan().succeeded().changes == []
