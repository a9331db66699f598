"""Removals as pages show them: what goes, what remains and where that can be changed, who can't be removed and why (R050 to R058)."""

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.domain.identifiers import PrincipalId
from keyholder.engine.sources import SourceKind
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import access, places
from keyholder.interfaces.console.shown.additions import day
from keyholder.interfaces.console.shown.nodes import Node
from keyholder.services.read_models import PrincipalView, ResourceView
from keyholder.services.remains import Remaining
from keyholder.services.removals import Removal, Taken

FEW, SOME = 8, 3


def taken(rows: Sequence[Taken], node: Node, at: datetime) -> tuple[Fact, ...]:
    """Say what goes, place by place, the first few line by line; what has ended already is only history."""
    facts = [Fact(_taken(row, node, at), "circle-minus") for row in rows[:FEW]]
    rest = len(rows) - FEW
    if rest > 0:
        text = ngettext("and %(count)d more place", "and %(count)d more places", rest)
        facts.append(Fact(text % {"count": rest}, "ellipsis"))
    return tuple(facts)


def kept(rows: Sequence[Taken], node: Node) -> tuple[Fact, ...]:
    """Say what the reader still has of their own below a node, place by place, the first few."""
    return tuple(Fact(_("You still have %(what)s at %(place)s.") % _names(row, node), "corner-down-right") for row in rows[:FEW])


def remaining(rows: Iterable[Remaining], name: str, node: Node) -> tuple[Fact, ...]:
    """Say what somebody still has and through what, with the way to the place where it can be changed (R058)."""
    return tuple(_remaining(row, name, node) for row in rows)


def summary(removals: Sequence[Removal], waiting: Container[PrincipalId]) -> tuple[Fact, ...]:
    """Say what removing several people takes and leaves, in numbers, and what goes of those of whom something waits for an answer."""
    going = [removal for removal in removals if removal.refusal is None]
    return (*_summary(going), *([answerless()] if any(removal.principal in waiting for removal in going) else []))


def answerless() -> Fact:
    """Say what becomes of what waits for an answer and is of who is removed (R-INV-12)."""
    return Fact(_("Their open requests here are closed, and invitations that nobody else gives anything of are revoked."), "mail")


def gone(accounts: Sequence[ResourceView], groups: Sequence[PrincipalView], owned: Sequence[PrincipalView]) -> Iterator[Fact]:
    """Say what goes with somebody who leaves all of these: what was given to them directly, what they are a member of, what they own."""
    if accounts:
        names = listed(account.name for account in accounts)
        yield Fact(_("Everything given to them directly in %(accounts)s goes.") % {"accounts": names}, "circle-minus")
    if groups:
        text = _("They leave %(groups)s, with what these give.")
        yield Fact(text % {"groups": listed(group.name for group in groups)}, "users-round")
    if owned:
        yield Fact(_("They own %(groups)s no more.") % {"groups": listed(group.name for group in owned)}, "key-round")


def listed(names: Iterable[str]) -> str:
    """Return the first few of some names, and how many more there are."""
    every = list(names)
    rest = len(every) - FEW
    if rest <= 0:
        return ", ".join(every)
    text = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", rest)
    return text % {"names": ", ".join(every[:FEW]), "count": rest}


def lines(removal: Removal) -> tuple[str, ...]:
    """Say in short what one of several loses and keeps (R053)."""
    places_lost = list(dict.fromkeys(row.resource_name for row in removal.taken))
    found = []
    if places_lost and removal.refusal is None:
        names, rest = ", ".join(places_lost[:SOME]), len(places_lost) - SOME
        text = ngettext(
            "Loses what was given at %(places)s and %(count)d more place.",
            "Loses what was given at %(places)s and %(count)d more places.",
            rest,
        )
        found.append((text if rest > 0 else _("Loses what was given at %(places)s.")) % {"places": names, "count": rest})
    sources = list(dict.fromkeys(row.source_name for row in removal.remaining))
    if sources and removal.refusal is None:
        found.append(_("Keeps what comes through %(sources)s.") % {"sources": ", ".join(sources[:SOME])})
    return tuple(found)


def _taken(row: Taken, node: Node, at: datetime) -> str:
    ends_at, names = row.window.ends_at, _names(row, node)
    if ends_at is None:
        return _("%(what)s at %(place)s is taken away.") % names
    if ends_at <= at:
        return _("%(what)s at %(place)s, which ended with %(day)s, is taken off the list.") % {**names, "day": day(row.window)}
    return _("%(what)s at %(place)s, until %(day)s, is taken away.") % {**names, "day": day(row.window)}


def _names(row: Taken, node: Node) -> dict[str, str]:
    what = access.names([row.role] if row.role else row.permissions, places.blueprint_of(node.here))
    return {"what": ", ".join(what), "place": row.resource_name}


def _remaining(row: Remaining, name: str, node: Node) -> Fact:
    blueprint = places.blueprint_of(node.here)
    names = {
        "name": name,
        "what": ", ".join(access.names(row.permissions, blueprint)),
        "place": row.resource_name,
        "source": row.source_name,
    }
    if row.kind is SourceKind.GROUP:
        url = reverse("console:group", args=[row.source])
        return Fact(_("%(name)s still has %(what)s at %(place)s through %(source)s.") % names, "users-round", url, _open(row))
    if row.kind is SourceKind.ORGANIZATION:
        url = reverse("console:organization", args=[row.source])
        return Fact(_("%(name)s still has %(what)s at %(place)s as an admin of %(source)s.") % names, "building-2", url, _open(row))
    above = next((resource for resource in node.path if resource.id == row.resource), None)
    url = places.page_url("users", above) if above is not None and above.id in node.managed else ""
    return Fact(_("%(name)s still has %(what)s from %(source)s.") % names, "corner-down-right", url, _open(row) if url else "")


def _open(row: Remaining) -> str:
    return _("Open %(name)s") % {"name": row.source_name}


def _summary(going: Sequence[Removal]) -> Iterator[Fact]:
    if not going:
        return
    people = ngettext(
        "%(count)d person loses everything given to them here and below.",
        "%(count)d people lose everything given to them here and below.",
        len(going),
    )
    yield Fact(people % {"count": len(going)}, "user-minus")
    bindings = sum(len(removal.taken) for removal in going)
    text = ngettext("%(count)d grant is taken away.", "%(count)d grants are taken away.", bindings)
    yield Fact(text % {"count": bindings}, "circle-minus")
    keeping = [removal for removal in going if removal.remaining]
    if keeping:
        text = ngettext(
            "%(count)d of them still has access through groups, a role in the organization or from above.",
            "%(count)d of them still have access through groups, a role in the organization or from above.",
            len(keeping),
        )
        yield Fact(text % {"count": len(keeping)}, "info")
