"""Identities: a person is who a provider says they are. Signing in with one, linking one, unlinking one (semantics 7, R-OIDC-1 to 4).

A provider proves who somebody is; it opens nothing. In comes who has a person here already, by the pair of issuer and subject, or by an
address that both the provider and this instance have verified.
"""

from dataclasses import replace

from keyholder.domain.addresses import mask
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.providers import External
from keyholder.domain.refusals import Conflict, Forbidden, Refusal
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import acting as acts
from keyholder.services import refused_attempts, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands import people, signing_in
from keyholder.services.commands.finding import user_row
from keyholder.services.commands.signing_in import Admission, How
from keyholder.services.known_providers import every
from keyholder.services.taking_over import take_over
from keyholder.storage.models import Identity, User

NOTHING_OPENED = _("You have proven at {provider} that you are {address}, but nothing has been opened for that address here.")
ANOTHER_ADDRESS = _(
    "{provider} now says that you are {address}, but your account here has another address. What was given to one address does not "
    "follow to another: sign in another way, or ask somebody who manages users to give access to the new address."
)
ANOTHER_SUBJECT = _("Your account is linked with another account at {provider} already. Unlink that one first.")
LINKED_ELSEWHERE = _("This account at {provider} is linked with somebody else here.")
LAST_WAY_IN = _("This is your only way in. Set a password first, or link another provider.")


def enter(*, by: Caller, said: External) -> Admission:
    """Admit somebody by what a provider has just proven; a second factor may be left to prove. ``by`` is nobody yet.

    A person whose address was never verified here is taken over by this first proof: what was prepared before is void (R-OIDC-4).
    Raises Forbidden where nothing is open for the address, where the address is another one than the person's (R-OIDC-3), for somebody
    who is suspended, and where the account is linked with another subject of the provider. Every refusal is in the log.
    """
    found = _whose(said)
    if found is None:
        refusal = Forbidden("nothing_opened", sentence(NOTHING_OPENED, provider=said.provider, address=_masked(said)))
        _note(by, said.address.canonical, refusal)
        raise refusal
    person = replace(by, principal=PrincipalId(found.pk), name=found.name)
    with acting(person, scopes.of_instance) as act:
        row = user_row(PrincipalId(found.pk))
        _require_same_address(row, said)
        _tie(act, row, said)
    return signing_in.admit(by=by, user=PrincipalId(found.pk), how=How.PROVIDER)


def link(*, by: Caller, said: External) -> bool:
    """Link the caller's own account with what a provider has just proven; the caller has proven recently who they are (R-OIDC-10).

    Says whether that was the first proof of the address: then every session has ended, the caller's as well (R-OIDC-4). Raises Forbidden
    where the provider verifies another address than the account's, Conflict where either is linked already.
    """
    with acting(by, scopes.of_instance) as act:
        row = user_row(PrincipalId(by.principal or 0))
        other = Identity.objects.filter(issuer=said.issuer, subject=said.subject).exclude(user=row)
        if other.exists():
            raise Conflict("linked_elsewhere", sentence(LINKED_ELSEWHERE, provider=said.provider))
        _require_same_address(row, said)
        return _tie(act, row, said)


def unlink(*, by: Caller, identity: int) -> None:
    """Unlink one of the caller's own identities. Raises NotFound for another's, Conflict for the last way in."""
    with acting(by, scopes.of_instance) as act:
        user = user_row(PrincipalId(by.principal or 0))
        row = Identity.objects.filter(pk=identity, user=user).first()
        if row is None:
            raise not_there()
        if not user.has_usable_password() and not _others(user, row):
            raise Conflict("last_way_in", sentence(LAST_WAY_IN))
        event = _about(user, row.pk, "identity.unlinked", name_of(row.issuer))
        act.ledger.remove(row)
        act.record(event)


def note_refusal(*, by: Caller, provider: str, refusal: Refusal) -> None:
    """Write into the instance's log that what came back from a provider was not believed; nobody knows of whom."""
    _note(by, provider, refusal)


def add_person(act: Act, said: External, name: str) -> User:
    """Write a new person whom a provider has proven, linked with it, without an event: for what opened the door to them, an invitation."""
    row = people.add_user(act, said.address, name)
    act.ledger.change(row, email_verified=True)
    act.ledger.add(Identity(issuer=said.issuer, subject=said.subject, user=row))
    return row


def name_of(issuer: str) -> str:
    """Return what the provider with this issuer is called; one that is not set up any more goes by its issuer."""
    return next((provider.name for provider in every() if provider.issuer == issuer), issuer)


def _whose(said: External) -> User | None:
    """Return whose this is: by the pair, else by the address."""
    known = Identity.objects.select_related("user").filter(issuer=said.issuer, subject=said.subject).first()
    return known.user if known else User.objects.filter(canonical=said.address.canonical).first()


def _require_same_address(row: User, said: External) -> None:
    if row.canonical != said.address.canonical:
        raise Forbidden("another_address", sentence(ANOTHER_ADDRESS, provider=said.provider, address=_masked(said)))


def _tie(act: Act, row: User, said: External) -> bool:
    """Tie a person to the pair where they are not yet, and tell it; the first proof of the address takes the account over, and says so."""
    first = take_over(act, row)
    if not first and Identity.objects.filter(issuer=said.issuer, subject=said.subject, user=row).exists():
        return first
    if Identity.objects.filter(issuer=said.issuer, user=row).exists():
        raise Forbidden("another_subject", sentence(ANOTHER_SUBJECT, provider=said.provider))
    identity = act.ledger.add(Identity(issuer=said.issuer, subject=said.subject, user=row))
    act.record(_about(row, identity.pk, "identity.linked", said.provider))
    return first


def _others(user: User, but: Identity) -> bool:
    """Say whether another provider that is switched on lets the person in."""
    usable = [provider.issuer for provider in every() if provider.is_enabled]
    return Identity.objects.filter(user=user, issuer__in=usable).exclude(pk=but.pk).exists()


def _note(by: Caller, name: str, refusal: Refusal) -> None:
    """Write a refusal of somebody who is nobody here into the instance's log, under what is known of them."""
    refused_attempts.note(acts.signature(replace(by, name=name)), scopes.of_instance, refusal, stranger=True)


def _masked(said: External) -> str:
    return mask(said.address.canonical)


def _about(user: User, identity: int, action: str, provider: str) -> Event:
    details = {"subject": user.name, "provider": provider}
    return Event(action, "identity", identity, subject=PrincipalId(user.pk), details=details)
