"""A person in an organization as pages show them: what they have there, what removing them takes, and what was noted (semantics 5)."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from keyholder.domain.identifiers import OrganizationId
from keyholder.domain.refusals import Refusal
from keyholder.interfaces.console.parts.lists import DepartureRow, NoteRow
from keyholder.interfaces.console.parts.marks import Act, Fact, Who
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.shown import access, organizations, places, principals, removals
from keyholder.interfaces.http.wording import words
from keyholder.services.queries.organization_notes import Note
from keyholder.services.queries.organization_people import PersonRow
from keyholder.services.queries.organization_removal import AccountDeparture, Departures
from keyholder.services.read_models import Badge, OrganizationView


def crumbs(home: OrganizationView, *pages: str) -> tuple[Crumb, ...]:
    """Return the way to a page about a person in an organization."""
    return (*organizations.crumbs(home, _("People"))[:-1], Crumb(_("People"), organizations.people_url(home)), *map(Crumb, pages))


def url(home: OrganizationId, person: int) -> str:
    """Return the address of a person's page in an organization."""
    return reverse("console:organization-person", args=[home, person])


def role(found: PersonRow) -> str:
    """Say what somebody is in the organization."""
    return str(organizations.ROLES[found.role]) if found.role else _("No role")


def acts(found: PersonRow, home: OrganizationId, *, reader: int | None, is_admin: bool) -> Iterator[Act]:
    """Go through what can be done with a person; what the reader may not do says who may."""
    arguments = [home, found.person.id]
    may, is_out = is_admin or found.role is None, Badge.SUSPENDED_HERE in found.badges
    refusal = "" if may else _("Only an admin of the organization can do this with somebody who has a role.")
    role_refusal = "" if is_admin or found.person.id == reader else _("Only an admin of the organization can appoint.")
    yield Act(_("Change the role"), "user-cog", _url("console:organization-role", arguments, role_refusal), role_refusal)
    if is_out:
        yield Act(_("Make active again"), "rotate-ccw", _url("console:organization-activate", arguments, refusal), refusal)
    elif found.person.id != reader:
        yield Act(_("Suspend"), "ban", _url("console:organization-suspend", arguments, refusal), refusal, danger=True)
    yield Act(_("Remove"), "user-minus", _url("console:organization-remove", arguments, refusal), refusal, danger=True)


def departures(found: Departures) -> tuple[DepartureRow, ...]:
    """Show the accounts in which somebody has something of their own, and what goes from each."""
    return tuple(map(_departure, found.accounts))


def whole(found: Departures) -> tuple[Fact, ...]:
    """Say what goes besides with the whole organization."""
    return tuple(_whole(found))


def refusals(found: Departures) -> tuple[str, ...]:
    """Say why somebody can't be removed from the whole organization, account by account."""
    every: Iterable[Refusal | None] = (found.refusal, *(one.refusal for one in found.accounts))
    return tuple(dict.fromkeys(words(refusal.sentence) for refusal in every if refusal is not None))


def groups(found: Departures) -> tuple[tuple[Who, str], ...]:
    """Show the groups that somebody is in or owns."""
    own = {group.id for group in found.owned}
    inside = {group.id for group in found.groups}
    every = {group.id: group for group in (*found.groups, *found.owned)}

    def how(number: int) -> str:
        if number in own and number in inside:
            return _("member and owner")
        return _("owner") if number in own else _("member")

    return tuple((principals.who(group), how(number)) for number, group in every.items())


def notes(found: Iterable[Note], home: OrganizationId, person: int) -> tuple[NoteRow, ...]:
    """Show what was noted."""
    return tuple(
        NoteRow(
            note.text,
            note.writer or _("Somebody who is gone"),
            note.written_at,
            reverse("console:organization-note-remove", args=[home, person, note.number]),
        )
        for note in found
    )


def _departure(one: AccountDeparture) -> DepartureRow:
    view, blueprint = one.account, places.blueprint_of(one.account)
    taken = one.removal.taken if one.removal is not None else ()
    lines = tuple(
        _("%(what)s at %(place)s")
        % {"what": ", ".join(access.names([row.role] if row.role else row.permissions, blueprint)), "place": row.resource_name}
        for row in taken[: removals.FEW]
    )
    stays = list(dict.fromkeys(row.source_name for row in one.removal.remaining)) if one.removal is not None else []
    kept = _("Keeps what comes through %(sources)s.") % {"sources": ", ".join(stays)} if stays else ""
    refusal = words(one.refusal.sentence) if one.refusal is not None else ""
    return DepartureRow(view.id, view.name, places.kind(view), places.url(view), lines, kept, refusal)


def _whole(found: Departures) -> Iterator[Fact]:
    yield from removals.gone([one.account for one in found.accounts], found.groups, found.owned)
    if found.role is not None:
        yield Fact(_("They are %(role)s no more.") % {"role": organizations.ROLES[found.role]}, "user-cog")
    yield Fact(_("Invitations and requests of theirs are closed; what was noted about them is gone."), "mail-x")
    yield Fact(_("What they have in other organizations stays."), "shield-check")


def _url(name: str, arguments: list[int], refusal: str) -> str:
    return "" if refusal else reverse(name, args=arguments)
