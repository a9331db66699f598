"""The form that hands a resource over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.names import LONGEST_DESCRIPTION
from keyholder.interfaces.console.forms.fields import address_field


class HandOverForm(forms.Form):
    """Who is to take over, and a few words to them."""

    address = address_field(_("E-mail address"))
    message = forms.CharField(label=_("Message"), required=False, max_length=LONGEST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 3}))
