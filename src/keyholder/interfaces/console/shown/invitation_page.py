"""An invitation as its page shows it: whom it is from, what it gives now, who is looking, and every dead end with its way on (R106)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.domain.invitations import Says
from keyholder.interfaces.console.parts.marks import Who
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.http.wording import label, words
from keyholder.services import platforms
from keyholder.services.event_sentences import Words
from keyholder.services.queries.invitation_page import InvitationPage, OfferView, Visitor

ASKED = "invitation-asked"
"""Under this name a session keeps that the managers were asked to take an invitation over."""
ENDS: Mapping[Says, tuple[object, object, str]] = {
    Says.USED: (
        gettext_lazy("This invitation was accepted already"),
        gettext_lazy("A link works once. If you accepted it yourself, sign in and go on."),
        "circle-check",
    ),
    Says.REPLACED: (
        gettext_lazy("There is a newer link"),
        gettext_lazy("This link was replaced. Look for the newest letter, or ask for the newest link."),
        "refresh-cw",
    ),
    Says.EXPIRED: (
        gettext_lazy("This invitation has expired"),
        gettext_lazy("Nothing is lost: ask for it to be sent again, and use the new link."),
        "clock",
    ),
    Says.REVOKED: (
        gettext_lazy("This invitation was revoked"),
        gettext_lazy("Somebody took it back. Ask whether that was meant; a new one can be sent."),
        "circle-slash",
    ),
    Says.DECLINED: (
        gettext_lazy("This invitation was declined"),
        gettext_lazy("If that was a mistake, ask for a new one."),
        "circle-x",
    ),
    Says.OFF: (
        gettext_lazy("This link does not work here any more"),
        gettext_lazy("Links that are handed over by hand were switched off. Ask for the invitation to be mailed to you."),
        "link-2-off",
    ),
}


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One thing that is offered; ``why`` says why it can't be given now."""

    text: str
    icon: str
    until: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """Where a link leads no further: what happened, and what to do next."""

    title: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the template shows."""

    visitor: str
    title: str
    address: str
    place: str
    kind: str
    icon: str
    inviter: Who | None
    message: str
    expires_at: datetime
    lines: tuple[OfferLine, ...]
    refusal: str
    can_be_taken: bool
    seen: str
    is_done: bool
    end: End | None
    proves: bool


def page(found: InvitationPage) -> Page:
    """Show an invitation."""
    inviter = Who(found.inviter.name, found.inviter.address) if found.inviter else None
    end = None
    if found.says is not Says.CURRENT and not found.was_accepted_by_reader:
        title, text, icon = ENDS[found.says]
        end = End(str(title), str(text), icon)
    return Page(
        found.visitor.value,
        _title(found),
        found.address,
        found.account.name,
        places.kind(found.account),
        places.icon(found.account),
        inviter,
        found.message,
        found.expires_at,
        tuple(map(_line, found.offers)),
        words(found.refusal) if found.refusal else "",
        found.can_be_taken,
        found.fingerprint,
        found.was_accepted_by_reader,
        end,
        found.is_proving,
    )


def _title(found: InvitationPage) -> str:
    if found.was_accepted_by_reader:
        return _("You are in")
    if found.visitor is Visitor.ANOTHER:
        return _("This invitation is for somebody else")
    return _("You are invited to %(place)s") % {"place": found.account.name}


def _line(offer: OfferView) -> OfferLine:
    why = words(offer.why) if offer.why is not None else ""
    if not offer.kind:
        name = offer.place or _("a group that was deleted")
        return OfferLine(_("Member of the group %(group)s") % {"group": name}, "users-round", offer.until, why)
    kind = label(platforms.catalogue().types[offer.kind].labels)
    what = ", ".join(map(said, offer.what))
    text = _("%(what)s at %(place)s (%(kind)s)") % {"what": what, "place": offer.place, "kind": kind}
    if offer.since is not None:
        begins = date_format(localtime(offer.since), "j F Y")
        text = _("%(what)s, from %(day)s on") % {"what": text, "day": begins}
    return OfferLine(text, "key-round", offer.until, why)


def said(word: Words) -> str:
    """Return a word of a blueprint in the reader's language."""
    labels = getattr(word, "labels", None)
    return label(labels) if labels is not None else str(word)
