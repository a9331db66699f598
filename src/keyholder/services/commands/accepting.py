"""Answering an invitation: accepting it as somebody who is here, or as somebody new, and declining it (R104 to R107, R-INV-2 to 10)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from django.contrib.auth.hashers import make_password

from keyholder.domain.addresses import Address, mask
from keyholder.domain.events import Channel, Event
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.invitations import InvitationState, Link, Says, Way
from keyholder.domain.names import clean_name
from keyholder.domain.principals import Status
from keyholder.domain.providers import External
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import invitation_links, passwords, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import group_members, identities, ownership
from keyholder.services.commands.binding_rows import unite
from keyholder.services.commands.finding import group_row, user_row
from keyholder.services.commands.invitation_rows import ask_managers, linked_row, settle, tell, term_of
from keyholder.services.commands.people import add_user
from keyholder.services.commands.resources import about
from keyholder.services.offers import BindingOffer, Offer, Offers, offers_of, window_of
from keyholder.services.scopes import Scope
from keyholder.services.taking_over import take_over
from keyholder.services.warrants import Matter
from keyholder.storage import guards, tenancy
from keyholder.storage.models import Invitation, Resource, User

DEAD = {
    Says.USED: _("This invitation was accepted already, and its link works only once."),
    Says.REPLACED: _("There is a newer link for this invitation, which replaces this one: look for the newest letter, or ask for it."),
    Says.EXPIRED: _("This invitation has expired. Ask whoever sent it to send it again."),
    Says.REVOKED: _("This invitation was revoked. Ask whoever sent it whether that was meant."),
    Says.DECLINED: _("This invitation was declined. Ask for a new one if that was a mistake."),
    Says.OFF: _("Links that are handed over by hand do not work here any more. Ask for the invitation to be mailed."),
}
ANOTHER = _("This invitation is for {invited}, and you are signed in as {address}. Sign in with the invited address to answer it.")
CHANGED = _("This is not what was shown before: it has changed, or another link was opened in this browser. Look again, then answer.")
SIGN_IN = _("There is a person with this address here. Sign in first, then accept.")
PROVE = _("Your address was never proven until now. Choose a new password: the one from before is void.")


class Answer(StrEnum):
    """What came of wanting to accept."""

    ACCEPTED = "accepted"
    BEFORE = "before"
    """The same person had accepted it already."""
    AWAITING = "awaiting"
    """Nothing of it can be given now: the managers have been asked to take it over, and the link stays good."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of it, and who has accepted; nobody where it awaits."""

    answer: Answer
    person: PrincipalId | None = None


def accept(*, by: Caller, link: Link, seen: str) -> Accepted:
    """Accept as somebody who is signed in with exactly the invited address: ``seen`` is the fingerprint of what they were shown.

    Raises NotFound, Conflict for a link that is used, replaced, expired, revoked or declined (R106), for somebody with another address
    (R105, R-INV-4), for one whose address is unproven and who came by the mailed link, which proves it: they choose a new password by
    :func:`accept_with_password`; where what is given is not what was shown (R-INV-9), and where the policy keeps the address out.
    """
    with acting(by, _scope(link)) as act:
        row, person = linked_row(link), user_row(by.principal or PrincipalId(0))
        if is_done(row, person):
            return Accepted(Answer.BEFORE, PrincipalId(person.pk))
        require_open(act, row, link)
        if person.canonical != row.canonical:
            raise Conflict("another_address", sentence(ANOTHER, invited=row.email, address=person.email))
        if link.way is Way.MAILED and not person.email_verified:
            raise Conflict("unproven", sentence(PROVE))
        judged = offers_of(act.catalogue, row, act.at, person=PrincipalId(person.pk), verified=person.email_verified)
        return _take(act, row, person, judged, link) if _can_be_taken(act, row, judged, seen) else Accepted(Answer.AWAITING)


def accept_with_password(*, by: Caller, link: Link, seen: str, name: str, password: str) -> Accepted:
    """Accept as somebody new, who gets a person with this name and password; or prove the mailbox of a person whose address never was.

    ``by`` is nobody yet. By the mailed link the address counts as proven from then on, by a copied one it does not, and whoever invited
    vouches for it. Raises as :func:`accept` does, Invalid for a name or a password that is none, and Conflict where there is a person
    who has to sign in first.
    """
    row = linked_row(link)
    shown = clean_name(name)
    passwords.check(password, row.canonical, shown)
    hashed = make_password(password)
    with acting(_nobody(by, row), _scope(link)) as act:
        row = linked_row(link)
        require_open(act, row, link)
        there = User.objects.filter(canonical=row.canonical).first()
        if there is not None and (there.email_verified or there.status != Status.ACTIVE.value or link.way is Way.COPIED):
            raise Conflict("sign_in", sentence(SIGN_IN))
        number = PrincipalId(there.pk) if there is not None else None
        judged = offers_of(act.catalogue, row, act.at, person=number, verified=link.way is Way.MAILED)
        if not _can_be_taken(act, row, judged, seen):
            return Accepted(Answer.AWAITING)
        person = _made(act, row, shown, hashed, link) if there is None else _proven(act, there, hashed)
        act.go_on_as(replace(by, principal=PrincipalId(person.pk), name=person.name))
        return _take(act, row, person, judged, link)


