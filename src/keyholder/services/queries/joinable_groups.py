"""The groups that people at a resource can be put into, or looked for by: those of the organization of its account (R061, R068)."""

from dataclasses import dataclass, field

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.principals import Status
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.naming import principal_views
from keyholder.services.queries.seeing import authority_of, resource_managed
from keyholder.services.read_models import PrincipalView
from keyholder.storage import group_lists, lineages, locks
from keyholder.storage.group_lists import Counts, Wanted
from keyholder.storage.models import GroupOwner

MOST = 200
"""Groups that a picker offers."""


@dataclass(frozen=True, slots=True)
class JoinableGroup:
    """A group by name; ``can_fill`` says that the reader manages its members."""

    group: PrincipalView
    description: str
    people: int
    can_fill: bool = field(kw_only=True)


def joinable_groups(*, by: Caller, at: ResourceId) -> tuple[JoinableGroup, ...]:
    """Return the groups of the organization that a resource is linked to, by name, at most 200; none where it is linked to none.

    A fixed number of queries. Raises NotFound, and Forbidden without the granting permission at the resource.
    """
    authority = authority_of(by)
    with locks.snapshot():
        organization = lineages.organization_of(lineages.of(resource_managed(authority, at)))
        if organization is None:
            return ()
        rows = group_lists.page([OrganizationId(organization)], Wanted(most=MOST))
        numbers = [row.id for row in rows]
        views, counts = principal_views(numbers), group_lists.counts(numbers, by.at)
        mine = _filled(authority, OrganizationId(organization), numbers)
    return tuple(
        JoinableGroup(views[row.id], row.description, counts.get(row.id, Counts()).people, can_fill=row.id in mine) for row in rows
    )


def _filled(authority: Authority, organization: OrganizationId, groups: list[PrincipalId]) -> set[PrincipalId]:
    """Return those of the groups whose members the caller manages (R080); who got here is not suspended in the organization."""
    me = authority.by.principal
    if me is None or authority.manages_groups_of(organization):
        return set(groups)
    owned = GroupOwner.objects.filter(group__in=groups, user=me, user__status=Status.ACTIVE.value)
    return {PrincipalId(pk) for pk in owned.values_list("group", flat=True)}
