"""Which groups a group is in, directly or by way of others, and into which it could be put (R073, R077)."""

from dataclasses import dataclass, field

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.principals import Status
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine.moment import Moment
from keyholder.engine.sources import routes
from keyholder.services import naming
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.queries.group_members import end_of
from keyholder.services.queries.groups import group_seen
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import PrincipalView
from keyholder.storage import group_lists, locks, slices
from keyholder.storage.models import Group, GroupOwner

MOST_CANDIDATES = 200
"""Groups that a picker offers."""


@dataclass(frozen=True, slots=True)
class Containing:
    """A group that a group is in: directly, or by way of others; ``can_end`` says that the reader may take it out."""

    group: PrincipalView
    window: Window = ALWAYS
    via: tuple[PrincipalView, ...] = ()
    can_end: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Containings:
    """The groups that a group is in, and those that the reader could put it into."""

    rows: tuple[Containing, ...] = ()
    candidates: tuple[PrincipalView, ...] = ()


def containing(*, by: Caller, of: PrincipalId) -> Containings:
    """Return the groups that a group is in, direct ones first, and those of its organization that the caller may put it into (R073).

    A fixed number of queries. Raises NotFound outside the organization.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, of)
        edges = group_lists.outer([of], by.at)
        moment = Moment(slices.of([of], []), authority.catalogue, by.at)
        ways = {group: found[0] for group, found in routes(moment, of).items() if len(found[0].groups) > 1}
        managed = _managed(authority, row)
        direct = {edge.group for edge in edges}
        candidates = [group for group in managed if group != of and group not in direct][:MOST_CANDIDATES]
        views = naming.principal_views({*direct, *candidates, *(step for way in ways.values() for step in way.groups)})
    mine = set(managed)
    rows = [Containing(views[e.group], e.window, can_end=of in mine or e.group in mine) for e in edges]
    for group, way in ways.items():
        if group not in direct:
            rows.append(Containing(views[group], Window(ends_at=end_of(way)), tuple(views[step] for step in way.groups[:-1])))
    return Containings(tuple(rows), tuple(views[group] for group in candidates))


def _managed(authority: Authority, group: Group) -> list[PrincipalId]:
    """Return the groups of the same organization whose members the caller manages, by name; who got here is not suspended within it."""
    me, organization = authority.by.principal, OrganizationId(group.organization_id)
    inside = Group.objects.filter(organization=organization).order_by("name_key", "pk")
    if me is not None and not authority.manages_groups_of(organization):
        owned = GroupOwner.objects.filter(user=me, user__status=Status.ACTIVE.value)
        inside = inside.filter(pk__in=owned.values("group"))
    return [PrincipalId(pk) for pk in inside.values_list("pk", flat=True)]
