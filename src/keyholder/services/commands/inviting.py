"""Inviting: many addresses at once to one place, whether or not there is a person behind any of them (R101, R102, R107, R109)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.conf import settings

from keyholder.domain.addresses import Address
from keyholder.domain.characters import escaped
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.invitations import Standing
from keyholder.domain.names import clean_description
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.refusals import Conflict, Invalid, Refusal, Refusals, RefusedRow, TooMany
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import invitation_letters, invitation_links, letters, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.admittance import Applicant, known_to, refusal
from keyholder.services.caller import Caller
from keyholder.services.commands.binding_rows import refuse_over
from keyholder.services.commands.finding import group_row, resource_row
from keyholder.services.commands.invitation_rows import pending_for, plan_binding, plan_membership, renew, tell, term_of
from keyholder.services.commands.people import UNKNOWN_LANGUAGE
from keyholder.services.rules.foreign_groups import FOREIGN
from keyholder.storage import lineages, sendings
from keyholder.storage.models import Group, Invitation, Organization, Resource

AT_ONCE = 500
"""Addresses in one command."""
A_DAY = {"inviter": 1000, "address": 20, "account": 5000}
"""Sendings within a day by one inviter, to one address, to one account (R-INV-17)."""
TOO_MANY = _("At most {most} addresses can be invited at once.")
A_DAY_IS_FULL = _("That would be more than {most} invitations within a day. Wait until tomorrow, or ask an operator.")
NO_WAY = _("No mail server is set up here and links are not handed over by hand, so nobody can be invited. Ask an operator.")


class Sent(StrEnum):
    """What became of one address."""

    INVITED = "invited"
    ADDED_TO = "added_to"
    """There was a pending invitation: this was added to it, and its links go on."""
    RENEWED = "renewed"
    """There was one that had expired: it begins anew."""


@dataclass(frozen=True, slots=True)
class Invited:
    """One address that was invited. ``secret`` makes its link and is told this once; empty where links are only mailed."""

    address: str
    invitation: int
    outcome: Sent
    secret: str
    is_mailed: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What everybody who is invited is to get, and what the letter says; nothing at all is a wish as well (R109)."""

    permissions: Sequence[str] = ()
    role: str = ""
    groups: Sequence[PrincipalId] = ()
    window: Window = ALWAYS
    message: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A wish that was found to be allowed: the rows it is about."""

    wish: Wish
    wanted: Bindable | None
    account: Resource
    groups: Sequence[Group] = field(default_factory=tuple)
    message: str = ""
    closes: bool = False
    in_place_of: PrincipalId | None = None


def invite(
    *, by: Caller, at: ResourceId, addresses: Sequence[str], random: Sequence[bytes], wish: Wish | None = None
) -> tuple[Invited, ...]:
    """Invite addresses to a resource, all or none, and return for each what became of it and the link that is shown once.

    ``random`` are 32 bytes for each address. Whether there is a person behind an address changes nothing and is not told. Raises NotFound,
    Forbidden without the granting permission there, which groups alone don't need, or for a group that is not the caller's to fill,
    Invalid for what is no address or no set, Conflict where nothing can be sent, and for each address, several as Refusals, for who is
    outside the policy (R087) or not in the directory (R043); TooMany beyond the limits of a day.
    """
    asked = read_addresses(addresses)
    with acting(by, scopes.both(scopes.of_resources(at), scopes.of_groups(*(wish.groups if wish else ())))) as act:
        return send(act, resource_row(act, at), asked, wish or Wish(), random)


def read_addresses(addresses: Sequence[str]) -> tuple[Address, ...]:
    """Return the addresses, each person once; raises Invalid, several as Refusals, for what is none (R-EML-5)."""
    if not 1 <= len(addresses) <= AT_ONCE:
        raise Invalid("addresses", sentence(TOO_MANY, most=AT_ONCE), place="addresses")
    found: dict[str, Address] = {}
    wrong: list[tuple[str, Refusal]] = []
    for text in addresses:
        try:
            address = Address.of(text)
        except Invalid as refusal:
            wrong.append((escaped(str(text)), refusal))
        else:
            found.setdefault(address.canonical, address)
    _refuse(len(addresses), wrong)
    return tuple(found.values())


def send(
    act: Act,
    resource: Resource,
    asked: Sequence[Address],
    wish: Wish,
    random: Sequence[bytes],
    *,
    closes: bool = False,
    in_place_of: PrincipalId | None = None,
) -> tuple[Invited, ...]:
    """Invite addresses to a resource that the caller sees: the step of :func:`invite`; authority is asked here.

    With ``closes`` accepting closes the edge between the account and what stands above it; ``in_place_of`` steps down from the wished role
    once it is accepted, which the caller has asked them or may say for them.
    """
    read = replace(_read(act, resource, wish), closes=closes, in_place_of=in_place_of)
    if not invitation_links.are_copied() and not letters.is_mailing():
        raise Conflict("no_way", sentence(NO_WAY))
    _refuse(len(asked), _outside(resource, asked))
    count_sendings(act, read.account, [address.canonical for address in asked])
    there = pending_for(read.account, [address.canonical for address in asked])
    lots = zip(asked, random, strict=False)
    return tuple(_send(act, resource, read, address, there.get(address.canonical), lot) for address, lot in lots)


def _read(act: Act, resource: Resource, wish: Wish) -> Read:
    """Judge a wish: whether it can be given there, and whether the caller may give it."""
    wanted = None
    if wish.permissions or wish.role:
        wanted = bindable(act.catalogue, resource.type, permissions=wish.permissions, role=wish.role)
        act.authority.confer(wanted.mask, resource)
    elif wish.groups:
        act.authority.see(resource)
    else:
        act.authority.require_granting(resource)
    if wish.language and wish.language not in dict(settings.LANGUAGES):
        raise Invalid("language", sentence(UNKNOWN_LANGUAGE, language=escaped(wish.language)), place="language")
    refuse_over(wish.window, act.at)
    groups = [group_row(group) for group in dict.fromkeys(wish.groups)]
    for group in groups:
        act.authority.require_owner(group)
        if group.organization.tenant_id != resource.tenant_id:
            names = {"group": group.name, "organization": group.organization.name, "resource": resource.name}
            raise Conflict("foreign_group", sentence(FOREIGN, **names))
    return Read(wish, wanted, lineages.account_of(resource, act.catalogue), groups, clean_description(wish.message))


def _outside(resource: Resource, asked: Sequence[Address]) -> list[tuple[str, Refusal]]:
    """Return the addresses that the organization takes from nobody: outside its enforced policy, or not in its directory."""
    organization = Organization.objects.filter(tenant=resource.tenant_id).first()
    if organization is None:
        return []
    known = known_to(organization, [address.canonical for address in asked])
    applicants = [Applicant(address.shown, address.canonical, is_known=address.canonical in known) for address in asked]
    return [(who.email, why) for who in applicants if (why := refusal(organization, who)) is not None]


def count_sendings(act: Act, account: Resource, canonical: Sequence[str]) -> None:
    """Count sendings; raises TooMany beyond what a day holds. The operator's command line has no limit of its own."""
    most = {f"account:{account.pk}": A_DAY["account"], **{f"address:{one}": A_DAY["address"] for one in canonical}}
    if act.by.principal is not None:
        most[f"inviter:{act.by.principal}"] = A_DAY["inviter"]
    shared = [key for key in most if not key.startswith("address:")]
    counted = sendings.note([*(key for key in most if key not in shared), *(shared * len(canonical))], act.at)
    over = [number for key, number in most.items() if counted[key] > number]
    if over:
        raise TooMany("too_many_invitations", sentence(A_DAY_IS_FULL, most=over[0]), seconds=int(sendings.SPAN.total_seconds()))


