"""The trash in SQL: what lies there, who put it there, what is due to go, and what would go with a resource."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.storage import visibility
from keyholder.storage.models import AccessRequest, Binding, Event, Invitation, Resource
from keyholder.storage.sql import ids
from keyholder.storage.statements import fetch
from keyholder.storage.subtrees import range_of

IN_TRASH = "r.trashed_at IS NOT NULL"
NEWEST = "r.trashed_at DESC, r.id DESC LIMIT %(most)s"


@dataclass(frozen=True, slots=True)
class Below:
    """What lies at a resource and below it: nodes by type without itself, where somebody is bound, invitations and requests that wait."""

    types: tuple[tuple[str, int], ...]
    bound: tuple[ResourceId, ...]
    invitations: int
    requests: int


def lying(reader: PrincipalId | None, most: int, at: datetime, *, closed: Collection[OrganizationId] = ()) -> list[ResourceId]:
    """Return what was put into the trash by itself and exists for the reader (for nobody, the instance, all), the newest first."""
    if reader is not None:
        return visibility.resources_for(reader, IN_TRASH, NEWEST, {"most": most}, at, closed=closed)
    return [ResourceId(line[0]) for line in fetch(f"SELECT r.id FROM resource r WHERE {IN_TRASH} ORDER BY {NEWEST}", {"most": most})]


def put_there(resources: Collection[ResourceId]) -> Mapping[ResourceId, Event]:
    """Return the newest event that tells how each of these came into the trash: a state file may have made it there."""
    rows = Event.objects.filter(resource__in=resources, action__in=["resource.created", "resource.trashed"], refused="").order_by("pk")
    return {ResourceId(row.resource): row for row in rows if row.resource is not None and row.target == row.resource}


def accounts_in(catalogue: Catalogue, node: Resource) -> QuerySet[Resource]:
    """Return the accounts directly below a resource that are not in the trash by themselves, in the order of their ids."""
    kinds = [kind.name for kind in catalogue.of(node.type).children_of(node.type) if kind.account_level]
    return Resource.objects.filter(parent=node, type__in=kinds, trashed_at__isnull=True).order_by("pk")


def holders_of_accounts(catalogue: Catalogue, written: Sequence[ResourceId]) -> list[Resource]:
    """Return what lies in the trash by itself with an account directly below it that does not, as far as either is among those written."""
    accounts = [kind.name for kind in catalogue.types.values() if kind.account_level and kind.parent is not None]
    found: dict[int, Resource] = {}
    for start in range(0, len(written) if accounts else 0, 500):
        part = written[start : start + 500]
        lying = Resource.objects.filter(type__in=accounts, trashed_at__isnull=True, parent__trashed_at__isnull=False)
        rows = lying.filter(Q(pk__in=part) | Q(parent__in=part)).select_related("parent")
        found |= {row.parent.pk: row.parent for row in rows.order_by("pk") if row.parent is not None}
    return list(found.values())


def due(catalogue: Catalogue, at: datetime) -> list[ResourceId]:
    """Return what has been in the trash for its days, parents before what is below them."""
    over = Q(pk__in=[])
    for blueprint in catalogue:
        over |= Q(type__in=list(blueprint.types), trashed_at__lte=at - timedelta(days=blueprint.trash_days))
    return [ResourceId(pk) for pk in Resource.objects.filter(over).order_by("path").values_list("pk", flat=True)]


def below(node: Resource) -> Below:
    """Return what lies at a resource and below it."""
    kinds = Resource.objects.filter(range_of("path", node)).exclude(pk=node.pk).order_by("type").values_list("type", flat=True)
    types = list(kinds)
    bound = Binding.objects.filter(range_of("resource__path", node)).order_by("resource").values_list("resource", flat=True).distinct()
    return Below(
        tuple((name, types.count(name)) for name in dict.fromkeys(types)),
        tuple(ResourceId(pk) for pk in bound),
        Invitation.objects.filter(range_of("account__path", node), state="pending").count(),
        AccessRequest.objects.filter(range_of("resource__path", node), state="open").count(),
    )


def above(resources: Collection[ResourceId]) -> Mapping[ResourceId, str]:
    """Return the name of what above each of these is in the trash itself, for those above which something is."""
    lines = fetch(
        f"""SELECT r.id, h.name FROM resource r JOIN resource h
              ON h.trashed_at IS NOT NULL AND r.path > h.path AND r.path < substr(h.path, 1, length(h.path) - 1) || '0'
             WHERE r.id IN ({ids(resources)}) ORDER BY h.path""",
        {},
    )
    return {ResourceId(number): name for number, name in lines}
