# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the contract test has looked at, at the end of its output: properties that it does not cover,
and how much bad input it tried.
"""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [
        report for found in terminalreporter.stats.values() for report in found if getattr(report, "when", "") == "call"
    ]
    recorded = [each for report in reports for each in report.user_properties]
    if not recorded:
        return
    terminalreporter.section("what the contract covers")
    for line in sorted(value for name, value in recorded if name == "uncovered"):
        terminalreporter.write_line(line)
    terminalreporter.write_line(f"{sum(value for name, value in recorded if name == 'bad input')} cases of bad input")
