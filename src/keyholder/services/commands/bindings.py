"""Giving and taking access: grant, set, take, revoke. The commands that write bindings (semantics 3 and 4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from keyholder.domain.blueprint import Mask
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import labels, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import inherited
from keyholder.services.commands.finding import binding_of, known_principal, resource_row
from keyholder.storage.models import Binding, Resource


class Outcome(StrEnum):
    """What became of one principal of a grant."""

    ADDED = "added"
    MERGED = "merged"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Granted:
    """One principal of a grant: newly added here, merged into what stood already (R046), or holding it all before."""

    principal: PrincipalId
    outcome: Outcome


def grant(
    *,
    by: Caller,
    to: Sequence[PrincipalId],
    on: ResourceId,
    permissions: Sequence[str] = (),
    role: str = "",
    window: Window = ALWAYS,
    reason: str = "",
) -> tuple[Granted, ...]:
    """Give a set of permissions, or a role, to known principals at a resource; unite with the binding of that very window.

    All or none. A role replaces the role of the same binding, for roles exclude each other. Raises NotFound for what the caller can't
    see, Forbidden without the granting permission, Invalid for a set that can't be bound there, Conflict where a rule about the
    resulting state refuses. R001, R002, R036, R037, R046; semantics 4.
    """
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        wanted = bindable(act.catalogue, resource.type, permissions=permissions, role=role)
        act.authority.confer(wanted.mask, resource)
        return tuple(
            unite(act, known_principal(act, principal, resource), resource, wanted, window, reason) for principal in dict.fromkeys(to)
        )


def set_permissions(
    *,
    by: Caller,
    of: PrincipalId,
    on: ResourceId,
    permissions: Sequence[str] = (),
    role: str = "",
    window: Window = ALWAYS,
    reason: str = "",
) -> None:
    """Make the binding of that very window hold exactly this set or role; nothing given deletes it (R018, R048, R049).

    What is inherited stays: only the local binding is written (R016). Raises as :func:`grant` does.
    """
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        act.authority.require_granting(resource)
        row = binding_of(of, on, window)
        if not permissions and not role:
            if row:
                delete(act, row, resource, reason)
            return
        wanted = bindable(act.catalogue, resource.type, permissions=permissions, role=role)
        added = wanted.mask & ~(row.mask if row else 0)
        if added:
            act.authority.confer(added, resource)
        if row is None:
            unite(act, known_principal(act, of, resource), resource, wanted, window, reason)
        else:
            replace(act, row, resource, wanted, reason)


def take(*, by: Caller, of: Sequence[PrincipalId], on: ResourceId, permissions: Sequence[str], reason: str = "") -> None:
    """Take permissions away from local bindings at a resource, in all windows; refuse what is inherited, naming its source (R012).

    Taking a permission also takes those local ones that include it: who keeps Edit keeps Collaborate.
    """
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        act.authority.require_granting(resource)
        blueprint = act.catalogue.of(resource.type)
        doomed = blueprint.implied_by(bindable(act.catalogue, resource.type, permissions=permissions).mask)
        for principal in dict.fromkeys(of):
            rows = Binding.objects.filter(principal=principal, resource=on).order_by("pk")
            inherited.refuse_taking(act, principal, resource, blueprint.mask(permissions))
            for row in rows:
                _shrink(
                    act, row, resource, [name for name in row.permissions.split() if not blueprint.permissions[name].mask & doomed], reason
                )


def revoke(*, by: Caller, of: Sequence[PrincipalId], on: ResourceId, window: Window | None = None, reason: str = "") -> None:
    """Delete the local bindings of principals at a resource: of every window, or of one."""
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        act.authority.require_granting(resource)
        for principal in dict.fromkeys(of):
            rows = Binding.objects.filter(principal=principal, resource=on).order_by("pk")
            kept = [row for row in rows if window is None or Window(row.starts_at, row.ends_at) == window]
            if not kept:
                inherited.refuse_removing(act, principal, resource)
            for row in kept:
                delete(act, row, resource, reason)


def move_window(*, by: Caller, of: Sequence[PrincipalId], on: ResourceId, to: Window, since: Window = ALWAYS, reason: str = "") -> None:
    """Give the bindings of one window another one (an end date); they unite with what stands in that window already."""
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        act.authority.require_granting(resource)
        for principal in dict.fromkeys(of):
            row = binding_of(principal, on, since)
            if row is None or since == to:
                continue
            wanted = Bindable(tuple(row.permissions.split()), row.role, Mask(row.mask))
            act.authority.confer(wanted.mask, resource)
            act.ledger.remove(row)
            unite(act, principal, resource, wanted, to, reason)


def unite(act: Act, principal: PrincipalId, resource: Resource, wanted: Bindable, window: Window = ALWAYS, reason: str = "") -> Granted:
    """Write a set into the binding of that very window, united with what it holds, and tell it; authority was asked before (R046)."""
    row = binding_of(principal, ResourceId(resource.pk), window)
    if row is not None:
        united = wanted if wanted.role or row.role else _union(act, resource, row, wanted)
        changed = replace(act, row, resource, united, reason)
        return Granted(principal, Outcome.MERGED if changed else Outcome.UNCHANGED)
    row = Binding(
        principal_id=principal,
        resource=resource,
        role=wanted.role,
        permissions=" ".join(wanted.permissions),
        mask=wanted.mask,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
    )
    act.ledger.add(row)
    _tell(act, "access.granted", row, resource, reason, permissions=_held(row), until=_until(row))
    return Granted(principal, Outcome.ADDED)


def _union(act: Act, resource: Resource, row: Binding, wanted: Bindable) -> Bindable:
    names = act.catalogue.of(resource.type).names(row.mask | wanted.mask)
    return Bindable(names, "", Mask(row.mask | wanted.mask))


def replace(act: Act, row: Binding, resource: Resource, wanted: Bindable, reason: str = "") -> bool:
    """Make a binding hold exactly this and tell it; say whether anything changed."""
    before = _held(row)
    changed = act.ledger.change(row, role=wanted.role, permissions=" ".join(wanted.permissions), mask=wanted.mask)
    if changed:
        _tell(act, "access.changed", row, resource, reason, before=before, after=_held(row), until=_until(row))
    return changed


def _shrink(act: Act, row: Binding, resource: Resource, names: Iterable[str], reason: str) -> None:
    left = tuple(names)
    if not left and not row.role:
        delete(act, row, resource, reason)
    elif not row.role:
        replace(act, row, resource, bindable(act.catalogue, resource.type, permissions=left), reason)


def delete(act: Act, row: Binding, resource: Resource, reason: str = "") -> None:
    """Delete a binding and tell it."""
    held = _held(row)
    act.ledger.remove(row)
    _tell(act, "access.revoked", row, resource, reason, permissions=held, until=_until(row))


def _held(row: Binding) -> list[str]:
    return [row.role] if row.role else row.permissions.split()


def _until(row: Binding) -> str:
    return row.ends_at.isoformat() if row.ends_at else ""


def _tell(act: Act, action: str, row: Binding, resource: Resource, reason: str, **details: list[str] | str) -> None:
    subject = PrincipalId(row.principal_id)
    to_oneself: dict[str, bool] = {"self": True} if subject == act.by.principal else {}
    names = {"subject": labels.principal(subject), "resource": labels.resource(resource)}
    act.record(
        Event(action, "binding", row.pk, ResourceId(resource.pk), subject, {**names, **to_oneself, **details}, reason),
        tenant=act.tenant_of(resource),
    )
