"""What an operator can do with a person, in words: the question, its consequences, what to say once it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Change(StrEnum):
    """One of four."""

    SUSPEND = "suspend"
    ACTIVATE = "activate"
    APPOINT = "appoint"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a change; ``%(name)s`` stands for the person."""

    title: Text
    verb: Text
    done: Text
    consequences: tuple[tuple[Text, str], ...]
    """Each with its icon."""
    asks_reason: bool = False
    is_grave: bool = False


CHANGES: Mapping[Change, Said] = {
    Change.SUSPEND: Said(
        _("Suspend %(name)s everywhere"),
        _("Suspend %(name)s"),
        _("%(name)s is suspended."),
        (
            (_("Nothing that %(name)s holds is in force any more, on any platform, from now on."), "ban"),
            (_("All sessions of %(name)s end."), "log-out"),
            (_("Nothing is deleted: made active again, %(name)s holds what they held."), "archive"),
        ),
        asks_reason=True,
        is_grave=True,
    ),
    Change.ACTIVATE: Said(
        _("Make %(name)s active again"),
        _("Make %(name)s active"),
        _("%(name)s is active again."),
        ((_("Everything that %(name)s holds is in force again at once."), "circle-check"),),
        asks_reason=True,
    ),
    Change.APPOINT: Said(
        _("Make %(name)s an operator"),
        _("Make %(name)s an operator"),
        _("%(name)s is an operator now."),
        (
            (_("%(name)s sets this instance up, creates people and suspends them everywhere."), "user-cog"),
            (_("It gives no permission at any resource."), "key-round"),
        ),
    ),
    Change.DISMISS: Said(
        _("End %(name)s being an operator"),
        _("End it"),
        _("%(name)s is no operator any more."),
        ((_("%(name)s keeps every permission at resources, and runs the instance no more."), "user-cog"),),
        is_grave=True,
    ),
}


def words_of(text: Text, name: str) -> str:
    """Fill a text with the person's name."""
    return str(text) % {"name": name}
