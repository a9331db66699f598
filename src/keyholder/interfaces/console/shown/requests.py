"""Requests for access as pages show them: with what to judge them by, and one's own with how they stand (R111)."""

from collections.abc import Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from keyholder.domain.requests import RequestState
from keyholder.interfaces.console.parts.happenings import Matter
from keyholder.interfaces.console.parts.marks import Badge, Fact, Tone, Who
from keyholder.interfaces.console.parts.requests import OwnRequestRow, RequestCard
from keyholder.interfaces.console.shown import access, places, principals
from keyholder.interfaces.http.wording import label, words
from keyholder.services import platforms
from keyholder.services.queries.requests import OwnRequest, RequestView

STATES: Mapping[RequestState, tuple[object, Tone, str]] = {
    RequestState.OPEN: (gettext_lazy("Open"), "info", "hourglass"),
    RequestState.APPROVED: (gettext_lazy("Approved"), "ok", "circle-check"),
    RequestState.REFUSED: (gettext_lazy("Refused"), "bad", "ban"),
    RequestState.WITHDRAWN: (gettext_lazy("Withdrawn"), "", "undo-2"),
}


def card(found: RequestView) -> RequestCard:
    """Show a request to who may decide it."""
    return RequestCard(
        who(found),
        places.place([found.resource]),
        reverse("console:request", args=[found.number]),
        wanted(found),
        found.reason,
        found.asked_at,
        tuple(_evidence(found)),
        _("You asked this yourself: somebody else who manages it has to decide.") if found.is_own else "",
    )


def who(found: RequestView) -> Who:
    """Show who asked: the person where they showed themselves or are known here, else only the address they gave."""
    return principals.who(found.person, linked=found.known) if found.person is not None else Who("", found.address)


def wanted(found: RequestView) -> str:
    """Say what was asked for, and for how long."""
    blueprint = places.blueprint_of(found.resource)
    listed = ", ".join(access.names([found.role] if found.role else found.permissions.shown, blueprint)) or _("Whatever you find right")
    if found.days is None:
        return _("%(what)s, without an end") % {"what": listed}
    text = ngettext("%(what)s, for %(count)d day", "%(what)s, for %(count)d days", found.days)
    return text % {"what": listed, "count": found.days}


def own(found: OwnRequest) -> OwnRequestRow:
    """Show one's own request; what one may not know of is called as it was asked for."""
    text, tone, icon = STATES[found.state]
    kind = platforms.catalogue().types.get(found.ref.type)
    return OwnRequestRow(
        found.resource.name if found.resource else found.ref.key,
        f"{label(kind.labels) if kind else found.ref.type} {found.ref.key}",
        Badge(str(text), tone, icon),
        found.asked_at,
        found.answer,
        places.url(found.resource) if found.resource else "",
        reverse("console:request-withdraw", args=[found.number]) if found.can_withdraw else "",
    )


def matter(count: int) -> tuple[Matter, ...]:
    """Return what waits on the home page: requests to decide."""
    if not count:
        return ()
    title = ngettext("%(count)d request for access to decide", "%(count)d requests for access to decide", count) % {"count": count}
    detail = _("Somebody waits for an answer: approve it, approve less, or refuse with a reason.")
    return (Matter(title, detail, "hand", "accent", reverse("console:requests"), _("Decide")),)


def _evidence(found: RequestView) -> Iterator[Fact]:
    if found.signed_in:
        yield Fact(_("They were signed in when they asked."), "circle-user")
    else:
        yield Fact(_("They were not signed in: anybody can have typed this address."), "triangle-alert")
    if found.proven:
        yield Fact(_("The address is proven to be theirs."), "badge-check")
    else:
        yield Fact(_("Nobody has proven yet that the address is theirs."), "circle-alert")
    blueprint = places.blueprint_of(found.resource)
    held = ", ".join(access.names(found.held.shown, blueprint))
    yield Fact(_("Here they hold now: %(held)s.") % {"held": held} if held else _("Here they hold nothing now."), "key-round")
    if not found.known:
        yield Fact(_("They are not known here: they get an invitation, which proves the address."), "mail")
    if found.outside is not None:
        refused = _("The user policy refuses them: %(why)s") if found.refuses else _("Outside the user policy: %(why)s")
        yield Fact(refused % {"why": words(found.outside)}, "triangle-alert")
