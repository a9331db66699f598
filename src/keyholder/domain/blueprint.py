"""Blueprints: what one platform is made of. Everything that differs between platforms stands here as data (semantics 1).

A blueprint is read from TOML by :mod:`keyholder.domain.blueprint_files`; the engine and the services only ask the values below.
Permission sets are bit masks; the permission declared first has the highest bit, so that comparing two closed masks as numbers
ranks them as reading 15 says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
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


@dataclass(frozen=True)
class Blueprint:
    """One platform: types, permissions, roles, actions, rules and names."""

    name: str
    labels: Labels
    permissions: Mapping[str, Permission]
    roles: Mapping[str, Role]
    types: Mapping[str, ResourceType]
    """In order: a parent stands before its children."""
    actions: Mapping[str, Action]
    granting: str
    """The permission that lets its holder grant."""
    grants: Grants
    standing_role: str = ""
    """Where given, a standing manager is who holds this role (MTS: an owner), else who holds the granting permission."""
    reading: str = ""
    """The permission that shows data, which the granting permission alone does not."""
    granting_shows_data: bool = False
    """R006, reading 03: when true, the granting permission includes the reading one (already so in ``permissions``)."""
    exclusive_roles: bool = True
    """Who holds a role at a node holds that one only: another takes its place, nothing is united with it."""
    organization_admins_hold: Mask = NOTHING
    """What an organization's admins and user admins hold at each linked account."""
    invitation_days: int = 7
    trash_days: int = 35
    assets: Mapping[str, AssetKind] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    """The product's own help pages: ``permissions`` and ``groups`` to an address (R040)."""

    @cached_property
    def granting_mask(self) -> Mask:
        """The bit of the granting permission."""
        return self.permissions[self.granting].mask

    @cached_property
    def everything(self) -> Mask:
        """All permissions."""
        return self.closure(self.mask(self.permissions))

    @property
    def account_type(self) -> ResourceType:
        """The type where removal and the last manager are judged."""
        return next(t for t in self.types.values() if t.account_level)

    @property
    def root_type(self) -> ResourceType:
        """The type without a parent."""
        return next(t for t in self.types.values() if t.parent is None)

    def children_of(self, type_name: str) -> tuple[ResourceType, ...]:
        """Return the types that hang below a type, in declared order."""
        return tuple(t for t in self.types.values() if t.parent == type_name)

    def mask(self, names: Iterable[str]) -> Mask:
        """Return the bits of these permissions as they stand, not closed; raises KeyError for a stranger."""
        bits = 0
        for name in names:
            bits |= self.permissions[name].mask
        return Mask(bits)

    def closure(self, mask: int) -> Mask:
        """Return the set and everything its members include (R003, R004)."""
        return self._closures[mask] if mask in self._closures else self._close(mask)

    def implied_by(self, mask: int) -> Mask:
        """Return every permission whose closure touches these bits: who holds one of them holds one of ``mask``."""
        bits = 0
        for permission in self.permissions.values():
            if permission.closure & mask:
                bits |= permission.mask
        return Mask(bits)

    def names(self, mask: int) -> tuple[str, ...]:
        """Return the permissions of a mask in declared order."""
        return tuple(p.name for p in self.permissions.values() if p.mask & mask)

    def minimal(self, mask: int) -> tuple[str, ...]:
        """Return the fewest permissions whose closure is the closure of ``mask``, for showing."""
        members = [p for p in self.permissions.values() if p.mask & mask]
        return tuple(p.name for p in members if not any(p.mask & q.closure for q in members if q is not p))

    @cached_property
    def _closures(self) -> dict[int, Mask]:
        return {}

    def _close(self, mask: int) -> Mask:
        bits = 0
        for permission in self.permissions.values():
            if permission.mask & mask:
                bits |= permission.closure
        self._closures[mask] = Mask(bits)
        return Mask(bits)


@dataclass(frozen=True)
class Catalogue:
    """All blueprints of an instance; type names are unique among them."""

    blueprints: Mapping[str, Blueprint]

    @cached_property
    def types(self) -> Mapping[str, ResourceType]:
        """Every resource type by its name."""
        return {t.name: t for b in self for t in b.types.values()}

    def __iter__(self) -> Iterator[Blueprint]:
        """Go through the blueprints in the order they were loaded."""
        return iter(self.blueprints.values())

    def of(self, type_name: str) -> Blueprint:
        """Return the blueprint that a type belongs to; raises KeyError for an unknown type."""
        return self.blueprints[self.types[type_name].blueprint]
