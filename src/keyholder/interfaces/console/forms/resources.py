"""The forms about nodes of the tree: what they are called, and who administers a new one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.names import LONGEST_KEY
from keyholder.interfaces.console.forms.fields import address_field, name_field


class NameForm(forms.Form):
    """What a node is called."""

    name = name_field()


class ResourceForm(NameForm):
    """A new node; delegation is asked for only where there is some.

    Its administrator is asked for where its creator gets nothing; an operator may name one wherever one is needed.
    """

    key = forms.CharField(
        label=_("Id"),
        max_length=LONGEST_KEY,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The platform's own number or id, without spaces. It stays for good."),
    )
    administrator = address_field(
        _("Administrator"), _("Everything here is theirs to give. It can be you; who is not known here yet is invited.")
    )
    managed = forms.BooleanField(
        label=_("Managed from above"),
        required=False,
        help_text=_("People of the host work here as well, until one of its own administrators switches that off."),
        widget=forms.CheckboxInput(attrs={"class": "tick"}),
    )

    field_order = ("name", "key", "administrator", "managed")

    def __init__(self, kind: ResourceType, data: object = None, *, by_operator: bool = False, **options: object) -> None:
        """Ask for what a node of this type needs."""
        super().__init__(data, **options)  # type: ignore[arg-type]  # what Django's form takes
        if not kind.names_manager and not (kind.guarded and by_operator):
            del self.fields["administrator"]
        elif not kind.names_manager:
            self.fields["administrator"].required = False
            self.fields["administrator"].help_text = _(
                "Whom you name administers it instead of you; who is not known here yet is invited. Left empty, it is yours."
            )
        if not kind.closable:
            del self.fields["managed"]
