# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Versions of database engines: what a declared one means beside the one that a database has.

A declared version is a floor within its major version, for AWS upgrades minor versions by itself and never goes
back: "16" is content with any 16.x, "16.4" with 16.4 and all later ones of 16. Of MySQL and MariaDB two numbers are
the major version: "8.4".
"""

from __future__ import annotations

import re
from typing import Any

from ...aws.session import Aws
from ...engine.errors import InvalidArguments

PARTS_OF_MAJOR = {"aurora-postgresql": 1, "postgres": 1, "mysql": 2, "mariadb": 2}


def number(version: str) -> tuple[int, ...]:
    """The 16, 6 of 16.6; what follows the numbers (16.4-limitless) does not count."""
    return tuple(map(int, re.findall(r"\d+", re.match(r"[\d.]*", version)[0])))  # type: ignore[index]  # it matches the empty text too


def major(engine: str, version: str) -> tuple[int, ...]:
    return number(version)[: PARTS_OF_MAJOR[engine]]


def family(engine: str, version: str) -> str:
    """The family of parameter groups of a version, such as ``aurora-postgresql16``."""
    return engine + ".".join(map(str, major(engine, version)))


def is_fulfilled(engine: str, declared: str | None, present: str) -> bool:
    """Whether a database of the present version may keep it."""
    return declared is None or (
        major(engine, declared) == major(engine, present) and number(declared) <= number(present)
    )


def target(api: Aws, engine: str, option: str, declared: str | None, present: str | None, allow_major: bool) -> str:
    """The full version that the database should have: the present one where that will do,
    else what AWS offers for the declared.

    Raises InvalidArguments, beginning with the option's path, for a way that RDS does not go or should not.
    """
    if present and is_fulfilled(engine, declared, present):
        return present
    if present and declared:
        same = ".".join(map(str, major(engine, present)))
        if number(declared) < number(present):
            raise InvalidArguments(
                f'{option}: the database runs {present}, and RDS does not go back to {declared}. Set version: "{same}".'
            )
        if major(engine, declared) != major(engine, present) and not allow_major:
            raise InvalidArguments(
                f"{option}: from {present} to {declared} is an upgrade of the major version, which stops the database "
                "for minutes and cannot be undone. Try it on a clone or a restored snapshot, then set "
                "allow_major_version_upgrade for one run."
            )
    return _offered(api, engine, option, declared, present)


def _offered(api: Aws, engine: str, option: str, declared: str | None, present: str | None) -> str:
    """AWS's default of what is declared, or what comes closest to it of where the present version can go."""
    if present:
        here = list(
            api.read("rds", "describe_db_engine_versions", "DBEngineVersions", Engine=engine, EngineVersion=present)
        )
        ways = [
            way["EngineVersion"]
            for version in here
            for way in version.get("ValidUpgradeTarget", [])
            if way["Engine"] == engine
        ]
        ways = sorted(set(ways), key=number)
        fitting = [way for way in ways if number(way)[: len(number(str(declared)))] == number(str(declared))]
        if not fitting:
            raise InvalidArguments(
                f"{option}: AWS does not upgrade {present} to {declared}. "
                f"It does to {', '.join(ways) or 'no other version'}."
            )
        return fitting[-1]
    asked: dict[str, Any] = {"EngineVersion": declared} if declared else {}
    exact = declared is not None and len(number(declared)) > PARTS_OF_MAJOR[engine]
    found = list(
        api.read(
            "rds", "describe_db_engine_versions", "DBEngineVersions", Engine=engine, DefaultOnly=not exact, **asked
        )
    )
    if not found:
        offered = api.read("rds", "describe_db_engine_versions", "DBEngineVersions", Engine=engine)
        names = sorted({version["EngineVersion"] for version in offered}, key=number)
        raise InvalidArguments(f"{option}: AWS offers no {engine} {declared}. It offers {', '.join(names)}.")
    return str(max((version["EngineVersion"] for version in found), key=number))