def _send(act: Act, resource: Resource, read: Read, address: Address, there: Invitation | None, random: bytes) -> Invited:
    outcome, action = Sent.ADDED_TO, "invitation.added_to"
    if there is None:
        outcome, action, row = Sent.INVITED, "invitation.sent", _new(act, read, address)
    else:
        row = there
        if term_of(act, row).standing(act.at) is Standing.EXPIRED:
            outcome, action = Sent.RENEWED, "invitation.sent_again"
            renew(act, row)
        if read.message:
            act.ledger.change(row, message=read.message)
    if read.wanted is not None:
        plan_binding(act, row, resource, read.wanted, read.wish.window, read.in_place_of)
    for group in read.groups:
        plan_membership(act, row, group, read.wish.window)
    secret = invitation_links.keep(row, random)
    is_mailed = invitation_letters.post(act, row, term_of(act, row).expires_at)
    held = [read.wish.role] if read.wish.role else list(read.wish.permissions)
    tell(act, action, row, resource, permissions=held, groups=[group.name for group in read.groups])
    return Invited(row.email, row.pk, outcome, secret, is_mailed)


def _new(act: Act, read: Read, address: Address) -> Invitation:
    return act.ledger.add(
        Invitation(
            account=read.account,
            email=address.shown,
            canonical=address.canonical,
            language=read.wish.language,
            message=read.message,
            made_at=act.at,
            sent_at=act.at,
            invited_by_id=act.by.principal,
            closes=read.closes,
        )
    )


def _refuse(asked: int, refused: Sequence[tuple[str, Refusal]]) -> None:
    if refused and asked == 1:
        raise refused[0][1]
    if refused:
        raise Refusals([RefusedRow(row, refusal) for row, refusal in refused])
