# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: parameter groups, of Aurora clusters and of instances.

Changes of dynamic parameters count at once, those of static ones after the next reboot:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.resource import Owner, Properties, Resource
from .common import make, named, tag, tag_list

MOST_A_CALL = 20
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html"""
NUMBER = re.compile(r"-?\d+")
RANGE = re.compile(r"(-?\d+)-(-?\d+)")
UNTOLD_TAG = "keelson:own-values"
"""Where a group keeps which of its parameters were set to what is the engine's own value:
``name=value``, with spaces between.
"""
TAGGABLE = re.compile(r"[\w.:/+@-]{1,60}")


@dataclass(frozen=True)
class ParameterGroup(Resource):
    """A DB parameter group, in which these parameters alone have other than the engine's own values;
    its key is its name.

    ``option``: the path of the option that holds the user's parameters.
    """

    key: str
    family: str
    description: str
    parameters: Mapping[str, str]
    option: str

    kind: ClassVar[str] = "db_parameter_group"
    """How operations call it."""
    member: ClassVar[str] = "DBParameterGroup"
    """How answers call it."""
    replaced_by: ClassVar[frozenset[str]] = frozenset({"DBParameterGroupFamily"})
    id_name: ClassVar[str] = "DBParameterGroupName"
    arn_name: ClassVar[str] = "DBParameterGroupArn"

    def desired(self) -> Properties:
        return {"DBParameterGroupFamily": self.family, "Parameters": dict(self.parameters)}

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        name = cls.id_name
        groups = list(named(api, owner, api.read("rds", f"describe_{cls.kind}s", f"{cls.member}s"), name, cls.arn_name))
        for group, changed in zip(groups, each(lambda group: cls.changed_in(api, group[name]), groups), strict=True):
            if changed is not None:
                yield group[name], {**group, "Parameters": {**_untold(group["Tags"]), **changed}}

    @classmethod
    def changed_in(cls, api: Aws, name: str) -> dict[str, str] | None:
        """The parameters that are not the engine's; None when the group has gone meanwhile."""
        found: dict[str, str] = {}
        more: dict[str, str] = {}
        while (answer := api.find("rds", cls.reading(), **{cls.id_name: name}, Source="user", **more)) is not None:
            listed = answer["Parameters"]
            found.update(
                {
                    parameter["ParameterName"]: parameter["ParameterValue"]
                    for parameter in listed
                    if "ParameterValue" in parameter
                }
            )
            if not answer.get("Marker"):
                return found
            more = {"Marker": answer["Marker"]}
        return None

    @classmethod
    def parameters_of(cls, api: Aws, name: str) -> list[dict[str, Any]]:
        return list(api.read("rds", cls.reading(), "Parameters", **{cls.id_name: name}))

    @classmethod
    def reading(cls) -> str:
        return f"describe_{cls.kind.removesuffix('_group')}s"

    def create(self, api: Aws, wanted: Properties) -> Properties:
        about = {self.id_name: self.key, "DBParameterGroupFamily": self.family, "Description": self.description}
        made = make(api, f"create_{self.kind}", **about, Tags=tag_list(wanted["Tags"]))[self.member]
        return {**made, "Parameters": {}, "Tags": wanted["Tags"]}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> Properties:
        tag(api, observed[cls.arn_name], changes)
        if "Parameters" not in changes:
            return {}
        name, there, wanted = observed[cls.id_name], observed["Parameters"], changes["Parameters"]
        about = {parameter["ParameterName"]: parameter for parameter in cls.parameters_of(api, name)}
        to_set = {parameter: value for parameter, value in wanted.items() if there.get(parameter) != value}
        to_reset = dict.fromkeys(there.keys() - wanted.keys())
        for operation, parameters in ((f"modify_{cls.kind}", to_set), (f"reset_{cls.kind}", to_reset)):
            listed = [_change(about, parameter, value) for parameter, value in sorted(parameters.items())]
            for start in range(0, len(listed), MOST_A_CALL):
                some = {cls.id_name: name, "Parameters": listed[start : start + MOST_A_CALL]}
                api.call("rds", operation, **some)
        cls.note_untold(api, observed, wanted)
        return {
            "AwaitReboot": sorted(parameter for parameter in {**to_set, **to_reset} if _is_static(about, parameter))
        }

    @classmethod
    def note_untold(cls, api: Aws, observed: Properties, wanted: Mapping[str, str]) -> None:
        """RDS does not tell of a parameter that it was set when that is the engine's own value:
        the group's tag has to.
        """
        listed = cls.parameters_of(api, observed[cls.id_name])
        own = {
            parameter["ParameterName"]: parameter.get("ParameterValue")
            for parameter in listed
            if parameter["Source"] != "user"
        }
        pairs = [
            f"{name}={value}"
            for name, value in sorted(wanted.items())
            if own.get(name) == value and TAGGABLE.fullmatch(value)
        ]
        if (text := " ".join(pairs)) != observed["Tags"].get(UNTOLD_TAG, ""):
            tag(api, observed[cls.arn_name], {"Tags": {UNTOLD_TAG: text}})

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call("rds", f"delete_{cls.kind}", **{cls.id_name: observed[cls.id_name]})

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        """A parameter that the family does not have, that is not the user's to change,
        or a value that it does not take.
        """
        wanted = {
            name: value
            for name, value in changes.get("Parameters", {}).items()
            if observed.get("Parameters", {}).get(name) != value
        }
        if not wanted:
            return ""
        operation = f"describe_engine_default_{self.kind.removeprefix('db_').removesuffix('_group')}s"
        about = {parameter["ParameterName"]: parameter for parameter in _defaults(api, operation, self.family)}
        return " ".join(
            filter(None, (self._wrong(name, value, about.get(name)) for name, value in sorted(wanted.items())))
        )

    def _wrong(self, name: str, value: str, about: dict[str, Any] | None) -> str:
        if about is None:
            return f"{self.option}.{name}: {self.family} has no parameter of this name."
        if not about.get("IsModifiable", True):
            return f"{self.option}.{name}: RDS sets this parameter itself."
        allowed = about.get("AllowedValues", "")
        if about.get("DataType") == "list" or _is_allowed(value, allowed):  # of a list each item would count
            return ""
        return f"{self.option}.{name}: {value!r} is not allowed; allowed are {allowed}."


