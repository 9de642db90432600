# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a resource is: a typed description of what should be, and how its kind is read and changed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, ClassVar, Protocol

Properties = dict[str, Any]


class State(Enum):
    """How far a resource is. The order ranks two of one key: which of them is kept."""

    READY = "ready"
    PENDING = "pending"  # becomes ready by itself
    UNHEALTHY = "unhealthy"  # exists and can be updated, but does not become ready by itself
    SCHEDULED = "scheduled for deletion"  # its end is fixed, and can still be called off by an update
    FAILED = "failed"  # never came to be: it has to be made again
    DELETING = "deleting"


class Unknown:
    """The value of what AWS decides, before it has."""

    def __repr__(self) -> str:
        return "(known after apply)"


UNKNOWN = Unknown()

Address = tuple[type["Resource"], str]


@dataclass(frozen=True)
class Ref:
    """A property of another resource that AWS decides, such as an id. ``path``: names joined by dots."""

    address: Address
    path: str

    def __str__(self) -> str:
        """The same wherever its kind's class stands: digests are made of it, and outlive this code."""
        kind, key = self.address
        return f"{kind.__name__} {key}.{self.path}"


@dataclass(frozen=True)
class Owner:
    """Whose resources are meant: a component (a role's part) of an environment of a platform."""

    platform: str
    environment: str
    component: str

    @property
    def name(self) -> str:
        """What every deterministic name of the environment begins with."""
        return f"{self.platform}-{self.environment}"

    @property
    def scope(self) -> dict[str, str]:
        """The tags that mark a resource as this owner's."""
        return {
            "keelson:platform": self.platform,
            "keelson:environment": self.environment,
            "keelson:component": self.component,
        }

    def tags(self, key: str) -> dict[str, str]:
        return {**self.scope, "keelson:key": key}

    def of(self, component: str) -> Owner:
        return replace(self, component=component)


class Foresight(Protocol):
    """What the components before in a run will have made by the time that this one works."""

    def of(self, owner: Owner, kind: type[Resource]) -> dict[str, Properties] | None:
        """By key, all that the owner will have of a kind; None where nothing of the owner's was planned,
        so that AWS knows best.
        """


