"""Who owns a resource: the people of its standing role, as those may know them who manage it."""

from dataclasses import dataclass

from keyholder.domain.blueprint import Role
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.names import name_key
from keyholder.engine.management import standing_managers
from keyholder.services import naming
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of, resource_managed, resource_named
from keyholder.services.read_models import PrincipalView
from keyholder.storage import locks, slices


@dataclass(frozen=True, slots=True)
class Ownership:
    """The role that stands at a resource and who has it."""

    role: Role
    owners: tuple[PrincipalView, ...]
    is_mine: bool
    """The reader has it, and may hand it over."""


def ownership(*, by: Caller, ref: ResourceRef) -> Ownership | None:
    """Return who owns a resource; None where no role stands there. Raises NotFound, Forbidden without the granting permission there."""
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_managed(authority, ResourceId(resource_named(authority, ref).pk))
        blueprint = authority.catalogue.of(row.type)
        role = blueprint.roles.get(blueprint.standing_role)
        if role is None or role.name not in authority.catalogue.types[row.type].roles:
            return None
        here = ResourceId(row.pk)
        people: list[PrincipalId] = sorted(standing_managers(slices.at([here]), authority.catalogue, here, by.at))
        views = naming.principal_views(people)
    owners = sorted((views[person] for person in people), key=lambda view: name_key(view.shown))
    return Ownership(role, tuple(owners), by.principal in people)
