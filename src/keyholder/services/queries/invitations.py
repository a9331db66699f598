"""The invitations of a node as those may see them who manage there: how each stands, what it is to give, how its letter fares (R107)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.invitations import InvitationState, Standing, Term
from keyholder.domain.letters import LetterKind, LetterState
from keyholder.domain.names import name_key
from keyholder.engine.moment import Moment
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.event_sentences import Words, called
from keyholder.services.invitation_links import term_of
from keyholder.services.invitation_rights import grants, may_handle, require_handling
from keyholder.services.jurisdictions import jurisdiction_of, manages
from keyholder.services.naming import principal_views, resource_views
from keyholder.services.queries.seeing import authority_of, resource_managed
from keyholder.services.read_models import PrincipalView, ResourceView
from keyholder.storage import lineages, locks, slices
from keyholder.storage.models import Invitation, Letter, PlannedBinding, PlannedMembership, Resource

USUAL = 50
MANY = 200
"""Places where somebody manages, and invitations there, that are looked through for what ends soon."""
SOON = timedelta(days=2)
"""An invitation that ends within so much expires soon."""


@dataclass(frozen=True, slots=True)
class PlannedView:
    """One thing that an invitation is to give: permissions or a role at a resource, or a group."""

    place: str
    what: tuple[Words, ...] = ()
    """Empty for a group, whose name is the place."""
    until: datetime | None = None
    giver: PrincipalView | None = None
    in_place_of: PrincipalView | None = None
    """Who has the role until then, and steps down once it is accepted."""


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as a list shows it. ``letter`` is the state of its newest letter, None where none was posted."""

    id: int
    address: str
    standing: Standing
    account: ResourceView
    sent_at: datetime
    expires_at: datetime
    settled_at: datetime | None
    inviter: PrincipalView | None
    """None where it was the command line."""
    planned: tuple[PlannedView, ...]
    letter: LetterState | None
    is_awaiting: bool
    can_handle: bool


@dataclass(frozen=True, slots=True)
class Invitations:
    """A page of invitations, the newest first; ``next`` is the number after which the next page begins, 0 where there is none."""

    rows: tuple[InvitationView, ...] = ()
    matching: int = 0
    open: int = 0
    """How many are pending or expired, whatever is searched for."""
    next: int = 0


def everybody(*, by: Caller, at: ResourceId, text: str = "", standing: Standing | None = None) -> tuple[InvitationView, ...]:
    """Return all invitations that match, on whatever page: those that can be sent again, unless one standing is asked for.

    Raises as :func:`invitations` does.
    """
    found: list[InvitationView] = []
    page = invitations(by=by, at=at, text=text, standing=standing)
    found += page.rows
    while page.next:
        page = invitations(by=by, at=at, text=text, standing=standing, after=page.next)
        found += page.rows
    return tuple(found)


def invitations(
    *, by: Caller, at: ResourceId, text: str = "", standing: Standing | None = None, everything: bool = False, after: int = 0
) -> Invitations:
    """Return the invitations about a resource: pending and expired ones, those of one standing, or ``everything``; by part of an address.

    At an account all of it; below it those that give something there or above. Raises NotFound, Forbidden without the granting permission.
    """
    authority = authority_of(by)
    with locks.snapshot():
        here = resource_managed(authority, at)
        about = _about(authority, here)
        wanted = _standing(about, authority, standing, by.at, everything=everything).filter(canonical__contains=name_key(text))
        page = list((wanted.filter(pk__lt=after) if after else wanted).order_by("-pk")[: USUAL + 1])
        rows = page[:USUAL]
        number = about.filter(state=InvitationState.PENDING.value).count()
        return Invitations(views_of(authority, rows), wanted.count(), number, rows[-1].pk if len(page) > USUAL else 0)


def count_open(*, by: Caller, at: ResourceId, text: str = "") -> int:
    """Return how many invitations about a resource are pending or expired, by part of an address. Raises as :func:`invitations` does."""
    authority = authority_of(by)
    rows = _about(authority, resource_managed(authority, at)).filter(state=InvitationState.PENDING.value)
    return rows.filter(canonical__contains=name_key(text)).count()


def invitation(*, by: Caller, of: int) -> InvitationView:
    """Return one invitation to who may handle it; raises NotFound for everybody else."""
    authority = authority_of(by)
    row = Invitation.objects.select_related("account").filter(pk=of).first()
    if row is None:
        raise not_there()
    require_handling(authority, row)
    return views_of(authority, [row])[0]


def every(*, by: Caller) -> tuple[InvitationView, ...]:
    """Return every pending and expired invitation of the instance. Raises Forbidden for anybody but an operator."""
    authority = authority_of(by)
    authority.require_operator()
    rows = Invitation.objects.select_related("account").filter(state=InvitationState.PENDING.value).order_by("pk")
    return views_of(authority, list(rows))