@dataclass(frozen=True)
class ClusterParameterGroup(ParameterGroup):
    """As a ParameterGroup, of all instances of a cluster."""

    kind: ClassVar[str] = "db_cluster_parameter_group"
    member: ClassVar[str] = "DBClusterParameterGroup"
    id_name: ClassVar[str] = "DBClusterParameterGroupName"
    arn_name: ClassVar[str] = "DBClusterParameterGroupArn"


def _untold(tags: Mapping[str, str]) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in tags.get(UNTOLD_TAG, "").split())
    return {name: value for name, _equals, value in pairs}


def _defaults(api: Aws, operation: str, family: str) -> Iterator[dict[str, Any]]:
    """The parameters of a family. The answer nests them, where ``Aws.read`` does not look."""
    more: dict[str, str] = {}
    while True:
        answer = api.call("rds", operation, DBParameterGroupFamily=family, **more)["EngineDefaults"]
        yield from answer.get("Parameters", [])
        if not answer.get("Marker"):
            return
        more = {"Marker": answer["Marker"]}


def _change(about: dict[str, dict[str, Any]], name: str, value: str | None) -> dict[str, str]:
    method = "pending-reboot" if _is_static(about, name) else "immediate"
    return {"ParameterName": name, "ApplyMethod": method, **({} if value is None else {"ParameterValue": value})}


def _is_static(about: dict[str, dict[str, Any]], name: str) -> bool:
    return bool(about.get(name, {}).get("ApplyType") == "static")


def _is_allowed(value: str, allowed: str) -> bool:
    """``allowed``: values and ranges of numbers with commas between (0-8388607, -1-100).

    What is neither, RDS checks itself.
    """
    choices = [choice.strip() for choice in allowed.split(",")]
    ranges = [(int(found[1]), int(found[2])) for choice in choices if (found := RANGE.fullmatch(choice))]
    if value in choices or (len(choices) == 1 and not ranges):
        return True
    if NUMBER.fullmatch(value):
        return any(low <= int(value) <= high for low, high in ranges)
    return bool(ranges)
