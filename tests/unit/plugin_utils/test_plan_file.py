# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A plan that is approved as a file, and another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.keelson.eks.plugins.plugin_utils.plan_file import differences, write
from ansible_collections.keelson.eks.plugins.plugin_utils.run_plan import Row, RunPlan

CLUSTER = Row(
    "cluster", "Cluster", "c", "update", {"version": "1.35"}, {"version": "1.36"}, (), "cluster_version", "a:3"
)
KEY = Row("encryption_keys", "Key", "k", "create", {}, {"Alias": "k"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write(tmp_path / "plan.json", "acme-dev", RunPlan([CLUSTER, KEY]))
    return tmp_path / "plan.json"


def told(file: Path, *rows: Row, environment: str = "acme-dev") -> list[str]:
    return list(differences(file, environment, RunPlan(list(rows))))


def test_the_same_is_the_same_wherever_its_variables_stand(file: Path) -> None:
    moved = Row(
        "cluster", "Cluster", "c", "update", {"version": "1.35"}, {"version": "1.36"}, (), "cluster_version", "b:9"
    )
    assert told(file, KEY, moved) == []


def test_it_is_for_its_owner_alone_and_leaves_no_other_file(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_each_difference_is_a_line(file: Path) -> None:
    other = Row("cluster", "Cluster", "c", "update", {"version": "1.35"}, {"version": "1.37"})
    bucket = Row("buckets", "Bucket", "b", "delete")
    assert told(file, other, bucket) == [
        "not approved: delete Bucket b (buckets)",
        "approved, and not to be done any more: create Key k (encryption_keys)",
        "approved in another way: update Cluster c (cluster): version",
    ]


def test_another_action_is_another_plan(file: Path) -> None:
    (line,) = told(file, Row("cluster", "Cluster", "c", "replace", CLUSTER.before, CLUSTER.after), KEY)
    assert line == "approved in another way: replace Cluster c (cluster): it was update"


def test_of_many_differences_ten_are_told(file: Path) -> None:
    many = [Row("buckets", "Bucket", f"b{number}", "create") for number in range(12)]
    found = told(file, CLUSTER, KEY, *many)
    assert len(found) == 11 and found[-1] == "and 2 more."


def test_the_plan_of_another_environment_is_refused(file: Path) -> None:
    assert told(file, CLUSTER, KEY, environment="acme-prod") == [
        f"{file} is the plan of acme-dev in format 1, and not of acme-prod in format 1."
    ]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"resources": [1], "environment": "acme-dev", "format": 1}'])
def test_what_is_no_plan_is_refused(file: Path, content: str) -> None:
    file.write_text(content)
    (line,) = told(file, CLUSTER, KEY)
    assert line.startswith(f"{file} is no plan")


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    (line,) = told(file.with_name("other.json"))
    assert "No such file" in line
