"""Assignments as pages show them."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from keyholder.interfaces.console.parts.assignments import Assignable
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import places, principals
from keyholder.interfaces.http.wording import label
from keyholder.services.queries.assignments import Assigned, has_assignments
from keyholder.services.read_models import ResourceView


def assigns(here: ResourceView) -> bool:
    """Say whether something below a node is assigned to its people one by one."""
    return has_assignments(tuple(places.blueprint_of(here).types.values()), places.type_of(here))


def thing(one: Assigned, ticked: Collection[int]) -> Assignable:
    """Show a thing as a line to tick for a person."""
    view = one.resource
    return Assignable(view.id, view.name, f"{places.kind(view)} {view.ref.key}", view.id in ticked)


def person(one: Assigned, ticked: Collection[int]) -> Assignable:
    """Show a person as a line to tick for a thing."""
    who = principals.who(one.principal, linked=False)
    remark = "" if one.counts else _("Does not count: the role beside which it counts is not theirs any more.")
    return Assignable(one.principal.id, one.principal.shown, one.principal.address, one.principal.id in ticked, who, remark)


def fact(one: Assigned) -> Fact:
    """Say what is assigned, and whether it counts."""
    if one.counts:
        return Fact(one.resource.name, places.icon(one.resource))
    return Fact(_("%(name)s, which does not count without the role.") % {"name": one.resource.name}, "circle-slash")


def unfit(found: Sequence[Assigned], here: ResourceView) -> str:
    """Say that nothing can be assigned to who lacks the role, or that there is nothing."""
    if not found:
        return _("There is nothing here yet that could be assigned.")
    if found[0].counts:
        return ""
    return _('Only a person with the role "%(role)s" at %(place)s is assigned anything.') % {"role": _role(here), "place": here.name}


def nobody(here: ResourceView) -> str:
    """Say that nobody has the role."""
    return _('Nobody has the role "%(role)s" at the account: only such people are assigned anything.') % {"role": _role(here)}


def _role(here: ResourceView) -> str:
    blueprint = places.blueprint_of(here)
    rule = next(t.assignment for t in blueprint.types.values() if t.assignment is not None)
    return label(blueprint.roles[rule.role].labels)
