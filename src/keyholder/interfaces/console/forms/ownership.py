"""The form that hands a resource over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.names import LONGEST_DESCRIPTION
from keyholder.interfaces.console.forms.fields import address_field


class HandOverForm(forms.Form):
    """Who is to take over, a few words to them, and whether the owner steps down in the same act."""

    address = address_field(_("E-mail address"))
    message = forms.CharField(label=_("Message"), required=False, max_length=LONGEST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 3}))
    step_down = forms.BooleanField(
        label=_("I step down when it is accepted"),
        required=False,
        help_text=_("Your role changes in the moment in which they accept; you have nothing more to do."),
        widget=forms.CheckboxInput(attrs={"class": "tick"}),
    )