def accept_as_proven(*, by: Caller, link: Link, seen: str, said: External, name: str) -> Accepted:
    """Accept as somebody new whose address a provider has just proven: they get a person with this name, linked with the provider.

    ``by`` is nobody yet. Raises as :func:`accept` does, Invalid for a name that is none, and Conflict where there is a person with the
    address already, who has to sign in first.
    """
    row = linked_row(link)
    shown = clean_name(name)
    with acting(_nobody(by, row), _scope(link)) as act:
        row = linked_row(link)
        require_open(act, row, link)
        if said.address.canonical != row.canonical:
            raise Conflict("another_address", sentence(ANOTHER, invited=mask(row.email), address=said.address.shown))
        if User.objects.filter(canonical=row.canonical).exists():
            raise Conflict("sign_in", sentence(SIGN_IN))
        judged = offers_of(act.catalogue, row, act.at, person=None, verified=True, vouched=True)
        if not _can_be_taken(act, row, judged, seen):
            return Accepted(Answer.AWAITING)
        person = identities.add_person(act, said, shown)
        details = {"subject": person.name}
        act.record(Event("user.created", "user", person.pk, subject=PrincipalId(person.pk), details=details), tenant=tenancy.instance())
        act.go_on_as(replace(by, principal=PrincipalId(person.pk), name=person.name))
        return _take(act, row, person, judged, link)


def decline(*, by: Caller, link: Link) -> None:
    """Decline for good. Whoever holds the link may, unless they are signed in with another address.

    Raises NotFound, and Conflict as :func:`accept` does.
    """
    row = linked_row(link)
    with acting(by if by.principal is not None else _nobody(by, row), _scope(link)) as act:
        row = linked_row(link)
        require_open(act, row, link)
        if by.principal is not None:
            person = user_row(by.principal)
            if person.canonical != row.canonical:
                raise Conflict("another_address", sentence(ANOTHER, invited=row.email, address=person.email))
        settle(act, row, InvitationState.DECLINED)
        tell(act, "invitation.declined", row)


def is_done(row: Invitation, person: User) -> bool:
    """Say whether this very person has accepted the invitation already: doing it twice is a success (semantics 6)."""
    return bool(row.accepted_by_id == person.pk)


def require_open(act: Act, row: Invitation, link: Link) -> None:
    """Raise Conflict unless a link can be used at this moment, each dead end by its own code and in its own words (R104, R106)."""
    says = term_of(act, row).says(link, act.at, copied_links=invitation_links.are_copied())
    if says is not Says.CURRENT:
        raise Conflict(says.value, sentence(DEAD[says]))


def _can_be_taken(act: Act, row: Invitation, judged: Offers, seen: str) -> bool:
    """Say whether something can be given, and nothing but what was shown; where nothing can, ask the managers to take it over."""
    if judged.fingerprint != seen:
        raise Conflict("changed", sentence(CHANGED))
    if judged.is_shut and judged.refusal is not None:
        raise Conflict("in_trash", judged.refusal)
    if not judged.every and judged.refusal is not None:
        raise Conflict("policy", judged.refusal)
    if not judged.is_empty_handed:
        return True
    ask_managers(act, row, judged)
    return False


def _take(act: Act, row: Invitation, person: User, judged: Offers, link: Link) -> Accepted:
    """Give what can be given, each on its giver's authority, and settle the invitation: one transaction, one acceptance (R-INV-2)."""
    act.is_answering = True
    settle(act, row, InvitationState.ACCEPTED, accepted_by_id=person.pk, accepted_way=link.way.value)
    tell(act, "invitation.accepted", row)
    for offer in judged.given:
        _give(act, PrincipalId(person.pk), offer)
    if row.closes:
        _close(act, row.account)
    return Accepted(Answer.ACCEPTED, PrincipalId(person.pk))


def _give(act: Act, person: PrincipalId, offer: Offer) -> None:
    """Write one thing; what warrants it is the giver's authority, which was judged in this very transaction.

    Accepting takes nothing away: who has a role by now that gives as much keeps it.
    """
    if isinstance(offer, BindingOffer):
        act.authority.concede(offer.wanted.mask, offer.row.resource)
        unite(act, person, offer.row.resource, offer.wanted, window_of(offer.row), keeping=True)
        ownership.end(act, offer.row, person)
    else:
        group = group_row(PrincipalId(offer.row.group_id))
        act.authority.warrants.allow(Matter.GROUP, group.pk)
        group_members.join(act, group, person, window_of(offer.row))


def _close(act: Act, account: Resource) -> None:
    """End the management from above of an account that was to have it only until somebody of its own administers it."""
    here = ResourceId(account.pk)
    if account.managed and guards.managed([here], act.catalogue, act.at) and act.ledger.change(account, managed=False):
        act.record(about(account, "resource.delegation_closed"), tenant=act.tenant_of(account))


def _made(act: Act, row: Invitation, name: str, hashed: str, link: Link) -> User:
    """Make the person of an invited address; only the mailed link proves that it is theirs."""
    verified = link.way is Way.MAILED
    person = add_user(act, Address.of(row.email), name, hashed=hashed, verified=verified, language=row.language)
    details = {"subject": person.name}
    act.record(Event("user.created", "user", person.pk, subject=PrincipalId(person.pk), details=details), tenant=tenancy.instance())
    return person


def _proven(act: Act, person: User, hashed: str) -> User:
    take_over(act, person, hashed)
    return person


def _scope(link: Link) -> Scope:
    return scopes.both(scopes.of_invitation(link.invitation), scopes.of_instance)


def _nobody(by: Caller, row: Invitation) -> Caller:
    """Let the instance act for whoever holds the link, who has no person here yet; the log names the address."""
    return replace(by, principal=None, channel=Channel.SYSTEM, name=row.email)
