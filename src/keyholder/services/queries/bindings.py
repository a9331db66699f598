"""What the permission editor shows and previews: what is local, what comes from elsewhere, what can be bound here (R012, R016, R048)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keyholder.domain.blueprint import Blueprint, Labels, ResourceType
from keyholder.domain.identifiers import BindingId, PrincipalId, ResourceId
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine.sources import Source, SourceKind, sources
from keyholder.services import naming
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import acquainted
from keyholder.services.naming import Names, permission_set
from keyholder.services.queries.seeing import authority_of, require_known, resource_managed
from keyholder.services.read_models import PermissionSet, PrincipalView, ResourceView, SourceView
from keyholder.storage import locks, slices
from keyholder.storage.models import Binding


class Phase(StrEnum):
    """Where a window stands at a moment."""

    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class LocalBinding:
    """One binding at the resource, as it was ticked: permissions or a role, for a window."""

    id: BindingId
    permissions: tuple[str, ...]
    role: str
    window: Window
    phase: Phase


@dataclass(frozen=True, slots=True)
class Choice:
    """A permission or a role that can be bound here. ``floor`` is where it comes from already, so that it can't be taken away here."""

    name: str
    labels: Labels
    meaning: Labels
    includes: tuple[str, ...]
    """What comes with it: other permissions, or those of the role."""
    checked: bool
    """In the binding of the window that is edited."""
    floor: tuple[SourceView, ...] = ()


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything about what one principal holds at one resource."""

    principal: PrincipalView
    resource: ResourceView
    window: Window
    """Which binding is edited."""
    bindings: tuple[LocalBinding, ...]
    permissions: tuple[Choice, ...]
    roles: tuple[Choice, ...]
    exclusive_roles: bool
    floor: PermissionSet
    """What is effective here without the principal's own bindings here."""
    floor_sources: tuple[SourceView, ...]


def editor(*, by: Caller, of: PrincipalId, at: ResourceId, window: Window = ALWAYS) -> Editor:
    """Return what the editor of one principal's bindings at a resource shows.

    Raises NotFound where the resource or the principal is not there for the caller, Forbidden without the granting permission there.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_managed(authority, at)
        require_known(authority, [of], acquainted(authority, row, [of]))
        rows = list(Binding.objects.filter(principal=of, resource=at).order_by("pk"))
        ways = sources(slices.of([of], [at]).without_shadows(), authority.catalogue, of, at, by.at)
        floor = [way for way in ways if way.kind is not SourceKind.DIRECT or way.inherited]
        names = naming.of_sources(authority.catalogue, floor, principals=[of], resources=[at])
    blueprint = authority.catalogue.of(row.type)
    edited = next((b for b in rows if Window(b.starts_at, b.ends_at) == window), None)
    permissions, roles = _choices(blueprint, authority.catalogue.types[row.type], edited, floor, names)
    mask = 0
    for way in floor:
        mask |= way.permissions
    return Editor(
        names.principal(of),
        names.resources[at],
        window,
        tuple(_local(b, by.at) for b in rows),
        permissions,
        roles,
        blueprint.exclusive_roles,
        permission_set(blueprint, mask),
        tuple(map(names.source, floor)),
    )


def _local(row: Binding, at: datetime) -> LocalBinding:
    window = Window(row.starts_at, row.ends_at)
    phase = Phase.IN_FORCE if window.holds(at) else Phase.ENDED if row.ends_at is not None and row.ends_at <= at else Phase.UPCOMING
    return LocalBinding(BindingId(row.pk), tuple(row.permissions.split()), row.role, window, phase)


def _choices(
    blueprint: Blueprint, kind: ResourceType, edited: Binding | None, floor: Sequence[Source], names: Names
) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    ticked = edited.mask if edited is not None and not edited.role else 0
    role = edited.role if edited is not None else ""
    permissions = tuple(
        Choice(
            p.name,
            p.labels,
            p.meaning,
            blueprint.names(p.closure & ~p.mask),
            bool(ticked & p.mask),
            tuple(names.source(way) for way in floor if way.permissions & p.mask),
        )
        for p in blueprint.permissions.values()
        if p.name in kind.permissions
    )
    roles = tuple(
        Choice(
            r.name, r.labels, r.meaning, blueprint.names(r.mask), r.name == role, tuple(names.source(w) for w in floor if w.role == r.name)
        )
        for r in blueprint.roles.values()
        if r.name in kind.roles
    )
    return permissions, roles
