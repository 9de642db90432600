# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The runner of `make test`."""

from __future__ import annotations

import subprocess
import sys

from tests.lint import ROOT

MAKEFILE = """
good:
\t@echo '===== 3 passed in 0.10s ====='
bad:
\t@echo '===== 1 failed, 2 passed, 1 skipped in 61.00s (0:01:01) ====='
\t@exit 3
unable:
\t@echo 'NOT RUN: there is nothing to run it with'
quiet:
\t@echo '===== slowest 15 durations ====='
"""


def run(folder, *parts):
    (folder / "Makefile").write_text(MAKEFILE)
    command = [sys.executable, "-m", "tests.parts", *parts]
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_part_that_fails_fails_the_run_but_stops_no_other(tmp_path):
    done = run(tmp_path, "bad", "good")
    assert done.returncode == 1
    assert "bad             FAILED" in done.stdout
    assert "good            passed" in done.stdout


def test_the_last_lines_are_pytests_closing_lines(tmp_path):
    done = run(tmp_path, "good", "quiet")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == ["", "===== 3 passed in 0.10s ====="]


def test_pytests_line_of_failures_is_kept(tmp_path):
    done = run(tmp_path, "bad")
    assert done.stdout.splitlines()[-1] == "===== 1 failed, 2 passed, 1 skipped in 61.00s (0:01:01) ====="


def test_what_could_not_be_run_is_not_called_passed(tmp_path):
    done = run(tmp_path, "unable", "good")
    assert done.returncode == 0
    assert "unable          NOT RUN" in done.stdout
    assert "NOT RUN: there is nothing to run it with" in done.stdout.splitlines()[-2:]


def test_rows_run_side_by_side_and_each_part_is_shown_whole(tmp_path):
    done = run(tmp_path, "good/bad,unable", "good")
    assert done.returncode == 1
    assert done.stdout.count("──── make good\n===== 3 passed in 0.10s =====") == 2
    assert "──── make bad\n===== 1 failed" in done.stdout
    assert "unable          NOT RUN" in done.stdout
