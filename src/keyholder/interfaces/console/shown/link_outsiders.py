"""Who would be outside an organization's user policy with a link, as pages say it before anybody agrees (R087, R088)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.interfaces.console import reviewing
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Refused
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import words
from keyholder.services.queries.link_outsiders import LinkOutsiders

FEW = 8
"""People and invitations that are named; the numbers say how many there are."""


def facts(found: LinkOutsiders) -> tuple[Fact, ...]:
    """Say who would be outside, the first few by name, and what it means to them."""
    return (*_people(found), *_invitations(found))


def kept(found: LinkOutsiders) -> dict[str, str]:
    """Return what the answer sends along: that exactly this was shown; nothing where there is nobody."""
    return {reviewing.FIELD: _seal(found)} if found else {}


def was_said(request: Request, found: LinkOutsiders) -> bool:
    """Say whether the answer was given in the sight of exactly this."""
    return not found or reviewing.was_reviewed(request, _seal(found))


def stale(request: Request) -> Refused | None:
    """Say that it was something else that was shown, where the answer was given in the sight of it."""
    if not request.POST.get(reviewing.FIELD):
        return None
    return Refused((_("Nothing was changed: something is different since you looked. This is what would happen now."),), 409)


def _seal(found: LinkOutsiders) -> str:
    return reviewing.digest("link", [person.principal for person in found.people], found.invitations, found.refuses)


def _people(found: LinkOutsiders) -> Iterator[Fact]:
    total = len(found.people)
    if not total:
        return
    text = ngettext(
        "%(count)d person of the account is outside the organization's user policy: they keep what they have, and are marked.",
        "%(count)d people of the account are outside the organization's user policy: they keep what they have, and are marked.",
        total,
    )
    yield Fact(text % {"count": total}, "shield-alert")
    for person in found.people[:FEW]:
        yield Fact(_("%(name)s: %(why)s") % {"name": person.name, "why": words(person.why)}, "user-x")
    if rest := max(0, total - FEW):
        yield Fact(ngettext("and %(count)d more person", "and %(count)d more people", rest) % {"count": rest}, "ellipsis")


def _invitations(found: LinkOutsiders) -> Iterator[Fact]:
    total = len(found.invitations)
    if not total:
        return
    if found.refuses:
        text = ngettext(
            "%(count)d open invitation is outside it and can't be accepted then: %(few)s",
            "%(count)d open invitations are outside it and can't be accepted then: %(few)s",
            total,
        )
    else:
        text = ngettext(
            "%(count)d open invitation is outside it; who accepts it is marked: %(few)s",
            "%(count)d open invitations are outside it; who accepts them is marked: %(few)s",
            total,
        )
    few = ", ".join(found.invitations[:FEW]) + (" …" if total > FEW else "")
    yield Fact(text % {"count": total, "few": few}, "mail-x")
