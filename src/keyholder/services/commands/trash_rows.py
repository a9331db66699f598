"""The rows of the trash: putting a resource there, taking it out, deleting it for good. Steps of commands; authority was asked before."""

from datetime import datetime, timedelta

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.letters import Letter, LetterKind
from keyholder.engine.moment import Moment
from keyholder.engine.search import holders
from keyholder.services import labels, letters, request_rows
from keyholder.services.act import Act
from keyholder.services.commands.invitation_rows import forget_places
from keyholder.services.commands.resources import about
from keyholder.storage import doomed, requests, slices, subtrees
from keyholder.storage.models import Resource, User

PAGE = "/trash/"
"""The page of the console where things are restored."""


def put_away(act: Act, row: Resource, since: datetime, reason: str = "") -> None:
    """Put a resource into the trash with everything below it, tell every manager, and close the requests for access there."""
    managers = _managers(act, row) if letters.is_mailing() and row.trashed_at is None else []
    act.ledger.change(row, trashed_at=since)
    act.record(about(row, "resource.trashed", reason), tenant=act.tenant_of(row))
    request_rows.close(act, requests.open_at(row).select_related("resource").order_by("pk"))
    until = since + timedelta(days=act.catalogue.of(row.type).trash_days)
    details = {
        **letters.signed(act),
        "place": labels.resource(row),
        "reason": reason,
        "until": until.isoformat(),
    }
    told = [
        Letter(LetterKind.RESOURCE_TRASHED, to.email, to.name, to.language, row.pk, path=PAGE, details=details)
        for to in User.objects.filter(pk__in=managers).exclude(pk=act.by.principal).order_by("pk")
    ]
    letters.post_all(act, told)


def take_back(act: Act, row: Resource, reason: str = "") -> None:
    """Take a resource out of the trash; its bindings, and those below, count again. What was put there by itself stays there."""
    act.ledger.change(row, trashed_at=None)
    act.record(about(row, "resource.restored", reason), tenant=act.tenant_of(row))
    letters.withdraw(act, LetterKind.RESOURCE_TRASHED, row.pk)


def delete(act: Act, row: Resource) -> None:
    """Delete a resource for good, with everything below it: bindings, invitations, requests. One event carries every row."""
    nodes = sorted(subtrees.below(row), key=lambda node: node.path.count("/"), reverse=True)
    forget_places(act, doomed.planned_elsewhere(row))
    for invitation in doomed.invitations(row):
        letters.withdraw(act, LetterKind.INVITATION, invitation.pk)
    doomed.forget_links(row)
    for rows in doomed.rows(row):
        act.ledger.remove_all(rows)
    act.ledger.remove_all(nodes)
    letters.withdraw(act, LetterKind.RESOURCE_TRASHED, row.pk)
    place = ResourceId(row.parent_id or row.pk)
    event = Event("resource.purged", "resource", row.pk, place, details={"resource": labels.resource(row), "count": len(nodes)})
    act.record(event, tenant=act.tenant_of(row))


def _managers(act: Act, row: Resource) -> list[PrincipalId]:
    """Return everybody who manages a resource at this moment, in whatever way."""
    here = ResourceId(row.pk)
    moment = Moment(slices.at([here]), act.catalogue, act.at)
    return list(holders(moment, here, act.catalogue.of(row.type).granting))
