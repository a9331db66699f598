"""Group rights: who may make a group of an organization, and who may delete one (R065, R082, semantics 5)."""

from collections.abc import Iterable

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine.moment import Moment
from keyholder.services.authority import Authority
from keyholder.storage import belonging, lineages, slices
from keyholder.storage.models import Binding, Group, Organization, Resource

MAY_NOT_CREATE = _("Groups of {organization} are created by its admins and by who manages users somewhere in it.")
MAY_NOT_DELETE = _(
    "{group} can be deleted by the admins of its organization, and by who manages users at every account where it has access."
)


def may_create(authority: Authority, organization: Organization) -> bool:
    """Say whether the caller has a role in the organization or holds the granting permission at some node linked to it."""
    me = authority.by.principal
    if me is None or authority.manages_groups_of(OrganizationId(organization.pk)):
        return True
    return any(_grants_at(authority, me, belonging.bound_in(organization.tenant_id, [me])))


def require_creating(authority: Authority, organization: Organization) -> None:
    """Raise Forbidden unless the caller may make a group of an organization."""
    if not may_create(authority, organization):
        raise Forbidden("may_not_create", sentence(MAY_NOT_CREATE, organization=organization.name))


def may_delete(authority: Authority, group: Group) -> bool:
    """Say whether the caller has a role in the organization or holds the granting permission at every account where the group is bound.

    A group that is bound nowhere may be deleted by its owners, who can empty it as well.
    """
    me = authority.by.principal
    if me is None or authority.manages_groups_of(OrganizationId(group.organization_id)):
        return True
    accounts = accounts_of(authority, group)
    return all(_grants_at(authority, me, accounts)) if accounts else authority.owns(group)


def accounts_of(authority: Authority, group: Group) -> list[ResourceId]:
    """Return the accounts at or below which a group is bound, by whatever window."""
    paths = Binding.objects.filter(principal=group.pk).values_list("resource__path", flat=True)
    above = {number for path in paths for number in lineages.numbers(path)}
    levels = [kind.name for kind in authority.catalogue.types.values() if kind.account_level]
    return [ResourceId(pk) for pk in Resource.objects.filter(pk__in=above, type__in=levels).order_by("pk").values_list("pk", flat=True)]


def _grants_at(authority: Authority, principal: PrincipalId, nodes: Iterable[ResourceId]) -> Iterable[bool]:
    """Say of each of these resources whether the principal holds the granting permission there."""
    asked = list(nodes)
    moment = Moment(slices.of([principal], asked), authority.catalogue, authority.by.at)
    for node in asked:
        blueprint = authority.catalogue.of(moment.facts.resources[node].ref.type)
        yield bool(moment.effective(principal, node) & blueprint.granting_mask)
