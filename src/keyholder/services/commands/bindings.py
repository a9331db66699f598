"""Giving and taking access: grant, set, take, revoke, until when. The commands that write bindings (semantics 3 and 4)."""

from collections.abc import Sequence

from keyholder.domain.blueprint import Mask
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.refusals import Refusal
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import bulk, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import inherited
from keyholder.services.commands.binding_rows import (
    Granted,
    Outcome,
    delete,
    has_role,
    refuse_over,
    replace,
    tell,
    unite,
    united,
    until,
)
from keyholder.services.commands.finding import binding_of, resource_row, strangers
from keyholder.storage.models import Binding, Resource

__all__ = [
    "Granted",
    "Outcome",
    "delete",
    "give",
    "grant",
    "move_window",
    "put",
    "replace",
    "revoke",
    "set_permissions",
    "shift",
    "take",
    "unite",
]


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
    see, Forbidden without the granting permission, Invalid for a set that can't be bound there or a window that is over, and for each
    principal, several as Refusals: Conflict for somebody unknown or for permissions beside a role; Conflict where a rule about the
    resulting state refuses. R001, R002, R036, R037, R046; semantics 4.
    """
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        return give(act, resource, to, bindable(act.catalogue, resource.type, permissions=permissions, role=role), window, reason)


def give(
    act: Act,
    resource: Resource,
    to: Sequence[PrincipalId],
    wanted: Bindable,
    window: Window = ALWAYS,
    reason: str = "",
    *,
    keeping: bool = False,
) -> tuple[Granted, ...]:
    """Give a set to principals at a resource that the caller sees: the step of :func:`grant`; authority is asked here.

    With ``keeping`` nothing is taken: who has a role that gives as much keeps it, and is said to have had it (R046).
    """
    asked = list(dict.fromkeys(to))
    act.authority.confer(wanted.mask, resource)
    refuse_over(window, act.at)
    bulk.refuse(asked, [*strangers(act, asked, resource), *_beside_roles(act, asked, resource, wanted, window)])
    return tuple(unite(act, principal, resource, wanted, window, reason, keeping=keeping) for principal in asked)


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

    What is inherited stays: only the local binding is written (R016); where there is none to delete it is refused as by :func:`revoke`
    (R012). Raises as :func:`grant` does.
    """
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        act.authority.require_granting(resource)
        asked = bindable(act.catalogue, resource.type, permissions=permissions, role=role) if permissions or role else None
        put(act, resource, of, asked, window, reason)


def put(act: Act, resource: Resource, of: PrincipalId, wanted: Bindable | None, window: Window, reason: str = "") -> None:
    """Make the binding of a window hold exactly this, or delete it: the step of :func:`set_permissions`; authority is asked here."""
    act.authority.require_granting(resource)
    row = binding_of(of, ResourceId(resource.pk), window)
    if wanted is None:
        if row is None:
            raise inherited.nothing_own(act, of, resource)
        delete(act, row, resource, reason)
        return
    refuse_over(window, act.at)
    blueprint = act.catalogue.of(resource.type)
    added = blueprint.closure(wanted.mask) & ~blueprint.closure(row.mask if row else 0)
    if added:
        act.authority.confer(added, resource)
    if row is None:
        bulk.refuse([of], strangers(act, [of], resource))
        unite(act, of, resource, wanted, window, reason)
    else:
        replace(act, row, resource, wanted, reason)


def take(*, by: Caller, of: Sequence[PrincipalId], on: ResourceId, permissions: Sequence[str], reason: str = "") -> None:
    """Take permissions away from local bindings at a resource, in all windows that are not over; all or none.

    Taking a permission also takes those local ones that include it: who keeps Edit keeps Collaborate. What is inherited is refused and the
    source named (R012), and so is a part of a role. Raises as :func:`revoke` does.
    """
    asked = list(dict.fromkeys(of))
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        act.authority.require_granting(resource)
        blueprint = act.catalogue.of(resource.type)
        taken = bindable(act.catalogue, resource.type, permissions=permissions).mask
        bulk.refuse(asked, [(p, why) for p in asked if (why := _untakeable(act, p, resource, taken)) is not None])
        doomed = blueprint.implied_by(taken)
        for principal in asked:
            for row in (row for row in _rows(principal, on) if not row.role and not _is_over(act, row)):
                left = Mask(row.mask & ~doomed)
                if left:
                    replace(act, row, resource, Bindable(blueprint.names(left), "", left), reason)
                else:
                    delete(act, row, resource, reason)


