# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What RDS offers, cut down to a few of each: engine versions with their ways up, parameters,
instance classes, log types.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """``apply_type``: static ones count after a reboot. ``allowed``: RDS's own form; empty allows anything."""

    default: str
    apply_type: str = "dynamic"
    allowed: str = ""
    data_type: str = "string"
    modifiable: bool = True


VERSIONS: dict[str, tuple[str, ...]] = {
    "aurora-postgresql": ("13.12", "15.13", "16.6", "16.8", "16.9", "17.4", "17.5"),
    "postgres": ("15.13", "16.8", "16.9", "17.4", "17.5", "17.6"),
    "mysql": ("8.0.42", "8.0.43", "8.4.5", "8.4.6"),
    "mariadb": ("10.11.13", "11.4.7", "11.8.3"),
}
DEFAULTS: dict[str, tuple[str, ...]] = {
    "aurora-postgresql": ("13.12", "15.13", "16.8", "17.5"),
    "postgres": ("15.13", "16.9", "17.6"),
    "mysql": ("8.0.42", "8.4.6"),
    "mariadb": ("10.11.13", "11.4.7", "11.8.3"),
}
"""The default of each major version; the last is the engine's."""
WITHOUT_AUTO_PAUSE = ("13.12",)

_POSTGRES = {
    "autovacuum": Parameter("1", allowed="0,1", data_type="boolean"),
    "idle_in_transaction_session_timeout": Parameter("86400000", allowed="0-2147483647", data_type="integer"),
    "log_min_duration_statement": Parameter("-1", allowed="-1-2147483647", data_type="integer"),
    "log_statement": Parameter("none", allowed="none,ddl,mod,all"),
    "max_connections": Parameter("LEAST({DBInstanceClassMemory/9531392},5000)", "static", "6-262143", "integer"),
    "rds.extensions": Parameter("plpgsql", modifiable=False),
    "rds.force_ssl": Parameter("0", allowed="0,1", data_type="boolean"),
    "rds.logical_replication": Parameter("0", "static", "0,1", "boolean"),
    "shared_preload_libraries": Parameter(
        "pg_stat_statements", "static", "auto_explain,pg_cron,pg_stat_statements,pgaudit", "list"
    ),
    "timezone": Parameter("UTC", allowed="Africa/Cairo,Europe/Berlin,UTC"),
}
_MYSQL = {
    "basedir": Parameter("/rdsdbbin/mysql", modifiable=False),
    "character_set_server": Parameter("utf8mb4", allowed="latin1,utf8mb4"),
    "innodb_buffer_pool_size": Parameter(
        "{DBInstanceClassMemory*3/4}", "static", "5242880-18446744073709551615", "integer"
    ),
    "long_query_time": Parameter("10", allowed="0-31536000", data_type="float"),
    "max_connections": Parameter("{DBInstanceClassMemory/12582880}", allowed="1-100000", data_type="integer"),
    "performance_schema": Parameter("0", "static", "0,1", "boolean"),
    "require_secure_transport": Parameter("0", allowed="0,1", data_type="boolean"),
    "slow_query_log": Parameter("0", allowed="0,1", data_type="boolean"),
}
PARAMETERS = {"aurora-postgresql": _POSTGRES, "postgres": _POSTGRES, "mysql": _MYSQL, "mariadb": _MYSQL}

CLASSES = {
    "aurora-postgresql": ("db.serverless", "db.t4g.medium", "db.r7g.large", "db.r8g.large"),
    "postgres": ("db.t4g.micro", "db.t4g.medium", "db.m7g.large", "db.r7g.large"),
    "mysql": ("db.t4g.micro", "db.t4g.medium", "db.m7g.large", "db.r7g.large"),
    "mariadb": ("db.t4g.micro", "db.t4g.medium", "db.m7g.large", "db.r7g.large"),
}
LOG_TYPES = {
    "aurora-postgresql": ("postgresql",),
    "postgres": ("postgresql", "upgrade"),
    "mysql": ("audit", "error", "general", "slowquery"),
    "mariadb": ("audit", "error", "general", "slowquery"),
}


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def major(engine: str, version: str) -> str:
    return ".".join(version.split(".")[: 2 if engine in ("mysql", "mariadb") else 1])


def family(engine: str, version: str) -> str:
    return engine + major(engine, version)


def full_version(engine: str, asked: str | None) -> str | None:
    """The version that is meant by a full one, by a major one, or by none; None when there is none."""
    if asked is None:
        return DEFAULTS[engine][-1]
    if asked in VERSIONS[engine]:
        return asked
    return next((version for version in DEFAULTS[engine] if major(engine, version) == asked), None)


def targets(engine: str, version: str) -> list[str]:
    """Where an upgrade can go."""
    return [other for other in VERSIONS[engine] if number(other) > number(version)]


def engine_of(family_name: str) -> str | None:
    return next(
        (engine for engine, versions in VERSIONS.items() if family_name in {family(engine, each) for each in versions}),
        None,
    )
