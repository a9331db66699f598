"""The rows of invitations: finding them for who may handle them, planning what they give, renewing and settling them, telling each."""

from collections.abc import Collection, Iterable, Sequence

from keyholder.domain.blueprint import Mask
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.invitations import InvitationState, Link, Term
from keyholder.domain.permissions import Bindable
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import Window
from keyholder.services import invitation_letters, invitation_links, labels, offers
from keyholder.services.act import Act
from keyholder.services.authority import not_there
from keyholder.services.invitation_rights import require_handling
from keyholder.services.offers import Offers
from keyholder.storage import acquaintance
from keyholder.storage.models import Group, Invitation, PlannedBinding, PlannedMembership, Resource, User

ANSWERED = _("This invitation was {state} already.")
STATES = {
    InvitationState.ACCEPTED.value: _("accepted"),
    InvitationState.DECLINED.value: _("declined"),
    InvitationState.REVOKED.value: _("revoked"),
}


def invitation_row(act: Act, number: int) -> Invitation:
    """Return an invitation, whose tenant is locked, to who may handle it; raises NotFound to who manages nothing of it, else Forbidden."""
    row = Invitation.objects.select_related("account").get(pk=number)
    require_handling(act.authority, row)
    return row


def linked_row(link: Link) -> Invitation:
    """Return the invitation that a link leads to, to whoever holds the link; raises NotFound."""
    row = Invitation.objects.select_related("account").filter(pk=link.invitation).first()
    if row is None:
        raise not_there()
    return row


def require_pending(row: Invitation) -> None:
    """Raise Conflict for an invitation that was answered or revoked (R-INV-11)."""
    if row.state != InvitationState.PENDING.value:
        raise Conflict("answered", sentence(ANSWERED, state=sentence(STATES[row.state])))


def term_of(act: Act, row: Invitation) -> Term:
    """Return how an invitation stands."""
    return invitation_links.term_of(row, act.catalogue)


def renew(act: Act, row: Invitation) -> None:
    """Begin a new generation with all of its days; every older link is dead (R103, R104)."""
    act.ledger.change(row, generation=row.generation + 1, sent_at=act.at)


def settle(act: Act, row: Invitation, state: InvitationState, **columns: object) -> None:
    """Write what became of an invitation, take back what waits to be mailed, and tell who gave something of it."""
    act.ledger.change(row, state=state.value, settled_at=act.at, awaiting=False, **columns)
    invitation_letters.settle(act, row, state.value)


def ask_managers(act: Act, row: Invitation, judged: Offers) -> None:
    """Ask the managers of the account, once, to take an invitation over of which nothing can be given; tell them why it can't."""
    if act.ledger.change(row, awaiting=True):
        tell(act, "invitation.awaits", row)
        invitation_letters.ask_managers(act, row, outside=judged.refusal is not None)


def plan_binding(
    act: Act, row: Invitation, resource: Resource, wanted: Bindable, window: Window, in_place_of: PrincipalId | None = None
) -> bool:
    """Plan a binding given by the caller, united with what they planned there for that very window; say whether anything changed.

    A role takes the place of what was planned; permissions that a planned role gives leave it as it is, as they leave a role that is held.
    ``in_place_of`` is who has this role until then, and steps down once it is given.
    """
    giver = act.by.principal
    there = PlannedBinding.objects.filter(
        invitation=row, resource=resource, giver=giver, starts_at=window.starts_at, ends_at=window.ends_at
    ).first()
    if there is None:
        act.ledger.add(
            PlannedBinding(
                invitation=row,
                resource=resource,
                giver_id=giver,
                role=wanted.role,
                permissions=" ".join(wanted.permissions),
                mask=wanted.mask,
                starts_at=window.starts_at,
                ends_at=window.ends_at,
                in_place_of_id=in_place_of,
            )
        )
        return True
    blueprint = act.catalogue.of(resource.type)
    if there.role and not wanted.role and not wanted.mask & ~blueprint.closure(there.mask):
        return False
    if wanted.role or there.role:
        permissions = " ".join(wanted.permissions)
        return act.ledger.change(there, role=wanted.role, permissions=permissions, mask=wanted.mask, in_place_of_id=in_place_of)
    mask = Mask(there.mask | wanted.mask)
    act.authority.confer(mask, resource)
    return act.ledger.change(there, permissions=" ".join(blueprint.names(mask)), mask=mask)


