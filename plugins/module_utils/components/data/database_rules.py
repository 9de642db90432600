# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options that databases share, Aurora clusters and RDS instances, and the rules for them that need no AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from ...resources.logs.log_group import RETENTION_DAYS

TLS = {
    "aurora-postgresql": {"rds.force_ssl": "1"},
    "postgres": {"rds.force_ssl": "1"},
    "mysql": {"require_secure_transport": "1"},
    "mariadb": {"require_secure_transport": "1"},
}
"""The parameters by which an engine refuses connections without TLS."""
LOG_TYPES = {
    "aurora-postgresql": ("postgresql",),
    "postgres": ("postgresql", "upgrade"),
    "mysql": ("audit", "error", "general", "slowquery"),
    "mariadb": ("audit", "error", "general", "slowquery"),
}
VERSIONS = {
    "aurora-postgresql": (re.compile(r"\d\d(\.\d+)?"), '"17" or "17.4"'),
    "postgres": (re.compile(r"\d\d(\.\d+)?"), '"17" or "17.4"'),
    "mysql": (re.compile(r"\d\.\d(\.\d+)?"), '"8.4" or "8.4.6"'),
    "mariadb": (re.compile(r"1\d\.\d+(\.\d+)?"), '"11.8" or "11.8.3"'),
}
SHORTEST_RETENTION = {"aurora-postgresql": 1, "postgres": 0, "mysql": 0, "mariadb": 0}
LONGEST_RETENTION = 35

NAME = re.compile(r"[a-z]([a-z0-9]|-(?!-|$)){0,23}")
DATABASE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}")
RESERVED_USERNAMES = ("rdsadmin", "rdsrepladmin", "admin", "root", "public", "master", "mysql", "user")
"""Of PostgreSQL and MySQL those that a user might think of; others RDS refuses itself."""
ADMIN = {"mysql", "mariadb"}
"""The engines whose usual master is ``admin``."""
CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
DAY = r"(mon|tue|wed|thu|fri|sat|sun)"
BACKUP_WINDOW = re.compile(rf"{CLOCK}-{CLOCK}")
MAINTENANCE_WINDOW = re.compile(rf"{DAY}:{CLOCK}-{DAY}:{CLOCK}")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHORTEST_WINDOW = 30
SECURITY_GROUP = re.compile(r"sg-[0-9a-f]{8,17}")

Arguments = Mapping[str, Any]


def name_problems(option: str, name: str, arguments: Arguments) -> Iterator[str]:
    if not NAME.fullmatch(name):
        yield (
            f"{option}: {name!r} must be at most 24 lower-case letters, digits and single hyphens, "
            "beginning with a letter."
        )
    if "--" in f"{arguments['platform']}-{arguments['environment']}":
        yield "platform: RDS takes no names with two hyphens in a row."


def database_problems(path: str, given: Arguments, engine: str) -> Iterator[str]:
    """``path``: what the options' names come after, such as ``instances.orders.``."""
    yield from _engine_problems(path, given, engine)
    yield from _access_problems(path, given)
    yield from _backup_problems(path, given, engine)
    yield from _log_problems(path, given, engine)
    for option in ("kms_key", "log_kms_key"):
        if given[option] == "":
            yield f"{path}{option}: must not be empty. Leave it out for AWS's own key."


def _engine_problems(path: str, given: Arguments, engine: str) -> Iterator[str]:
    pattern, examples = VERSIONS[engine]
    if given["version"] is not None and not pattern.fullmatch(given["version"]):
        yield f"{path}version: {given['version']!r} is no version of {engine}, such as {examples}. Quote it in YAML."
    if given["initial_database"] is not None and not DATABASE_NAME.fullmatch(given["initial_database"]):
        yield (
            f"{path}initial_database: {given['initial_database']!r} must be letters, digits and underscores, "
            "beginning with a letter."
        )
    username = given["master_username"]
    if username is not None and not USERNAME.fullmatch(username):
        yield (
            f"{path}master_username: {username!r} must be at most 16 letters, digits and underscores, "
            "beginning with a letter."
        )
    elif (
        username is not None
        and username.lower() in RESERVED_USERNAMES
        and not (engine in ADMIN and username == "admin")
    ):
        yield f"{path}master_username: {username!r} is reserved by RDS."
    for name, value in given["parameters"].items():
        if name in TLS[engine]:
            yield f"{path}parameters.{name}: TLS is always asked for. Leave it out."
        if isinstance(value, (dict, list)) or value is None:
            yield f"{path}parameters.{name}: must be a text or a number."


