"""The forms about organizations: what they are called, whom they take, who leads them."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keyholder.domain.names import LONGEST_DESCRIPTION
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.state import IdentitySource
from keyholder.interfaces.console.forms.addresses import split
from keyholder.interfaces.console.forms.fields import address_field, name_field
from keyholder.services.known_providers import Provider
from keyholder.services.read_models import ResourceView

ROLES = (
    (OrganizationRole.ADMIN.value, _("Admin: appoints others, sets the policy, links accounts, manages people and groups")),
    (OrganizationRole.USER_ADMIN.value, _("User admin: manages people and groups")),
)
NO_ROLE = ("", _("No role"))
WHOLE, CHOSEN = "whole", "accounts"
"""From where somebody is removed: all that is the organization's, or some of its accounts."""
TICKS = forms.RadioSelect(attrs={"class": "tick"})


class OrganizationForm(forms.Form):
    """What an organization is called."""

    name = name_field()


class ChangeForm(OrganizationForm):
    """What an organization is called, and where its people come from."""

    identity_source = forms.ChoiceField(
        label=_("Who can be added"),
        choices=(
            (IdentitySource.OPEN.value, _("Anybody: unknown addresses are invited")),
            (IdentitySource.DIRECTORY.value, _("Only people of the directory or the sign-in provider")),
        ),
    )


class AppointForm(forms.Form):
    """Somebody by address, and what they become."""

    address = address_field(_("E-mail address"), _("Of somebody who is known in the organization already."))
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, initial=OrganizationRole.USER_ADMIN.value, widget=TICKS)


class RoleForm(forms.Form):
    """What somebody is in an organization."""

    role = forms.ChoiceField(label=_("Role"), choices=(*ROLES, NO_ROLE), required=False, widget=TICKS)


class LinkForm(forms.Form):
    """An account to link to an organization."""

    def __init__(self, accounts: Sequence[ResourceView], data: object = None) -> None:
        """Offer these accounts."""
        super().__init__(data)  # type: ignore[arg-type]  # what Django's form takes
        choices = [(str(view.ref), f"{view.name} ({view.ref.key})") for view in accounts]
        self.fields["account"] = forms.ChoiceField(label=_("Account"), choices=choices)


class ListField(forms.CharField):
    """Several words, one a line or parted by commas; what each may be is judged by the policy itself."""

    widget = forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"})

    def clean(self, value: object) -> tuple[str, ...]:
        """Return the words."""
        return split(super().clean(value))


class PolicyForm(forms.Form):
    """Whom an organization takes."""

    mode = forms.ChoiceField(
        label=_("What happens to who is outside"),
        choices=(
            (PolicyMode.ANYBODY.value, _("Nobody is outside: anybody can be added")),
            (PolicyMode.ADVISORY.value, _("Advisory: they can be added, and are marked")),
            (PolicyMode.ENFORCED.value, _("Enforced: they can't be added; who is here already stays, and is marked")),
        ),
        widget=TICKS,
    )
    allowed_domains = ListField(
        label=_("Allowed domains"), required=False, help_text=_("example.org allows itself; *.example.org allows its subdomains.")
    )
    allowed_addresses = ListField(label=_("Allowed addresses"), required=False)
    blocked_addresses = ListField(
        label=_("Blocked addresses"),
        required=False,
        help_text=_("They are outside whatever allows them. With blocks alone, everybody else is inside."),
    )
    verified_only = forms.BooleanField(
        label=_("Only addresses that have been proven"), required=False, widget=forms.CheckboxInput(attrs={"class": "tick"})
    )

    def policy(self) -> Policy:
        """Return the policy that the form says; raises Invalid, with the field as its place."""
        given = self.cleaned_data
        lists = {name: given[name] for name in ("allowed_domains", "allowed_addresses", "blocked_addresses")}
        return Policy(PolicyMode(given["mode"]), verified_only=given["verified_only"], **lists)

    @staticmethod
    def of(policy: Policy) -> dict[str, object]:
        """Return what the form shows of a policy."""
        return {
            "mode": policy.mode.value,
            "allowed_domains": "\n".join(policy.allowed_domains),
            "allowed_addresses": "\n".join(policy.allowed_addresses),
            "blocked_addresses": "\n".join(policy.blocked_addresses),
            "verified_only": policy.verified_only,
        }


class ProviderRuleForm(forms.Form):
    """The provider through which people come in, or none."""

    provider = forms.ChoiceField(label=_("People come in"), required=False, widget=TICKS)

    def __init__(self, offered: Sequence[tuple[Provider, bool]], data: object = None, *, initial: dict[str, object] | None = None) -> None:
        """Offer these providers, and say with which the reader's own account is not linked."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # what Django's form takes
        linked, unlinked = gettext("Only through %(name)s"), gettext("Only through %(name)s (link your own account with it first)")
        choices = [(row.key, (linked if is_linked else unlinked) % {"name": row.name}) for row, is_linked in offered]
        cast("forms.ChoiceField", self.fields["provider"]).choices = [("", _("By whatever way they sign in")), *choices]


class NoteForm(forms.Form):
    """What an admin notes about a person."""

    text = forms.CharField(label=_("New note"), max_length=LONGEST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 3}))


class DepartureForm(forms.Form):
    """From where somebody is removed, and why."""

    scope = forms.ChoiceField(choices=((WHOLE, WHOLE), (CHOSEN, CHOSEN)))
    accounts = forms.TypedMultipleChoiceField(required=False, coerce=int)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.TextInput(),
        help_text=_("It stands in the log, where the person may read it too."),
    )

    def __init__(self, accounts: Sequence[int], data: object = None) -> None:
        """Offer these accounts."""
        super().__init__(data)  # type: ignore[arg-type]  # what Django's form takes
        choices = [(number, str(number)) for number in accounts]
        self.fields["accounts"] = forms.TypedMultipleChoiceField(choices=choices, required=False, coerce=int)

    def clean(self) -> dict[str, object]:
        """Ask for an account where not the whole organization is meant."""
        cleaned = super().clean() or {}
        if cleaned.get("scope") == CHOSEN and not cleaned.get("accounts") and "accounts" not in self.errors:
            self.add_error("accounts", forms.ValidationError(_("Choose an account."), code="required"))
        return cleaned
