# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a value comes from: the inventory's variable, its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:  # an ansible-core that keeps it elsewhere: messages then name no line
    Origin = None

LINE = re.compile(r"(?P<what>[A-Z]\w+ [^:\s]+: )?(?P<option>\w+)(?P<rest>[\s\S]*)")
"""A problem, which may begin with the resource that has it."""
NAME = re.compile(r"\w+")


@dataclass(frozen=True)
class Variables:
    """The variables of a host.

    ``inventory``: those that its user has set, by whichever way; ``all``: what a task sees, with the defaults of roles;
    ``extra``: those of the command line.
    """

    inventory: Mapping[str, Any]
    all: Mapping[str, Any]
    extra: Mapping[str, Any]

    @classmethod
    def of(cls, task_vars: Mapping[str, Any], extra: Mapping[str, Any]) -> Variables:
        return cls(task_vars["hostvars"].raw_get(task_vars["inventory_hostname"]), task_vars, extra)

    def source(self, name: str) -> str:
        """The variable that decides: where a default is made of others, the first of them that the user has set."""
        if name in self.inventory:
            return name
        default = self.all.get(name)
        others = NAME.findall(default) if isinstance(default, str) and "{{" in default else []
        return next((self.source(other) for other in others if other in self.all and other != name), name)

    def place(self, name: str, path: Sequence[str | int] = ()) -> str:
        """File, line and column of a value, or of the nearest thing around it that has them; empty when none has.

        The name's own place counts only where the inventory's value is the one that is seen.
        """
        value: Any = self.all if name in self.all else self.inventory
        is_inventorys = name in self.inventory and name not in self.extra and value[name] == self.inventory[name]
        names: Mapping[str, Any] = self.inventory if is_inventorys else {}
        best = ""
        for step in (name, *path):
            key = next((key for key in names if key == step), None)
            value = value[step]
            best = nearer(place_of(key), value) or best
            names = value if isinstance(value, Mapping) else {}
        return best


def nearer(key: str, value: Any) -> str:
    """That of a scalar; of what holds others that of its name, unless another file's of the same name has the value."""
    own = place_of(value)
    is_its_name = key.partition(":")[0] == own.partition(":")[0]
    return key if key and (not own or (isinstance(value, (Mapping, list)) and is_its_name)) else own


def place_of(value: Any) -> str:
    """What Ansible knows of where a value was written; of booleans and nulls it knows nothing."""
    origin = Origin.get_tag(value) if Origin is not None else None
    if origin is None or origin.path is None:
        return ""
    path = Path(origin.path)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    numbers = [str(number) for number in (origin.line_num, origin.col_num) if number]
    return ":".join([str(shown), *numbers])


def told(line: str, variable_of: Callable[[str], str | None], variables: Variables, options: Iterable[str]) -> str:
    """A problem's line that begins with an option's path, with its variable's path instead, and the place before it.

    What the user has not set has no place: then that of another variable which the line names, and which
    is set, will do.
    """
    match = LINE.match(line)
    variable = variable_of(match["option"]) if match else None
    if match is None or variable is None:
        return line
    source, text = variables.source(variable), match["rest"]
    places = [source]
    for option in options:
        other = variable_of(option)
        if other and option != match["option"] and (found := re.search(rf"(?<![\w.]){re.escape(option)}(?!\w)", text)):
            places.append(variables.source(other))
            text = text[: found.start()] + other + text[found.end() :] if "_" in option else text
    path = steps(match["rest"], variables.all.get(source))
    place = variables.place(source, path) if source in variables.inventory else ""
    others = (name for name in (*places, *NAME.findall(text)) if name in variables.inventory)
    place = place or next((variables.place(name) for name in others), "")
    named = f"{match['what'] or ''}{source}{text}"
    return f"{place}: {named}" if place else named


def steps(rest: str, value: Any) -> list[str | int]:
    """The way into a value that a path's rest tells, such as ``.system.taints[0].key``, as far as the value has it."""
    way: list[str | int] = []
    while True:
        if isinstance(value, Mapping) and rest.startswith("."):
            key = max(
                (key for key in value if rest[1:].startswith(str(key))), key=lambda key: len(str(key)), default=None
            )
            if key is None:
                return way
            way.append(key)
            value, rest = value[key], rest[1 + len(str(key)) :]
        elif isinstance(value, list) and (match := re.match(r"\[(\d+)\]", rest)) and int(match[1]) < len(value):
            way.append(int(match[1]))
            value, rest = value[int(match[1])], rest[match.end() :]
        else:
            return way
