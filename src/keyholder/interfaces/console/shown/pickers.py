"""Pickers: the permissions and the roles that can be given at a node, each with a line of meaning (R041, R068, R108)."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from keyholder.interfaces.console.parts.access import Option, Picker
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.http.wording import label
from keyholder.services.read_models import ResourceView


def permissions(resource: ResourceView, ticked: Collection[str] = (), error: str = "") -> Picker:
    """Offer the permissions that can be given singly at a node; none is ticked unless it was (reading 09)."""
    blueprint, kind = places.blueprint_of(resource), places.type_of(resource)
    known = [p for p in blueprint.permissions.values() if p.name in kind.permissions]
    options = (
        Option(
            p.name,
            label(p.labels),
            label(p.meaning) if p.meaning else "",
            {name: label(blueprint.permissions[name].labels) for name in blueprint.names(p.closure & ~p.mask)},
            p.name in ticked,
        )
        for p in known
    )
    return Picker(tuple(options), error=error)


def roles(resource: ResourceView, chosen: str = "", error: str = "") -> Picker:
    """Offer the roles that can be given at a node, of which one is chosen; where permissions can be given as well, none may be."""
    blueprint, kind = places.blueprint_of(resource), places.type_of(resource)
    known = [role for role in blueprint.roles.values() if role.name in kind.roles]
    options = [Option(r.name, label(r.labels), label(r.meaning) if r.meaning else "", checked=r.name == chosen) for r in known]
    if known and kind.permissions:
        options.append(Option("", _("No role"), _("Only the permissions that are ticked above."), checked=not chosen))
    return Picker(tuple(options), "role", exclusive=True, error=error)
