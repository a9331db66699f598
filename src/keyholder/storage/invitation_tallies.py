"""Tallies of invitations: what verification compares with the log and with each other (I-INV-1 to 6)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Q

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.invitations import InvitationState, Term
from keyholder.storage.models import Event, Invitation, PlannedBinding, PlannedMembership, Resource, User
from keyholder.storage.statements import fetch

ANSWERS = ("invitation.accepted", "invitation.declined", "invitation.revoked")
PENDING = InvitationState.PENDING.value
ACCEPTED = InvitationState.ACCEPTED.value


def answers() -> Iterator[tuple[int, str, int]]:
    """Return every invitation that is not pending with its state and how often the log tells an answer; also pending ones with one."""
    told = dict(
        Event.objects.filter(action__in=ANSWERS, target_kind="invitation", refused="").values_list("target").annotate(times=Count("pk"))
    )
    for row, state in Invitation.objects.order_by("pk").values_list("pk", "state"):
        times = told.get(row, 0)
        if times != (0 if state == PENDING else 1):
            yield row, state, times


def accepted_terms(catalogue: Catalogue) -> Iterator[tuple[Term, int, datetime]]:
    """Return the terms of accepted invitations, and when each was accepted."""
    for row in Invitation.objects.filter(state=ACCEPTED).select_related("account").order_by("pk"):
        days = catalogue.of(row.account.type).invitation_days if row.account.type in catalogue.types else 0
        if days and row.settled_at is not None:
            yield Term(InvitationState(row.state), row.generation, row.sent_at, days), row.pk, row.settled_at


def by_somebody_else() -> Iterator[int]:
    """Return accepted invitations whose person has another address and never had the invited one."""
    for row in Invitation.objects.filter(state=ACCEPTED).order_by("pk"):
        person = User.objects.filter(pk=row.accepted_by_id).first()
        if person is not None and person.canonical != row.canonical and row.canonical not in _earlier(person):
            yield row.pk


def unproven(way: str) -> list[int]:
    """Return invitations that were accepted in a way that proves the address, by somebody who still has it unproven."""
    people = User.objects.filter(email_verified=False).values("pk")
    rows = Invitation.objects.filter(state=ACCEPTED, accepted_way=way, accepted_by__in=people).order_by("pk")
    return [row.pk for row in rows if User.objects.filter(pk=row.accepted_by_id, canonical=row.canonical).exists()]


def addresses() -> Iterator[tuple[int, str, str]]:
    """Return the addresses of all invitations, as typed and canonical."""
    return Invitation.objects.order_by("pk").values_list("pk", "email", "canonical").iterator()


def beyond_plan() -> Iterator[int]:
    """Return accepted invitations under whose request something was given that they did not hold; what is purged is not looked for."""
    there = Invitation.objects.values("pk")
    for event in Event.objects.filter(action="invitation.accepted", refused="", target__in=there).order_by("pk"):
        planned = set(PlannedBinding.objects.filter(invitation=event.target).values_list("resource", flat=True))
        groups = set(PlannedMembership.objects.filter(invitation=event.target).values_list("group", flat=True))
        beside = Event.objects.filter(tenant=event.tenant_id, revision=event.revision).exclude(pk=event.pk)
        for changes in beside.values_list("changes", flat=True):
            if any(
                (noun == "binding" and after and after["resource_id"] not in planned and _is_there(int(after["resource_id"])))
                or (noun == "membership" and after and after["group_id"] not in groups)
                for noun, _row, _before, after in changes
            ):
                yield int(event.target or 0)


def _is_there(resource: int) -> bool:
    return Resource.objects.filter(pk=resource).exists()


def out_of_place() -> list[int]:
    """Return pending invitations that plan something outside their account."""
    rows = PlannedBinding.objects.filter(invitation__state=PENDING).exclude(resource__path__startswith=F("invitation__account__path"))
    return sorted(set(rows.values_list("invitation", flat=True)))


def by_the_deleted() -> list[int]:
    """Return pending invitations of whom everybody who gave something, and who made them, was deleted."""
    alive = Q(giver__isnull=True) | Q(giver__deleted_at__isnull=True)
    rows = Invitation.objects.filter(state=PENDING, invited_by__deleted_at__isnull=False)
    rows = rows.exclude(pk__in=PlannedBinding.objects.filter(alive).values("invitation"))
    rows = rows.exclude(pk__in=PlannedMembership.objects.filter(alive).values("invitation"))
    return sorted(rows.values_list("pk", flat=True))


def pending_twice() -> list[int]:
    """Return pending invitations beside which there is another of the same address and account."""
    statement = """SELECT i.id FROM invitation i
                     JOIN invitation j ON j.account_id = i.account_id AND j.canonical = i.canonical AND j.id < i.id
                    WHERE i.state = 'pending' AND j.state = 'pending' ORDER BY i.id"""
    return [line[0] for line in fetch(statement, {})]


def _earlier(person: User) -> set[str]:
    """Return the addresses that a person had at any time, as the log tells."""
    found = set[str]()
    for changes in Event.objects.filter(subject=person.pk, target_kind="user").values_list("changes", flat=True):
        found |= {state["canonical"] for noun, _row, *states in changes for state in states if noun == "user" and state}
    return found
