"""What unlinking an account from its organization would take, before anybody decides (R083, semantics 5)."""

from dataclasses import dataclass, replace

from keyholder.domain.identifiers import BindingId, OrganizationId, PrincipalId, PrincipalKind, ResourceId
from keyholder.domain.refusals import Conflict, Forbidden
from keyholder.domain.sentences import sentence
from keyholder.services.authority import Authority, name_of
from keyholder.services.caller import Caller
from keyholder.services.link_rights import NEITHER, NOT_LINKED, may_link
from keyholder.services.losses import Loss, losses
from keyholder.services.queries.seeing import authority_of, resource_seen
from keyholder.storage import locks, slices, subtrees
from keyholder.storage.models import Resource


@dataclass(frozen=True, slots=True)
class GroupAccess:
    """A binding of a group that goes with the link."""

    binding: BindingId
    group: PrincipalId
    group_name: str
    resource: ResourceId
    resource_name: str
    permissions: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Unlinking:
    """What an account loses with its link: bindings of groups, and what people have through them or by an organization role."""

    organization: OrganizationId
    organization_name: str
    bindings: tuple[GroupAccess, ...]
    losses: tuple[Loss, ...]


def preview(*, by: Caller, account: ResourceId) -> Unlinking:
    """Return what goes when an account is unlinked; hand the numbers of the bindings to the command, so that nothing else goes.

    Either side may ask: an admin of the organization, or who may link the account. Raises NotFound, Forbidden, Conflict without a link.
    """
    with locks.snapshot():
        authority = authority_of(by)
        row = resource_seen(authority, account)
        if row.organization is None:
            raise Conflict("not_linked", sentence(NOT_LINKED, resource=row.name))
        if not may_link(authority, row) and not authority.is_admin(OrganizationId(row.organization.pk)):
            raise Forbidden("neither_side", sentence(NEITHER, organization=row.organization.name, resource=row.name))
        bindings = _of_groups(row)
        return Unlinking(OrganizationId(row.organization.pk), row.organization.name, bindings, _losses(authority, row, bindings))


def _of_groups(account: Resource) -> tuple[GroupAccess, ...]:
    rows = subtrees.bindings_within(account).filter(principal__kind=PrincipalKind.GROUP.value)
    return tuple(
        GroupAccess(
            BindingId(row.pk),
            PrincipalId(row.principal_id),
            name_of(PrincipalId(row.principal_id)),
            ResourceId(row.resource_id),
            row.resource.name,
            tuple(row.permissions.split()),
            row.role,
        )
        for row in rows
    )


def _losses(authority: Authority, account: Resource, bindings: tuple[GroupAccess, ...]) -> tuple[Loss, ...]:
    here = ResourceId(account.pk)
    places = {here, *(binding.resource for binding in bindings)}
    before = slices.at(places)
    gone = {binding.binding for binding in bindings}
    after = replace(
        before,
        bindings=tuple(binding for binding in before.bindings if binding.id not in gone),
        resources={**before.resources, here: replace(before.resources[here], organization=None)},
    )
    return losses(before, after, places, authority.catalogue, authority.by.at)