class Resource(ABC):
    """A resource that should be. Subclasses are frozen dataclasses; a field that holds another resource is a need.

    ``key`` tells apart the resources of one kind that one owner has. ``api`` below is whatever the component hands to
    the engine: the engine passes it on and never looks inside.
    """

    replaced_by: ClassVar[frozenset[str]] = frozenset()
    """Names of properties that cannot be changed in place."""
    instead: ClassVar[str] = ""
    """What to do rather than to replace it, as a sentence: told where a replacement is refused."""
    stateful: ClassVar[bool] = False
    """Holds data: never purged, never replaced; only ``state: absent`` removes it."""
    taggable: ClassVar[bool] = True
    """Whether it takes the user's tags: the owner's may be all that it has room for, in a description."""
    sensitive: ClassVar[frozenset[str]] = frozenset()
    """Names of properties whose values are never shown."""
    id_name: ClassVar[str] = ""
    """The observed property (names joined by dots) that is the resource's id."""
    arn_name: ClassVar[str] = ""

    key: Any  # a field or a property of the subclass; a str

    @property
    def address(self) -> Address:
        return type(self), self.key

    def ref(self, path: str) -> Ref:
        return Ref(self.address, path)

    @abstractmethod
    def desired(self) -> Properties:
        """What should be, in AWS's own shape. Properties not named are ignored; a set compares without order.

        A property may refer to what needs this resource itself, or is made after it: it is then written once
        that is there. The engine adds the owner's and the user's tags to ``Tags``, which names only those that
        the kind itself needs.
        """

    @classmethod
    def called(cls) -> str:
        """How messages name its kind: that of a lookup for what it finds."""
        return cls.__name__.removesuffix("Lookup")

    @classmethod
    @abstractmethod
    def observe(cls, api: Any, owner: Owner) -> Iterable[tuple[str, Properties]]:
        """Key and properties of all that is there: all that carries the owner's tags,
        and what has a name of the owner's.

        The properties have the shape of ``desired()`` and hold ``Tags``, a dict of strings. What does not carry the
        owner's tags is reported as not owned where its key is declared, and is never touched.
        """

    @abstractmethod
    def create(self, api: Any, wanted: Properties) -> Properties:
        """Make it, by ONE call that also tags it.

        ``wanted`` is ``desired()`` resolved, with ``Tags`` and ``ClientToken``. Returns what is then true, in the shape
        of ``observe``: the engine passes what still differs to ``update``.
        """

    @abstractmethod
    def update(self, api: Any, observed: Properties, changes: Properties) -> Properties | None:
        """Change these properties, the values being what they should become.

        Most kinds need nothing of ``self``: a classmethod will do. Returns what else has changed thereby, such as a
        status that is UPDATING now.
        """

    @classmethod
    @abstractmethod
    def delete(cls, api: Any, observed: Properties) -> None:
        """Start to delete it, or schedule it. Gone already is fine."""

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        """How far it is, and why in words."""
        return State.READY, ""

    @classmethod
    def is_left_to_others(cls, observed: Properties) -> bool:
        """Whether a pending one becomes ready by what somebody has to do elsewhere.

        Nobody waits for that: it is told as pending.
        """
        return False

    @classmethod
    def in_use(cls, observed: Properties) -> bool:
        """Whether something else uses it: which of two with one key stays."""
        return False

    @classmethod
    def protection(cls, observed: Properties) -> str:
        """What keeps it from being deleted, and how to lift that; empty when nothing does."""
        return ""

    @classmethod
    def obstacle(cls, api: Any, observed: Properties) -> str:
        """As ``protection``, for what takes a look at AWS: asked before a delete is planned,
        such as whether it still holds data.
        """
        return ""

    @classmethod
    def effect(cls, observed: Properties, changes: Properties) -> str:
        """What an update of these properties does to whoever uses it, such as that nodes are replaced.

        ``observed`` is empty where it is made. Empty when nobody feels it.
        """
        return ""

    @classmethod
    def retained(cls, observed: Properties) -> bool:
        """Whether the user has chosen that ``state: absent`` leaves it."""
        return False

    @classmethod
    def leaves(cls, observed: Properties) -> str:
        """What deleting it leaves behind on purpose, such as a last snapshot; empty when nothing."""
        return ""

    def collides(self, wanted: Properties, other: Properties) -> bool:
        """Whether it cannot be made while ``other``, an observed one of the same kind, exists (a CIDR, a name)."""
        return False

    def objection(self, api: Any, owner: Owner, observed: Properties, changes: Properties) -> str:
        """Asked before a create (``observed`` is empty) or an update is planned:
        why it would not work, and the way out.

        For rules that take AWS's facts, such as who has its name where ``observe`` would not see that. ``changes`` may
        hold values that are not known yet. Empty when nothing is against it.
        """
        return ""


class Lookup(Resource):
    """A resource that another component makes: found, waited for, never changed."""

    role: ClassVar[str]
    """The role that makes it."""

    is_waited_for: ClassVar[bool] = True
    """Also where the caller does not want to wait for what it makes itself.

    If not, what needs it is left to a later call.
    """

    @classmethod
    def look_up(cls, api: Any, owner: Owner, keys: Collection[str]) -> Iterable[tuple[str, Properties]]:
        """Those of these keys that there are.

        A kind that can ask for one by its key does so in place of ``observe``.
        """
        return cls.observe(api, owner)

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        """What there will be where ``found`` is what there is. What AWS decides is ``UNKNOWN``, or missing."""
        return found

    @classmethod
    def observe(cls, api: Any, owner: Owner) -> Iterable[tuple[str, Properties]]:
        raise TypeError(f"{cls.__name__} is looked up by its key")

    def desired(self) -> Properties:
        return {}

    def create(self, api: Any, wanted: Properties) -> Properties:
        raise TypeError(f"{type(self).__name__} is only looked up")

    def update(self, api: Any, observed: Properties, changes: Properties) -> None:
        raise TypeError(f"{type(self).__name__} is only looked up")

    @classmethod
    def delete(cls, api: Any, observed: Properties) -> None:
        raise TypeError(f"{cls.__name__} is only looked up")
