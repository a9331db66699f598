"""An invitation as its page shows it to whoever holds its link: from whom, to what, what it gives now, and who would take it (R105, R106).

Without a link nothing of this can be asked. A link tells its holder no more than they need: the address stays masked until somebody is
signed in with it, and by a copied link it is not told whether there is a person with that address (R-INV-16, R-ENU-1).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keyholder.domain.addresses import mask
from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.invitations import Link, Says, Way
from keyholder.domain.sentences import Sentence
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.event_sentences import Words, called
from keyholder.services.invitation_links import are_copied, term_of
from keyholder.services.naming import principal_views, resource_view
from keyholder.services.offers import BindingOffer, Offer, offers_of
from keyholder.services.read_models import PrincipalView, ResourceView
from keyholder.storage import blueprints, locks
from keyholder.storage.models import Binding, Invitation, Membership, PlannedBinding, Resource, User


class Visitor(StrEnum):
    """Who looks at an invitation, and so how they would answer it."""

    INVITED = "invited"
    """Signed in with exactly the invited address: a click."""
    ANOTHER = "another"
    """Signed in with another address: they have to switch first."""
    NEW = "new"
    """Nobody is signed in, and there is no such person yet: a name and a password."""
    HERE = "here"
    """Nobody is signed in, and there is such a person: they sign in first."""
    UNPROVEN = "unproven"
    """There is such a person, whose address this very link proves for the first time: a new password."""
    PROVEN = "proven"
    """Nobody is signed in and there is no such person yet, but a provider has just proven the invited address: a name."""
    EITHER = "either"
    """Nobody is signed in, and it is not told whether there is such a person."""


@dataclass(frozen=True, slots=True)
class OfferView:
    """One thing that the invitation gives; ``why`` says why it can't be given now."""

    place: str
    kind: str
    """The type of the resource; empty for a group."""
    what: tuple[Words, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    why: Sentence | None = None
    in_place_of: PrincipalView | None = None
    """Who has the role until then, and steps down once it is accepted."""


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """Everything that the page of an invitation shows; ``fingerprint`` is sent back when it is accepted (R-INV-9)."""

    says: Says
    visitor: Visitor
    address: str
    account: ResourceView
    inviter: PrincipalView | None
    message: str
    expires_at: datetime
    offers: tuple[OfferView, ...]
    """To who has accepted it: what they hold of it."""
    refusal: Sentence | None
    can_be_taken: bool
    fingerprint: str
    was_accepted_by_reader: bool
    is_proving: bool
    """Accepting by this link proves the address."""


def invitation_page(*, by: Caller, link: Link, proven: str = "") -> InvitationPage:
    """Return what a link's holder is shown; ``by`` is who is signed in, or nobody yet. Raises NotFound where there is no invitation.

    ``proven`` is the canonical address that a provider has just proven to be that of somebody who has no person here.
    """
    with locks.snapshot():
        catalogue = blueprints.catalogue()
        row = Invitation.objects.select_related("account").filter(pk=link.invitation).first()
        if row is None:
            raise not_there()
        reader = User.objects.filter(pk=by.principal).first() if by.principal is not None else None
        there = User.objects.filter(canonical=row.canonical).first()
        term, visitor = term_of(row, catalogue), _visitor(row, link, reader, there)
        if proven and reader is None:
            visitor = _proven(row, there, proven)
        knows = visitor in {Visitor.INVITED, Visitor.HERE, Visitor.UNPROVEN} and there is not None
        verified = link.way is Way.MAILED or visitor is Visitor.PROVEN or (reader is not None and reader.email_verified)
        person, vouched = PrincipalId(there.pk) if knows and there else None, visitor is Visitor.PROVEN
        judged = offers_of(catalogue, row, by.at, person=person, verified=verified, vouched=vouched)
        is_done = reader is not None and bool(row.accepted_by_id == reader.pk)
        inviter = principal_views([PrincipalId(row.invited_by_id)]).get(PrincipalId(row.invited_by_id)) if row.invited_by_id else None
        return InvitationPage(
            term.says(link, by.at, copied_links=are_copied()),
            visitor,
            row.email if visitor is Visitor.PROVEN or (reader is not None and visitor is not Visitor.ANOTHER) else mask(row.email),
            resource_view(row.account),
            inviter,
            row.message,
            term.expires_at,
            tuple(_shown(offer, catalogue) for offer in judged.every if not is_done or (reader is not None and _holds(reader, offer))),
            judged.refusal,
            not judged.is_empty_handed and judged.refusal is None,
            judged.fingerprint,
            is_done,
            link.way is Way.MAILED or visitor is Visitor.PROVEN,
        )


def _visitor(row: Invitation, link: Link, reader: User | None, there: User | None) -> Visitor:
    proves = link.way is Way.MAILED
    if reader is not None and reader.canonical != row.canonical:
        return Visitor.ANOTHER
    if reader is not None:
        return Visitor.UNPROVEN if proves and not reader.email_verified else Visitor.INVITED
    if not proves:
        return Visitor.EITHER
    if there is None:
        return Visitor.NEW
    return Visitor.HERE if there.email_verified or not there.is_active else Visitor.UNPROVEN


def _proven(row: Invitation, there: User | None, proven: str) -> Visitor:
    """Say how somebody whom a provider has proven answers: it is the invited address, or it is another one."""
    if proven != row.canonical:
        return Visitor.ANOTHER
    return Visitor.PROVEN if there is None else Visitor.HERE


def _holds(reader: User, offer: Offer) -> bool:
    """Say whether somebody who has accepted holds what was offered."""
    window = {"starts_at": offer.row.starts_at, "ends_at": offer.row.ends_at}
    if isinstance(offer, BindingOffer):
        return Binding.objects.filter(principal=reader.pk, resource=offer.row.resource_id, **window).exists()
    return Membership.objects.filter(member=reader.pk, group=offer.row.group_id, **window).exists()


def _shown(offer: Offer, catalogue: Catalogue) -> OfferView:
    row = offer.row
    if isinstance(offer, BindingOffer):
        place: Resource = offer.row.resource
        blueprint = catalogue.of(place.type)
        what = tuple(called(name, blueprint) for name in ([offer.row.role] if offer.row.role else offer.row.permissions.split()))
        return OfferView(place.name, place.type, what, row.starts_at, row.ends_at, offer.why, _leaver(offer.row))
    return OfferView(offer.group.name if offer.group is not None else "", "", (), row.starts_at, row.ends_at, offer.why)


def _leaver(row: PlannedBinding) -> PrincipalView | None:
    """Return who steps down once this is given."""
    if row.in_place_of_id is None:
        return None
    leaver = PrincipalId(row.in_place_of_id)
    return principal_views([leaver])[leaver]