def _access_problems(path: str, given: Arguments) -> Iterator[str]:
    for option in ("allowed_cidrs", "allowed_security_group_ids"):
        for position, item in enumerate(given[option]):
            if item in given[option][:position]:
                yield f"{path}{option}[{position}]: {item} is named twice."
    for position, cidr in enumerate(given["allowed_cidrs"]):
        try:
            network = ip_network(cidr)
        except ValueError as error:
            yield f"{path}allowed_cidrs[{position}]: {cidr!r} is no range of addresses: {error}."
            continue
        if not network.is_private:
            yield (
                f"{path}allowed_cidrs[{position}]: {cidr} is a public range, "
                "and nobody comes to the database from there."
            )
    for position, group in enumerate(given["allowed_security_group_ids"]):
        if not SECURITY_GROUP.fullmatch(group):
            yield f"{path}allowed_security_group_ids[{position}]: {group!r} is not the id of a security group."


def _backup_problems(path: str, given: Arguments, engine: str) -> Iterator[str]:
    days, least = given["backup_retention_days"], SHORTEST_RETENTION[engine]
    if not least <= days <= LONGEST_RETENTION:
        yield f"{path}backup_retention_days: must be from {least} to {LONGEST_RETENTION} days, not {days}."
    backup, maintenance = given["backup_window"], given["maintenance_window"]
    if backup and not BACKUP_WINDOW.fullmatch(backup):
        yield f"{path}backup_window: {backup!r} is no time of day such as 03:00-04:00 (UTC)."
        backup = None
    if maintenance and not MAINTENANCE_WINDOW.fullmatch(maintenance):
        yield (
            f"{path}maintenance_window: {maintenance!r} is no time of the week such as "
            "sun:04:30-sun:05:30 (UTC), in lower case."
        )
        maintenance = None
    for option, window in (("backup_window", backup), ("maintenance_window", maintenance)):
        if window and len(minutes(window)) < SHORTEST_WINDOW:
            yield f"{path}{option}: {window} is shorter than {SHORTEST_WINDOW} minutes."
    if backup and maintenance and {minute % 1440 for minute in minutes(maintenance)} & set(minutes(backup)):
        yield f"{path}maintenance_window: {maintenance} overlaps the backup window {backup}, which RDS refuses."


def minutes(window: str) -> list[int]:
    """The minutes of a window: of the day, or with weekdays of the week."""
    first, last = (_minute(end) for end in window.split("-"))
    whole = 1440 if window[0].isdigit() else 7 * 1440
    return [minute % whole for minute in range(first, last if last > first else last + whole)]


def _minute(moment: str) -> int:
    *day, hour, minute = moment.split(":")
    return (DAYS.index(day[0]) * 1440 if day else 0) + int(hour) * 60 + int(minute)


def _log_problems(path: str, given: Arguments, engine: str) -> Iterator[str]:
    for kind in sorted(set(given["log_types"])):
        if kind not in LOG_TYPES[engine]:
            yield f"{path}log_types: {kind!r} is no log of {engine}, which has {', '.join(LOG_TYPES[engine])}."
        if given["log_types"].count(kind) > 1:
            yield f"{path}log_types: {kind} is named twice."
    if given["log_retention_days"] not in RETENTION_DAYS:
        periods = ", ".join(map(str, RETENTION_DAYS))
        yield (
            f"{path}log_retention_days: {given['log_retention_days']} is none of the periods that "
            f"CloudWatch Logs offers: {periods}."
        )
    if given["log_kms_key"] and not given["log_types"]:
        yield f"{path}log_kms_key: has no use while log_types is empty."
