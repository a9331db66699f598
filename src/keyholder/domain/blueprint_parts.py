"""What a blueprint consists of: masks, permissions, roles, resource types, actions and kinds of assets, as frozen values.

Import them from :mod:`keyholder.domain.blueprint`, which puts them together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

Mask = NewType("Mask", int)
"""A set of permissions of one blueprint, a bit for each."""
NOTHING = Mask(0)

Labels = Mapping[str, str]
"""Language code to text; ``en`` is always there."""


class Grants(StrEnum):
    """How much the holder of the granting permission may give away."""

    ANY = "any"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Permission:
    """One verb of the platform. ``closure`` is itself and everything it includes, transitively."""

    name: str
    mask: Mask
    closure: Mask
    includes: frozenset[str]
    labels: Labels
    meaning: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions, bound as one; exclusive in one binding."""

    name: str
    permissions: frozenset[str]
    mask: Mask
    labels: Labels
    meaning: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A permission that counts at this type only while its holder also holds a role at an ancestor (assigned pixels)."""

    role: str
    at: str


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One kind of node: where it hangs, what can be bound there, and what its edge to the parent lets through."""

    name: str
    blueprint: str
    parent: str | None
    labels: Labels
    plural: Labels
    permissions: frozenset[str]
    """Permissions that can be bound singly here; empty where only a role can."""
    roles: frozenset[str]
    """Roles that can be bound here; empty where there are none."""
    closable: bool = False
    """The edge to the parent can be closed (a hosted account that is not managed)."""
    stops: Mask = NOTHING
    """Permissions that do not cross the edge from the parent."""
    assignment: Assignment | None = None
    links: bool = False
    """Can be linked to an organization, so that its groups may be bound within."""
    account_level: bool = False
    """Removal and the last manager are judged here."""
    guarded: bool = False
    """Keeps a standing manager once it has one: the account level, and a root above it (a host)."""
    creator: frozenset[str] = frozenset()
    """Permissions the creator gets."""
    creator_role: str = ""
    """Role the creator gets."""
    icon: str = ""
    """Name of the icon that stands for the type in the console."""

    @property
    def names_manager(self) -> bool:
        """Say whether who creates one names its first manager, because the creator gets nothing (a hosted account)."""
        return self.guarded and not self.creator and not self.creator_role


@dataclass(frozen=True, slots=True)
class Action:
    """A named act that needs one permission at one of some types."""

    name: str
    permission: str
    types: frozenset[str]
    labels: Labels
    also_from: str = ""
    """Who holds anything at all at this type above, while it reaches the place, may as well (a host's people see its clients' users)."""


@dataclass(frozen=True, slots=True)
class AssetKind:
    """One kind of configuration or of people's work inside a node (semantics 8, reading 06); ``types`` says in which nodes it lives."""

    name: str
    types: frozenset[str]
    personal: bool
    """Its maker's own until it is shared; otherwise it is the node's from the beginning."""
    view: str
    """Permission that shows shared ones."""
    create: str
    """Permission that makes one, and changes and deletes one's own personal one."""
    change: str
    """Permission that changes and deletes shared ones, whoever made them."""
    marked: str
    """Permission that shows those marked visible, where ``view`` is not held; empty where nothing is marked."""
    applies_to: str
    """Type at which one is put to use, where that is not the type it lives in (a filter at a view); else empty."""
    labels: Labels
    plural: Labels
