"""Asking the other side to agree to a link, and answering: who speaks for one side only asks (semantics 5, R083).

Whoever asks names the other side by what it is called outside, and gets the same answer whether or not there is such a thing (R-ENU-1).
"""

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId, ResourceRef
from keyholder.domain.linking import Side
from keyholder.domain.names import clean_description
from keyholder.domain.refusals import Conflict, Forbidden, Invalid
from keyholder.domain.requests import RequestState
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import link_letters, link_request_rows, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.authority import name_of, not_there
from keyholder.services.caller import Caller
from keyholder.services.commands import linking
from keyholder.services.commands.finding import resource_row
from keyholder.services.commands.organization_links import LINKED
from keyholder.services.link_rights import ACCOUNT_HAS_TO, NOT_LINKABLE, may_link, speaks_for_asked, speaks_for_asker, still_asked
from keyholder.services.organization_rows import administered
from keyholder.services.warrants import Matter
from keyholder.storage import link_requests
from keyholder.storage.link_requests import Sides
from keyholder.storage.models import LinkRequest, Organization, Resource

MOST_OPEN = 20
"""Open requests that one side may have."""
LONGEST = 400
"""Characters of what the other side is called."""
NO_NAME = _("Say what the other side is called: the id of an organization, or the type and id of an account, as in account:100.")
ASKED = _("This was asked already, and is not answered yet.")
TOO_MANY = _("{most} requests wait for an answer already. Withdraw one first.")
SETTLED = _("This request is settled already.")
NOT_ANY_MORE = _("{asker}, who asked for this, may not speak for that side any more: it has to be asked anew.")


def ask_organization(*, by: Caller, account: ResourceId, organization: str, reason: str = "") -> None:
    """Ask an organization, by its id, to take an account in; the account's side agrees by it.

    Needs what linking needs at the account. Raises NotFound, Forbidden, Invalid for what can't be linked or is no id, Conflict where the
    account is linked already, where the same is asked already, or too much is.
    """
    asked, words = _named(organization), clean_description(reason)
    with acting(by, scopes.of_resources(account)) as act:
        resource = resource_row(act, account)
        if not act.catalogue.types[resource.type].links:
            raise Invalid("not_linkable", sentence(NOT_LINKABLE, resource=resource.name), place="account")
        if not may_link(act.authority, resource):
            raise Forbidden("account_side", sentence(ACCOUNT_HAS_TO, resource=resource.name))
        if resource.organization_id is not None:
            raise Conflict("linked", sentence(LINKED, resource=resource.name))
        _ask(act, LinkRequest(side=Side.ACCOUNT.value, account=resource, asked=asked, reason=words))


def ask_account(*, by: Caller, organization: OrganizationId, account: ResourceRef, reason: str = "") -> None:
    """Ask those who manage an account, by its type and id, to link it to an organization; the organization's side agrees by it.

    Only an admin may. Raises NotFound outside the organization, Forbidden, Invalid for a type that is not linked, Conflict where the same
    is asked already, or too much is.
    """
    words = clean_description(reason)
    with acting(by, scopes.of_organizations(organization)) as act:
        row = administered(act.authority, organization)
        if account.type not in act.catalogue.types or not act.catalogue.types[account.type].links:
            raise Invalid("not_linkable", sentence(NOT_LINKABLE, resource=str(account)), place="account")
        _ask(act, LinkRequest(side=Side.ORGANIZATION.value, organization=row, asked=_named(str(account)), reason=words))


def accept(*, by: Caller, request: int) -> None:
    """Agree to a link that the other side has asked for: the account is linked at once.

    The asker's right to speak for their side is judged again. Raises NotFound for what is not the caller's to answer, Conflict where it is
    settled, where the asker may not any more, where the account is linked by now or would lose its last standing manager.
    """
    with acting(by, scopes.of_link_request(request), alone=True) as act:
        row, found = _asked_of(act, request)
        account, organization = _both(found)
        if account.organization_id is not None:
            raise Conflict("linked", sentence(LINKED, resource=account.name))
        if not still_asked(act.authority, row):
            asker = None if row.asked_by is None else PrincipalId(row.asked_by)
            raise Conflict("asker_may_not", sentence(NOT_ANY_MORE, asker=name_of(asker)))
        act.authority.warrants.allow(Matter.LINK, account.pk)
        link_request_rows.settle(act, row, RequestState.APPROVED, also=list(act.tenants))
        linking.relink(act, account, organization)


def refuse(*, by: Caller, request: int, reason: str = "") -> None:
    """Refuse a link that the other side has asked for. Raises NotFound for what is not the caller's to answer, Conflict once settled."""
    with acting(by, scopes.of_link_request(request)) as act:
        row, _found = _asked_of(act, request)
        link_request_rows.settle(act, row, RequestState.REFUSED, reason, also=list(act.tenants))


def withdraw(*, by: Caller, request: int) -> None:
    """Take a request back; whoever speaks for the side that asked may. Raises NotFound for anybody else, Conflict once settled."""
    with acting(by, scopes.of_link_request(request)) as act:
        row = _row(request)
        if not speaks_for_asker(act.authority, row):
            raise not_there()
        _require_open(row)
        link_request_rows.settle(act, row, RequestState.WITHDRAWN)


def _ask(act: Act, row: LinkRequest) -> None:
    """Write a request, whether or not there is what it names."""
    own = {"organizations": [row.organization_id]} if row.organization_id else {"accounts": [row.account_id]}
    waiting = link_requests.open_of(**own)
    if waiting.filter(asked=row.asked).exists():
        raise Conflict("asked", sentence(ASKED))
    if waiting.count() >= MOST_OPEN:
        raise Conflict("too_many_open", sentence(TOO_MANY, most=MOST_OPEN))
    row.asked_at, row.asked_by = act.at, act.by.principal
    act.ledger.add(row)
    act.record(link_request_rows.about(row, "link.asked", row.reason))
    link_letters.ask(act, row)


def _named(text: str) -> str:
    name = text.strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Invalid("other", sentence(NO_NAME), place="other")
    return name


def _row(request: int) -> LinkRequest:
    return LinkRequest.objects.select_related("account", "organization").get(pk=request)


def _asked_of(act: Act, request: int) -> tuple[LinkRequest, Sides]:
    """Return an open request that the caller may answer, with what both of its sides are."""
    row = _row(request)
    found = link_requests.sides(row)
    if not speaks_for_asked(act.authority, row, found):
        raise not_there()
    _require_open(row)
    return row, found


def _both(found: Sides) -> tuple[Resource, Organization]:
    if found.account is None or found.organization is None:
        raise not_there()
    return found.account, found.organization


def _require_open(row: LinkRequest) -> None:
    if row.state != RequestState.OPEN.value:
        raise Conflict("not_open", sentence(SETTLED))
