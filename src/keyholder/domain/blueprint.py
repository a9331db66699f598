"""Blueprints: what one platform is made of. Everything that differs between platforms stands here as data (semantics 1).

A blueprint is read from TOML by :mod:`keyholder.domain.blueprint_files`; the engine and the services only ask the values below.
Permission sets are bit masks; the permission declared first has the highest bit, so that comparing two closed masks as numbers
ranks them as reading 15 says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from keyholder.domain.blueprint_parts import (
    NOTHING,
    Action,
    AssetKind,
    Assignment,
    Grants,
    Labels,
    Mask,
    Permission,
    ResourceType,
    Role,
)
from keyholder.domain.sentences import Named

__all__ = [
    "NOTHING",
    "WORDS",
    "Action",
    "AssetKind",
    "Assignment",
    "Blueprint",
    "Catalogue",
    "Grants",
    "Labels",
    "Mask",
    "Permission",
    "ResourceType",
    "Role",
]


WORDS = ("users", "add", "continue", "save", "remove", "new_link")
"""The page of the users; asking somebody new in, and going on from there; saving another role; removing; making another link."""


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
    words: Mapping[str, Labels] = field(default_factory=dict)
    """What the platform itself calls what is done with users, where the console's own words are others: see ``WORDS``."""

    @property
    def binds_groups(self) -> bool:
        """Say whether groups can be bound anywhere: they need an organization that an account is linked to."""
        return any(t.links for t in self.types.values())

    @cached_property
    def granting_mask(self) -> Mask:
        """The bit of the granting permission."""
        return self.permissions[self.granting].mask

    @cached_property
    def everything(self) -> Mask:
        """All permissions."""
        return self.closure(self.mask(self.permissions))

    @property
    def grants_anything(self) -> bool:
        """Whether who may grant may give also what they lack."""
        return self.grants is Grants.ANY

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

    def called(self, name: str) -> Named:
        """Return what people call a permission or a role, in every language; raises KeyError for a stranger."""
        return Named((self.permissions.get(name) or self.roles[name]).labels)

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
