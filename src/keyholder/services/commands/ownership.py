"""Handing a resource over: another one is invited to its standing role; who hands it over steps down once they have accepted (semantics 1).

One owner or more stays whatever is done: who is the last one cannot step down (the last manager, semantics 4).
"""

from keyholder.domain.blueprint import Blueprint, ResourceType
from keyholder.domain.identifiers import ResourceId
from keyholder.domain.permissions import bindable
from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.windows import ALWAYS
from keyholder.services import scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands.binding_rows import replace
from keyholder.services.commands.finding import binding_of, resource_row
from keyholder.services.commands.inviting import Invited, Wish, read_addresses, send
from keyholder.storage.models import Binding, Resource

NOT_THEIRS = _('Only somebody with the role "{role}" at {resource} hands it over or steps down.')
NO_OWNERS = _("{resource} has nobody whose role could be handed over.")


def hand_over(*, by: Caller, at: ResourceId, address: str, random: bytes, message: str = "", language: str = "") -> Invited:
    """Invite somebody to a resource's standing role, whether or not they are known: nothing is theirs until they accept it.

    For who holds that role. Raises NotFound, Invalid for what is no address or where no role stands, Forbidden for everybody else, and
    what :func:`keyholder.services.commands.inviting.invite` raises.
    """
    asked = read_addresses([address])
    with acting(by, scopes.of_resources(at)) as act:
        resource = resource_row(act, at)
        role = standing_role(act, resource)
        _own(act, resource, role)
        (invited,) = send(act, resource, asked, Wish(role=role, message=message, language=language), [random])
        return invited


def step_down(*, by: Caller, at: ResourceId) -> None:
    """Give up a resource's standing role for the next one that manages it. Raises NotFound, Forbidden, Conflict for the last who has it."""
    with acting(by, scopes.of_resources(at)) as act:
        resource = resource_row(act, at)
        role = standing_role(act, resource)
        row = _own(act, resource, role)
        if row is None:
            raise Forbidden("not_owner", _refusal(act, resource, role))
        kind, blueprint = act.catalogue.types[resource.type], act.catalogue.of(resource.type)
        replace(act, row, resource, bindable(act.catalogue, resource.type, role=next_role(blueprint, kind)))


def standing_role(act: Act, resource: Resource) -> str:
    """Return the role that stands at a resource; raises Invalid where none does."""
    role = act.catalogue.of(resource.type).standing_role
    if role not in act.catalogue.types[resource.type].roles:
        raise Invalid("no_owners", sentence(NO_OWNERS, resource=resource.name))
    return role


def next_role(blueprint: Blueprint, kind: ResourceType) -> str:
    """Return the first other role at a type that manages it as well."""
    roles = (role for role in blueprint.roles.values() if role.name in kind.roles and role.name != blueprint.standing_role)
    return next(role.name for role in roles if blueprint.closure(role.mask) & blueprint.granting_mask)


def _own(act: Act, resource: Resource, role: str) -> Binding | None:
    """Return the caller's own standing binding of the role; the command line has none and needs none."""
    if act.by.principal is None:
        return None
    row = binding_of(act.by.principal, ResourceId(resource.pk), ALWAYS)
    if row is None or row.role != role:
        raise Forbidden("not_owner", _refusal(act, resource, role))
    return row


def _refusal(act: Act, resource: Resource, role: str) -> Sentence:
    return sentence(NOT_THEIRS, resource=resource.name, role=act.catalogue.of(resource.type).called(role))
