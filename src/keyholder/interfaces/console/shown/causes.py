"""What went wrong: why somebody does not get in, in words, and the next step (R110, semantics 6).

The words are the same for everybody. Which cause applies is known by the page that refused, or follows from the reader's own state: an
address can only choose among the words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Cause(StrEnum):
    """Why somebody does not get in."""

    NO_PERMISSIONS = "no_permissions"
    OTHER_ADDRESS = "other_address"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"
    DECLINED = "declined"
    USED = "used"
    OFF = "off"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class CauseWords:
    """A cause in words: what it is, what it means, what to do; the words of the button that asks; an icon."""

    title: object
    sentence: object
    next_step: object
    button: object
    icon: str


NEW_LINK = _("Ask for a new invitation")
CAUSES: Mapping[Cause, CauseWords] = {
    Cause.NO_PERMISSIONS: CauseWords(
        _("Nothing has been set up for you yet"),
        _("It is known who you are, but no permission has been given to your address yet."),
        _("Ask whoever invited you or manages the account: they give you access, or invite you."),
        _("Ask for access"),
        "hourglass",
    ),
    Cause.OTHER_ADDRESS: CauseWords(
        _("The invitation is for another address"),
        _("Access goes to the address that was invited, and you are signed in with another one."),
        _("Sign out and come in with the invited address, or ask to have the one invited that you use."),
        NEW_LINK,
        "at-sign",
    ),
    Cause.EXPIRED: CauseWords(
        _("The invitation has expired"),
        _("An invitation is valid for some days only, and this one is older."),
        _("Nothing is lost: ask for a new one, and use its link."),
        NEW_LINK,
        "clock",
    ),
    Cause.REPLACED: CauseWords(
        _("There is a newer link"),
        _("This link was replaced by a newer one, and only the newest works."),
        _("Look for the newest mail or message with a link. If there is none, ask for it."),
        NEW_LINK,
        "copy",
    ),
    Cause.REVOKED: CauseWords(
        _("The invitation was revoked"),
        _("Somebody who manages invitations has taken this one back."),
        _("If you still need access, ask for a new one: those who manage it decide."),
        NEW_LINK,
        "ban",
    ),
    Cause.DECLINED: CauseWords(
        _("The invitation was declined"),
        _("Somebody who held its link has declined it, and that is for good."),
        _("If that was a mistake, ask for a new one."),
        NEW_LINK,
        "circle-x",
    ),
    Cause.USED: CauseWords(
        _("The link was used already"),
        _("An invitation works once. Whoever used it has the access now."),
        _("If it was you, sign in. If not, ask for an invitation of your own."),
        NEW_LINK,
        "circle-check",
    ),
    Cause.OFF: CauseWords(
        _("The link does not work any more"),
        _("Links that are handed over by hand were switched off here."),
        _("Ask for the invitation to be mailed to you."),
        NEW_LINK,
        "link-2-off",
    ),
    Cause.UNAVAILABLE: CauseWords(
        _("A page does not open for you"),
        _("Either there is no such page, or nobody has given you access to it: from here both look the same."),
        _("Check which address you are signed in with. If it is the right one, ask: if the page exists, those who manage it read it."),
        _("Ask for access"),
        "lock",
    ),
}


def cause(text: str) -> Cause:
    """Return the cause that an address names; ``UNAVAILABLE`` for any other text."""
    return Cause(text) if text in set(Cause) else Cause.UNAVAILABLE
