# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A tiny cloud in memory, with kinds that live in it: what the engine is tested on, without AWS.

It refuses what a cloud refuses: a part of something that does not exist, deleting what is in use,
an address taken twice.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ansible_collections.keelson.eks.plugins.module_utils.engine.ahead import over
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import AnswerLost, Blocked, KeelsonError
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import (
    Foresight,
    Lookup,
    Owner,
    Properties,
    Resource,
    State,
)

OWNER = Owner("acme", "test", "shop")


class Killed(BaseException):
    """The process died here."""


@dataclass
class Cloud:
    """``items``: what exists, by id. ``faults``: number of the write -> what happens then.

    ``ahead``: what components before will have made.
    """

    items: dict[str, Properties] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)
    writes: int = 0
    lock: Any = field(default_factory=threading.RLock)
    ahead: Foresight | None = None
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def write(self, operation: str, change: Any) -> Any:
        with self.lock:
            fault = self.faults.pop(self.writes, "")
            self.writes += 1
            if fault == "refused":
                raise KeelsonError("AccessDenied")
            if fault == "killed before":
                raise Killed
            if fault == "lost before":
                raise AnswerLost("no answer")
            result = change()
            self.log.append((operation, result))
            if fault == "killed after":
                raise Killed
            if fault == "lost after":
                raise AnswerLost("no answer")
            return result

    def add(self, kind: type[Resource], properties: Properties) -> str:
        for other in self.of(kind):
            if properties.get("Address") and other.get("Address") == properties["Address"]:
                raise Blocked(f"address {properties['Address']} is taken")
        for name in properties.get("Uses", ()):
            if name not in self.items:
                raise AssertionError(f"{kind.__name__} made before what it needs")
        number = f"{kind.__name__.lower()}-{next(self.numbers)}"
        self.items[number] = {"Kind": kind, "Id": number, "Tags": {}, **properties}
        return number

    def remove(self, number: str) -> str:
        for other in self.items.values():
            if number in other.get("Uses", ()):
                raise Blocked(f"{number} is used by {other['Id']}")
        self.items.pop(number, None)
        return number

    def change(self, number: str, properties: Properties) -> str:
        for name in properties.get("Uses", ()):
            assert name in self.items, "changed to use what does not exist"
        tags = {**self.items[number]["Tags"], **properties.get("Tags", {})}
        self.items[number] = {**self.items[number], **properties, "Tags": tags}
        return number

    def of(self, kind: type[Resource]) -> list[Properties]:
        with self.lock:
            return [dict(item) for item in self.items.values() if item["Kind"] is kind]

    def shape(self) -> list[tuple]:
        """What there is, without ids."""
        names = {
            number: (item["Kind"].__name__, item["Tags"].get("keelson:key")) for number, item in self.items.items()
        }
        return sorted(
            (
                names[number],
                item.get("Size"),
                item.get("Address"),
                sorted(map(str, (names[used] for used in item.get("Uses", ())))),
            )
            for number, item in self.items.items()
        )


class InCloud(Resource):
    id_name = "Id"
    created_with: ClassVar[tuple[str, ...]] = ("Uses", "Address")

    @classmethod
    def observe(cls, api: Cloud, owner: Owner) -> Iterable[tuple[str, Properties]]:
        return [(item["Tags"].get("keelson:key", item["Id"]), item) for item in api.of(cls)]

    def create(self, api: Cloud, wanted: Properties) -> Properties:
        given = {name: value for name, value in wanted.items() if name in ("Tags", *self.created_with)}
        number = api.write("create", lambda: api.add(type(self), given))
        return {**given, "Id": number}

    @classmethod
    def update(cls, api: Cloud, observed: Properties, changes: Properties) -> None:
        api.write("update", lambda: api.change(observed["Id"], changes))

    @classmethod
    def delete(cls, api: Cloud, observed: Properties) -> None:
        api.write("delete", lambda: api.remove(observed["Id"]))

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        return observed.get("State", State.READY), "as the test says"


@dataclass(frozen=True)
class Network(InCloud):
    key: str
    size: int = 1

    def desired(self) -> Properties:
        return {"Size": self.size}


@dataclass(frozen=True)
class Part(InCloud):
    """Needs a network; its address is unique, and fixed."""

    key: str
    network: Network
    address_: str
    size: int = 1

    replaced_by = frozenset({"Uses", "Address"})

    def desired(self) -> Properties:
        return {"Uses": {self.network.ref("Id")}, "Address": self.address_, "Size": self.size}

    def collides(self, wanted: Properties, other: Properties) -> bool:
        return wanted["Address"] == other["Address"]


@dataclass(frozen=True)
class Link(InCloud):
    """Uses parts, which can change."""

    key: str
    parts: tuple[Part, ...]

    def desired(self) -> Properties:
        return {"Uses": {part.ref("Id") for part in self.parts}}


@dataclass(frozen=True)
class Store(InCloud):
    """Holds data."""

    key: str
    network: Network

    stateful = True
    replaced_by = frozenset({"Uses"})

    def desired(self) -> Properties:
        return {"Uses": {self.network.ref("Id")}}


@dataclass(frozen=True)
class NetworkLookup(Lookup):
    key: str

    role = "network"

    @classmethod
    def observe(cls, api: Cloud, owner: Owner) -> Iterable[tuple[str, Properties]]:
        return [
            (item["Tags"]["keelson:key"], item)
            for item in api.of(Network)
            if item["Tags"].get("keelson:component") == "network"
        ]

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return over(found, ahead.of(owner.of("network"), Network))

    state = InCloud.state


@dataclass(frozen=True)
class Guest(InCloud):
    """Needs another component's network."""

    key: str
    network: NetworkLookup

    def desired(self) -> Properties:
        return {"Uses": {self.network.ref("Id")}}


KINDS = (Network, Part, Link, Store)
