"""Permissions: what can be bound at a type, and where an action is judged (semantics 1 and 3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from keyholder.domain.blueprint import Action, Blueprint, Catalogue, Mask, ResourceType
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

TYPE, PERMISSIONS, ROLE = "type", "permissions", "role"
"""Codes of the refusals, and the fields that they are about."""

_UNKNOWN_TYPE = _('There is no resource type "{type}".')
_NEITHER = _("Name at least one permission, or a role.")
_NO_PERMISSIONS = _("Name at least one permission.")
_BOTH = _("Give permissions or a role, not both.")
_REPEATED = _('The permission "{permission}" is named twice.')
_UNKNOWN_PERMISSION = _('There is no permission "{permission}" in {platform}; there are: {known}.')
_FOREIGN_PERMISSION = _('The permission "{permission}" belongs to another platform than {type}; there are: {known}.')
_ONLY_ROLES = _("At {type} only a role can be given: {roles}.")
_NOT_HERE = _('The permission "{permission}" can\'t be given at {type}; there are: {known}.')
_NO_ROLES = _("No role can be given at {type}.")
_ROLE_NOT_HERE = _('The role "{role}" can\'t be given at {type}; there are: {known}.')


@dataclass(frozen=True, slots=True)
class Bindable:
    """What a binding can hold: permissions as they were ticked, in declared order, or one role; and the bits of either, not closed."""

    permissions: tuple[str, ...]
    role: str
    mask: Mask


def bindable(catalogue: Catalogue, type_name: str, *, permissions: Sequence[str] = (), role: str = "") -> Bindable:
    """Return the set that these permissions, or this role, make at a type (R002, R089, R108).

    Raises Invalid with the code ``type``, ``permissions`` or ``role`` for: an unknown type; nothing at all, or both kinds at once; a
    permission that is unknown, of another platform, repeated or not given singly there; a role that is unknown or not given there.
    """
    if type_name not in catalogue.types:
        raise _refused(TYPE, _UNKNOWN_TYPE, type=type_name)
    type_ = catalogue.types[type_name]
    blueprint = catalogue.of(type_name)
    if permissions and role:
        raise _refused(ROLE, _BOTH)
    if role:
        return _role(blueprint, type_, role)
    if not permissions:
        raise _refused(PERMISSIONS, _NEITHER if type_.roles else _NO_PERMISSIONS)
    _check_permissions(catalogue, blueprint, type_, permissions)
    mask = blueprint.mask(permissions)
    return Bindable(blueprint.names(mask), "", mask)


def judged_at(action: Action, types: Sequence[str]) -> int | None:
    """Return the place in a chain of type names (the resource first, its root last) where an action is judged: the nearest one.

    None where no node of the chain is of one of the action's types: then the action is denied (semantics 1).
    """
    return next((place for place, type_name in enumerate(types) if type_name in action.types), None)


def _role(blueprint: Blueprint, type_: ResourceType, role: str) -> Bindable:
    if not type_.roles:
        raise _refused(ROLE, _NO_ROLES, type=type_.name)
    if role not in type_.roles:
        raise _refused(ROLE, _ROLE_NOT_HERE, role=role, type=type_.name, known=_listed([n for n in blueprint.roles if n in type_.roles]))
    return Bindable((), role, blueprint.roles[role].mask)


def _check_permissions(catalogue: Catalogue, blueprint: Blueprint, type_: ResourceType, permissions: Sequence[str]) -> None:
    known = _listed([name for name in blueprint.permissions if name in type_.permissions])
    for permission in permissions:
        if permission not in blueprint.permissions:
            foreign = any(permission in other.permissions for other in catalogue)
            template = _FOREIGN_PERMISSION if foreign else _UNKNOWN_PERMISSION
            everything = _listed(blueprint.permissions)
            raise _refused(PERMISSIONS, template, permission=permission, type=type_.name, platform=blueprint.name, known=everything)
        if not type_.permissions:
            raise _refused(PERMISSIONS, _ONLY_ROLES, type=type_.name, roles=_listed([n for n in blueprint.roles if n in type_.roles]))
        if permission not in type_.permissions:
            raise _refused(PERMISSIONS, _NOT_HERE, permission=permission, type=type_.name, known=known)
        if permissions.count(permission) > 1:
            raise _refused(PERMISSIONS, _REPEATED, permission=permission)


def _listed(names: Collection[str]) -> str:
    return ", ".join(names)


def _refused(code: str, template: str, **fields: str) -> Invalid:
    return Invalid(code, sentence(template, **fields))
