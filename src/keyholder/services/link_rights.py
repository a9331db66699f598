"""Link rights: who speaks for which side of a link between an account and an organization (semantics 5)."""

from dataclasses import replace

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.linking import Side
from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine.decision import Question, check
from keyholder.services.authority import Authority
from keyholder.services.closed import require_open
from keyholder.services.warrants import Matter
from keyholder.storage import slices
from keyholder.storage.link_requests import Sides
from keyholder.storage.models import LinkRequest, Organization, Resource

LINK = "organization.link"
"""The blueprints' action; its permission is needed beside the granting one."""
NEITHER = _("Only an admin of {organization}, or somebody who manages the users of {resource} and may link it, can do this.")
NOT_LINKED = _("{resource} is linked to no organization.")
NOT_LINKABLE = _("{resource} can't be linked to an organization; that is done at the account.")
ACCOUNT_HAS_TO = _("{resource} has to agree as well: ask somebody who manages its users and may link it to do this.")
ORGANIZATION_HAS_TO = _("{organization} has to agree as well: ask one of its admins to do this.")


def may_link(authority: Authority, account: Resource) -> bool:
    """Say whether the caller holds the granting permission at an account and what the blueprint's action of linking needs."""
    if authority.by.principal is None:
        return True
    here, me = ResourceId(account.pk), authority.by.principal
    facts = slices.of([me], [here])
    granting = authority.catalogue.of(account.type).granting
    questions = (Question(me, here, permission=granting), Question(me, here, action=LINK))
    found = all(check(facts, authority.catalogue, question, authority.by.at).allowed for question in questions)
    if found:
        authority.warrants.allow(Matter.LINK, account.pk)
    return found


def require_both_sides(authority: Authority, account: Resource, organization: Organization) -> None:
    """Raise Invalid for what can't be linked, and Forbidden naming the side that the caller does not speak for."""
    if not authority.catalogue.types[account.type].links:
        raise Invalid("not_linkable", sentence(NOT_LINKABLE, resource=account.name), place="account")
    if not may_link(authority, account):
        raise Forbidden("account_side", sentence(ACCOUNT_HAS_TO, resource=account.name))
    if not authority.is_admin(OrganizationId(organization.pk)):
        raise Forbidden("organization_side", sentence(ORGANIZATION_HAS_TO, organization=organization.name))


def speaks_for_asked(authority: Authority, row: LinkRequest, found: Sides) -> bool:
    """Say whether the caller may answer a request: they speak for the side that it asks. Raises Forbidden as :func:`leads` does."""
    if row.side == Side.ACCOUNT.value:
        return found.organization is not None and leads(authority, found.organization)
    return found.account is not None and may_link(authority, found.account)


def speaks_for_asker(authority: Authority, row: LinkRequest) -> bool:
    """Say whether the caller speaks for the side that made a request. Raises Forbidden as :func:`leads` does."""
    if row.organization is not None:
        return leads(authority, row.organization)
    return row.account is not None and may_link(authority, row.account)


def leads(authority: Authority, organization: Organization) -> bool:
    """Say whether the caller speaks for an organization; raises Forbidden for an admin whose session does not open it."""
    is_admin = authority.is_admin(OrganizationId(organization.pk))
    if is_admin:
        require_open(authority.by, organization=organization.pk)
    return is_admin


def still_asked(authority: Authority, row: LinkRequest) -> bool:
    """Say whether whoever made a request speaks for that side now: both have to agree at the moment of the link."""
    asker = None if row.asked_by is None else PrincipalId(row.asked_by)
    channel = Channel.SYSTEM if asker is None else authority.by.channel
    by = replace(authority.by, principal=asker, channel=channel, closed=())
    return speaks_for_asker(Authority(by, authority.catalogue), row)
