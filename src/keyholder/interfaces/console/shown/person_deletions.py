"""Deleting a person, in words: what goes with them, what stays, and what is against it (semantics 2)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import removals
from keyholder.interfaces.http.wording import words
from keyholder.services.queries.person_deletion import Deleting


def consequences(found: Deleting) -> tuple[Fact, ...]:
    """Say what goes with somebody."""
    return tuple(_consequences(found))


def against(found: Deleting) -> tuple[str, ...]:
    """Say why somebody can't be deleted as things are."""
    return tuple(words(refusal.sentence) for refusal in found.refusals)


def _consequences(found: Deleting) -> Iterator[Fact]:
    name = {"name": found.principal.shown}
    yield from removals.gone(found.accounts, found.groups, found.owned)
    if found.organizations:
        homes = removals.listed(home.name for home in found.organizations)
        yield Fact(_("They have no role in %(organizations)s any more.") % {"organizations": homes}, "user-cog")
    yield Fact(_("All sessions of %(name)s end, and no password, passkey or provider lets them in any more.") % name, "log-out")
    yield from _waiting(found)
    if found.assets:
        text = ngettext("%(count)d personal asset is deleted.", "%(count)d personal assets are deleted.", found.assets)
        yield Fact(text % {"count": found.assets}, "trash-2")
    yield Fact(_("What they shared stays, and the log keeps their name."), "archive")
    yield Fact(_("This can't be undone. If %(name)s may come back, suspend them instead: then nothing is lost.") % name, "triangle-alert")


def _waiting(found: Deleting) -> Iterator[Fact]:
    """Say what becomes of what waits for an answer: requests, and invitations to and from them."""
    if found.requests:
        text = ngettext("%(count)d open request is closed.", "%(count)d open requests are closed.", found.requests)
        yield Fact(text % {"count": found.requests}, "inbox")
    if found.invited:
        text = ngettext(
            "%(count)d invitation to their address is revoked.", "%(count)d invitations to their address are revoked.", found.invited
        )
        yield Fact(text % {"count": found.invited}, "mail-x")
    if found.sent:
        text = ngettext(
            "%(count)d pending invitation gives no more what they gave: it is revoked where nobody else gives anything of it.",
            "%(count)d pending invitations give no more what they gave: those are revoked of which nobody else gives anything.",
            found.sent,
        )
        yield Fact(text % {"count": found.sent}, "mail")
