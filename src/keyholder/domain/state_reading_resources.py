"""The resources of a state file: types, nesting, links to organizations, and the marks that only some types have."""

from typing import Final

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.state import ResourceState
from keyholder.domain.state_names import NOWHERE, Names
from keyholder.domain.state_problems import NESTING, SHAPE, Once, Place
from keyholder.domain.state_shapes import Entry, Shape

_RESOURCE = Shape(("type", "id", "name"), ("parent", "organization", "managed", "awaiting_manager", "trashed", "assets"))

_NO_PARENT: Final = _('The key "parent" is missing: {type} stands below {above}.')
_IS_A_ROOT: Final = _("{type} stands below nothing: leave the key out.")
_WRONG_PARENT: Final = _("{type} stands below {above}, not below {given}.")
_NOT_LINKED: Final = _("{type} can't be linked to an organization; {others} can.")
_NOT_MANAGED: Final = _("{type} is not managed by what stands above it: leave the key out.")
_AWAITS_NOBODY: Final = _("{type} needs no manager of its own: leave the key out.")


def read_resources(top: Entry, names: Names) -> tuple[ResourceState, ...]:
    """Read the list at the top of the file."""
    once = Once(names.problems)
    return tuple(_resource(row, place, names, once) for row, place in names.rows(top, "resources", ()))


def _resource(row: object, place: Place, names: Names, once: Once) -> ResourceState:
    entry = names.entry(row, place, _RESOURCE)
    type_ = _type(entry, place, names)
    key = names.key(entry, place, "id")
    ref = ResourceRef(type_.name, key) if type_ and key else NOWHERE
    once.see(ref if ref != NOWHERE else None, (*place, "id"))
    if type_:
        _check_marks(entry, type_, place, names)
    return ResourceState(
        ref=ref,
        name=names.name(entry, place),
        parent=_parent(entry, type_, place, names),
        organization=names.organization(entry["organization"], (*place, "organization")) if "organization" in entry else None,
        managed=names.flag(entry, "managed", place, default=True),
        awaiting_manager=names.flag(entry, "awaiting_manager", place),
        trashed=names.moment(entry, "trashed", place),
    )


def _type(entry: Entry, place: Place, names: Names) -> ResourceType | None:
    name = names.text(entry["type"], (*place, "type")) if "type" in entry else ""
    return names.catalogue.types[name] if name and names.knows_type(name, (*place, "type")) else None


def _parent(entry: Entry, type_: ResourceType | None, place: Place, names: Names) -> ResourceRef | None:
    where = (*place, "parent")
    if "parent" not in entry:
        if type_ and type_.parent:
            names.problems.add(place, SHAPE, sentence(_NO_PARENT, type=type_.name, above=type_.parent))
        return None
    parent = names.resource(entry["parent"], where)
    if type_ and type_.parent is None:
        names.problems.add(where, NESTING, sentence(_IS_A_ROOT, type=type_.name))
    elif type_ and parent != NOWHERE and parent.type != type_.parent:
        names.problems.add(where, NESTING, sentence(_WRONG_PARENT, type=type_.name, above=type_.parent, given=parent.type))
    return parent


def _check_marks(entry: Entry, type_: ResourceType, place: Place, names: Names) -> None:
    """Refuse marks that say something about this type that can't be so."""
    others = ", ".join(other.name for other in names.catalogue.types.values() if other.links)
    for key, applies, template in (
        ("organization", type_.links, _NOT_LINKED),
        ("managed", type_.closable, _NOT_MANAGED),
        ("awaiting_manager", type_.guarded, _AWAITS_NOBODY),
    ):
        if key in entry and not applies:
            names.problems.add((*place, key), SHAPE, sentence(template, type=type_.name, others=others))
