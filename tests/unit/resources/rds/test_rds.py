# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: versions, values of parameters, statuses, and what is on its way. Nothing here asks AWS."""

from __future__ import annotations

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import State
from ansible_collections.keelson.eks.plugins.module_utils.resources.rds.common import (
    final_snapshot,
    modification,
    shaped,
    status_state,
)
from ansible_collections.keelson.eks.plugins.module_utils.resources.rds.parameter_group import _is_allowed
from ansible_collections.keelson.eks.plugins.module_utils.resources.rds.versions import family, is_fulfilled, number


@pytest.mark.parametrize(
    ("engine", "declared", "present", "keeps"),
    [
        ("aurora-postgresql", None, "16.6", True),
        ("aurora-postgresql", "16", "16.6", True),
        ("aurora-postgresql", "16.6", "16.6", True),
        ("aurora-postgresql", "16.6", "16.10", True),
        ("aurora-postgresql", "16.10", "16.6", False),
        ("aurora-postgresql", "16", "17.4", False),
        ("aurora-postgresql", "17", "16.6", False),
        ("mysql", "8.4", "8.4.6", True),
        ("mysql", "8.0.43", "8.4.6", False),
        ("mysql", "8.0.43", "8.0.42", False),
    ],
)
def test_a_declared_version_is_a_floor_within_its_major_version(
    engine: str, declared: str | None, present: str, keeps: bool
) -> None:
    assert is_fulfilled(engine, declared, present) is keeps


def test_versions_compare_by_their_numbers_and_name_their_family() -> None:
    assert number("16.10") > number("16.9")
    assert number("16.4-limitless") == (16, 4)
    assert family("aurora-postgresql", "16.8") == "aurora-postgresql16"
    assert family("mysql", "8.4.6") == "mysql8.4"


@pytest.mark.parametrize(
    ("value", "allowed", "is_allowed"),
    [
        ("on", "", True),
        ("all", "none,ddl,mod,all", True),
        ("some", "none,ddl,mod,all", False),
        ("2", "0,1", False),
        ("-1", "-1-2147483647", True),
        ("-2", "-1-2147483647", False),
        ("100", "6-262143", True),
        ("5", "6-262143", False),
        ("0", "0,5-10", True),
        ("{DBInstanceClassMemory/9531392}", "6-262143", True),
        ("0.5", "0-100", True),
        ("anything", "[free text]", True),
    ],
)
def test_only_a_value_that_certainly_is_not_allowed_is_refused(value: str, allowed: str, is_allowed: bool) -> None:
    assert _is_allowed(value, allowed) is is_allowed


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("available", State.READY),
        ("storage-optimization", State.READY),
        ("creating", State.PENDING),
        ("configuring-log-exports", State.PENDING),
        ("deleting", State.DELETING),
        ("stopped", State.UNHEALTHY),
        ("failed", State.UNHEALTHY),
        ("migration-failed", State.UNHEALTHY),
    ],
)
def test_no_status_of_a_database_makes_it_be_made_again(status: str, state: State) -> None:
    assert status_state(status)[0] is state


def test_what_is_on_its_way_is_shown_as_if_it_were_there() -> None:
    logs = {"LogTypesToEnable": ["postgresql"], "LogTypesToDisable": ["upgrade"]}
    database = {
        "EngineVersion": "16.8",
        "EnabledCloudwatchLogsExports": ["upgrade"],
        "PendingModifiedValues": {"EngineVersion": "16.9", "PendingCloudwatchLogsExports": logs},
    }
    found = shaped(database)
    assert (found["EngineVersion"], found["EnabledCloudwatchLogsExports"]) == ("16.9", {"postgresql"})


def test_advanced_insights_come_with_their_retention_and_key_and_logs_as_differences() -> None:
    present = {"EnabledCloudwatchLogsExports": {"upgrade"}}
    rest = {
        "PerformanceInsightsEnabled": True,
        "DatabaseInsightsMode": "advanced",
        "EnabledCloudwatchLogsExports": {"postgresql"},
    }
    assert modification(present, rest, "arn:key") == {
        "DatabaseInsightsMode": "advanced",
        "EnablePerformanceInsights": True,
        "PerformanceInsightsRetentionPeriod": 465,
        "PerformanceInsightsKMSKeyId": "arn:key",
        "CloudwatchLogsExportConfiguration": {"EnableLogTypes": ["postgresql"], "DisableLogTypes": ["upgrade"]},
    }


def test_a_final_snapshot_has_one_name_for_each_life_of_a_database() -> None:
    names = {
        final_snapshot("acme-test-main", f"cluster-{life}{'X' * 20}", {})
        for life in ("ABCDEFGH", "ABCDEFGH", "IJKLMNOP")
    }
    assert names == {"acme-test-main-final-abcdefgh", "acme-test-main-final-ijklmnop"}
    assert final_snapshot("acme-test-main", "cluster-ABCDEFGH", {"keelson:final-snapshot": "false"}) is None
