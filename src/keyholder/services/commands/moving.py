"""Moving a node to another parent, with or without the access that people have there (R020, semantics 4 and 9)."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import ResourceId
from keyholder.domain.moving import Way
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import labels, moves, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import binding_rows
from keyholder.services.commands.finding import resource_row
from keyholder.services.commands.invitation_rows import forget_places
from keyholder.services.moves import Move
from keyholder.storage import subtrees
from keyholder.storage.models import Resource

SHOWN_CHANGED = _("Who has access at {resource} has changed since it was shown; look again.")


def move(*, by: Caller, resource: ResourceId, to: ResourceId, way: Way, shown: str = "", reason: str = "") -> None:
    """Move a node with everything below it to another parent.

    *Replace* deletes every binding there and below; *keep* keeps them and turns what people inherited into their own at the node, windows
    included. Groups of another organization and organization roles do not come along; what was invited there is no longer given, and
    filters of the old account are applied there no longer. ``shown`` is the fingerprint of what the caller was told
    (``keyholder.services.queries.moving``); where something else would happen, it is refused. Written alone, because rows go from tenant
    to tenant. Raises as :func:`keyholder.services.moves.plan`, and Conflict where the policy at the new place keeps somebody out.
    """
    with acting(by, scopes.both(scopes.of_resources(resource), scopes.of_resources(to)), alone=True) as act:
        row, target = resource_row(act, resource), resource_row(act, to)
        found = moves.plan(act.authority, row, target, way)
        if shown and found.fingerprint != shown:
            raise Conflict("changed", sentence(SHOWN_CHANGED, resource=row.name))
        for binding in found.gone:
            binding_rows.delete(act, binding, binding.resource, reason)
        forget_places(act, found.planned)
        act.ledger.remove_all(found.withdrawn)
        _carry(act, found, reason)
        moved = Resource.objects.select_related("tenant").get(pk=row.pk)
        for own in found.own:
            act.authority.concede(own.wanted.mask, moved)
            binding_rows.unite(act, own.principal, moved, own.wanted, own.window, reason)


def _carry(act: Act, found: Move, reason: str) -> None:
    """Hang the node below its new parent, in its tenant, and tell it in the logs of both."""
    row, former, here = found.row, found.source, found.target
    home = act.tenants[act.tenant_of(here)]
    for node in subtrees.below(row):
        path = here.path + node.path[len(former.path) :]
        if node.pk == row.pk:
            act.ledger.change(node, parent=here, path=path, tenant=home)
        else:
            act.ledger.change(node, path=path, tenant=home)
    details = {"resource": labels.resource(row), "before": labels.resource(former), "after": labels.resource(here), "way": found.way.value}
    event = Event("resource.moved", "resource", row.pk, ResourceId(row.pk), details=details, reason=reason)
    act.record(event, tenant=act.tenant_of(here), also=[act.tenant_of(former)])