def plan_membership(act: Act, row: Invitation, group: Group, window: Window) -> bool:
    """Plan a membership given by the caller, with what it gives at present; say whether anything changed."""
    giver, gives = act.by.principal, sorted([place, mask] for place, mask in offers.growth(act.catalogue, group.pk).items())
    there = PlannedMembership.objects.filter(
        invitation=row, group=group.pk, giver=giver, starts_at=window.starts_at, ends_at=window.ends_at
    ).first()
    if there is not None:
        return act.ledger.change(there, gives=gives)
    act.ledger.add(
        PlannedMembership(
            invitation=row, group_id=group.pk, giver_id=giver, gives=gives, starts_at=window.starts_at, ends_at=window.ends_at
        )
    )
    return True


def tell(act: Act, action: str, row: Invitation, place: Resource | None = None, reason: str = "", **details: list[str] | str) -> None:
    """Record what happened to an invitation. It names the address, never whether there is a person behind it."""
    here = place or row.account
    subject = PrincipalId(row.accepted_by_id) if row.accepted_by_id else None
    names = {"subject": row.email, "resource": labels.resource(here)}
    act.record(
        Event(action, "invitation", row.pk, ResourceId(here.pk), subject, {**names, **details}, reason), tenant=act.tenant_of(row.account)
    )


def revoke_of(act: Act, account: Resource, people: Collection[PrincipalId], reason: str) -> None:
    """Revoke what a removal leaves without sense: invitations to those who go, and those of whose givers nobody is left (R-INV-12).

    A giver who may not give any more and is still known there leaves it pending: somebody can take it over.
    """
    removed, own = set(people), set(User.objects.filter(pk__in=people).values_list("canonical", flat=True))
    pending = Invitation.objects.select_related("account").filter(account=account, state=InvitationState.PENDING.value).order_by("pk")
    for row in pending:
        if row.canonical in own or _is_nobodys(act, row, removed):
            settle(act, row, InvitationState.REVOKED)
            tell(act, "invitation.revoked", row, reason=reason)


def forget_places(act: Act, planned: Sequence[PlannedBinding]) -> None:
    """Take out of pending invitations what they plan at a resource and below it: it goes for good, or belongs to another account.

    One that holds nothing else is revoked. The rows are part of the event that the caller records next, a revocation has its own.
    """
    act.ledger.remove_all(planned)
    for row in {each.invitation_id: each.invitation for each in planned}.values():
        others = (PlannedBinding.objects.filter(invitation=row), PlannedMembership.objects.filter(invitation=row))
        if not any(rows.exists() for rows in others):
            settle(act, row, InvitationState.REVOKED)
            tell(act, "invitation.revoked", row)


def _is_nobodys(act: Act, row: Invitation, removed: set[PrincipalId]) -> bool:
    """Say whether who is removed gave something of an invitation, and nobody is left who did: the others went before (I-INV-5)."""
    givers = {PrincipalId(giver) for giver in invitation_letters.givers(row)}
    others = givers - removed
    return bool(removed & givers) and not acquaintance.knows(row.account.tenant_id, others) and not _still_gives(act, row)


def _still_gives(act: Act, row: Invitation) -> bool:
    """Say whether an invitation gives something by a right that its giver has in another way: through a group, from above."""
    return bool(offers.offers_of(act.catalogue, row, act.at, person=None, verified=True).given)


def pending_for(account: Resource, canonical: Iterable[str]) -> dict[str, Invitation]:
    """Return the pending invitations of these addresses to an account, expired or not, by canonical address."""
    rows = Invitation.objects.select_related("account").filter(account=account, canonical__in=list(canonical), state="pending")
    return {row.canonical: row for row in rows}
