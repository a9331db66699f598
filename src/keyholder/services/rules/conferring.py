"""Conferring: everything that a command gives away needs the warrant of a question of authority that was asked for it (R-PRV-1, I-AZ-9)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from keyholder.domain.blueprint import Blueprint
from keyholder.domain.events import Change
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import Window
from keyholder.services.act import Act
from keyholder.services.warrants import Matter
from keyholder.storage.models import Group, Resource, User

UNWARRANTED = _("This would give somebody more than you may give away.")
Row = Mapping[str, object]


def refusals(act: Act) -> Iterator[Forbidden]:
    """Refuse what raises anybody's access without a warrant; the instance needs none."""
    if act.by.is_instance:
        return
    created = {c.id for c in act.ledger.written if c.noun == "organization" and c.before is None}
    for change in act.ledger.written:
        judge = JUDGES.get(change.noun)
        if judge is not None and change.after != change.before and not judge(act, change, created):
            yield Forbidden("unwarranted", sentence(UNWARRANTED))


def _binding(act: Act, change: Change, _created: set[int]) -> bool:
    if change.after is None:
        return True
    place = _number(change.after, "resource_id")
    blueprint = act.catalogue.of(Resource.objects.values_list("type", flat=True).get(pk=place))
    same = change.before if change.before and _covers(_window(change.before), _window(change.after), act.at) else None
    gained = _closed(blueprint, change.after) & ~(_closed(blueprint, same) if same else 0)
    return not act.authority.warrants.missing(place, gained)


def _membership(act: Act, change: Change, _created: set[int]) -> bool:
    return change.after is None or act.authority.warrants.covers(Matter.GROUP, _number(change.after, "group_id"))


def _group_owner(act: Act, change: Change, _created: set[int]) -> bool:
    """Let the first owner come with the group that the same command makes: who owns a group confers whatever it gives."""
    group = _number(change.after or {"group_id": 0}, "group_id")
    made = {c.id for c in act.ledger.written if c.noun == Group.noun and c.before is None}
    return change.after is None or group in made or act.authority.warrants.covers(Matter.GROUP, group)


def _planned_binding(act: Act, change: Change, _created: set[int]) -> bool:
    """Judge what an invitation is to give when it is written, as it is judged again when it is given (semantics 6)."""
    if change.after is None:
        return True
    place = _number(change.after, "resource_id")
    blueprint = act.catalogue.of(Resource.objects.values_list("type", flat=True).get(pk=place))
    return not act.authority.warrants.missing(place, _closed(blueprint, change.after))


def _organization_member(act: Act, change: Change, created: set[int]) -> bool:
    """Let the first admin come with the organization that the same command makes."""
    place = _number(change.after or {"organization_id": 0}, "organization_id")
    return change.after is None or place in created or act.authority.warrants.covers(Matter.ORGANIZATION, place)


def _suspension(act: Act, change: Change, _created: set[int]) -> bool:
    """Judge the end of a suspension; with a person who is deleted ends what nobody gains by."""
    if change.before is None or not User.objects.filter(pk=_number(change.before, "user_id")).exists():
        return True
    place, warrants = _number(change.before, "organization_id"), act.authority.warrants
    return warrants.covers(Matter.PEOPLE, place) or warrants.covers(Matter.ORGANIZATION, place)


def _resource(act: Act, change: Change, _created: set[int]) -> bool:
    before, after = change.before, change.after
    if before is None or after is None:
        return True
    opened = after["managed"] and not before["managed"]
    linked = after["organization_id"] is not None and after["organization_id"] != before["organization_id"]
    restored = before["trashed_at"] is not None and after["trashed_at"] is None
    moved = after["parent_id"] != before["parent_id"]
    wanted = ((opened, Matter.EDGE), (linked, Matter.LINK), (restored, Matter.TRASH), (moved, Matter.PLACE))
    return all(act.authority.warrants.covers(matter, change.id) for happened, matter in wanted if happened)


def _user(act: Act, change: Change, _created: set[int]) -> bool:
    before, after = change.before, change.after
    if after is None:
        return True
    woken = before is not None and before["status"] != after["status"] and after["status"] == Status.ACTIVE.value
    risen = after["is_operator"] and not (before and before["is_operator"])
    return not (woken or risen) or act.authority.warrants.covers(Matter.INSTANCE)


def _closed(blueprint: Blueprint, row: Row) -> int:
    role = str(row["role"])
    return blueprint.closure(blueprint.roles[role].mask if role else blueprint.mask(str(row["permissions"]).split()))


def _window(row: Row) -> Window:
    return Window(*(None if row[side] is None else datetime.fromisoformat(str(row[side])) for side in ("starts_at", "ends_at")))


def _covers(before: Window, after: Window, at: datetime) -> bool:
    """Say whether from now on the first window is in force whenever the second one is: then the change of window gives nothing."""
    begins = before.starts_at is None or before.starts_at <= at or (after.starts_at is not None and after.starts_at >= before.starts_at)
    return begins and (before.ends_at is None or (after.ends_at is not None and after.ends_at <= before.ends_at))


def _number(row: Row, column: str) -> int:
    return int(str(row[column]))


JUDGES: Mapping[str, Callable[[Act, Change, set[int]], bool]] = {
    "binding": _binding,
    "group_owner": _group_owner,
    "membership": _membership,
    "organization_member": _organization_member,
    "organization_suspension": _suspension,
    "planned_binding": _planned_binding,
    "planned_membership": _membership,
    "resource": _resource,
    "user": _user,
}
