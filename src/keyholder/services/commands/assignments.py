"""Assigning: giving people, one by one, what counts only beside a role at the account (a gateway's pixels; semantics 1, reading 22)."""

from collections.abc import Collection

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import bindable
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import ALWAYS
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.binding_rows import delete
from keyholder.services.commands.bindings import give
from keyholder.services.commands.finding import binding_of, resource_row
from keyholder.storage import subtrees
from keyholder.storage.models import Resource

NOT_ASSIGNED = _("Nothing of {resource} is assigned to people one by one.")

Pair = tuple[PrincipalId, ResourceId]


def assign(*, by: Caller, at: ResourceId, give_to: Collection[Pair] = (), take_from: Collection[Pair] = ()) -> None:
    """Assign things below a resource to people, and take others from them; what is so already stays as it is. All or none.

    Raises NotFound for what is not at or below that resource, Forbidden without the granting permission, Invalid where nothing is
    assigned, Conflict for who does not hold the role that it counts beside, and for somebody unknown.
    """
    with acting(by, scopes.of_resources(at)) as act:
        top = resource_row(act, at)
        act.authority.require_granting(top)
        below = {row.pk: row for row in subtrees.below(top) if act.catalogue.types[row.type].assignment is not None}
        for person, node in sorted(take_from):
            row = binding_of(person, node, ALWAYS)
            if row is not None:
                delete(act, row, _found(below, top, node))
        for person, node in sorted(give_to):
            resource = _found(below, top, node)
            wanted = bindable(act.catalogue, resource.type, permissions=sorted(act.catalogue.types[resource.type].permissions))
            give(act, resource, [person], wanted)


def _found(below: dict[int, Resource], top: Resource, node: ResourceId) -> Resource:
    if node in below:
        return below[node]
    if node == top.pk:
        raise Invalid("not_assigned", sentence(NOT_ASSIGNED, resource=top.name))
    raise not_there()
