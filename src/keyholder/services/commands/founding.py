"""Founding: making an account for its first administrator, who is here already or is invited by the same command (semantics 4, R093)."""

from dataclasses import dataclass

from keyholder.domain.addresses import Address
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import resources
from keyholder.services.commands.finding import NOT_KNOWN, strangers
from keyholder.services.commands.inviting import Invited, Wish, send
from keyholder.services.commands.resources import NewResource, Plot
from keyholder.storage.models import Resource, User

NO_ADMINISTRATOR = _("Something of the type {type} has no administrator of its own: give access there once it exists.")


@dataclass(frozen=True, slots=True)
class Founded:
    """What was made, and the invitation of its first administrator where they were not known."""

    resource: ResourceId
    invited: Invited | None = None


def found(
    *, by: Caller, new: NewResource, administrator: str, random: bytes, language: str = "", accounts_by_operator: bool = False
) -> Founded:
    """Make an account, or what stands above accounts, for the first administrator, named by address.

    Who is known to the caller (semantics 4) administers it at once; anybody else is invited, whether or not there is a person behind the
    address, and it awaits a manager until they accept. An edge that was to be closed stays open until then. An operator who names
    somebody else gets nothing there; everybody else gets what the blueprint gives a creator. ``random`` are 32 bytes for the link.
    Raises as :func:`keyholder.services.commands.resources.create` and :func:`keyholder.services.commands.inviting.invite` do.
    """
    address = _address(administrator)
    with acting(by, resources.scope_of(new)) as act:
        plot = resources.plot_of(act, new, accounts_by_operator=accounts_by_operator)
        if not plot.kind.guarded:
            raise Invalid("no_administrator", sentence(NO_ADMINISTRATOR, type=plot.kind.name), place="administrator")
        person = _known(act, address, plot)
        row = resources.place(act, plot, managed=new.managed or person is None)
        if person == by.principal or not act.authority.is_operator():
            resources.endow_creator(act, plot.kind, row)
        if person is not None:
            resources.appoint(act, plot.kind, row, person)
            return Founded(ResourceId(row.pk))
        return Founded(ResourceId(row.pk), _invite(act, plot, row, address, random, language, closes=not new.managed))


def _address(text: str) -> Address:
    try:
        return Address.of(text)
    except Invalid as refusal:
        raise Invalid(refusal.code, refusal.sentence, place="administrator") from refusal


def _known(act: Act, address: Address, plot: Plot) -> PrincipalId | None:
    """Return whom an address means, where they are known to the caller; a tenant that begins knows nobody but who begins it.

    Raises Conflict where nobody is known and the caller could not invite: they would hold nothing in what they make.
    """
    number = User.objects.filter(canonical=address.canonical).values_list("pk", flat=True).first()
    person = None if number is None else PrincipalId(number)
    if person is not None and _is_known(act, person, plot.parent):
        return person
    if plot.parent is None and plot.kind.names_manager and not act.authority.is_operator():
        raise Conflict("not_known", sentence(NOT_KNOWN), place="administrator")
    return None


def _is_known(act: Act, person: PrincipalId, parent: Resource | None) -> bool:
    if parent is None:
        return person == act.by.principal or act.authority.is_operator()
    return not strangers(act, [person], parent)


def _invite(act: Act, plot: Plot, row: Resource, address: Address, random: bytes, language: str, *, closes: bool) -> Invited:
    """Invite the first administrator; until they accept the account says that it awaits a manager."""
    wanted = resources.administration(act, plot.kind)
    act.ledger.change(row, awaiting_manager=True)
    wish = Wish(() if wanted.role else wanted.permissions, wanted.role, language=language)
    (sent,) = send(act, row, [address], wish, [random], closes=closes and plot.kind.closable)
    return sent
