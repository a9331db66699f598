"""The form that asks for access: where, by which address, what, why, for how long (semantics 6)."""

from urllib.parse import parse_qs, unquote, urlsplit

from django import forms
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.names import LONGEST_DESCRIPTION
from keyholder.interfaces.console.forms.fields import address_field
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms

LONGEST_PAGE = 600
STAYS = (("", _("Without an end")), ("1", _("A day")), ("7", _("A week")), ("30", _("30 days")), ("90", _("90 days")))
PERMISSION, ROLE = "permission", "role"


class AskForm(forms.Form):
    """What somebody asks for. Which permissions there are depends on the type in the address of the page alone, not on what there is."""

    page = forms.CharField(
        label=_("Address of the page"),
        max_length=LONGEST_PAGE,
        help_text=_("Copy it from the link that you were given."),
    )
    email = address_field(_("Your e-mail address"))
    what = forms.ChoiceField(label=_("What you need"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Those who decide read it."),
    )
    days = forms.ChoiceField(label=_("For how long"), choices=STAYS, required=False)

    def __init__(self, sent: QueryDict | None, page: str = "", *, signed_in: bool) -> None:
        """Ask for a page; who is signed in is not asked for an address."""
        super().__init__(sent, initial={"page": page})
        if signed_in:
            del self.fields["email"]
        choices = whats(sent.get("page", "") if sent is not None else page)
        if choices:
            self.fields["what"] = forms.ChoiceField(label=_("What you need"), choices=choices, required=False)
        else:
            del self.fields["what"]

    @property
    def at(self) -> ResourceRef | None:
        """Return the resource that the page is about; None where it can be about none."""
        return place_of(self.cleaned_data["page"])

    @property
    def permissions(self) -> tuple[str, ...]:
        """Return the permission that was chosen."""
        return self._chosen(PERMISSION)

    @property
    def role(self) -> str:
        """Return the role that was chosen."""
        return next(iter(self._chosen(ROLE)), "")

    @property
    def days_asked(self) -> int | None:
        """Return for how many days; None without an end."""
        text = self.cleaned_data.get("days", "")
        return int(text) if text else None

    def _chosen(self, kind: str) -> tuple[str, ...]:
        found, _colon, name = self.cleaned_data.get("what", "").partition(":")
        return (name,) if found == kind else ()


def place_of(text: str) -> ResourceRef | None:
    """Return the resource that the address of a page names, with or without a host: by its path, or by what is selected on it."""
    typed = text.strip()
    try:
        parts = urlsplit(typed)
        selected, path = parse_qs(parts.query).get("at", [""])[0], unquote(parts.path)
        found = ResourceRef.parse(selected or typed) if selected or not path.startswith("/") else _at(path)
    except ValueError:
        return None
    return found if found is not None and str(found).isprintable() else None


def _at(path: str) -> ResourceRef | None:
    """Return what the address of one of our pages is about; of any other one, what its beginning would name."""
    try:
        named = resolve(path).kwargs
    except Resolver404:
        type_name, _slash, key = path.strip("/").partition("/")
        named = {"type": type_name, "key": key} if type_name in platforms.catalogue().types and key else {}
    return ResourceRef(str(named["type"]), str(named["key"])) if {"type", "key"} <= set(named) else None


def whats(page: str) -> list[tuple[str, str]]:
    """Return what can be asked for on a page of such a type, the least first to be chosen left to those who decide."""
    place, catalogue = place_of(page), platforms.catalogue()
    if place is None or place.type not in catalogue.types:
        return []
    blueprint, kind = catalogue.of(place.type), catalogue.types[place.type]
    permissions = [p for p in blueprint.permissions.values() if p.name in kind.permissions]
    roles = [role for role in blueprint.roles.values() if role.name in kind.roles]
    return [
        ("", str(_("Whatever they find right"))),
        *((f"{PERMISSION}:{p.name}", label(p.labels)) for p in permissions),
        *((f"{ROLE}:{role.name}", label(role.labels)) for role in roles),
    ]
