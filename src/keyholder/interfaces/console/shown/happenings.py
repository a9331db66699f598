"""Happenings as pages tell them: sentences, with what was before and what is after (R-AUD-4)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from keyholder.domain.events import Channel
from keyholder.domain.sentences import Named, Sentence
from keyholder.interfaces.console import moments
from keyholder.interfaces.console.actions import CHANNELS
from keyholder.interfaces.console.parts.happenings import Day, Difference, Happening
from keyholder.interfaces.console.parts.marks import Badge, Field, Who
from keyholder.interfaces.http import dates
from keyholder.interfaces.http.wording import label, words
from keyholder.services.event_changes import FieldChange, Shown
from keyholder.services.event_sentences import Words
from keyholder.services.queries.activity import Entry

FIELDS: Mapping[str, object] = {
    "permissions": gettext_lazy("Permissions"),
    "role": gettext_lazy("Role"),
    "starts_at": gettext_lazy("Begins"),
    "ends_at": gettext_lazy("Ends"),
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("Address"),
    "status": gettext_lazy("Status"),
    "is_operator": gettext_lazy("Operator"),
    "email_verified": gettext_lazy("Address proven"),
    "language": gettext_lazy("Language"),
    "key": gettext_lazy("Id"),
    "type": gettext_lazy("Type"),
    "managed": gettext_lazy("Delegated to the host"),
    "trashed_at": gettext_lazy("In the trash since"),
    "deleted_at": gettext_lazy("Deleted"),
    "description": gettext_lazy("Description"),
    "state": gettext_lazy("State"),
    "message": gettext_lazy("Message"),
    "sent_at": gettext_lazy("Sent"),
    "settled_at": gettext_lazy("Answered"),
    "accepted_way": gettext_lazy("Accepted by the link"),
    "awaiting": gettext_lazy("Waits for a manager"),
    "identity_source": gettext_lazy("Who can be added"),
    "policy_mode": gettext_lazy("User policy"),
    "allowed_domains": gettext_lazy("Allowed domains"),
    "allowed_addresses": gettext_lazy("Allowed addresses"),
    "blocked_addresses": gettext_lazy("Blocked addresses"),
    "verified_only": gettext_lazy("Proven addresses only"),
    "host": gettext_lazy("Server address"),
    "port": gettext_lazy("Port"),
    "security": gettext_lazy("Encryption"),
    "username": gettext_lazy("User name"),
    "sender": gettext_lazy("Sender address"),
    "shown": gettext_lazy("Address"),
    "proven": gettext_lazy("Address proven"),
    "reason": gettext_lazy("Reason"),
    "days": gettext_lazy("Days asked for"),
    "asked_at": gettext_lazy("Asked"),
    "decided_at": gettext_lazy("Settled"),
    "answer": gettext_lazy("Answer"),
    "asked": gettext_lazy("Asked for"),
    "written_at": gettext_lazy("Written"),
    "marked": gettext_lazy("Marked as visible"),
    "closes": gettext_lazy("Ends the delegation once accepted"),
    "issuer": gettext_lazy("Issuer"),
    "subject": gettext_lazy("Subject at the provider"),
    "client": gettext_lazy("Client id"),
    "scopes": gettext_lazy("Scopes"),
    "enabled": gettext_lazy("Switched on"),
    "text_counts": gettext_lazy("The text “true” counts as proven"),
}

OF_A_PERSON = pgettext_lazy("of a person", "Name")


def happenings(entries: Iterable[Entry]) -> tuple[Happening, ...]:
    """Show what happened, newest first."""
    return tuple(map(happening, entries))


def days(entries: Iterable[Entry], now: datetime) -> tuple[Day, ...]:
    """Show what happened, day by day in the reader's zone."""
    grouped = groupby(entries, key=lambda entry: localtime(entry.at).date())
    return tuple(Day(_day(rows, now), happenings(rows)) for _date, group in grouped for rows in [tuple(group)])


def happening(entry: Entry) -> Happening:
    """Show one event; who did it is called as they were called then."""
    url = reverse("console:event", args=[entry.id])
    differences = tuple(_difference(change) for change in entry.changes)
    return Happening(actor(entry), words(entry.sentence), entry.at, channel(entry.channel), url, differences, tuple(_badges(entry)))


def about(entry: Entry) -> tuple[Field, ...]:
    """Return what else is known of an event: by whom and whence it came, and where it stands in the log."""
    found = {
        _("Done by"): said(entry.actor_name),
        _("Where"): entry.resource.name if entry.resource else "",
        _("Door"): channel(entry.channel),
        _("Client address"): entry.address,
        _("Number in the log"): f"{entry.tenant}:{entry.number}",
        _("Revision"): "" if entry.revision is None else str(entry.revision),
    }
    codes = {_("Action"): entry.action, _("Refused as"): entry.refused, _("Request number"): entry.request_id}
    fields = *(Field(text, value) for text, value in found.items()), *(Field(text, value, is_code=True) for text, value in codes.items())
    return tuple(field for field in fields if field.value)


def actor(entry: Entry) -> Who:
    """Show who did something: a person by the name of then; the command line as what it is."""
    return Who(said(entry.actor_name), kind="user" if entry.actor is not None else "service_account")


def channel(door: Channel) -> str:
    """Return what people call the door by which something came."""
    return str(CHANNELS[door])


def said(value: Words) -> str:
    """Say a word of an event in the reader's language."""
    if isinstance(value, Sentence):
        return words(value)
    return label(value.labels) if isinstance(value, Named) else value


def _difference(change: FieldChange) -> Difference:
    named = OF_A_PERSON if (change.noun, change.field) == ("user", "name") else FIELDS.get(change.field, change.field)
    text = str(named)
    return Difference(f"{text} ({change.place.name})" if change.place else text, _value(change.before), _value(change.after))


def _value(value: Shown) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moments.exactly(value)
    return said(value) if isinstance(value, Sentence | Named) else str(value)


def _badges(entry: Entry) -> Iterator[Badge]:
    if entry.refused:
        yield Badge(_("Refused"), "bad", "ban")
    if entry.is_self_grant:
        yield Badge(_("To oneself"), "warn")


def _day(rows: tuple[Entry, ...], now: datetime) -> str:
    date, today = localtime(rows[0].at).date(), localtime(now).date()
    if date == today:
        return _("Today")
    return _("Yesterday") if (today - date).days == 1 else dates.written_out(date)
