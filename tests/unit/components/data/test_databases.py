# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Databases: which instances a cluster keeps, how long windows are, what storage an instance has.

Nothing here asks AWS.
"""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.components.data.aurora import COMPONENT as AURORA
from ansible_collections.keelson.eks.plugins.module_utils.components.data.aurora import chosen, members
from ansible_collections.keelson.eks.plugins.module_utils.components.data.database_rules import minutes
from ansible_collections.keelson.eks.plugins.module_utils.components.data.rds_instances import COMPONENT as INSTANCES
from ansible_collections.keelson.eks.plugins.module_utils.components.data.rds_instances import sizes


@pytest.mark.parametrize(
    ("there", "wanted", "kept"),
    [
        ({}, 2, [1, 2]),
        ({1: True}, 3, [1, 2, 3]),
        ({1: True, 2: False, 3: False}, 2, [1, 2]),
        ({1: False, 2: True}, 1, [2]),
        ({1: False, 2: False, 3: True}, 2, [3, 1]),
        ({2: True}, 2, [2, 1]),
        ({1: False, 2: True, 4: False}, 4, [2, 1, 4, 3]),
    ],
)
def test_the_writer_stays_whichever_it_is_and_new_instances_take_unused_numbers(
    there: dict[int, bool], wanted: int, kept: list[int]
) -> None:
    assert chosen(there, wanted) == kept


def test_only_instances_with_a_name_of_the_clusters_count_as_its_members() -> None:
    names = {
        "acme-test-main-1": False,
        "acme-test-main-12": True,
        "acme-test-main-old": False,
        "other-1": False,
        "acme-test-main-1-1": False,
    }
    present: dict[str, Any] = {
        "DBClusterMembers": [{"DBInstanceIdentifier": name, "IsClusterWriter": is_it} for name, is_it in names.items()]
    }
    assert members("acme-test-main", present) == {1: False, 12: True}
    assert members("acme-test-main", {}) == {}


@pytest.mark.parametrize(
    ("window", "length", "first", "last"),
    [
        ("03:00-04:00", 60, 180, 239),
        ("23:30-00:30", 60, 1410, 29),
        ("mon:00:00-mon:00:30", 30, 0, 29),
        ("sun:23:45-mon:00:15", 30, 10065, 14),
    ],
)
def test_a_window_may_run_over_midnight_and_over_the_end_of_the_week(
    window: str, length: int, first: int, last: int
) -> None:
    found = minutes(window)
    assert (len(found), found[0], found[-1]) == (length, first, last)


@pytest.mark.parametrize(
    ("storage", "most", "present", "result"),
    [
        (100, None, 0, (100, 100)),
        (100, None, 120, (100, 100)),
        (100, 200, 0, (100, 200)),
        (100, 200, 150, (150, 200)),
        (180, 200, 150, (180, 200)),
        (100, 200, 220, (220, 220)),
    ],
)
def test_storage_that_may_grow_by_itself_keeps_what_it_has_grown_to(
    storage: int, most: int | None, present: int, result: tuple[int, int]
) -> None:
    assert sizes(storage, most, present) == result


def test_an_option_of_clusters_and_of_instances_is_the_same_in_both() -> None:
    """The rules and parts of databases take either; only a cluster has logs unless told otherwise, of its one type."""
    cluster, instance = AURORA.options, INSTANCES.options["instances"]["entries"]
    shared = cluster.keys() & instance.keys()
    assert {"version", "parameters", "kms_key", "backup_window"} <= shared
    assert [name for name in shared if cluster[name] != instance[name]] == ["log_types"]
