"""Linking an account to an organization and unlinking it: both move the account's subtree to another tenant (semantics 5 and 9)."""

from collections.abc import Collection

from keyholder.domain.identifiers import BindingId, OrganizationId, ResourceId, TenantId
from keyholder.domain.refusals import Conflict, Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import linking
from keyholder.services.commands.finding import resource_row
from keyholder.services.link_rights import NEITHER, NOT_LINKED, may_link, require_both_sides
from keyholder.services.organization_rows import visible
from keyholder.storage import belonging, tenancy
from keyholder.storage.models import Organization

LINKED = _("{resource} is linked to an organization already; unlink it first.")
SHOWN_CHANGED = _("What groups have at {resource} has changed since it was shown; look again.")


def link_account(*, by: Caller, organization: OrganizationId, account: ResourceId, reason: str = "") -> None:
    """Link an account to an organization. Both sides have to agree: who is an admin of the one and may link the other does it at once.

    The account's rows get the organization's tenant; its own chain is closed with an event that names the organization's head. Raises
    NotFound for what the caller can't see, Forbidden naming the side that is missing, Invalid for what can't be linked, Conflict where it
    is linked already (R083) or would lose its last standing manager.
    """
    with acting(by, scopes.both(scopes.of_organizations(organization), scopes.of_resources(account)), alone=True) as act:
        resource = resource_row(act, account)
        target = visible(act.authority, organization)
        require_both_sides(act.authority, resource, target)
        if resource.organization_id is not None:
            raise Conflict("linked", sentence(LINKED, resource=resource.name))
        linking.relink(act, resource, target, reason)


def unlink_account(*, by: Caller, account: ResourceId, shown: Collection[BindingId] | None = None, reason: str = "") -> None:
    """Unlink an account from its organization; the bindings of groups within it go in the same transaction, each told (R083).

    Either side may end the link: an admin of the organization, or who may link the account. ``shown`` are the bindings that the caller was
    told would go (``keyholder.services.queries.unlinking``); where others would, it is refused. The account goes on in the chain that it
    had before it was linked, or begins one. Raises NotFound, Forbidden, Conflict, also where the last standing manager would be lost.
    """
    with acting(by, lambda: _scope_of_unlinking(account), alone=True) as act:
        resource = resource_row(act, account)
        if resource.organization_id is None:
            raise Conflict("not_linked", sentence(NOT_LINKED, resource=resource.name))
        source = Organization.objects.get(pk=resource.organization_id)
        if not may_link(act.authority, resource) and not act.authority.is_admin(OrganizationId(source.pk)):
            raise Forbidden("neither_side", sentence(NEITHER, organization=source.name, resource=resource.name))
        if shown is not None and {BindingId(row.pk) for row in linking.group_bindings(resource)} != set(shown):
            raise Conflict("changed", sentence(SHOWN_CHANGED, resource=resource.name))
        linking.relink(act, resource, None, reason)


def _scope_of_unlinking(account: ResourceId) -> list[TenantId]:
    """Name the organization's tenant first, then the one that the account goes on in."""
    outside = belonging.tenant_outside(account)
    return list(dict.fromkeys([*tenancy.of_resources([account]), *([] if outside is None else [outside])]))
