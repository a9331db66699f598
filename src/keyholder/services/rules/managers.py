"""The last manager: an account that had a standing manager keeps one, and none begins without (semantics 4, R055 to R057, I-MG-1)."""

from collections.abc import Iterator

from keyholder.domain.events import Change
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.act import Act
from keyholder.storage import guards
from keyholder.storage.models import Resource

LAST = _(
    'The last manager stays: {resource} would be left without an active person who holds "{permission}" there without an end. '
    "Give it to somebody else first."
)
NONE_YET = _('{resource} can\'t begin without a manager: an active person who holds "{permission}" there without an end.')
STATUS = ("status",)


def managed_by_now(act: Act) -> set[ResourceId]:
    """Return what is marked as awaiting a manager and has one, before the act writes: time passed, and a binding began.

    From then on it keeps one; the mark itself goes with the next write there.
    """
    waiting = guards.awaiting(act.tenants)
    return guards.managed(waiting, act.catalogue, act.at) if waiting else set()


def refusals(act: Act) -> Iterator[Conflict]:
    """Refuse what leaves a guarded resource without a standing manager; keep the mark *awaiting a manager* true.

    One whose edge to what is above it was closed needs a manager of its own also where it awaited one: nobody could help it then (R100).
    """
    touched = _touched(act)
    if not touched:
        return
    managed = guards.managed(touched, act.catalogue, act.at)
    created = {c.id for c in act.ledger.written if c.noun == "resource" and c.before is None}
    closed = {c.id for c in act.ledger.written if _is_closing(c)}
    for row in Resource.objects.filter(pk__in=touched).order_by("pk") if len(touched) <= 500 else _many(touched):  # noqa: PLR2004 - a query's size
        if ResourceId(row.pk) in managed:
            act.ledger.change(row, awaiting_manager=False)
        elif row.awaiting_manager and row.pk not in act.managed_by_now and row.pk not in closed:
            continue
        elif row.pk in act.awaiting_allowed or (row.pk in created and not act.catalogue.types[row.type].account_level):
            act.ledger.change(row, awaiting_manager=True)
        else:
            yield last_manager(act, row, new=row.pk in created)


def last_manager(act: Act, row: Resource, *, new: bool = False) -> Conflict:
    """Make the refusal for what leaves a resource, or begins a ``new`` one, without a standing manager."""
    blueprint = act.catalogue.of(row.type)
    wanted = blueprint.called(blueprint.standing_role or blueprint.granting)
    return Conflict("no_manager" if new else "last_manager", sentence(NONE_YET if new else LAST, resource=row.name, permission=wanted))


def _is_closing(change: Change) -> bool:
    """Say whether a change closes the edge of a resource to what stands above it."""
    if change.noun != "resource" or change.before is None or change.after is None:
        return False
    return change.before["managed"] is True and change.after["managed"] is False


def _many(touched: set[ResourceId]) -> Iterator[Resource]:
    ids = sorted(touched)
    for start in range(0, len(ids), 500):
        yield from Resource.objects.filter(pk__in=ids[start : start + 500]).order_by("pk")


def _touched(act: Act) -> set[ResourceId]:
    """Return the guarded resources whose standing managers the command may have changed."""
    resources: set[ResourceId] = set()
    through: set[PrincipalId] = set()
    for change in act.ledger.written:
        resources.update(_resources_of(change))
        through.update(_principals_of(change))
    guarded = [t.name for t in act.catalogue.types.values() if t.guarded]
    ids = sorted(resources)
    here = {
        ResourceId(pk)
        for start in range(0, len(ids), 500)
        for pk in Resource.objects.filter(pk__in=ids[start : start + 500], type__in=guarded).values_list("pk", flat=True)
    }
    return here | guards.guarded_through(through, act.catalogue)


def _resources_of(change: Change) -> Iterator[ResourceId]:
    if change.noun == "resource":
        yield ResourceId(change.id)
    elif change.noun == "binding":
        values = change.after or change.before or {}
        yield ResourceId(int(str(values["resource_id"])))


def _principals_of(change: Change) -> Iterator[PrincipalId]:
    values = change.after or change.before or {}
    if change.noun == "membership":
        yield PrincipalId(int(str(values["group_id"])))
    elif change.noun == "organization_suspension":
        yield PrincipalId(int(str(values["user_id"])))
    elif change.noun == "user" and change.before and change.after and change.before["status"] != change.after["status"]:
        yield PrincipalId(change.id)
