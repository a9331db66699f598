"""The forms about assets: what one is called and holds, and what the shared copy is called."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.assets import LONGEST_BODY
from keyholder.domain.names import LONGEST_DESCRIPTION
from keyholder.interfaces.console.forms.fields import name_field


class AssetForm(forms.Form):
    """An asset's name, description and body; whether they can stand is decided by the service."""

    name = name_field()
    description = forms.CharField(
        label=_("Description"), required=False, max_length=LONGEST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 2})
    )
    body = forms.CharField(
        label=_("Definition"),
        required=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 8, "class": "font-mono", "spellcheck": "false"}),
        help_text=_("What the platform makes of it: a text or JSON, kept as it is written."),
    )


class ShareForm(forms.Form):
    """What the shared copy is called."""

    name = name_field()
