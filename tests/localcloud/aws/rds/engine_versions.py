# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DescribeDBEngineVersions, DescribeOrderableDBInstanceOptions and the engines' default parameters."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.rds.responses import RDSResponse

from ..patching import add
from . import catalog
from .life import value


def install() -> None:
    add(
        RDSResponse,
        describe_db_engine_versions,
        describe_orderable_db_instance_options,
        describe_engine_default_parameters,
        describe_engine_default_cluster_parameters,
    )


def describe_db_engine_versions(self: RDSResponse) -> ActionResult:
    """A major version as EngineVersion stands for all of its minor ones."""
    asked, default_only = self.params.get("EngineVersion"), self.params.get("DefaultOnly")
    found = []
    for engine in [self.params["Engine"]] if "Engine" in self.params else list(catalog.VERSIONS):
        for version in catalog.VERSIONS.get(engine, ()):
            is_meant = asked in (None, version, catalog.major(engine, version))
            if is_meant and (not default_only or version == catalog.full_version(engine, asked)):
                found.append(_described(engine, version))
    return ActionResult({"DBEngineVersions": found})


def _described(engine: str, version: str) -> dict[str, Any]:
    least = 0.5 if version in catalog.WITHOUT_AUTO_PAUSE else 0.0
    serverless = {"ServerlessV2FeaturesSupport": {"MinCapacity": least, "MaxCapacity": 128.0 if least else 256.0}}
    return {
        "Engine": engine,
        "EngineVersion": version,
        "MajorEngineVersion": catalog.major(engine, version),
        "DBParameterGroupFamily": catalog.family(engine, version),
        "DBEngineDescription": engine,
        "Status": "available",
        "ExportableLogTypes": list(catalog.LOG_TYPES[engine]),
        "SupportsLogExportsToCloudwatchLogs": True,
        "ValidUpgradeTarget": [
            {
                "Engine": engine,
                "EngineVersion": target,
                "AutoUpgrade": False,
                "IsMajorVersionUpgrade": catalog.major(engine, target) != catalog.major(engine, version),
            }
            for target in catalog.targets(engine, version)
        ],
        **(serverless if engine == "aurora-postgresql" else {}),
    }


def describe_orderable_db_instance_options(self: RDSResponse) -> ActionResult:
    engine, asked, wanted = self.params["Engine"], self.params.get("EngineVersion"), self.params.get("DBInstanceClass")
    return ActionResult(
        {
            "OrderableDBInstanceOptions": [
                {
                    "Engine": engine,
                    "EngineVersion": version,
                    "DBInstanceClass": each,
                    "MultiAZCapable": engine != "aurora-postgresql",
                    "StorageType": "aurora" if engine == "aurora-postgresql" else "gp3",
                    "Vpc": True,
                }
                for version in catalog.VERSIONS.get(engine, ())
                for each in catalog.CLASSES.get(engine, ())
                if asked in (None, version) and wanted in (None, each)
            ]
        }
    )


def describe_engine_default_parameters(self: RDSResponse) -> ActionResult:
    family = self.params["DBParameterGroupFamily"]
    engine = catalog.engine_of(family)
    if engine is None:
        raise value(f"DBParameterGroupFamily {family} is not a valid parameter group family")
    return ActionResult({"EngineDefaults": {"DBParameterGroupFamily": family, "Parameters": parameters(engine, {})}})


def describe_engine_default_cluster_parameters(self: RDSResponse) -> ActionResult:
    return describe_engine_default_parameters(self)


def parameters(engine: str, changed: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """All parameters of an engine, with what a group changes in them."""
    return [
        {
            "ParameterName": name,
            "ParameterValue": each.default,
            "Source": "engine-default" if each.modifiable else "system",
            "ApplyType": each.apply_type,
            "DataType": each.data_type,
            "AllowedValues": each.allowed,
            "IsModifiable": each.modifiable,
            "ApplyMethod": "pending-reboot",
            **({**changed[name], "Source": "user"} if name in changed else {}),
        }
        for name, each in sorted(catalog.PARAMETERS[engine].items())
    ]
