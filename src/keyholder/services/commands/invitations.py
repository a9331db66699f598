"""Handling invitations that were sent: again, by a new link, not any more, or on one's own authority (R103, R104, R-INV-11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from keyholder.domain.invitations import InvitationState
from keyholder.domain.letters import LetterKind
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, Refusal, Refusals, RefusedRow
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import invitation_letters, invitation_links, letters, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands.invitation_rows import (
    invitation_row,
    plan_binding,
    plan_membership,
    renew,
    require_pending,
    settle,
    tell,
    term_of,
)
from keyholder.services.commands.inviting import AT_ONCE, NO_WAY, TOO_MANY, count_sendings
from keyholder.services.offers import GROWN, MAY_NOT, BindingOffer, Offer, offers_of, refusal_of, window_of
from keyholder.storage.models import Invitation

NO_COPIES = _("Links are only mailed here: send the invitation again instead.")
NOTHING_TO_TAKE = _("There is nothing in this invitation that you could give in somebody's place.")
TAKEABLE = frozenset({MAY_NOT, GROWN})
"""What somebody else can give in a giver's place; what is in the trash or over helps nobody."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """An invitation with a new generation of links. ``secret`` makes its link and is told this once; empty where links are only mailed."""

    address: str
    secret: str
    is_mailed: bool


def send_again(*, by: Caller, invitation: int, random: bytes) -> Renewed:
    """Send a pending or expired invitation again: new days, a new link, every older one dead (R104).

    Raises NotFound or Forbidden for who may not handle it, Conflict once it was answered and where nothing can be sent, TooMany.
    """
    with acting(by, scopes.of_invitation(invitation)) as act:
        return _again(act, invitation, random)


def send_all_again(*, by: Caller, invitations: Sequence[int], random: Sequence[bytes]) -> tuple[Renewed, ...]:
    """Send several invitations again, all or none, each as :func:`send_again` does; ``random`` are 32 bytes for each.

    Raises NotFound for one that there is not, Invalid for too many, and for each that can't be sent, several as Refusals by their number.
    """
    asked = list(dict.fromkeys(invitations))
    if not 1 <= len(asked) <= AT_ONCE:
        raise Invalid("invitations", sentence(TOO_MANY, most=AT_ONCE), place="invitations")
    with acting(by, scopes.both(*(scopes.of_invitation(number) for number in asked))) as act:
        refused: list[tuple[int, Refusal]] = []
        made: list[Renewed] = []
        for number, lot in zip(asked, random, strict=False):
            try:
                made.append(_again(act, number, lot))
            except (Conflict, Forbidden) as refusal:
                refused.append((number, refusal))
        if refused and len(asked) == 1:
            raise refused[0][1]
        if refused:
            raise Refusals([RefusedRow(str(number), refusal) for number, refusal in refused])
        return tuple(made)


def new_link(*, by: Caller, invitation: int, random: bytes) -> Renewed:
    """Make a new link to be handed over by hand, and mail nothing; every older link is dead, mailed ones as well (R103).

    Raises as :func:`send_again` does; Conflict also where the operator has switched copied links off.
    """
    with acting(by, scopes.of_invitation(invitation)) as act:
        row = _renewed(act, invitation)
        secret = invitation_links.keep(row, random)
        if not secret:
            raise Conflict("no_copies", sentence(NO_COPIES))
        letters.withdraw(act, LetterKind.INVITATION, row.pk)
        tell(act, "invitation.link_made", row)
        return Renewed(row.email, secret, is_mailed=False)


def revoke(*, by: Caller, invitation: int, reason: str = "") -> None:
    """Revoke a pending or expired invitation: its links are dead at once. Raises NotFound, Forbidden, Conflict once it was answered."""
    with acting(by, scopes.of_invitation(invitation)) as act:
        row = invitation_row(act, invitation)
        require_pending(row)
        settle(act, row, InvitationState.REVOKED)
        tell(act, "invitation.revoked", row, reason=reason)


def take_over(*, by: Caller, invitation: int) -> int:
    """Give in their place what givers can't give any more, as far as the caller may, and return how much that was (R-INV-10).

    Raises NotFound, Forbidden, Conflict once it was answered and where there is nothing that the caller could give.
    """
    with acting(by, scopes.of_invitation(invitation)) as act:
        row = invitation_row(act, invitation)
        require_pending(row)
        judged = offers_of(act.catalogue, row, act.at, person=None, verified=True)
        taken = sum(_take(act, row, offer) for offer in judged.every if offer.why is not None and offer.why.template in TAKEABLE)
        if not taken:
            raise Conflict("nothing_to_take", sentence(NOTHING_TO_TAKE))
        act.ledger.change(row, awaiting=False)
        tell(act, "invitation.taken_over", row)
        return taken


def _again(act: Act, invitation: int, random: bytes) -> Renewed:
    row = _renewed(act, invitation)
    is_mailed = invitation_letters.post(act, row, term_of(act, row).expires_at)
    secret = invitation_links.keep(row, random)
    if not is_mailed and not secret:
        raise Conflict("no_way", sentence(NO_WAY))
    tell(act, "invitation.sent_again", row)
    return Renewed(row.email, secret, is_mailed)


def _renewed(act: Act, invitation: int) -> Invitation:
    row = invitation_row(act, invitation)
    require_pending(row)
    against = refusal_of(row, verified=True)
    if against is not None:
        raise Conflict("policy", against)
    count_sendings(act, row.account, [row.canonical])
    renew(act, row)
    return row


def _take(act: Act, row: Invitation, offer: Offer) -> bool:
    """Put the caller in a giver's place; say whether they may give it, and whether that changes anything."""
    try:
        if isinstance(offer, BindingOffer):
            return _take_binding(act, row, offer)
        if offer.group is None or offer.group.organization.tenant_id != row.account.tenant_id:
            return False
        act.authority.require_owner(offer.group)
    except Refusal:
        return False
    act.ledger.remove(offer.row)
    return plan_membership(act, row, offer.group, window_of(offer.row))


def _take_binding(act: Act, row: Invitation, offer: BindingOffer) -> bool:
    """Plan it as the caller's own. What can't be united with what the caller gives there already stays its giver's: it is refused first."""
    planned, wanted = offer.row, _present(act, offer)
    act.authority.confer(wanted.mask, planned.resource)
    is_own = planned.giver_id == act.by.principal
    if is_own:
        act.ledger.remove(planned)
    changed = plan_binding(act, row, planned.resource, wanted, window_of(planned))
    if not is_own:
        act.ledger.remove(planned)
    return changed


def _present(act: Act, offer: BindingOffer) -> Bindable:
    """Return what a planned binding gives by the blueprint as it is now; raises Invalid where it can't be bound any more."""
    planned = offer.row
    return bindable(act.catalogue, planned.resource.type, permissions=planned.permissions.split(), role=planned.role)
