"""A plan in words: one sentence for each row that is added, changed or removed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Final

from keyholder.domain.moments import write_moment
from keyholder.domain.policies import Policy
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.state import AccessState, AssetState, GroupState
from keyholder.domain.state_changes import Plan
from keyholder.domain.state_rows import GroupRow
from keyholder.domain.windows import Window


class Kind(StrEnum):
    """What happens to a row."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a plan: what happens, to which kind of thing (a field of the plan), and the sentence that tells it."""

    kind: Kind
    noun: str
    sentence: Sentence


_TEMPLATES: Final[Mapping[tuple[str, Kind], str]] = {
    ("users", Kind.ADD): _("Adds the person {email} ({name})."),
    ("users", Kind.CHANGE): _("Changes the person {email}: {changes}."),
    ("service_accounts", Kind.ADD): _("Adds the service account {name}."),
    ("service_accounts", Kind.CHANGE): _("Changes the service account {name}: {changes}."),
    ("organizations", Kind.ADD): _("Creates the organization {key} ({name})."),
    ("organizations", Kind.CHANGE): _("Changes the organization {key}: {changes}."),
    ("roles", Kind.ADD): _("Gives {user} the role {role} in {organization}."),
    ("roles", Kind.CHANGE): _("Changes what {user} is in {organization}: {changes}."),
    ("roles", Kind.REMOVE): _("Takes the role {role} in {organization} from {user}."),
    ("suspensions", Kind.ADD): _("Suspends {user} within {organization}."),
    ("groups", Kind.ADD): _("Creates the group {group} ({name})."),
    ("groups", Kind.CHANGE): _("Changes the group {group}: {changes}."),
    ("groups", Kind.REMOVE): _("Deletes the group {group} ({name}), its memberships and its access."),
    ("owners", Kind.ADD): _("Makes {user} an owner of {group}."),
    ("owners", Kind.REMOVE): _("Takes the ownership of {group} from {user}."),
    ("memberships", Kind.ADD): _("Puts {member} into {group}{window}."),
    ("memberships", Kind.REMOVE): _("Takes {member} out of {group}{window}."),
    ("resources", Kind.ADD): _("Creates {ref} ({name})."),
    ("resources", Kind.CHANGE): _("Changes {ref}: {changes}."),
    ("resources", Kind.REMOVE): _("Puts {ref} ({name}) into the trash with everything below it."),
    ("access", Kind.ADD): _("Gives {principal} {given} at {resource}{window}."),
    ("access", Kind.CHANGE): _("Changes what {principal} has at {resource}{window}: {changes}."),
    ("assets", Kind.ADD): _("Makes {name} ({kind}) at {resource}{whose}."),
    ("assets", Kind.CHANGE): _("Changes {name} ({kind}) at {resource}{whose}: {changes}."),
    ("assets", Kind.REMOVE): _("Deletes {name} ({kind}) at {resource}."),
    ("applied_assets", Kind.ADD): _("Applies {name} of {asset} to {resource}."),
    ("applied_assets", Kind.REMOVE): _("Takes {name} of {asset} off {resource}."),
    ("access", Kind.REMOVE): _("Takes {given} at {resource}{window} from {principal}."),
}


def lines(plan: Plan) -> Iterator[Line]:
    """Go through a plan in its order: for each kind of thing what is added, then what is changed, then what is removed."""
    for noun, changes in plan.by_kind():
        for row in changes.added:
            yield _line(Kind.ADD, noun, _told(row))
        for before, after in changes.changed:
            yield _line(Kind.CHANGE, noun, _told(after) | {"changes": "; ".join(_differences(before, after))})
        for row in changes.removed:
            yield _line(Kind.REMOVE, noun, _told(row))


def _line(kind: Kind, noun: str, told: Mapping[str, object]) -> Line:
    return Line(kind, noun, sentence(_TEMPLATES[noun, kind], **told))


def _told(row: object) -> dict[str, object]:
    """Return what fills the sentences about a row: its own fields, and what only some rows can say."""
    if isinstance(row, GroupRow):
        return {"group": row.ref, "name": row.group.name}
    told = {field.name: getattr(row, field.name) for field in fields(row)}  # type: ignore[arg-type] # all rows are dataclasses
    if isinstance(row, AccessState):
        told["given"] = _given(row)
    if isinstance(row, AssetState):
        told["whose"] = f" ({row.owner})" if row.owner else ""
    if "window" in told:
        told["window"] = _window(told["window"])
    return {name: value for name, value in told.items() if not isinstance(value, tuple)}


def _differences(before: object, after: object) -> Iterator[str]:
    """Go through what differs, each by the key that the file has for it."""
    if isinstance(before, AccessState) and isinstance(after, AccessState):
        yield f"{_given(before)} -> {_given(after)}"
        return
    for field in fields(before):  # type: ignore[arg-type] # all rows are dataclasses
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new:
            continue
        if isinstance(old, Policy | GroupState):
            yield from _differences(old, new)
        else:
            yield f"{field.name}: {_shown(old)} -> {_shown(new)}"


def _given(row: AccessState) -> str:
    return row.role or ", ".join(row.permissions)


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case datetime():
            return write_moment(value)
        case tuple():
            return f"[{', '.join(map(str, value))}]"
        case None | "":
            return "-"
    return str(value)


def _window(window: Window) -> str:
    """Return a window as ISO 8601 writes an interval, in brackets; nothing where it always holds."""
    if window.is_standing:
        return ""
    starts, ends = (write_moment(side) if side else ".." for side in (window.starts_at, window.ends_at))
    return f" ({starts}/{ends})"
