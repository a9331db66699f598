"""The blueprints of this instance, and what the stored masks were computed with (semantics 1)."""

from collections import Counter
from functools import cache

from django.conf import settings
from django.db.models import F

from keyholder.domain.blueprint import Blueprint, Catalogue
from keyholder.domain.blueprint_files import BlueprintError
from keyholder.domain.blueprint_files import catalogue as read_catalogue
from keyholder.storage.models import AppliedAsset, Asset, Binding, BlueprintRecord, Resource


@cache
def catalogue() -> Catalogue:
    """Return all blueprints: the built-in ones and those of the operator's folder. Raises BlueprintError."""
    return read_catalogue(settings.BLUEPRINTS_FOLDER or None)


def settle() -> None:
    """Compare the blueprints with what rows were written with: refuse what drops something in use, renew the masks else.

    Raises BlueprintError with counts where a type, permission or role that rows use is gone.
    """
    for blueprint in catalogue():
        record = BlueprintRecord.objects.filter(pk=blueprint.name).first()
        now = {"permissions": list(blueprint.permissions), "roles": {role.name: role.mask for role in blueprint.roles.values()}}
        if record and (record.permissions, record.roles) == (now["permissions"], now["roles"]):
            continue
        _refuse_dropped(blueprint)
        _renew_masks(blueprint)
        BlueprintRecord.objects.update_or_create(pk=blueprint.name, defaults=now)
    known = set(catalogue().types)
    strangers = Counter(Resource.objects.exclude(type__in=known).values_list("type", flat=True))
    if strangers:
        counts = ", ".join(f"{count} of type {name}" for name, count in sorted(strangers.items()))
        raise BlueprintError("blueprints", "types", f"resources use types that no blueprint has: {counts}")
    _refuse_dropped_kinds()


def _refuse_dropped_kinds() -> None:
    """Raise for assets whose kind no blueprint has at their node any more, or has no place for where they are applied."""
    homes = {(type_, kind.name) for blueprint in catalogue() for kind in blueprint.assets.values() for type_ in kind.types}
    uses = {(kind.applies_to, kind.name) for blueprint in catalogue() for kind in blueprint.assets.values()}
    gone = Counter(place for place in Asset.objects.values_list("resource__type", "kind") if place not in homes)
    gone.update(place for place in AppliedAsset.objects.values_list("resource__type", "asset__kind") if place not in uses)
    if gone:
        counts = ", ".join(f"{count} of kind {kind} at {type_}" for (type_, kind), count in sorted(gone.items()))
        raise BlueprintError("blueprints", "assets", f"assets use kinds that no blueprint has there: {counts}")


def _refuse_dropped(blueprint: Blueprint) -> None:
    gone: Counter[str] = Counter()
    for role, permissions in _bound(blueprint):
        gone.update(
            name for name in ([role] if role else permissions.split()) if name not in blueprint.permissions and name not in blueprint.roles
        )
    if gone:
        counts = ", ".join(f"{name} ({count} bindings)" for name, count in sorted(gone.items()))
        raise BlueprintError(blueprint.name, "permissions", f"dropped while bindings use them: {counts}")


def _renew_masks(blueprint: Blueprint) -> None:
    for role, permissions in set(_bound(blueprint)):
        mask = blueprint.roles[role].mask if role else blueprint.mask(permissions.split())
        rows = Binding.objects.filter(resource__type__in=list(blueprint.types), role=role, permissions=permissions)
        rows.exclude(mask=mask).update(mask=mask)


def _bound(blueprint: Blueprint) -> list[tuple[str, str]]:
    rows = Binding.objects.filter(resource__type__in=list(blueprint.types)).values_list(F("role"), F("permissions"))
    return [(role, permissions) for role, permissions in rows]
