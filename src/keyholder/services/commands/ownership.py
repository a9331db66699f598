"""Handing a resource over: another one is invited to its standing role; who hands it over steps down once they have accepted (semantics 1).

They do so by themselves then, or said when they handed it over that the acceptance is to end their own ownership. One owner or more stays
whatever is done: who is the last one cannot step down (the last manager, semantics 4).
"""

from collections.abc import Sequence

from keyholder.domain.addresses import Address
from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.refusals import Conflict, Forbidden, Invalid
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.windows import ALWAYS
from keyholder.services import scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands.binding_rows import delete, replace
from keyholder.services.commands.finding import binding_of, resource_row
from keyholder.services.commands.inviting import Invited, Wish, read_addresses, send
from keyholder.storage.models import Binding, PlannedBinding, Resource, User

NOT_THEIRS = _('Only somebody with the role "{role}" at {resource} hands it over or steps down.')
NO_OWNERS = _("{resource} has nobody whose role could be handed over.")
ONESELF = _("{address} can't take over from themselves: hand {resource} over to somebody else.")


def hand_over(
    *,
    by: Caller,
    at: ResourceId,
    address: str,
    random: bytes,
    message: str = "",
    language: str = "",
    in_place_of: PrincipalId | None = None,
) -> Invited:
    """Invite somebody to a resource's standing role, whether or not they are known: nothing is theirs until they accept it.

    For who holds that role. ``in_place_of`` steps down in the very act of acceptance: the caller, or whom the command line names. Raises
    NotFound, Invalid for what is no address or where no role stands, Forbidden for everybody else and where who is to step down has not
    that role or is not the caller, Conflict for handing over to oneself, and what
    :func:`keyholder.services.commands.inviting.invite` raises.
    """
    asked = read_addresses([address])
    with acting(by, scopes.of_resources(at)) as act:
        resource = resource_row(act, at)
        role = standing_role(act, resource)
        _own(act, resource, role)
        _judge_leaving(act, resource, role, asked, in_place_of)
        wish = Wish(role=role, message=message, language=language)
        (invited,) = send(act, resource, asked, wish, [random], in_place_of=in_place_of)
        return invited


def step_down(*, by: Caller, at: ResourceId) -> None:
    """Give up a resource's standing role for :func:`what_is_left`. Raises NotFound, Forbidden, Conflict for the last who has it."""
    with acting(by, scopes.of_resources(at)) as act:
        resource = resource_row(act, at)
        role = standing_role(act, resource)
        row = _own(act, resource, role)
        if row is None:
            raise Forbidden("not_owner", _refusal(act, resource, role))
        _leave(act, row, resource)


def end(act: Act, planned: PlannedBinding, taker: PrincipalId) -> None:
    """End the role of whom a planned binding takes the place, now that it was given; who has it no more by then has nothing to give up."""
    if planned.in_place_of_id in {None, taker}:
        return
    row = _held(PrincipalId(planned.in_place_of_id), planned.resource, planned.role)
    if row is not None:
        _leave(act, row, planned.resource, action="access.handed_over")


def standing_role(act: Act, resource: Resource) -> str:
    """Return the role that stands at a resource; raises Invalid where none does."""
    role = act.catalogue.of(resource.type).standing_role
    if role not in act.catalogue.types[resource.type].roles:
        raise Invalid("no_owners", sentence(NO_OWNERS, resource=resource.name))
    return role


def what_is_left(catalogue: Catalogue, type_name: str) -> Bindable | None:
    """Return what somebody has at a type who gave the role up that stands there: the first other role that manages it.

    Where a platform has no such role, the permissions of the one that was given up, as far as they are given there one by one; None for
    nothing at all.
    """
    kind, blueprint = catalogue.types[type_name], catalogue.of(type_name)
    given_up = blueprint.roles[blueprint.standing_role]
    for role in blueprint.roles.values():
        if role.name in kind.roles and role != given_up and blueprint.closure(role.mask) & blueprint.granting_mask:
            return bindable(catalogue, type_name, role=role.name)
    permissions = [name for name in blueprint.names(given_up.mask) if name in kind.permissions]
    return bindable(catalogue, type_name, permissions=permissions) if permissions else None


def _leave(act: Act, row: Binding, resource: Resource, *, action: str = "access.changed") -> None:
    left = what_is_left(act.catalogue, resource.type)
    if left is None:
        delete(act, row, resource)
    else:
        replace(act, row, resource, left, action=action)


def _judge_leaving(act: Act, resource: Resource, role: str, asked: Sequence[Address], leaving: PrincipalId | None) -> None:
    """Refuse a stepping down that nobody but its owner may say, or that would leave the role where it is."""
    if leaving is None:
        return
    if act.by.principal not in {None, leaving} or _held(leaving, resource, role) is None:
        raise Forbidden("not_owner", _refusal(act, resource, role))
    if User.objects.filter(pk=leaving, canonical__in=[address.canonical for address in asked]).exists():
        raise Conflict("oneself", sentence(ONESELF, address=asked[0].shown, resource=resource.name), place="address")


def _own(act: Act, resource: Resource, role: str) -> Binding | None:
    """Return the caller's own standing binding of the role; the command line has none and needs none."""
    if act.by.principal is None:
        return None
    row = _held(act.by.principal, resource, role)
    if row is None:
        raise Forbidden("not_owner", _refusal(act, resource, role))
    return row


def _held(who: PrincipalId, resource: Resource, role: str) -> Binding | None:
    """Return somebody's standing binding of a role; None for who has another one or none."""
    row = binding_of(who, ResourceId(resource.pk), ALWAYS)
    return row if row is not None and row.role == role else None


def _refusal(act: Act, resource: Resource, role: str) -> Sentence:
    return sentence(NOT_THEIRS, resource=resource.name, role=act.catalogue.of(resource.type).called(role))