def revoke(*, by: Caller, of: Sequence[PrincipalId], on: ResourceId, window: Window | None = None, reason: str = "") -> None:
    """Delete the local bindings of principals at a resource: of every window, or of one; all or none.

    Raises NotFound, Forbidden, and for each principal, several as Refusals: Conflict naming the source of what is not their own here
    (R012), NotFound for who has nothing here; Conflict where a rule about the resulting state refuses.
    """
    asked = list(dict.fromkeys(of))
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        act.authority.require_granting(resource)
        found = {p: [row for row in _rows(p, on) if window is None or Window(row.starts_at, row.ends_at) == window] for p in asked}
        bulk.refuse(asked, [(p, inherited.nothing_own(act, p, resource)) for p in asked if not found[p]])
        for principal in asked:
            for row in found[principal]:
                delete(act, row, resource, reason)


def move_window(*, by: Caller, of: Sequence[PrincipalId], on: ResourceId, to: Window, since: Window = ALWAYS, reason: str = "") -> None:
    """Give the bindings of one window another one (an end date); they unite with what stands in that window already. All or none.

    Raises NotFound for a resource the caller can't see or who has no binding in that window, Conflict naming where access comes from
    instead (R012), Forbidden, Invalid where either window is over, Conflict where another role stands in the new window and where an
    account would lose its last standing manager (R056).
    """
    with acting(by, scopes.of_resources(on)) as act:
        shift(act, resource_row(act, on), of, to, since, reason)


def shift(act: Act, resource: Resource, of: Sequence[PrincipalId], to: Window, since: Window = ALWAYS, reason: str = "") -> None:
    """Give the bindings of one window another one: the step of :func:`move_window`; authority is asked here."""
    asked, on = list(dict.fromkeys(of)), ResourceId(resource.pk)
    act.authority.require_granting(resource)
    refuse_over(since, act.at)
    refuse_over(to, act.at)
    found = [(principal, row) for principal in asked if (row := binding_of(principal, on, since)) is not None]
    targets = {principal: binding_of(principal, on, to) for principal, _ in found}
    pairs = [(principal, row, there) for principal, row in found if (there := targets[principal]) is not None]
    clashes = [(p, has_role(act, there if there.role else row, resource)) for p, row, there in pairs if there.role != row.role]
    bulk.refuse(asked, [*((p, inherited.nothing_own(act, p, resource)) for p in asked if p not in targets), *clashes])
    for principal, row in found if since != to else ():
        if targets[principal] is not None or not _covers(since, to, act):
            act.authority.confer(row.mask, resource)
        _move(act, row, targets[principal], resource, to, reason)


def _move(act: Act, row: Binding, there: Binding | None, resource: Resource, to: Window, reason: str) -> None:
    before = until(row)
    if there is None:
        act.ledger.change(row, starts_at=to.starts_at, ends_at=to.ends_at)
    else:
        whole = united(act, resource, there, Bindable(tuple(row.permissions.split()), row.role, Mask(row.mask)))
        act.ledger.remove(row)
        act.ledger.change(there, role=whole.role, permissions=" ".join(whole.permissions), mask=whole.mask)
    tell(act, "access.window_changed", there or row, resource, reason, before=before, until=until(there or row))


def _covers(since: Window, to: Window, act: Act) -> bool:
    """Say whether from now on the first window is in force whenever the second one is: then moving gives nothing."""
    begins = since.starts_at is None or since.starts_at <= act.at or (to.starts_at is not None and to.starts_at >= since.starts_at)
    return begins and (since.ends_at is None or (to.ends_at is not None and to.ends_at <= since.ends_at))


def _rows(principal: PrincipalId, on: ResourceId) -> Sequence[Binding]:
    return list(Binding.objects.filter(principal=principal, resource=on).order_by("pk"))


def _is_over(act: Act, row: Binding) -> bool:
    return row.ends_at is not None and row.ends_at <= act.at


def _beside_roles(
    act: Act, asked: Sequence[PrincipalId], resource: Resource, wanted: Bindable, window: Window
) -> list[tuple[PrincipalId, Refusal]]:
    """Return who holds a role in that very window that permissions can't be united with."""
    if wanted.role:
        return []
    rows = Binding.objects.filter(principal__in=asked, resource=resource, starts_at=window.starts_at, ends_at=window.ends_at)
    beyond = [row for row in rows.exclude(role="") if wanted.mask & ~act.catalogue.of(resource.type).closure(row.mask)]
    return [(PrincipalId(row.principal_id), has_role(act, row, resource)) for row in beyond]


def _untakeable(act: Act, principal: PrincipalId, resource: Resource, mask: Mask) -> Refusal | None:
    """Return why these permissions can't be taken from a principal here: a role gives them, or they come from elsewhere."""
    blueprint = act.catalogue.of(resource.type)
    roles = [row for row in _rows(principal, ResourceId(resource.pk)) if row.role and not _is_over(act, row)]
    role = next((row for row in roles if blueprint.closure(row.mask) & mask), None)
    return has_role(act, role, resource) if role is not None else inherited.from_elsewhere(act, principal, resource, mask)