def expiring(*, by: Caller, most: int) -> tuple[InvitationView, ...]:
    """Return the pending invitations that end soon or wait to be taken over, where the caller manages; the first to end in front."""
    authority = authority_of(by)
    if by.principal is None:
        return ()
    with locks.snapshot():
        roots = jurisdiction_of(authority).ground.roots[:MANY]
        near = Q(pk__in=[])
        for path in Resource.objects.filter(pk__in=roots).values_list("path", flat=True):
            near |= Q(account__path__startswith=path)
        pending = Invitation.objects.select_related("account").filter(near, state=InvitationState.PENDING.value)
        terms = [(term_of(row, authority.catalogue), row) for row in pending.order_by("sent_at", "pk")[:MANY]]
        soon = [row for term, row in terms if by.at < term.expires_at and (term.expires_at - by.at <= SOON or row.awaiting)]
        accounts = [ResourceId(row.account_id) for row in soon]
        moment = Moment(slices.of([by.principal], accounts), authority.catalogue, by.at)
        return views_of(authority, [row for row in soon if manages(moment, by.principal, ResourceId(row.account_id))][:most])


def _about(authority: Authority, here: Resource) -> QuerySet[Invitation]:
    lineage = lineages.of(here)
    account = next((node for node in lineage if authority.catalogue.types[node.type].account_level), here)
    rows = Invitation.objects.select_related("account").filter(account=account)
    if account.pk == here.pk:
        return rows
    within = PlannedBinding.objects.filter(resource__in=[node.pk for node in lineage])
    about = Q(pk__in=within.values("invitation"))
    if authority.by.principal is not None:  # what gives nothing yet is about no place: who sent it finds it wherever they manage
        about |= Q(invited_by=authority.by.principal) & ~Q(pk__in=PlannedBinding.objects.values("invitation"))
    return rows.filter(about)


def _standing(
    rows: QuerySet[Invitation], authority: Authority, standing: Standing | None, at: datetime, *, everything: bool
) -> QuerySet[Invitation]:
    if everything:
        return rows
    if standing is None:
        return rows.filter(state=InvitationState.PENDING.value)
    if standing not in {Standing.PENDING, Standing.EXPIRED}:
        return rows.filter(state=standing.value)
    over = Q(pk__in=[])
    for kind in authority.catalogue.types.values():
        days = timedelta(days=authority.catalogue.blueprints[kind.blueprint].invitation_days)
        over |= Q(account__type=kind.name, sent_at__lte=at - days)
    pending = rows.filter(state=InvitationState.PENDING.value)
    return pending.filter(over) if standing is Standing.EXPIRED else pending.exclude(over)


def views_of(authority: Authority, rows: Sequence[Invitation]) -> tuple[InvitationView, ...]:
    """Show these invitations, as the caller may handle them."""
    numbers = [row.pk for row in rows]
    planned = _planned(authority, numbers)
    people = principal_views({PrincipalId(row.invited_by_id) for row in rows if row.invited_by_id})
    places = resource_views({ResourceId(row.account_id) for row in rows})
    letters = _letters(numbers)
    managed = {row.account_id for row in {row.account_id: row for row in rows}.values() if grants(authority, row.account)}

    def view(row: Invitation) -> InvitationView:
        term: Term = term_of(row, authority.catalogue)
        return InvitationView(
            row.pk,
            row.email,
            term.standing(authority.by.at),
            places[ResourceId(row.account_id)],
            row.sent_at,
            term.expires_at,
            row.settled_at,
            people.get(PrincipalId(row.invited_by_id or 0)),
            planned.get(row.pk, ()),
            letters.get(row.pk),
            row.awaiting,
            row.state == InvitationState.PENDING.value and (row.account_id in managed or may_handle(authority, row)),
        )

    return tuple(map(view, rows))


def _planned(authority: Authority, numbers: Collection[int]) -> Mapping[int, tuple[PlannedView, ...]]:
    bindings = list(PlannedBinding.objects.filter(invitation__in=numbers).select_related("resource").order_by("resource__path", "pk"))
    groups = list(PlannedMembership.objects.filter(invitation__in=numbers).order_by("pk"))
    givers = {PrincipalId(row.giver_id) for row in (*bindings, *groups) if row.giver_id}
    leavers = {PrincipalId(row.in_place_of_id) for row in bindings if row.in_place_of_id}
    views = principal_views(givers | leavers | {PrincipalId(row.group_id) for row in groups})
    found: dict[int, list[PlannedView]] = {}
    for row in bindings:
        blueprint = authority.catalogue.of(row.resource.type)
        what = tuple(called(name, blueprint) for name in ([row.role] if row.role else row.permissions.split()))
        giver, leaver = (views.get(PrincipalId(number or 0)) for number in (row.giver_id, row.in_place_of_id))
        found.setdefault(row.invitation_id, []).append(PlannedView(row.resource.name, what, row.ends_at, giver, leaver))
    for joined in groups:
        group = views.get(PrincipalId(joined.group_id))
        name = group.name if group is not None else ""
        found.setdefault(joined.invitation_id, []).append(
            PlannedView(name, (), joined.ends_at, views.get(PrincipalId(joined.giver_id or 0)))
        )
    return {number: tuple(rows) for number, rows in found.items()}


def _letters(numbers: Collection[int]) -> Mapping[int, LetterState]:
    """Return the state of the newest letter about each."""
    rows = Letter.objects.filter(kind=LetterKind.INVITATION.value, about__in=numbers).order_by("pk").values_list("about", "state")
    return {about: LetterState(state) for about, state in rows}
