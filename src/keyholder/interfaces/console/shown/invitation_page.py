"""An invitation as its page shows it: whom it is from, what it gives now, who is looking, and every dead end with its way on (R106)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from keyholder.domain.invitations import Says
from keyholder.interfaces.console.parts.marks import Who
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.console.shown.causes import CAUSES, Cause, CauseWords
from keyholder.interfaces.http import dates
from keyholder.interfaces.http.wording import label, words
from keyholder.services import platforms
from keyholder.services.event_sentences import Words
from keyholder.services.queries.invitation_page import InvitationPage, OfferView, Visitor

ASKED = "invitation-asked"
"""Under this name a session keeps that the managers were asked to take an invitation over."""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One thing that is offered; ``why`` says why it can't be given now."""

    text: str
    icon: str
    until: datetime | None = None
    why: str = ""


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
    """None for the operator, and for somebody who is gone."""
    is_inviter_gone: bool
    message: str
    expires_at: datetime
    lines: tuple[OfferLine, ...]
    refusal: str
    is_stuck: bool
    """Nothing of it can be given at the moment."""
    seen: str
    is_done: bool
    end: CauseWords | None
    """Why the link leads no further; None where it does."""
    another: CauseWords | None
    """Set for somebody with another address than the invited one."""
    proves: bool


def page(found: InvitationPage) -> Page:
    """Show an invitation."""
    known = found.inviter is not None and not found.inviter.is_gone
    is_another = found.visitor is Visitor.ANOTHER and not found.was_accepted_by_reader
    return Page(
        found.visitor.value,
        _title(found),
        found.address,
        found.account.name,
        places.kind(found.account),
        places.icon(found.account),
        Who(found.inviter.name, found.inviter.address) if found.inviter is not None and known else None,
        found.inviter is not None and not known,
        found.message,
        found.expires_at,
        tuple(map(_line, found.offers)),
        words(found.refusal) if found.refusal else "",
        not found.can_be_taken,
        found.fingerprint,
        found.was_accepted_by_reader,
        end(found),
        CAUSES[Cause.OTHER_ADDRESS] if is_another else None,
        found.is_proving,
    )


def end(found: InvitationPage) -> CauseWords | None:
    """Return why the link leads no further, in the words that every page has for it; None where it does, and for who has accepted."""
    return None if found.says is Says.CURRENT or found.was_accepted_by_reader else CAUSES[Cause(found.says.value)]


def reason(found: InvitationPage) -> str:
    """Return what those read who are asked for a new invitation, in the words of who asks."""
    why = end(found) or CAUSES[Cause.OTHER_ADDRESS if found.visitor is Visitor.ANOTHER else Cause.UNAVAILABLE]
    return _("%(why)s. I ask for a new invitation.") % {"why": why.title}


def _title(found: InvitationPage) -> str:
    if found.was_accepted_by_reader:
        return _("You are in")
    if found.visitor is Visitor.ANOTHER:
        return str(CAUSES[Cause.OTHER_ADDRESS].title)
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
        text = _("%(what)s, from %(day)s on") % {"what": text, "day": dates.day(offer.since)}
    if offer.in_place_of is not None:
        text = _("%(what)s, in the place of %(name)s, who steps down") % {"what": text, "name": offer.in_place_of.name}
    return OfferLine(text, "key-round", offer.until, why)


def said(word: Words) -> str:
    """Return a word of a blueprint in the reader's language."""
    labels = getattr(word, "labels", None)
    return label(labels) if labels is not None else str(word)
