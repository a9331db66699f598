"""Addresses: another one is proven before it is one's own, and the one that is one's own can be proven (semantics 7, R-EML-7, I-ID-3)."""

from collections.abc import Sequence
from datetime import timedelta

from keyholder.domain.addresses import Address
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, TenantId
from keyholder.domain.letters import Letter, LetterKind
from keyholder.domain.policies import PolicyMode
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import guessing, letters, notices, request_rows, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.address_proofs import drop_pending, is_anothers, mark_proven, waiting
from keyholder.services.admittance import Applicant, judge
from keyholder.services.authority import NOT_SIGNED_IN
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import user_row
from keyholder.services.commands.people import KNOWN_ADDRESS, search_key
from keyholder.services.newcomers import acting_as
from keyholder.services.taking_over import take_over
from keyholder.storage import tenancy
from keyholder.storage.models import AddressChange, Organization, User

LIFE = timedelta(hours=24)
GONE = _("This link does not work any more: it was used, it is too old, or the change was dropped. Ask for another one.")
NOT_MAILED = _("Nothing can be mailed: this instance has no mail server, so no address can be proven.")
PROVEN = _("{address} is your address, and proven already.")
NOT_TAKEN = _("{organization}, to which you belong, does not take this address: {why}")
KIND = "address "


def ask(*, by: Caller, email: str) -> None:
    """Mail a proof to the address that the caller wants to have, or to their own that is not proven yet; nothing changes until it is used.

    Whether another person has the address is not said here: its owner would be the one to use the proof (R-ENU-1). Raises Invalid for
    what is no address, Conflict where nothing can be mailed or the address is proven already, TooMany.
    """
    address = Address.of(email)
    guessing.count(by, f"{KIND}account:{by.principal}", kind=KIND)
    with acting(by, scopes.of_instance) as act:
        row = user_row(PrincipalId(by.principal or 0))
        if not letters.is_mailing():
            raise Conflict("not_mailing", sentence(NOT_MAILED))
        if address.canonical == row.canonical and row.email_verified:
            raise Conflict("proven", sentence(PROVEN, address=row.email))
        drop_pending(act, row)
        change = AddressChange(user=row, email=address.shown, canonical=address.canonical, asked_at=act.at, expires_at=act.at + LIFE)
        change.save(force_insert=True)
        act.record(_about(row, "user.address_asked", address=address.shown))
        details = {"address": address.shown, "until": change.expires_at.isoformat()}
        letter = Letter(
            LetterKind.ADDRESS_PROOF, address.shown, row.name, row.language, about=change.pk, generation=change.generation, details=details
        )
        letters.post(act, letter)


def drop(*, by: Caller) -> None:
    """Drop the change that waits for its proof; the link in the letter opens nothing any more."""
    with acting(by, scopes.of_instance) as act:
        drop_pending(act, user_row(PrincipalId(by.principal or 0)))


def prove(*, by: Caller, number: int, generation: int) -> PrincipalId:
    """Take an address as proven by the link that was mailed to it, once, and return whose it is.

    Another address than the one they have is taken by whoever asked for it, signed in, which proves both sides. ``by`` need not be signed
    in for the address that an account has: who proves it then takes the account over, what others set up there is void.

    The address that was theirs before is told. Raises Invalid for a link that does not count and for who is not signed in as who asked,
    Conflict where the address is another person's by now, or an organization of theirs does not take it.
    """
    found = waiting(number, generation, by.at)
    if found is None:
        raise Invalid("proof_gone", sentence(GONE))
    whose = PrincipalId(found.user_id)
    with acting_as(by, whose, scopes.of_people([whose])) as act:
        change = waiting(number, generation, by.at)
        if change is None:
            raise Invalid("proof_gone", sentence(GONE))
        if is_anothers(change, by.principal):
            raise Invalid("not_signed_in", sentence(NOT_SIGNED_IN))
        row = user_row(PrincipalId(change.user_id))
        AddressChange.objects.filter(pk=change.pk).delete()
        if change.canonical != row.canonical:
            _change(act, row, change)
        elif by.principal != row.pk:
            take_over(act, row)
        mark_proven(act, row)
        return PrincipalId(row.pk)


def _change(act: Act, row: User, change: AddressChange) -> None:
    if User.objects.filter(canonical=change.canonical).exclude(pk=row.pk).exists():
        raise Conflict("address_taken", sentence(KNOWN_ADDRESS, address=change.email))
    before = row.email
    tenants = tenancy.of_holdings([PrincipalId(row.pk)])
    _require_taken(tenants, change)
    columns = {"email": change.email, "canonical": change.canonical, "search_key": search_key(row.name, change.canonical)}
    asked = request_rows.readdress(act, PrincipalId(row.pk), Address(change.email, change.canonical))
    act.ledger.change(row, **columns, email_verified=True)
    act.record(_about(row, "user.address_changed", before=before, after=row.email), also=[*tenants, *asked])
    notices.post_about_address(act, row, old=before, name=row.name)


def _require_taken(tenants: Sequence[TenantId], change: AddressChange) -> None:
    """Raise Conflict where an organization whose person this is enforces a policy that keeps the new address out (R-EML-6)."""
    for home in Organization.objects.filter(tenant__in=tenants, policy_mode=PolicyMode.ENFORCED.value).order_by("pk"):
        verdict = judge(home, Applicant(change.email, change.canonical))
        if verdict.refuses:
            raise Conflict("policy", sentence(NOT_TAKEN, organization=home.name, why=verdict.why))


def _about(row: User, action: str, **details: str) -> Event:
    return Event(action, "user", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name, **details})
