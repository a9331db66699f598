"""Appointing: giving an account that awaits a manager one. Its organization's admins and operators may, and nothing more (semantics 4)."""

from dataclasses import dataclass

from keyholder.domain.addresses import Address
from keyholder.domain.blueprint import Blueprint, ResourceType
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import acquainted
from keyholder.services.queries.acquaintances import Prospect, Recognised
from keyholder.services.queries.seeing import authority_of, resource_seen
from keyholder.services.read_models import PrincipalView
from keyholder.storage import locks
from keyholder.storage.models import Resource, User


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a manager is given there: a permission, or a role where only roles make one."""

    permissions: tuple[str, ...] = ()
    role: str = ""


def appointment(*, by: Caller, at: ResourceId) -> Appointment:
    """Return what the caller may give to appoint a manager. Raises NotFound, Forbidden for who may not, also once a manager stands."""
    authority = authority_of(by)
    with locks.snapshot():
        return _appointment(authority, resource_seen(authority, at))


def is_to_be_appointed(*, by: Caller, at: ResourceId) -> bool:
    """Say whether all that the caller may do at a resource is to appoint its manager. Raises NotFound."""
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_seen(authority, at)
        return row.awaiting_manager and not authority.by.is_instance and _may(authority, row)


def candidate(*, by: Caller, at: ResourceId, typed: str) -> Recognised:
    """Say whom a typed address means: ``KNOWN`` for who can be appointed, ``STRANGER`` for anybody else, whether or not they exist.

    Raises as :func:`appointment` does.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_seen(authority, at)
        _appointment(authority, row)
        try:
            address = Address.of(typed)
        except Invalid as refusal:
            return Recognised(typed, Prospect.WRONG, why=refusal.sentence)
        user = User.objects.filter(canonical=address.canonical).first()
        if user is None or not _knows(authority, row, PrincipalId(user.pk)):
            return Recognised(typed, Prospect.STRANGER, address.canonical)
    view = PrincipalView(PrincipalId(user.pk), PrincipalKind.USER, user.name, user.email)
    return Recognised(typed, Prospect.KNOWN, address.canonical, view)


def _appointment(authority: Authority, row: Resource) -> Appointment:
    blueprint, kind = authority.catalogue.of(row.type), authority.catalogue.types[row.type]
    role = _role(blueprint, kind)
    authority.confer(blueprint.roles[role].mask if role else blueprint.granting_mask, row)
    return Appointment(role=role) if role else Appointment((blueprint.granting,))


def _may(authority: Authority, row: Resource) -> bool:
    try:
        _appointment(authority, row)
    except Forbidden:
        return False
    return True


def _role(blueprint: Blueprint, kind: ResourceType) -> str:
    """Return the role that makes a manager: the one that stands where the platform names it, else the first that may grant."""
    if blueprint.granting in kind.permissions and blueprint.standing_role not in kind.roles:
        return ""
    granting = [role.name for role in blueprint.roles.values() if role.name in kind.roles and role.mask & blueprint.granting_mask]
    return blueprint.standing_role if blueprint.standing_role in granting else next(iter(granting), "")


def _knows(authority: Authority, row: Resource, person: PrincipalId) -> bool:
    return authority.is_operator() or person == authority.by.principal or person in acquainted(authority, row, [person])
