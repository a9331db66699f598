"""The rows of bindings: uniting, replacing and deleting them, each told by an event. Steps of commands; authority was asked before."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keyholder.domain.blueprint import Blueprint, Mask
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import Bindable
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import labels
from keyholder.services.act import Act
from keyholder.services.commands.finding import binding_of
from keyholder.storage.models import Binding, Resource

HAS_ROLE = _('{subject} holds the role "{role}" at {resource}: it is held as a whole, so change it or revoke it.')
OVER = _("This ends at {moment}, which is over: what has ended is history.")


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


def unite(
    act: Act,
    principal: PrincipalId,
    resource: Resource,
    wanted: Bindable,
    window: Window = ALWAYS,
    reason: str = "",
    *,
    keeping: bool = False,
) -> Granted:
    """Write a set into the binding of that very window, united with what it holds (R046), as :func:`united` says.

    Raises Conflict where permissions would have to be united with a role.
    """
    row = binding_of(principal, ResourceId(resource.pk), window)
    if row is not None:
        changed = replace(act, row, resource, united(act, resource, row, wanted, keeping=keeping), reason)
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
    tell(act, "access.granted", row, resource, reason, permissions=held(row), until=until(row))
    return Granted(principal, Outcome.ADDED)


def united(act: Act, resource: Resource, row: Binding, wanted: Bindable, *, keeping: bool = False) -> Bindable:
    """Return what a binding holds once this is united with it: a role takes the place of whatever stands, for roles exclude each other.

    With ``keeping`` a role that gives as much stays: who is added, or accepts, loses nothing by it. Permissions never take the place of a
    role: where the role gives them all it stays, else Conflict is raised.
    """
    blueprint = act.catalogue.of(resource.type)
    if wanted.role and keeping and _gives_as_much(blueprint, row, wanted):
        return Bindable((), row.role, Mask(row.mask))
    if wanted.role:
        return wanted
    if not row.role:
        mask = Mask(row.mask | wanted.mask)
        return Bindable(blueprint.names(mask), "", mask)
    if wanted.mask & ~blueprint.closure(row.mask):
        raise has_role(act, row, resource)
    return Bindable((), row.role, Mask(row.mask))


def _gives_as_much(blueprint: Blueprint, row: Binding, wanted: Bindable) -> bool:
    """Say whether the role that a binding holds, if any, gives all that another one would."""
    if not row.role or wanted.role == blueprint.standing_role:
        return False
    held, asked = blueprint.closure(row.mask), blueprint.closure(wanted.mask)
    return not asked & ~held and (held != asked or row.role == blueprint.standing_role)


def replace(act: Act, row: Binding, resource: Resource, wanted: Bindable, reason: str = "", *, action: str = "access.changed") -> bool:
    """Make a binding hold exactly this and tell it; say whether anything changed."""
    before = held(row)
    changed = act.ledger.change(row, role=wanted.role, permissions=" ".join(wanted.permissions), mask=wanted.mask)
    if changed:
        tell(act, action, row, resource, reason, before=before, after=held(row), until=until(row))
    return changed


def delete(act: Act, row: Binding, resource: Resource, reason: str = "") -> None:
    """Delete a binding and tell it."""
    permissions = held(row)
    act.ledger.remove(row)
    tell(act, "access.revoked", row, resource, reason, permissions=permissions, until=until(row))


def has_role(act: Act, row: Binding, resource: Resource) -> Conflict:
    """Make the refusal for what can't be united with a role, or done to a part of it."""
    role = act.catalogue.of(resource.type).called(row.role)
    names = {"subject": labels.principal(PrincipalId(row.principal_id)), "resource": labels.resource(resource)}
    return Conflict("has_role", sentence(HAS_ROLE, role=role, **names))


def refuse_over(window: Window, at: datetime) -> None:
    """Raise Invalid for a window that has ended: nothing is written into the past, and what has ended is never revived (semantics 3)."""
    if window.ends_at is not None and window.ends_at <= at:
        raise Invalid("over", sentence(OVER, moment=window.ends_at.isoformat()), place="window")


def held(row: Binding) -> list[str]:
    """Return what a binding holds as people ticked it: its role, or its permissions."""
    return [row.role] if row.role else row.permissions.split()


def until(row: Binding) -> str:
    """Return when a binding ends, for its event; empty where it has no end."""
    return row.ends_at.isoformat() if row.ends_at else ""


def tell(act: Act, action: str, row: Binding, resource: Resource, reason: str, **details: list[str] | str) -> None:
    """Record what happened to a binding; what somebody gives to themselves is marked (semantics 4, R037)."""
    subject = PrincipalId(row.principal_id)
    to_oneself: dict[str, bool] = {"self": True} if subject == act.by.principal and not act.is_answering else {}
    names = {"subject": labels.principal(subject), "resource": labels.resource(resource)}
    act.record(
        Event(action, "binding", row.pk, ResourceId(resource.pk), subject, {**names, **to_oneself, **details}, reason),
        tenant=act.tenant_of(resource),
    )
