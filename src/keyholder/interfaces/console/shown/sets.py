"""Sets to choose: the pickers of permissions and roles that can be given at a node, as a form stands."""

from django import forms

from keyholder.interfaces.console.parts.access import Picker
from keyholder.interfaces.console.shown import pickers
from keyholder.services.read_models import ResourceView


def offered(resource: ResourceView, form: forms.Form) -> tuple[Picker, ...]:
    """Offer permissions, a role, or both, as the node's type has them, with what was chosen and what is wrong with it."""
    found = (
        pickers.permissions(resource, form["permissions"].value() or (), wrong(form, "permissions")),
        pickers.roles(resource, form["role"].value() or "", wrong(form, "role")),
    )
    return tuple(picker for picker in found if picker.options)


def wrong(form: forms.Form, field: str) -> str:
    """Return what is wrong with a field, in one line."""
    return " ".join(map(str, form[field].errors))
