"""Event changes: the rows of an event before and after, as the fields that differ, in values that a door can show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Blueprint, Catalogue
from keyholder.domain.identifiers import ResourceId
from keyholder.domain.invitations import InvitationState, Way
from keyholder.domain.moments import read_moment
from keyholder.domain.policies import PolicyMode
from keyholder.domain.principals import Status
from keyholder.domain.requests import RequestState
from keyholder.domain.sentences import Named, Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.state import IdentitySource
from keyholder.services.event_sentences import MODES, called, listed, words
from keyholder.services.read_models import ResourceView
from keyholder.storage.activity import Seen

BY_NUMBER = frozenset({"decided_by", "asked_by", "written_by"})
INNER = BY_NUMBER | {"path", "canonical", "kind", "awaiting_manager", "mask", "gives", "generation", "made_at", "side"}
"""Columns that say nothing to people, or what another says better; references (``..._id``) stand in the sentence."""
OF_AN_ASSET = frozenset({"name", "marked"})
"""Columns of a shared asset that managing its place shows; what it holds is for those who may see it."""
MOMENTS = frozenset({"starts_at", "ends_at", "trashed_at", "deleted_at", "asked_at", "decided_at", "sent_at", "settled_at", "written_at"})
EMPTY: tuple[object, ...] = (None, "", [], False)
VALUES: Mapping[str, Mapping[str, str]] = {
    "status": {Status.ACTIVE: _("active"), Status.SUSPENDED: _("suspended")},
    "policy_mode": {mode: MODES[mode] for mode in PolicyMode},
    "identity_source": {IdentitySource.OPEN: _("everybody"), IdentitySource.DIRECTORY: _("people of the directory")},
    "accepted_way": {Way.MAILED: _("that was mailed"), Way.COPIED: _("that was handed over")},
    "state": {
        InvitationState.PENDING: _("pending"),
        InvitationState.ACCEPTED: _("accepted"),
        InvitationState.DECLINED: _("declined"),
        InvitationState.REVOKED: _("revoked"),
        RequestState.OPEN: _("open"),
        RequestState.APPROVED: _("approved"),
        RequestState.REFUSED: _("refused"),
        RequestState.WITHDRAWN: _("withdrawn"),
    },
}
"""Values of columns that are words, by what people call them."""

Shown = str | int | bool | datetime | Sentence | Named | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one row, before and after; None where there was or is no such row, or nothing in it."""

    noun: str
    row: int
    field: str
    before: Shown
    after: Shown
    place: ResourceView | None = None
    """Where the row stands, if it is a binding and the reader manages the place."""


def resources_of(seen: Seen) -> set[ResourceId]:
    """Return the resources whose names the changes of an event need."""
    rows = (row for noun, _number, before, after in seen.row.changes if noun == "binding" for row in (before, after) if row)
    return {ResourceId(row["resource_id"]) for row in rows} if seen.whole else set()


def changes_of(seen: Seen, resources: Mapping[ResourceId, ResourceView], catalogue: Catalogue) -> tuple[FieldChange, ...]:
    """Return the fields that an event changed, in the order they were written."""
    return tuple(change for line in said(seen.row.changes) for change in _fields(line, seen, resources, catalogue))


def said(changes: Sequence[Sequence[object]]) -> list[tuple[str, int, object, object]]:
    """Return the changes of an event as the log of a place says them: nothing of what is personal, of what is shared not its contents."""
    found = []
    for line in changes:
        noun, number, before, after = str(line[0]), int(str(line[1])), line[2], line[3]
        if noun != "asset":
            found.append((noun, number, before, after))
        elif not any(_row(row).get("owner_id") for row in (before, after)):
            found.append((noun, number, _of_an_asset(before), _of_an_asset(after)))
    return found


def _of_an_asset(row: object) -> object:
    return {name: value for name, value in _row(row).items() if name in OF_AN_ASSET} if row is not None else None


def _fields(
    line: Sequence[object], seen: Seen, resources: Mapping[ResourceId, ResourceView], catalogue: Catalogue
) -> Iterator[FieldChange]:
    noun, number, before, after = str(line[0]), int(str(line[1])), _row(line[2]), _row(line[3])
    place = resources.get(ResourceId(int(str((after or before)["resource_id"])))) if noun == "binding" else None
    known = place if place is not None else resources.get(ResourceId(seen.row.resource or 0))
    blueprint = catalogue.of(known.type) if known is not None and known.type in catalogue.types else None
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field), after.get(field)
        if old == new or field in INNER or field.endswith("_id") or (old in EMPTY and new in EMPTY):
            continue
        before_it, after_it = (_shown(field, value, blueprint, catalogue) for value in (old, new))
        yield FieldChange(noun, number, field, before_it, after_it, place if seen.whole else None)


def _row(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _shown(field: str, value: object, blueprint: Blueprint | None, catalogue: Catalogue) -> Shown:
    if value is None or isinstance(value, bool | int):
        return value
    if field in MOMENTS:
        return read_moment(value)
    if field == "permissions":
        return listed([called(name, blueprint) for name in str(value).split()]) if value else None
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if field == "type":
        return Named(catalogue.of(str(value)).types[str(value)].labels) if value in catalogue.types else str(value)
    known = VALUES.get(field, {}).get(str(value))
    return sentence(known) if known else words(field, value, blueprint) or None
